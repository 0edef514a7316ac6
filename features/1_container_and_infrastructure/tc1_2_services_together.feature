@TC1.2
Feature: TC1.2 The services work together

  Developers, staging and customers get one product. Its parts reach whom they need and nobody else, keep what was entrusted to
  them, and come up in whatever order they start.

  Background:
    Given the release under acceptance is running

  @TC1.2.1
  Rule: Development and staging run the product that customers get, apart from differences that are written down

    @critical @readonly @needs.containers @needs.environments
    Scenario: Every difference from production is written down, and nothing is shared that must be each one's own
      When every environment is described and compared with production
      Then every description is complete, and no value in it is left open
      And every difference from production is one that is written down with its reason
      And the secrets and the address of every environment are its own

    @critical @readonly @needs.containers @needs.environments
    Scenario: Staging is given the very release that customers get
      When the images of every environment that stands in for production are looked up
      Then they are production's own images, named by their content, with nothing built or laid over them

    @critical @load @needs.containers @needs.environments
    Scenario: Every environment serves a customer beside production, and leaves nothing behind
      When every environment in turn comes up beside production, serves a customer and is taken down
      Then every environment serves its customer as production does
      And whatever stands in for production runs the images that production runs
      And nothing is left of them
      And production is as it was before

  @TC1.2.2
  Rule: Each part reaches the parts that it needs, and no others

    @critical @readonly @needs.containers @needs.connections
    Scenario: Every copy reaches what its part needs, and nothing else
      When every copy of every part calls all the others
      Then every copy reaches what its part needs
      And no copy reaches what its part does not need
      And no copy reaches the engine that runs them all, apart from those declared to

    @critical @disruptive @needs.containers @needs.connections
    Scenario: A database that was replaced is reached by those that need it, and by no others
      When the database is replaced, and every copy calls the new one
      Then every copy reaches what its part needs
      And no copy reaches what its part does not need

  @TC1.2.3
  Rule: What customers entrusted to us is still there after a crash, a replacement and a new deployment

    @critical @load @needs.containers @needs.entrusted
    Scenario: What is entrusted to us lies where it outlives the copies that took it
      When a record and a file are entrusted to the service
      Then the database keeps its data on a volume that outlives it, and calls nothing kept before it is on disk
      And a copy that starts afterwards gives the file back unchanged
      And no copy has written beside its volumes, apart from what is declared worthless

    @critical @disruptive @needs.door @needs.containers @needs.entrusted @needs.redeployment
    Scenario: Nothing that we confirmed is lost in a crash, a replacement or a new deployment
      When records and a file go through a crash of the database, the replacement of every copy, and a new deployment
      Then every record that was confirmed is there each time, as it was written
      And the file is there each time, byte for byte

  @TC1.2.4
  Rule: The system comes up in whatever order its parts start, and gets over the restart of each of them

    @critical @disruptive @needs.containers @needs.entrusted @needs.dependencies
    Scenario: Copies that serve get over the crash of everything they depend on
      When everything that the service depends on crashes, one after the other
      Then every copy serves again, and is the same as before
      And the slowest recovery is within the dependency recovery budget of 30 seconds

    @critical @disruptive @ahead @needs.containers @needs.entrusted @needs.dependencies
    Scenario: A service that starts long before everything it depends on serves customers as soon as that is there
      When a copy of the service has been alone for a minute, and what it depends on starts
      Then it is ready by itself, and serves a customer
      And it is so within the cold start budget of 60 seconds

    @critical @disruptive @needs.containers @needs.entrusted @needs.dependencies
    Scenario: Copies that start at once on an empty database migrate it once
      When three copies of the service start at once on an empty database
      Then all of them come up, and none fails on the way
      And none gets in the way of another
      And every migration was run once, and what it brings is there once
