@TC5.1
Feature: TC5.1 Copies of everything are made, are good, and are out of the reach of thieves

  Nobody has to remember to make a copy. A copy holds everything, opens for those who have its key, and is destroyed by nobody.

  Background:
    Given the release under acceptance is running

  @TC5.1.1
  Rule: Usable copies come about by themselves, and a person is told when none does

    @critical @disruptive @needs.containers @needs.metrics @needs.recovery
    Scenario: Copies come on schedule, and a person hears of it when they do not
      When the schedule of copies runs faster, and then the database is away
      Then copies came by themselves, as large as the one before
      And the newest copy was within the copy age budget of 15 minutes
      And no copy is counted that was not made, and the next one comes when it can be made
      And a person is told that no copy can be made, within the alert delivery budget of 2 minutes

  @TC5.1.2
  Rule: A copy holds everything: every record, file, account, right and setting

    @critical @disruptive @needs.door @needs.containers @needs.entrusted @needs.connections @needs.recovery
    Scenario: Whatever was entrusted comes back from a copy as it was
      When everything is lost, and the deployment is built from the copies by the written procedure
      Then every record and every file is there as it was
      And keys, owners, rights, accounts and settings are as they were
      And it serves customers, and has nothing of what was lost

  @TC5.1.3
  Rule: Copies are kept as long as promised and no longer, and the last good one is never thrown away

    @critical @disruptive @needs.containers @needs.dependencies @needs.recovery
    Scenario: Old copies go, however often a try fails, and the last good one stays
      When copies grow in number, tries fail, and the newest copies are bad
      Then as many copies are kept as promised, the newest, and no more
      And the last copy that was seen to be good is never removed

  @TC5.1.4
  Rule: Who has a copy, or the password of another part, can neither read nor destroy copies

    @critical @disruptive @needs.door @needs.containers @needs.entrusted @needs.secrets @needs.recovery
    Scenario: A thief gets nothing out of a copy, and nobody else gets at one
      When a thief takes a copy, and whoever has taken over another part reaches for the copies
      Then nothing in the copy, nor beside it, can be read
      And it opens with its key and with no other
      And nobody but those who make copies can list, read or remove one
