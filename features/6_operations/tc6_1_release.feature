@TC6.1
Feature: TC6.1 Releases reach customers unnoticed, and a bad one is soon undone

  We release often. Nobody notices a good release, and a bad one is taken back before it does much harm.

  Background:
    Given the release under acceptance is running

  @TC6.1.1
  Rule: A release that passed every gate is deployed in time, exactly as it was tested, and a failed gate stops it

    @blocker @disruptive @needs.door @needs.containers @needs.releases
    Scenario: What passed every gate is what runs, and what fails one is never deployed
      When sources are released that are good, and sources that fail one gate each
      Then the good ones run in every copy, with the digest that was built, tested and scanned
      And no release that failed a gate ever reaches a copy
      And a release that begins while another is at work waits for it
      And nobody approves his own release
      And the whole way is within the deployment budget of 5 minutes

  @TC6.1.2
  Rule: Customers notice nothing of a release

    @blocker @disruptive @needs.door @needs.containers @needs.releases
    Scenario: A release goes out and is taken back, and every customer is served meanwhile
      When a release goes out and is taken back while customers of every kind use the service
      Then every customer is served, whatever he does and however long it takes
      And everything that customers wrote is there, and once
      And the door sends no request a second time
      And there are never fewer healthy copies than before

    @critical @disruptive @needs.door @needs.containers @needs.releases
    Scenario: Visitors move from the old release to the new one, and it is exactly what was built
      When a release goes out and is taken back while customers of every kind use the service
      Then visitors move to the new release, and never back before it is taken back
      And every copy runs exactly what was released, and afterwards what ran before
      And the release is out within the deployment budget of 5 minutes

  @TC6.1.3
  Rule: A bad release is undone in time, without losing what customers did meanwhile

    @blocker @disruptive @needs.door @needs.containers @needs.releases
    Scenario: A release is back by one command, whatever came between
      When a release goes out and is taken back while customers of every kind use the service
      Then every customer is served, whatever he does and however long it takes
      And every copy runs exactly what was released, and afterwards what ran before
      And the former release is back within the rollback budget of 2 minutes

    @blocker @disruptive @needs.door @needs.containers @needs.releases @needs.settings
    Scenario: A bad release of any kind is undone without anybody's doing
      When bad releases of every kind go out
      Then each of them is tried and undone, and what ran before goes on
      And the slowest is undone within the rollback budget of 2 minutes
      And whoever released it is told, and so are people on call
      And the share of customers' requests that fail meanwhile is within the failed requests while a bad release is out budget of 20%
      And nothing that customers wrote meanwhile is lost

  @TC6.1.4
  Rule: After each release a robot tries the new version on the customer's way, and its failure undoes the release

    @critical @load @needs.door @needs.containers @needs.releases
    Scenario: The robot notices whatever is broken on the customer's way
      When the robot tries the release at doors at which one thing each is broken
      Then it is content where nothing is broken, and every copy runs the release that it saw
      And it notices each thing that is broken
      And it leaves nothing behind
      And a trial is within the trial of a release budget of 60 seconds

    @critical @disruptive @needs.door @needs.containers @needs.releases @needs.settings
    Scenario: What the robot notices undoes the release
      When bad releases of every kind go out
      Then the release that fails customers is undone, and people are told
