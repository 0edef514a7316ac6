@TC5.3
Feature: TC5.3 Data belongs to those whom it is about: they can take it away, it survives change, and who is forgotten stays so

  Customers take their data with them without loss. Its structure changes while they work. What a recovery brings back fits
  together, and does not bring back whom we promised to forget.

  Background:
    Given the release under acceptance is running

  @TC5.3.1
  Rule: Customers can take all of their data with them, in a form that other programs read without loss

    @critical @load @needs.door @needs.containers @needs.access @needs.taking_away
    Scenario: A customer takes away all that is kept of him, in forms that programs and spreadsheets read
      When a customer with awkward records and large files takes all of his data away
      Then every record that is kept of him is there as it is kept, and every file as he gave it
      And tables for spreadsheets say the same, value by value
      And no spreadsheet takes any of it for a formula
      And nothing of other customers is there, and none of them gets what is his
      And no copy needs more than the export memory budget of 32 MiB for it

    @critical @disruptive @needs.door @needs.containers @needs.access @needs.taking_away @needs.dependencies
    Scenario: What a customer took away can be brought into an empty system, and is the same there
      When all that a customer took away is brought into an empty system
      Then every record and every file is there again, and nothing else
      And a customer is served by it

  @TC5.3.2
  Rule: The structure of the data can be changed while customers work, and the change can be taken back

    @critical @disruptive @needs.containers @needs.entrusted @needs.dependencies @needs.migrations
    Scenario: Customers of the release before and of this one do not notice the change
      When the structure of as much data as we have is changed while customers work and somebody reads for long
      Then nobody who works with the release before or with this one notices
      And nobody waits longer than the blocking lock budget of 1 second to write, and no table is written anew
      And every record is there as it was

    @critical @disruptive @needs.containers @needs.entrusted @needs.dependencies @needs.migrations
    Scenario: The change can be taken back, and nobody notices that either
      When the change is taken back while customers work with the release before
      Then nobody notices, and structure and records are as before the change
      And nobody waits longer than the blocking lock budget of 1 second to write while it is taken back

    @critical @disruptive @needs.containers @needs.entrusted @needs.dependencies @needs.migrations
    Scenario: A change that is run twice, or cut off half-way, ends like any other
      When the change is run a second time, and is cut off after each of its first steps
      Then the second run changes nothing
      And what was cut off is taken up, and ends like a change that was not
