"""The release under acceptance."""

from behave import given

from readiness.harness.world import context_world
from readiness.probes.release import require_running


@given("the release under acceptance is running")
def release_runs(context):
    """Go on only where at least one copy of the service runs."""
    require_running(context_world(context).target)
