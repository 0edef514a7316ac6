@TC3.3
Feature: TC3.3 Alarms reach whoever can help, once, and what became of them is kept

  Whoever can help hears of a fault in time, of each fault once, and what became of it is kept.

  Background:
    Given the release under acceptance is running

  @TC3.3.1
  Rule: A critical alert reaches people by mail, chat and phone in time, and so does the news that it is over

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: A real fault is told in every channel, and so is its end
      When two parts fail at the same time, for reasons that have nothing to do with each other
      Then each of the faults is told by mail, in the chat and on the phone of whoever is on duty
      And so is the end of each of them
      And every one of these messages comes within the alert delivery budget of 2 minutes

    @critical @disruptive @needs.containers @needs.alerting @needs.secrets
    Scenario: Whoever is woken up reads what he needs, and nobody reads a secret
      When the messages about two faults are read
      Then every message says which service it is, how serious, by what value, and where it is written what to do

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: A broken channel holds up no other, and is told by them
      When the mail server takes no mail, in a copy of the alerting
      Then a critical alert still arrives by every other channel
      And these tell that mail fails

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: A person is called when the alerting itself is dead
      When whatever evaluates the alert rules dies, in a copy of the alerting
      Then a person is called for that, and was not before
      And the call comes within the alert delivery budget of 2 minutes

  @TC3.3.2
  Rule: At every minute somebody is on duty, and whoever does not answer is not the last one called

    @critical @readonly @needs.alerting
    Scenario: Somebody is on duty at every minute
      When it is asked who is on duty at every minute of the coming year, changes of the clocks included
      Then at every minute three people are on duty who can be reached apart

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: Whoever does not answer is followed by the next
      When nobody answers a critical alert and somebody answers another one, in a copy whose minutes are short
      Then the next person is called while nobody answers, and nobody else once somebody did
      And the second person is called within the second person call budget of 7 minutes
      And the third person is called within the third person call budget of 13 minutes

  @TC3.3.3
  Rule: One problem is one alarm, for the team that owns it

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: Two faults at once are told apart, and each is told once
      When two parts fail at the same time, for reasons that have nothing to do with each other
      Then each of them makes one message in each channel and one when it is over, and never one for both

    @normal @readonly @needs.alerting
    Scenario: Every rule is somebody's, and nothing is silenced for ever
      When the alert rules in force and the silences are read
      Then every rule says how serious it is, who mends it, and where it is written what to do
      And every silence has an author, a reason and an end, and none is about everything

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: Every alert goes to the team that owns it, and wakes somebody only when it must
      When alerts of every kind of the routing table are raised in a copy of the alerting
      Then each reaches the team that owns it, and the phone of whoever is on duty only when it is critical

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: A storm of symptoms is one alarm, and hides no other
      When the database fails with dozens of symptoms, and another part fails, and a third comes and goes, in a copy of the alerting
      Then the first message in each channel is about the database
      And the storm makes no more than the storm messages budget of 3 messages
      And the fault of the other part is told, too

    @normal @disruptive @needs.containers @needs.alerting
    Scenario: What comes and goes is told, and wears nobody out
      When the database fails with dozens of symptoms, and another part fails, and a third comes and goes, in a copy of the alerting
      Then what comes and goes is told
      And it makes no more than the flapping messages budget of 4 messages

  @TC3.3.4
  Rule: Each serious problem leaves one record, from its first alarm to what was learned

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: Each fault has one incident, which is closed when it is over
      When two parts fail at the same time, for reasons that have nothing to do with each other
      Then each of them has one incident with its severity and links, closed with the time that it lasted

    @normal @disruptive @needs.containers @needs.alerting
    Scenario: The mean times to answer and to recover follow from the incidents
      When the incidents are read
      Then the mean times to answer and to recover follow from them

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: One problem is one incident, however often it is told
      When a problem is told three times, ends, comes back at once, ends, and comes back late, in a copy of the alerting
      Then all of it is one incident, but for the late return, which is another
      And it is overdue when nobody has reviewed it for a week, and not before, and not once it was reviewed

    @critical @disruptive @needs.containers @needs.alerting
    Scenario: Nothing is lost while the on-call service is down
      When an alert is raised while the on-call service is down, in a copy of the alerting
      Then nothing is lost: the incidents are there as before, and the alert becomes one, and somebody is called
