"""Environments beside production: how they differ from it, what they run, and how they get on beside it."""

from behave import then, when

from readiness.config.environments import load_declared_differences
from readiness.drills.environments import Stays, let_each_environment_stay
from readiness.harness.world import context_world
from readiness.matchers.environments import (
    are_described_without_doubt,
    differ_only_as_declared,
    keep_their_own,
    run_the_release,
)
from readiness.matchers.stays import (
    leave_nothing_behind,
    leave_production_alone,
    run_productions_images,
    serve_their_customer,
)
from readiness.probes.environments import (
    Descriptions,
    ImagesThere,
    describe_environments,
    environments_of,
    look_up_images,
)


@when("every environment is described and compared with production")
def describe(context):
    """Have each environment described whole by its own tool."""
    world = context_world(context)
    world.note(describe_environments(world.target))


@then("every description is complete, and no value in it is left open")
def complete(context):
    """Require descriptions without unset variables and empty settings."""
    world = context_world(context)
    world.judge(world.seen(Descriptions), are_described_without_doubt())


@then("every difference from production is one that is written down with its reason")
def declared(context):
    """Require each difference to be declared, and each declaration to be needed."""
    world = context_world(context)
    environments = environments_of(world.target)
    differences = load_declared_differences(world.target.root, environments)
    world.judge(world.seen(Descriptions), differ_only_as_declared(differences))


@then("the secrets and the address of every environment are its own")
def own(context):
    """Require nothing of production's where each environment must have its own."""
    world = context_world(context)
    environments = environments_of(world.target)
    differences = load_declared_differences(world.target.root, environments)
    world.judge(world.seen(Descriptions), keep_their_own(differences))


@when("the images of every environment that stands in for production are looked up")
def images(context):
    """Look up what the stand-ins would run, and what production runs."""
    world = context_world(context)
    world.note(look_up_images(world.target))


@then("they are production's own images, named by their content, with nothing built or laid over them")
def release(context):
    """Require production's images, unchanged."""
    world = context_world(context)
    world.judge(world.seen(ImagesThere), run_the_release())


@when("every environment in turn comes up beside production, serves a customer and is taken down")
def stay(context):
    """Let each environment stay beside production for a while."""
    world = context_world(context)
    world.note(let_each_environment_stay(world.target, world.undo))


@then("every environment serves its customer as production does")
def served(context):
    """Require the whole journey to be answered rightly in each."""
    world = context_world(context)
    world.judge(world.seen(Stays), serve_their_customer())


@then("whatever stands in for production runs the images that production runs")
def running_images(context):
    """Require production's images of the stand-ins' running containers."""
    world = context_world(context)
    world.judge(world.seen(Stays), run_productions_images())


@then("nothing is left of them")
def gone(context):
    """Require that taking down leaves nothing behind."""
    world = context_world(context)
    world.judge(world.seen(Stays), leave_nothing_behind())


@then("production is as it was before")
def undisturbed(context):
    """Require production's copies to be the same as before."""
    world = context_world(context)
    world.judge(world.seen(Stays), leave_production_alone())
