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

  @TC1.3.4
  Rule: One and the same build runs everywhere, and only the settings that we listed differ

    @critical @load @needs.door @needs.containers @needs.environments
    Scenario: Every environment runs production's build, with production's settings but for those that are written down
      When every environment is beside production, looked into, and knocked at with every key
      Then whatever stands in for production runs the images that production runs
      And no build says for which environment it is
      And every setting in force that differs from production's is one that is written down

    @blocker @load @needs.door @needs.containers @needs.environments @needs.exposure
    Scenario: No environment lets in the people of another, or shows them its records
      When every environment is beside production, looked into, and knocked at with every key
      Then each lets in whoever has its own key
      And none lets in anybody with the key of another
      And what is written in one is found there and nowhere else

    @critical @load @needs.door @needs.containers @needs.exposure
    Scenario: Whoever makes a mistake is told what he can do, and nothing of the inside
      When a caller makes every kind of mistake with every operation of the API
      Then every mistake is answered as an error, with words and an id
      And no answer to a mistake shows anything of the inside

    @critical @disruptive @needs.door @needs.containers @needs.exposure
    Scenario: An error from inside shows nothing of the inside
      When the database stops answering while callers ask
      Then callers are told of an error, with words and an id
      And no answer in trouble shows anything of the inside

    @blocker @load @needs.door @needs.exposure
    Scenario: Strangers find neither tools of developers nor accounts of demonstrations
      When strangers ask for what only developers use, and come with the accounts of demonstrations
      Then what only developers use is not there
      And no account of a demonstration comes in, and production's own do

    @critical @readonly @needs.exposure
    Scenario: Only those may come in who are written down
      When the operator lists who may come in
      Then exactly those may come in who are written down
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
