@TC5.2
Feature: TC5.2 After a disaster we are back, soon and with nearly everything

  If everything is lost we rebuild the service from the copies alone, within the promised time. We rehearse that, and notice a bad copy
  in a rehearsal and not in the disaster.

  Background:
    Given the release under acceptance is running

  @TC5.2.1
  Rule: With everything lost, the service is rebuilt from copies and the written procedure alone

    @blocker @disruptive @needs.door @needs.containers @needs.entrusted @needs.connections @needs.recovery
    Scenario: A deployment that was built from the copies serves customers, with their data, and disturbs nobody
      When everything is lost, and the deployment is built from the copies by the written procedure
      Then it serves customers, and has nothing of what was lost
      And every record and every file is there as it was
      And it contacts nobody

  @TC5.2.2
  Rule: We are back in the promised time, and lose no more than the promised seconds

    @blocker @disruptive @needs.door @needs.containers @needs.entrusted @needs.connections @needs.recovery
    Scenario: Customers are soon served again, and keep all but what they wrote last
      When everything is lost, and the deployment is built from the copies by the written procedure
      Then customers of what was built are served within the recovery time budget of 5 minutes
      And what they wrote is lost for no longer than the recovery point budget of 60 seconds
      And that is shown with recovered records budget of 100000 records or more

  @TC5.2.4
  Rule: Recovery is rehearsed regularly, and a rehearsal notices a bad copy

    @critical @disruptive @needs.containers @needs.metrics @needs.recovery
    Scenario: A rehearsal tells good copies from bad ones, and a person hears when it fails
      When good and bad copies are tried out, and a rehearsal is made to fail
      Then a good copy is found good, and a copy that is changed, cut short or empty is not
      And a copy that is too old fails the rehearsal, and a person is told within the alert delivery budget of 2 minutes
      And rehearsals are written down with the copy and the person, and come by themselves
      And the last good one that nobody asked for is within the rehearsal age budget of 7 days
