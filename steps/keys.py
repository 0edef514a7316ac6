"""Keys of the API: who gets in with what, how soon one is shut out, what is kept of them, and what looking at them costs."""

from behave import then, when

from readiness.drills.access import Knocks, let_everybody_knock
from readiness.drills.key_costs import KeyCosts, measure_costs_of_keys
from readiness.drills.stored_keys import StoredKey, look_for_a_key_in_the_stores
from readiness.harness.world import context_world
from readiness.matchers.access import keeps_no_key, refuse_everybody_else, serve_their_owner


@when(
    "everybody who must not get in asks every copy for every published operation, and for their paths in other spellings"
)
def everybody_knocks(context):
    """Let everybody ask for everything, and note operations of which we know no call that succeeds."""
    world = context_world(context)
    seen = let_everybody_knock(world.target, world.undo)
    world.note(seen)
    world.gaps.extend(seen.gaps)


@then("everybody is refused everywhere, and nothing comes of it")
def everybody_refused(context):
    """Require the declared refusal of every copy, and no change for the owner."""
    world = context_world(context)
    world.judge(world.seen(Knocks), refuse_everybody_else())


@then("a caller with a sufficient key is served by every operation")
def owner_served(context):
    """Require the declared answers to the owner of what everybody asked for."""
    world = context_world(context)
    world.judge(world.seen(Knocks), serve_their_owner())


@then("the last time that any copy serves a revoked key is within the {budget:Budget}")
def revoked_in_time(context, budget):
    """Measure how long after its revocation a key was still good somewhere."""
    world = context_world(context)
    seen = world.seen(Knocks)
    world.measure(seen, seen.revoked_after, budget)


@when("all that is stored is written out after a key was issued and used")
def write_out_stores(context):
    """Look for a working key in everything that the target keeps."""
    world = context_world(context)
    world.note(look_for_a_key_in_the_stores(world.target, world.undo))


@then("nothing that is stored gives the key away")
def no_key_stored(context):
    """Require that what is stored tells of the key and does not hold it."""
    world = context_world(context)
    world.judge(world.seen(StoredKey), keeps_no_key())


@when("requests on which no work is done come in turns with and without a key")
def ask_in_turns(context):
    """Time equal requests with a key and without one."""
    world = context_world(context)
    world.note(measure_costs_of_keys(world.target, world.undo))


@then("what the key adds is within the {budget:Budget}")
def key_adds(context, budget):
    """Measure the difference within the pairs, for a key in use and for one that no copy remembers."""
    world = context_world(context)
    seen = world.seen(KeyCosts)
    world.measure(seen, seen.greatest, budget)
