@TC3.1
Feature: TC3.1 The numbers on the screen are the numbers that happened

  What people read about the service is complete and true: its requests, its business, its slowness and its errors. A robot walks the
  customers' way all the time, and every request can be followed.

  Background:
    Given the release under acceptance is running

  @TC3.1.1
  Rule: The application's numbers are complete, and equal what happened

    @critical @disruptive @needs.door @needs.containers @needs.counting @needs.entrusted
    Scenario: Every request is counted once, at the copy that answered it
      When a known mix of requests is sent, right ones, refused ones and failing ones
      Then every copy is looked at by itself
      And what is counted is what was sent, route by route and copy by copy
      And each request has one response time

    @critical @disruptive @needs.door @needs.containers @needs.counting
    Scenario: A copy that is replaced neither loses nor invents requests
      When a copy is killed and replaced while customers ask
      Then the numbers neither fall below what happened nor jump above it

    @normal @readonly @needs.containers @needs.counting
    Scenario: Being measured costs the service next to nothing
      When it is weighed what a copy spends on being measured
      Then the dearest copy is within the metrics collection overhead budget of 1%

  @TC3.1.2
  Rule: Business numbers equal the books

    @critical @disruptive @needs.door @needs.containers @needs.counting @needs.entrusted
    Scenario: What is counted is what is in the books
      When customers record things, fail to, and repeat their requests
      Then the numbers equal the books and the report, and repeated requests count once
      And nothing that failed is counted
      And the last thing is counted within the business number age budget of 10 seconds
      And new customers make no new series

  @TC3.1.4
  Rule: A robot walks the customers' way all the time, and any request can be followed from the door to the database

    @critical @disruptive @needs.door @needs.containers @needs.robot @needs.entrusted
    Scenario: A step that customers cannot take any more is named, although the door answers
      When one step of the customers' way breaks after the other
      Then a robot walks the customers' whole way all the time
      And it names each step that breaks, while the door answers
      And an alarm sounds while a step is broken, and ends with it

    @critical @load @needs.door @needs.containers @needs.tracing
    Scenario: A request can be followed from the door to the database
      When customers send requests under a name of their own choice
      Then the id that the door gave each stands in every log on its way

  @PH2.1.4
  Rule: Every panel of the dashboards loads soon and shows data, and changes when what it shows goes wrong

    @critical @disruptive @needs.door @needs.containers @needs.dashboards @needs.robot @needs.entrusted
    Scenario: The dashboard is soon there, no panel is empty, and it shows what goes wrong
      When operators open each dashboard in a browser, and again while customers cannot take a step
      Then no panel of a dashboard is empty
      And the slowest dashboard is complete within the dashboard load budget of 5 seconds
      And the panels that show it change while customers cannot take a step
