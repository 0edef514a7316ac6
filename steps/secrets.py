"""Secrets: who can read them, where their values stand, and what they open."""

from behave import then, when

from readiness.harness.world import context_world
from readiness.matchers.kept_secrets import (
    are_all_written_down,
    are_for_one_user_only,
    are_read_by_their_readers_only,
    are_refused_what_owners_may,
    stand_nowhere_in_writing,
)
from readiness.probes.database_roles import RolesTried, let_roles_try
from readiness.probes.kept_secrets import KeptSecrets, look_for_secrets


@when("every secret is looked for in every copy, and in all that is written down about the deployment")
def look(context):
    """Look into copies, processes, logs, the platform's own records, and images."""
    world = context_world(context)
    world.note(look_for_secrets(world.target))


@then("each can be read by the services that need it, and by nobody else")
def readers(context):
    """Require the declared readers, exactly."""
    world = context_world(context)
    world.judge(world.seen(KeptSecrets), are_read_by_their_readers_only())


@then("each is for the user of its service only, and for reading")
def one_user(context):
    """Require files that nobody else may open."""
    world = context_world(context)
    world.judge(world.seen(KeptSecrets), are_for_one_user_only())


@then("no value of a secret stands in a setting, a label, an image, a process or a log")
def nowhere(context):
    """Require values to be in their files and nowhere else."""
    world = context_world(context)
    world.judge(world.seen(KeptSecrets), stand_nowhere_in_writing())


@when("everybody who logs in to the database, and owns nothing there, tries what only owners may")
def try_roles(context):
    """Let each role try; all of it is rolled back."""
    world = context_world(context)
    world.note(let_roles_try(world.target))


@then("each of them is refused, and can still do its own work")
def refused(context):
    """Require refusals, and rows for those who serve them."""
    world = context_world(context)
    world.judge(world.seen(RolesTried), are_refused_what_owners_may())


@then("nobody else may log in")
def written_down(context):
    """Require every role to be declared."""
    world = context_world(context)
    world.judge(world.seen(RolesTried), are_all_written_down())
