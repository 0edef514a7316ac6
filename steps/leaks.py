"""Leaks: what people read of the deployment, and whether it shows what nobody may learn from it."""

from behave import then, when

from readiness.drills.leaking import Leaks, look_for_leaks
from readiness.harness.world import context_world
from readiness.matchers.leaks import show_no_secret_and_nothing_personal, were_searched_in_earnest


@when(
    "customers and callers make everything go right and wrong, and all that people read is searched afterwards"
)
def search(context):
    """Let things fail, then read logs, metrics, alerts, notifications, answers, records of the platform, and our evidence."""
    world = context_world(context)
    folders = (world.evidence.results, world.target.root / "allure-results")
    world.note(look_for_leaks(world.target, world.undo, folders))


@then("every place was searched, and what had to stand there was found")
def searched(context):
    """Require a control in every place."""
    world = context_world(context)
    world.judge(world.seen(Leaks), were_searched_in_earnest())


@then("nothing shows a secret, or what a customer entrusted")
def nothing(context):
    """Require that no canary is found, whole or in part, in any spelling."""
    world = context_world(context)
    world.judge(world.seen(Leaks), show_no_secret_and_nothing_personal())
