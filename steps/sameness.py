"""One build everywhere: what is in force in every environment, who is let in where, and whose records are found where."""

from behave import then, when

from readiness.config.environments import load_declared_differences
from readiness.drills.environments import Stays, let_each_environment_stay
from readiness.harness.world import context_world
from readiness.matchers.sameness import (
    be_in_force_as_declared,
    keep_their_own_records,
    let_in_their_own,
    name_no_environment,
    refuse_all_others,
)
from readiness.probes.environments import environments_of


@when("every environment is beside production, looked into, and knocked at with every key")
def beside(context):
    """Let each environment stay beside production, once for all scenarios."""
    world = context_world(context)
    world.note(let_each_environment_stay(world.target, world.undo))


@then("no build says for which environment it is")
def unnamed(context):
    """Require builds that name no environment."""
    world = context_world(context)
    world.judge(world.seen(Stays), name_no_environment())


@then("every setting in force that differs from production's is one that is written down")
def in_force(context):
    """Require each difference in running containers to be declared."""
    world = context_world(context)
    differences = load_declared_differences(world.target.root, environments_of(world.target))
    world.judge(world.seen(Stays), be_in_force_as_declared(differences))


@then("each lets in whoever has its own key")
def own_keys(context):
    """Require every environment to accept its own keys."""
    world = context_world(context)
    world.judge(world.seen(Stays), let_in_their_own())


@then("none lets in anybody with the key of another")
def others_keys(context):
    """Require every environment to refuse the keys of all others."""
    world = context_world(context)
    world.judge(world.seen(Stays), refuse_all_others())


@then("what is written in one is found there and nowhere else")
def own_records(context):
    """Require records to be found where they were written, and only there."""
    world = context_world(context)
    world.judge(world.seen(Stays), keep_their_own_records())
