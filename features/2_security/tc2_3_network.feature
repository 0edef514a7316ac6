@TC2.3
Feature: TC2.3 The network has one door, and it is safe to go through

  Visitors come through one door, encrypted, and can be sure who we are. What is behind it is out of reach from outside.

  Background:
    Given the release under acceptance is running

  @TC2.3.1
  Rule: From outside only the front door can be reached, on every address of every machine

    @critical @load @needs.door @needs.containers @needs.reach
    Scenario: Of all ports only those of the front door are open, over old and new addresses
      When a stranger tries every port from outside
      Then he reaches the front door, and nothing else of ours

    @critical @readonly @needs.door @needs.containers @needs.reach
    Scenario: What operators use is not behind the front door either
      When a stranger asks the front door for what operators use
      Then whatever is not published is refused at the door

  @TC2.3.2
  Rule: Every visit is encrypted with a certificate that visitors trust and that is renewed before it ends

    @critical @readonly @needs.door
    Scenario: The door takes sound connections only, and every client trusts its certificate
      When the encryption of the door is looked at
      Then only sound protocols and cipher suites are accepted
      And every client trusts the certificate, its chain and its name

    @normal @readonly @needs.door
    Scenario: A connection is soon encrypted
      When visitors shake hands with the door
      Then 95 of 100 handshakes are within the TLS handshake budget of 500 ms

    @critical @readonly @needs.door @needs.routing
    Scenario: Whoever comes unencrypted is sent to the encrypted address
      When visitors come unencrypted, by every method, for everything, and under other names
      Then each of them is sent to the same thing at the encrypted address

    @critical @readonly @needs.door @needs.routing
    Scenario: Every answer carries the headers that protect browsers
      When answers of every kind are looked at
      Then every answer carries the headers that protect browsers

    @critical @disruptive @needs.door @needs.containers @needs.routing
    Scenario: An answer carries the headers that protect browsers even when no copy is there to give it
      When a service has no copy to answer
      Then every answer carries the headers that protect browsers

    @critical @disruptive @needs.door
    Scenario: A certificate is renewed, and no visitor notices
      When the certificate is renewed while visitors come and connections are kept open
      Then every new visitor is given a new certificate that he trusts
      And a visitor meets it within the certificate renewal budget of 5 minutes
      And no visitor is turned away, and no connection is closed

    @critical @disruptive @needs.door @needs.containers @needs.certificates
    Scenario: A renewed certificate outlives a restart of the door
      When the certificate is renewed and the door starts anew
      Then the door serves the renewed certificate

    @critical @readonly @needs.door @needs.containers @needs.certificates @needs.metrics
    Scenario: Somebody is told before a certificate ends
      When the alarm before a certificate ends is tried with few and with many days left
      Then it sounds in time, and not before

  @TC2.3.3
  Rule: Whoever tries to break in is noticed, and a person is told; nobody is disturbed for less

    @critical @disruptive @needs.door @needs.containers @needs.metrics @needs.watching
    Scenario: A break-in becomes an alarm that reaches a person in time
      When a visitor mistypes his key, and then somebody tries to break in by every way that we know
      Then a person is told of every attempt, by whom and against what
      And all of that is within the alert delivery budget of 2 minutes
      And nobody is told of the visitor who mistyped his key

  @TC2.3.4
  Rule: Each security rule that we adopted is met with evidence of this release, or has an exception that somebody signed

    @critical @readonly @needs.containers
    Scenario: Every running container keeps the rules that we adopted
      When every running container is looked into
      Then every container keeps the adopted rules, or somebody answers for the exception
      And every exception is approved by a second person, ends, and is needed

    @normal @readonly
    Scenario: Something shows each rule that we adopted
      When the adopted rules are held against the specification
      Then each of them is shown by a check on running containers or by scenarios of its own
