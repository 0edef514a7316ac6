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

  @TC2.2.2
  Rule: No caller gets more than its agreed share, and a greedy one does not slow down the rest

    @critical @load @needs.door @needs.containers @needs.access @needs.shares
    Scenario: A greedy client gets a minute's share and no more, over all copies and under whatever name
      When a client asks for more than a minute's share over many connections, and then pretends to be others
      Then what it is served in a minute is within the requests per minute budget of 100 requests
      And it gets all that was agreed, is refused by every copy after that, and is told when to come back
      And nothing is done for requests that were refused
      And a neighbour is served meanwhile, the longest wait being within the response beside a flood budget of 1 second

    @critical @load @needs.door @needs.access @needs.shares
    Scenario: A client is served again when it was told to come back
      When a client that has used up a minute's share goes on asking
      Then it is served again when it was told, and not before

    @critical @load @needs.door @needs.access @needs.shares
    Scenario: An hour's share and a day's share end as a minute's does
      When clients that have used nearly all of an hour's or a day's share go on asking
      Then what is served in an hour is within the requests per hour budget of 1000 requests
      And what is served in a day is within the requests per day budget of 10000 requests
      And both get all that was agreed, and are told when to come back

    @normal @load @needs.door @needs.access @needs.shares
    Scenario: Guessing keys leads nowhere, and does not shut out those who have theirs
      When somebody tries one wrong key after the other, and then a right one
      Then the wrong keys that are looked at in a minute are within the wrong keys per minute budget of 300 wrong keys
      And the right one is refused like the others, and those who use theirs from there are served

  @TC2.2.3
  Rule: A sign-in lasts an hour and can be renewed for thirty days, and stolen or altered tokens are useless

    @critical @load @needs.door @needs.containers @needs.access @needs.sign_in
    Scenario: Whoever signs in gets in, and nobody gets in with what was altered, used before or given up
      When somebody signs in, and everything that he is given comes again, altered, too late and from somebody else
      Then whoever signed in is served by every operation
      And every token with anything wrong is refused, by every copy and for everything
      And codes and renewals are good once, for whom they were given, until the sign-in ends
      And an access token is good for a time within the token lifetime budget of 1h
      And the longest time for which a sign-in is renewed is within the refresh token lifetime budget of 30d

  @TC2.2.4
  Rule: Our services prove to each other who they are, and a message that was altered or sent again is refused

    @critical @load @needs.door @needs.containers @needs.service_calls
    Scenario: A service is served when it proves who it is, and nobody else passes for it
      When a service's requests come signed as they should be, with each thing wrong that can be, once more, and from outside
      Then a service that proves who it is is served by every copy
      And whatever is altered, old, sent again or signed by somebody else is refused by every copy
      And nobody outside passes for a service
