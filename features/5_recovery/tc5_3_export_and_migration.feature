@TC5.3
Feature: TC5.3 Data belongs to those whom it is about: they can take it away, it survives change, and who is forgotten stays so

  Customers take their data with them without loss. Its structure changes while they work. What a recovery brings back fits
  together, and does not bring back whom we promised to forget.

  Background:
    Given the release under acceptance is running

  @TC5.3.1
  Rule: Customers can take all of their data with them, in a form that other programs read without loss

    @critical @load @needs.door @needs.containers @needs.access @needs.taking_away
    Scenario: A customer takes away all that is kept of him, in forms that programs and spreadsheets read
      When a customer with awkward records and large files takes all of his data away
      Then every record that is kept of him is there as it is kept, and every file as he gave it
      And tables for spreadsheets say the same, value by value
      And no spreadsheet takes any of it for a formula
      And nothing of other customers is there, and none of them gets what is his
      And no copy needs more than the export memory budget of 32 MiB for it

    @critical @disruptive @needs.door @needs.containers @needs.access @needs.taking_away @needs.dependencies
    Scenario: What a customer took away can be brought into an empty system, and is the same there
      When all that a customer took away is brought into an empty system
      Then every record and every file is there again, and nothing else
      And a customer is served by it
