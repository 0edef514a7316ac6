"""What customers entrust to the service: where it lies, and what it goes through."""

from behave import then, when

from readiness.drills.keeping import Places, Survival, let_it_survive, look_at_places
from readiness.harness.world import context_world
from readiness.matchers.keeping import (
    give_the_file_back_later,
    keep_data_where_it_lasts,
    keep_every_record,
    keep_the_file,
    write_only_to_volumes,
)


@when("a record and a file are entrusted to the service")
def entrust(context):
    """Entrust a record and a file, and look where they went."""
    world = context_world(context)
    world.note(look_at_places(world.target, world.undo))


@then("the database keeps its data on a volume that outlives it, and calls nothing kept before it is on disk")
def kept_on_a_volume(context):
    """Require lasting places for the database's files, and a database that waits for them."""
    world = context_world(context)
    world.judge(world.seen(Places), keep_data_where_it_lasts())


@then("a copy that starts afterwards gives the file back unchanged")
def given_back(context):
    """Require the file from a copy that was not there when it was taken."""
    world = context_world(context)
    world.judge(world.seen(Places), give_the_file_back_later())


@then("no copy has written beside its volumes, apart from what is declared worthless")
def nothing_beside(context):
    """Require every copy's own container to be as it was made."""
    world = context_world(context)
    world.judge(world.seen(Places), write_only_to_volumes())


@when(
    "records and a file go through a crash of the database, the replacement of every copy, and a new deployment"
)
def go_through(context):
    """Let a crash, a replacement and a new deployment happen to what was entrusted."""
    world = context_world(context)
    world.note(let_it_survive(world.target, world.undo))


@then("every record that was confirmed is there each time, as it was written")
def every_record(context):
    """Require each confirmed record after every trial."""
    world = context_world(context)
    world.judge(world.seen(Survival), keep_every_record())


@then("the file is there each time, byte for byte")
def file_unchanged(context):
    """Require the unchanged file after every trial."""
    world = context_world(context)
    world.judge(world.seen(Survival), keep_the_file())
