@TC1.3
Feature: TC1.3 The cloud platform carries the service

  What we described is what runs. It grows and shrinks with its visitors, shares them among healthy copies, and lets them in where
  we published a way and nowhere else.

  Background:
    Given the release under acceptance is running

  @TC1.3.1
  Rule: What is described for the platform is what runs, it is what was agreed on, and it is big enough

    @critical @readonly @needs.containers @needs.declaration
    Scenario: What runs is what was described
      When the description of the deployment is compared with what the platform says of it
      Then every part runs as it is described, and nothing else runs
      And whatever is described without its value has one where it runs

    @critical @readonly @needs.containers @needs.declaration
    Scenario: As many copies run as were described, and every one of them works
      When the copies of every part are counted
      Then as many run as are described, or as the autoscaler may choose
      And every copy works and runs the image that is described

    @normal @readonly @needs.containers @needs.declaration
    Scenario: What is described for the cloud is what was agreed on
      When the descriptions for platforms where plans are bought are read
      Then plans and regions are those that were agreed on
      And every service scales within the bounds that were agreed on
      And secrets are named there and not written

    @critical @readonly @needs.containers @needs.declaration
    Scenario: The health check that is described tells a copy that works from one that cannot
      When the health checks that are described are asked of every copy, and of one that reaches nothing it needs
      Then every copy is called healthy
      And the copy that reaches nothing is never called healthy

    @critical @readonly @needs.containers @needs.declaration
    Scenario: What runs fits what was bought
      When the most memory that each copy ever used is looked up
      Then every service was measured, on at least one copy
      And the largest share of what was bought is within the memory use budget of 80%

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
