@PH2.3
Feature: PH2.3 What every part writes down comes together, can be found, and tells of trouble

  What happened to a customer stands in the logs of the parts that his request passed. They come together in one place, where
  operators look for them, which tells them of trouble, and which keeps them for as long as we promised and no longer.

  Background:
    Given the release under acceptance is running

  @PH2.3.1
  Rule: The logs of all parts come together in time, whole and in one structure, and none are lost

    @critical @load @needs.containers @needs.logs
    Scenario: Whatever a part writes is soon found in one place, whole
      When lines of every kind are written, and the newest lines of every part are looked for
      Then the newest lines of every part are found in one place, under its name
      And every kind of line is kept whole, with its fields
      And a line is found within the log ingestion budget of 30 seconds

    @critical @disruptive @needs.containers @needs.logs
    Scenario: No line is lost or doubled when those who collect them die
      When those who collect and keep the logs are killed while thousands of lines are written
      Then every line is found exactly once when they are back

  @PH2.3.2
  Rule: A line is found by whatever is known of it, and so are all lines of one request

    @critical @load @needs.containers @needs.logs
    Scenario: Lines are found by their text, service, level, request, time and fields
      When lines are looked for by their text, service, level, request, time and fields
      Then each search finds the lines that fit, and no others

    @critical @load @needs.door @needs.logs @needs.exposure
    Scenario: All that the parts wrote of one request is found by its number
      When the lines of a customer's request are looked for
      Then every part that it passed has told its share, and nothing of other requests is among it

    @critical @disruptive @needs.containers @needs.logs @needs.secrets
    Scenario: Nobody who writes or searches logs can change them
      When those who write logs down and those who search them try to do more
      Then the first can only add lines, and the second can only read them

  @PH2.3.3
  Rule: Trouble that shows only in the logs is told to people, and so is an unusual number of errors; talk is not

    @critical @load @needs.containers @needs.metrics @needs.logs @needs.watching
    Scenario: A line that says that a part cannot go on reaches people, and so does its end
      When a part writes that it cannot go on and many errors, and another part writes much that is no trouble
      Then people are told of the trouble and of its end, by every channel
      And they are told of the trouble within the alert delivery budget of 2 minutes
      And nobody is told of the part that only talks much

    @critical @load @needs.containers @needs.metrics @needs.logs
    Scenario: What is unusual is told from what is usual
      When the alarm for unusual numbers of errors is tried with usual and with unusual days
      Then it sounds for errors as never before, and not for others

  @PH2.3.4
  Rule: Lines are searchable and archived for as long as promised, and no longer

    @critical @disruptive @needs.containers @needs.logs
    Scenario: Lines move to the archive and are forgotten on time, and no others
      When lines of many ages are there, and what is over has had time to go by itself
      Then each line can be searched, is in the archive and can be read there, or is nowhere, as its age says
