@TC3.2
Feature: TC3.2 We see what machines, databases and services do, and are warned in time

  What monitoring says is true, every part is watched, and the right alarm comes while there is still time to act.

  Background:
    Given the release under acceptance is running

  @TC3.2.1
  Rule: What monitoring says of processors, memory and disks is true, for every machine and every container

    @critical @disruptive @needs.containers @needs.metrics @needs.meters
    Scenario: A load of known size shows as what it is
      When a known load of processor, memory and disk runs in a container
      Then what every meter says is the truth, give or take the meter tolerance budget of 10 %
      And every copy is measured under the name of its service, on every machine
      And the memory alarm sees what is really used, and no page cache

  @TC3.2.2
  Rule: A database in trouble is seen before customers feel it

    @critical @disruptive @needs.containers @needs.metrics @needs.entrusted @needs.database_meters
    Scenario: Sessions that run out and a lock that is kept are seen while they last
      When sessions take up nearly all the room of the database, and one keeps a lock that others wait for
      Then what is reported of it is what the database says itself, give or take the meter tolerance budget of 10 %
      And the alarms about the database see it and name the database

    @critical @readonly @needs.containers @needs.metrics @needs.warnings
    Scenario: Trouble of the database becomes an alarm beyond its limits and not before
      When every warning about capacity is tried just above and just below its limit
      Then those about the database come beyond their limits, and not before

    @critical @disruptive @needs.containers @needs.metrics @needs.entrusted @needs.availability
    Scenario: A database that hangs or is gone is called by its name
      When every part of the service hangs once and is gone once
      Then an alarm names the database each time

    @critical @disruptive @needs.containers @needs.metrics @needs.database_meters @needs.warnings
    Scenario: Monitoring that is locked out of the database is noticed
      When monitoring asks the database with a wrong password
      Then that becomes an alarm, as if the database were gone

  @TC3.2.3
  Rule: A part that is gone or hangs raises the alarm that names it

    @critical @disruptive @needs.containers @needs.metrics @needs.availability
    Scenario: Every part of the service hangs once and is gone once, and an alarm names it
      When every part of the service hangs once and is gone once
      Then an alarm names each of them, and nobody is named beforehand
      And that is told within the alert delivery budget of 2 minutes
      And every such alarm is over once the part is back
      And the alarms wait no longer than their rules say, as simulated time shows

  @TC3.2.4
  Rule: We are warned that something runs full while there is still time to act

    @critical @readonly @needs.containers @needs.metrics @needs.warnings
    Scenario: A warning comes just beyond its limit, not just before it, and goes again
      When every warning about capacity is tried just above and just below its limit
      Then those about the processor come beyond the processor alert threshold budget of 80%, after the processor alert window budget of 5m, and not before
      And those about the memory come beyond the memory alert threshold budget of 85%, after the memory alert window budget of 3m, and not before
      And those about the disk come beyond the disk alert threshold budget of 90%, after the disk alert window budget of 1m, and not before
      And somebody is told hours before a disk is full, and not of one that keeps its level

    @critical @readonly @needs.containers @needs.metrics @needs.warnings
    Scenario: No alarm is dead
      When every alarm is held against what is measured
      Then each looks at something that is measured, or that its own fault brings about
