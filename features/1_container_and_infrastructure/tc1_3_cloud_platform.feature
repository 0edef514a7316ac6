@TC1.3
Feature: TC1.3 The cloud platform carries the service

  What we described is what runs. It grows and shrinks with its visitors, shares them among healthy copies, and lets them in where
  we published a way and nowhere else.

  Background:
    Given the release under acceptance is running

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

  @RM1.1
  Rule: When the platform fails in one region, another region takes over

    @critical @readonly @needs.door @needs.containers @needs.regions
    Scenario: Every region could serve all customers by itself
      Given what would be lost with a region is known
      When the copies and the doors of every region are looked at
      Then every region has copies of what customers need
      And the door of every region serves customers

    @critical @disruptive @needs.door @needs.containers @needs.regions
    Scenario: Customers hardly notice that a region is lost
      When every region in turn is lost at once while customers read and write, and comes back
      Then another region takes over each time
      And the last customer who meets the loss is within the region takeover budget of 60 seconds
      And the lost copies are replaced within the region replacement budget of 60 seconds
      And nothing that was acknowledged to a customer is lost
      And every region takes part again after its return
