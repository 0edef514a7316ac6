"""The description of a deployment: what runs against it, and it against what was agreed on."""

from behave import then, when

from readiness.config.declaration import load_offer
from readiness.drills.health_path import HealthPaths, ask_described_health_checks
from readiness.harness.world import context_world
from readiness.matchers.counting import be_as_many_as_described, work_and_be_the_described_image
from readiness.matchers.declaration import (
    have_all_their_secrets,
    keep_to_the_offer,
    largest_share,
    run_as_described,
    scale_within_budgets,
    were_all_measured,
    write_no_secret,
)
from readiness.matchers.health_path import call_a_cut_off_copy_unhealthy, call_working_copies_healthy
from readiness.probes.counting import Count, count_copies
from readiness.probes.declaration import (
    Blueprints,
    Compared,
    Peaks,
    compare_with_what_runs,
    declaration_of,
    measure_peaks,
    read_blueprints,
)


@when("the description of the deployment is compared with what the platform says of it")
def compare(context):
    """Have the deployment described, and ask the platform for the same facts."""
    world = context_world(context)
    world.note(compare_with_what_runs(world.target))


@then("every part runs as it is described, and nothing else runs")
def as_described(context):
    """Require no difference between the description and the platform."""
    world = context_world(context)
    world.judge(world.seen(Compared), run_as_described())


@then("whatever is described without its value has one where it runs")
def values(context):
    """Require every secret to have a value in every copy."""
    world = context_world(context)
    world.judge(world.seen(Compared), have_all_their_secrets())


@when("the copies of every part are counted")
def count(context):
    """Count the copies, and ask each whether it works."""
    world = context_world(context)
    world.note(count_copies(world.target))


@then("as many run as are described, or as the autoscaler may choose")
def as_many(context):
    """Require the described number of copies."""
    world = context_world(context)
    world.judge(world.seen(Count), be_as_many_as_described())


@then("every copy works and runs the image that is described")
def working(context):
    """Require every copy that counts to work."""
    world = context_world(context)
    world.judge(world.seen(Count), work_and_be_the_described_image())


@when("the descriptions for platforms where plans are bought are read")
def read(context):
    """Read every blueprint."""
    world = context_world(context)
    world.note(read_blueprints(world.target))


@then("plans and regions are those that were agreed on")
def offered(context):
    """Require the agreed plans and regions."""
    world = context_world(context)
    offer = load_offer(world.target.root, declaration_of(world.target))
    world.evidence.keep("what was agreed on", offer.model_dump(mode="json"))
    world.judge(world.seen(Blueprints), keep_to_the_offer(offer))


@then("every service scales within the bounds that were agreed on")
def bounds(context):
    """Require the scaling that the budgets name."""
    world = context_world(context)
    world.judge(world.seen(Blueprints), scale_within_budgets(world.budgets))


@then("secrets are named there and not written")
def unwritten(context):
    """Require that no description holds a secret's value."""
    world = context_world(context)
    world.judge(world.seen(Blueprints), write_no_secret())


@when(
    "the health checks that are described are asked of every copy, and of one that reaches nothing it needs"
)
def ask_health(context):
    """Ask every copy, and a copy of our own that is cut off."""
    world = context_world(context)
    world.note(ask_described_health_checks(world.target, world.undo))


@then("every copy is called healthy")
def called_healthy(context):
    """Require a good answer of every running copy."""
    world = context_world(context)
    world.judge(world.seen(HealthPaths), call_working_copies_healthy())


@then("the copy that reaches nothing is never called healthy")
def called_unhealthy(context):
    """Require that the check tells a copy that cannot work."""
    world = context_world(context)
    world.judge(world.seen(HealthPaths), call_a_cut_off_copy_unhealthy())


@when("the most memory that each copy ever used is looked up")
def peaks(context):
    """Ask for the peaks of all copies."""
    world = context_world(context)
    world.note(measure_peaks(world.target))


@then("every service was measured, on at least one copy")
def measured(context):
    """Require a measurement of each service."""
    world = context_world(context)
    world.judge(world.seen(Peaks), were_all_measured())


@then("the largest share of what was bought is within the {budget:Budget}")
def reserve(context, budget):
    """Require room between the peak and what was bought, in limits and in plans."""
    world = context_world(context)
    seen = world.seen(Peaks)
    offer = load_offer(world.target.root, declaration_of(world.target))
    world.measure(seen, largest_share(seen, offer), budget)
