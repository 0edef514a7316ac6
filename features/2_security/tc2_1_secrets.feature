@TC2.1
Feature: TC2.1 Secrets and the environment are safe

  Passwords and keys are kept where only those who need them can read them, what is told to a service is checked before customers
  depend on it, and nobody who reads what we write down learns a secret from it.

  Background:
    Given the release under acceptance is running

  @TC2.1.1
  Rule: Each password and key is kept as a secret that only the parts needing it can read

    @blocker @readonly @needs.containers @needs.secrets
    Scenario: Every secret is in the hands of those who need it, and nowhere else
      When every secret is looked for in every copy, and in all that is written down about the deployment
      Then each can be read by the services that need it, and by nobody else
      And each is for the user of its service only, and for reading
      And no value of a secret stands in a setting, a label, an image, a process or a log

    @critical @load @needs.containers @needs.secrets @needs.database_roles
    Scenario: Whoever serves customers can change nothing in the database but their rows
      When everybody who logs in to the database, and owns nothing there, tries what only owners may
      Then each of them is refused, and can still do its own work
      And nobody else may log in

  @TC2.1.2
  Rule: Every password and key can be replaced while customers are served, and the old one opens nothing afterwards

    @critical @disruptive @needs.door @needs.containers @needs.secrets @needs.rotation
    Scenario: All passwords and keys are replaced, and no customer notices
      When every password and key is replaced while customers keep coming
      Then no customer notices the replacement
      And every secret has a new value, which every copy that reads it has
      And the new values open what they are for, and the old ones nothing

    @critical @load @needs.containers @needs.secrets
    Scenario: No secret is old, and none can be read from a disk
      When it is looked at how the platform keeps the secrets
      Then the age of the oldest is within the secret age budget of 30d
      And no value of a secret stands on a disk of the platform
      And what the platform keeps on disk is closed without a key that is kept elsewhere

  @TC2.1.3
  Rule: A release with a missing or wrong setting does not start, names the setting, and leaves customers on the former release

    @critical @load @needs.containers @needs.settings
    Scenario: A copy that is told something wrong refuses to start, and says what is wrong
      When copies of every service start, each with one required setting missing or wrong
      Then each of them refuses to start and names the setting
      And none of them shows what it was told
      And the slowest refusal is within the refusal of wrong settings budget of 10 seconds
      And a copy without what may be left out starts

    @critical @disruptive @needs.door @needs.containers @needs.settings
    Scenario: Customers stay on the release they have when the next one is told something wrong
      When the service is rolled out without a setting that it requires, while customers use it
      Then the platform takes the rollout back, and the copies of before go on
      And no customer notices the rollout
      And the time until it is taken back is within the return from wrong settings budget of 60 seconds

  @TC2.1.4
  Rule: No log, error, alert or report shows a password or a customer's private data

    @blocker @disruptive @needs.door @needs.containers @needs.secrets @needs.sinks
    Scenario: Nobody learns a secret from what people read, whether things go right or wrong
      When customers and callers make everything go right and wrong, and all that people read is searched afterwards
      Then every place was searched, and what had to stand there was found
      And nothing shows a secret, or what a customer entrusted
