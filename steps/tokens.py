"""People who sign in, and their tokens."""

from behave import then, when

from readiness.drills.token_trials import TokenTrials, try_tokens
from readiness.harness.world import context_world
from readiness.matchers.tokens import refuses_altered_tokens, refuses_wrong_steps, serves_who_signed_in


@when(
    "somebody signs in, and everything that he is given comes again, altered, too late and from somebody else"
)
def sign_in(context):
    """Sign somebody in the right way and in every wrong one, and show altered tokens to every copy."""
    world = context_world(context)
    world.note(try_tokens(world.target, world.undo))


@then("whoever signed in is served by every operation")
def served(context):
    """Require the positive control."""
    world = context_world(context)
    world.judge(world.seen(TokenTrials), serves_who_signed_in())


@then("every token with anything wrong is refused, by every copy and for everything")
def refused(context):
    """Require a refusal of each altered token."""
    world = context_world(context)
    world.judge(world.seen(TokenTrials), refuses_altered_tokens())


@then("codes and renewals are good once, for whom they were given, until the sign-in ends")
def once(context):
    """Require refusals of everything that comes again or too late."""
    world = context_world(context)
    world.judge(world.seen(TokenTrials), refuses_wrong_steps())


@then("an access token is good for a time within the {budget:Budget}")
def lifetime(context, budget):
    """Measure the longer of what the token says and what the application is told."""
    world = context_world(context)
    seen = world.seen(TokenTrials)
    world.measure(seen, max(seen.lifetime, seen.told), budget)


@then("the longest time for which a sign-in is renewed is within the {budget:Budget}")
def renewed_for(context, budget):
    """Measure the longest age at which a renewal was given."""
    world = context_world(context)
    seen = world.seen(TokenTrials)
    world.measure(seen, seen.renewed_for, budget)
