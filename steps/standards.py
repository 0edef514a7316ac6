"""The security rules that we adopted: how containers are confined, and the exceptions that somebody answers for."""

from behave import then, when

from readiness.config.standards import load_rules, load_standards
from readiness.harness.world import context_world
from readiness.matchers.standards import are_all_shown, have_exceptions_that_count, keep_the_rules
from readiness.probes.confinement import Confinements, look_at_confinement
from readiness.probes.scenarios import ShownLines, look_for_scenarios


@when("every running container is looked into")
def containers_looked_into(context):
    """Look how the kernel and the engine confine every container."""
    world = context_world(context)
    world.note(look_at_confinement(world.target))


@then("every container keeps the adopted rules, or somebody answers for the exception")
def rules_kept(context):
    """Require every rule of every container, apart from exceptions in force."""
    world = context_world(context)
    rules = load_rules(world.target.root, world.target.profile.security_exceptions)
    world.judge(world.seen(Confinements), keep_the_rules(rules))


@then("every exception is approved by a second person, ends, and is needed")
def exceptions_count(context):
    """Require exceptions that count, and none that is not needed any more."""
    world = context_world(context)
    rules = load_rules(world.target.root, world.target.profile.security_exceptions)
    world.judge(world.seen(Confinements), have_exceptions_that_count(rules))


@when("the adopted rules are held against the specification")
def specification_read(context):
    """Read which lines of the plan have scenarios."""
    world = context_world(context)
    world.note(look_for_scenarios(world.target.root))


@then("each of them is shown by a check on running containers or by scenarios of its own")
def all_shown(context):
    """Require something that shows each adopted rule."""
    world = context_world(context)
    world.judge(world.seen(ShownLines), are_all_shown(load_standards(world.target.root)))
