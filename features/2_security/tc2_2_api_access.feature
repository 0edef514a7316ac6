@TC2.2
Feature: TC2.2 The API lets in whom it knows, for as much as was agreed, and nobody else

  A caller shows who he is before anything is done for him. What he may do, see and use was agreed with him; what he proves
  himself with can be taken from him at any time.

  Background:
    Given the release under acceptance is running

  @TC2.2.1
  Rule: Only callers with a valid key of sufficient rights get in, on every route, and a withdrawn key stops working everywhere

    @blocker @load @needs.door @needs.containers @needs.access
    Scenario: Nobody gets in without a valid key of sufficient rights, on any route of any copy
      When everybody who must not get in asks every copy for every published operation, and for their paths in other spellings
      Then everybody is refused everywhere, and nothing comes of it
      And a caller with a sufficient key is served by every operation
      And the last time that any copy serves a revoked key is within the key revocation budget of 10 seconds

    @critical @load @needs.door @needs.access @needs.stores
    Scenario: What is stored gives no key away
      When all that is stored is written out after a key was issued and used
      Then nothing that is stored gives the key away

    @normal @load @needs.door @needs.access
    Scenario: Looking at a key adds next to nothing to a request
      When requests on which no work is done come in turns with and without a key
      Then what the key adds is within the authentication overhead budget of 10ms
