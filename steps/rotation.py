"""The replacement of secrets, and how they are kept."""

from behave import then, when

from readiness.drills.at_rest import AtRest, look_at_rest
from readiness.drills.rotating import Rotated, replace_secrets_among_customers
from readiness.harness.world import context_world
from readiness.matchers.rotation import (
    disturbs_no_customer,
    gives_everybody_a_new_value,
    is_closed_without_its_key,
    shows_no_secret_on_disk,
    shuts_out_the_old,
)


@when("every password and key is replaced while customers keep coming")
def replace(context):
    """Run the operator's procedure among customers, and try old and new values."""
    world = context_world(context)
    world.note(replace_secrets_among_customers(world.target, world.undo))


@then("no customer notices the replacement")
def no_customer(context):
    """Require every customer to be served as ever."""
    world = context_world(context)
    world.judge(world.seen(Rotated), disturbs_no_customer())


@then("every secret has a new value, which every copy that reads it has")
def new_values(context):
    """Require other values, in the hands of all their readers."""
    world = context_world(context)
    world.judge(world.seen(Rotated), gives_everybody_a_new_value())


@then("the new values open what they are for, and the old ones nothing")
def old_refused(context):
    """Require the new values to be let in and the old ones to be refused."""
    world = context_world(context)
    world.judge(world.seen(Rotated), shuts_out_the_old())


@when("it is looked at how the platform keeps the secrets")
def keep(context):
    """Ask the platform for ages, and search its disk."""
    world = context_world(context)
    world.note(look_at_rest(world.target, world.undo))


@then("the age of the oldest is within the {budget:Budget}")
def oldest(context, budget):
    """Measure the age of the oldest secret."""
    world = context_world(context)
    seen = world.seen(AtRest)
    world.measure(seen, seen.oldest.seconds, budget, seen.oldest.secret)


@then("no value of a secret stands on a disk of the platform")
def on_no_disk(context):
    """Require that the planted value was found, and no other."""
    world = context_world(context)
    world.judge(world.seen(AtRest), shows_no_secret_on_disk())


@then("what the platform keeps on disk is closed without a key that is kept elsewhere")
def closed(context):
    """Require that the disk alone opens nothing."""
    world = context_world(context)
    world.judge(world.seen(AtRest), is_closed_without_its_key())
