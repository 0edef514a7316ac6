"""The way from sources to customers: what passes it, and what it stops."""

from behave import then, when

from readiness.drills.pipeline import PipelineRuns, run_the_pipeline
from readiness.drills.release_traffic import releases_of
from readiness.harness.world import context_world
from readiness.matchers.pipeline import (
    deploys_what_it_tested,
    needs_a_second_person,
    stops_at_each_gate,
    takes_turns,
)


@when("sources are released that are good, and sources that fail one gate each")
def walked(context):
    """Run the pipeline with good sources and with sources for each gate."""
    world = context_world(context)
    world.note(run_the_pipeline(world.target, world.undo))


@then("the good ones run in every copy, with the digest that was built, tested and scanned")
def same_digest(context):
    """Require one digest from the build to the copies."""
    world = context_world(context)
    steps = releases_of(world.target).pipeline.steps
    world.judge(world.seen(PipelineRuns), deploys_what_it_tested(steps))


@then("no release that failed a gate ever reaches a copy")
def stopped(context):
    """Require failures, and no other image in any copy."""
    world = context_world(context)
    world.judge(world.seen(PipelineRuns), stops_at_each_gate())


@then("a release that begins while another is at work waits for it")
def turns(context):
    """Require one run at a time."""
    world = context_world(context)
    world.judge(world.seen(PipelineRuns), takes_turns())


@then("nobody approves his own release")
def second_person(context):
    """Require a refusal."""
    world = context_world(context)
    world.judge(world.seen(PipelineRuns), needs_a_second_person())


@then("the whole way is within the {budget:Budget}")
def in_time(context, budget):
    """Measure the good run from sources to customers."""
    world = context_world(context)
    seen = world.seen(PipelineRuns)
    world.measure(seen, seen.seconds, budget)
