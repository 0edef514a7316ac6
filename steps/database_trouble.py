"""A database in trouble, and who sees it."""

from behave import then, when

from readiness.drills.database_trouble import DatabaseTrouble, trouble_database
from readiness.drills.wrong_password import LockedOut, lock_out_exporter
from readiness.harness.world import context_world
from readiness.matchers.database_trouble import is_reported_truly, is_told_of, raises_its_alarms


@when("sessions take up nearly all the room of the database, and one keeps a lock that others wait for")
def database_troubled(context):
    """Bring the database into trouble for a while."""
    world = context_world(context)
    world.note(trouble_database(world.target, world.undo))


@then("what is reported of it is what the database says itself, give or take the {budget:Budget}")
def reported_truly(context, budget):
    """Require reports and database to agree."""
    world = context_world(context)
    world.judge(world.seen(DatabaseTrouble), is_reported_truly(budget))


@then("the alarms about the database see it and name the database")
def alarms_raised(context):
    """Require the alarms to be pending, under the name of the database."""
    world = context_world(context)
    world.judge(world.seen(DatabaseTrouble), raises_its_alarms())


@when("monitoring asks the database with a wrong password")
def exporter_locked_out(context):
    """Lock a copy of the exporter out."""
    world = context_world(context)
    world.note(lock_out_exporter(world.target, world.undo))


@then("that becomes an alarm, as if the database were gone")
def lockout_told(context):
    """Require the alarm on what the locked-out exporter says."""
    world = context_world(context)
    world.judge(world.seen(LockedOut), is_told_of())
