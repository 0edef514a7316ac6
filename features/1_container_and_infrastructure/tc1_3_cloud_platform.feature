@TC1.3
Feature: TC1.3 The cloud platform carries the service

  What we described is what runs. It grows and shrinks with its visitors, shares them among healthy copies, and lets them in where
  we published a way and nowhere else.

  Background:
    Given the release under acceptance is running

  @TC1.3.2
  Rule: When customers come the service grows, when they leave it shrinks, never beyond what we pay for

    @critical @load @needs.door @needs.containers @needs.autoscaling
    Scenario: The service grows with customers who stay, not with a passing rush, and shrinks when they have left
      When a rush of customers passes, and later customers come to stay for a while and leave
      Then the number of copies follows the customers who stay, and nothing else
      And the first customer of an added copy is served within the scaling budget of 3 minutes
      And what the copies use when the service grows is above the processor scaling threshold budget of 70%
      And every added copy serves customers, and nobody is turned away
      And a logged decision that tells what was measured stands behind each change of size

    @critical @disruptive @needs.door @needs.containers @needs.autoscaling
    Scenario: Full memory alone lets the service grow, up to its largest size, and without measurements it keeps its size
      When the memory of all copies fills up, just below the largest size, and for a while nothing is measured
      Then the service keeps its size while nothing is measured
      And full memory alone lets the service grow to its largest size, and no further
      And the largest size is within the most replicas budget of 10 replicas
      And the memory that is full when the service grows is above the memory scaling threshold budget of 80%
      And a logged decision that tells how full the copies are stands behind this growth

  @TC1.3.3
  Rule: Visitors are shared among healthy copies, a sick copy loses them within seconds, and routes lead where we published them

    @critical @load @needs.door @needs.containers
    Scenario: Visitors are shared among all copies
      When 200 visitors come, half of them over connections that they keep
      Then every visitor is served by a copy of the service
      And what the least visited copy gets of an equal share is within the fair share budget of 25%

    @critical @disruptive @needs.door @needs.containers
    Scenario: A sick copy loses its visitors within seconds, and the copy that replaces it gains them
      When one copy freezes while customers read and write
      Then readers and writers are served by the other copies
      And the last customer who meets the frozen copy is within the sick copy eviction budget of 5 seconds
      And the copy that replaces it serves customers

    @critical @readonly @needs.door @needs.containers @needs.routing
    Scenario: Every published route leads to its own service, and nothing else leads anywhere
      When a visitor asks for everything that is published, for what is not, and for a host that nobody knows
      Then every published route is answered by its own service
      And whatever is not published is refused at the door

    @critical @readonly @needs.door @needs.containers @needs.routing
    Scenario: A visitor cannot pretend to be somebody else
      When a visitor claims another address, host and protocol than his own
      Then the copy that serves him knows his own, as it does those of an honest visitor
