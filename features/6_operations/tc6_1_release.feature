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
