@TC1.1
Feature: TC1.1 The container image is fit for production

  What we ship is exactly what we examined: small, free of known holes, kept within its limits, noticed when it stops working,
  and serving customers seconds after it starts.

  Background:
    Given the release under acceptance is running

  @TC1.1.1
  Rule: The image holds only what the service needs, and a small change rebuilds in seconds

    @critical @readonly @needs.containers
    Scenario: Every running copy runs the image that is examined
      When the running copies are compared with the release image
      Then every copy runs exactly the release image

    @normal @readonly @needs.containers
    Scenario: The image is small and has few layers
      When the release image is weighed
      Then the bytes of all layers are within the image size budget of 500 MB
      And the number of layers is within the image layer budget of 20 layers

    @critical @readonly @needs.containers
    Scenario: No layer holds what a shipped image must not hold, not even where a later layer hides it
      When every layer of the release image is opened
      Then no layer holds build tools, package caches, tests, repository data, keys or credentials
      And what later layers delete or replace is within the deleted or overwritten weight budget of 5%

    @normal @readonly @needs.containers @needs.image_build
    Scenario: A one-line change rebuilds in seconds and leaves the dependencies alone
      When the image is built, one line of its source changes, and it is built again
      Then no dependency is installed again
      And the second build is within the rebuild after a code change budget of 60 seconds
      And what is new in the image is within the renewed image share budget of 10%

    @normal @readonly @needs.containers @needs.image_build
    Scenario: The image builds and works on every base image that can be had
      When the image is built on each base image that the plan names
      Then every base image that can be had gives a working image

  @TC1.1.2
  Rule: The exact image in production has no known hole that nobody answers for

    @critical @readonly @needs.containers @needs.advisories
    Scenario: The scanner finds known holes in every kind of package that it claims to know
      When the scanner examines specimens with and without known holes
      Then it reports the known holes of every kind of package, and no others
      And its advisory data is within the advisory data age budget of 7 days

    @blocker @readonly @needs.containers @needs.advisories
    Scenario: The running image has no serious hole that nobody accepted
      When the images that the copies run are scanned
      Then every program in them belongs to a package that the scanner saw
      And no finding reaches the agreed severity without an acceptance in force
      And the scan is within the security scan budget of 10 minutes

  @TC1.1.3
  Rule: One copy cannot eat the machine, and a copy that stops working is noticed and replaced

    @critical @readonly @needs.containers
    Scenario: The limits are in force in every running copy
      When the limits in force are read inside every copy
      Then no copy goes without limits
      And the most generous memory limit is within the memory limit budget of 512 MiB
      And the most generous processor limit is within the processor limit budget of 0.5 CPU

    @critical @disruptive @needs.containers
    Scenario: A copy that takes more memory than its limit is ended and replaced, and nobody else notices
      When a clone of the service takes a fifth more memory than its limit
      Then the platform ends the clone for want of memory and starts it again
      And the clone's neighbours are left alone
      And every customer is served meanwhile

    @critical @disruptive @needs.containers
    Scenario: A frozen copy is noticed and replaced
      When one copy of the service freezes
      Then the platform notices within the time that its own health check allows
      And a new copy serves customers within the frozen copy replacement budget of 60 seconds

    @critical @readonly @needs.containers
    Scenario: A copy that only answers with errors is called unhealthy
      When an impostor of the service turns from good answers to errors for every request
      Then the service's own health check, content before, calls the impostor unhealthy

    @critical @disruptive @needs.containers
    Scenario: An outage of the database takes copies out of service without killing them
      When the database is away for longer than a health check needs
      Then every customer is served rightly or clearly refused
      And the slowest of these answers is within the quick refusal budget of 5 seconds
      And every copy says that it is not ready, and none is killed
      And customers are served again within the recovery after database return budget of 30 seconds

  @TC1.1.4
  Rule: A new copy serves real customers within 30 seconds, and an idle copy costs almost nothing

    @critical @disruptive @needs.containers @PC1.1
    Scenario: A cold copy serves every kind of request in time
      When 5 new copies of the service start, one after the other
      Then every new copy serves every kind of request
      And the slowest does so within the container startup budget of 30 seconds

    @normal @readonly @needs.containers
    Scenario: An idle copy costs almost nothing
      When the copies are watched while nobody uses them
      Then the busiest copy is within the idle processor use budget of 0.1 CPU
      And the fullest copy is within the idle memory share budget of 50 %
      And the fastest growing copy is within the idle memory growth budget of 2 MiB per minute
