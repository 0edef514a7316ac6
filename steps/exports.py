"""What customers take away with them, and bring in elsewhere."""

from behave import then, when

from readiness.drills.moving_in import MovedIn
from readiness.drills.taking_away import TakenAway
from readiness.harness.world import context_world
from readiness.matchers.taking_away import (
    holds_everything,
    holds_nothing_of_others,
    is_the_same_in_tables,
    is_whole_again,
    runs_nothing,
    serves_there,
)


@when("a customer with awkward records and large files takes all of his data away")
def taken_away(context):
    """Write what programs stumble over, and take everything away while the copies' memory is watched."""
    world = context_world(context)
    world.note(world.rehearsals.taken_away())


@then("every record that is kept of him is there as it is kept, and every file as he gave it")
def everything_there(context):
    """Require every record and file in the archive."""
    world = context_world(context)
    world.judge(world.seen(TakenAway), holds_everything())


@then("tables for spreadsheets say the same, value by value")
def tables_say_the_same(context):
    """Require the tables of cells to agree with the lines."""
    world = context_world(context)
    world.judge(world.seen(TakenAway), is_the_same_in_tables())


@then("no spreadsheet takes any of it for a formula")
def no_formula(context):
    """Require that no cell begins like a formula."""
    world = context_world(context)
    world.judge(world.seen(TakenAway), runs_nothing())


@then("nothing of other customers is there, and none of them gets what is his")
def nothing_of_others(context):
    """Require each customer to get their own records, once, and a stranger to be refused."""
    world = context_world(context)
    world.judge(world.seen(TakenAway), holds_nothing_of_others())


@then("no copy needs more than the {budget:Budget} for it")
def bounded_memory(context, budget):
    """Measure how much a copy grew while it made the archive."""
    world = context_world(context)
    seen = world.seen(TakenAway)
    world.measure(seen, seen.growth, budget)


@when("all that a customer took away is brought into an empty system")
def brought_in(context):
    """Bring the archive into an empty copy of the deployment."""
    world = context_world(context)
    world.note(world.rehearsals.moved_in())


@then("every record and every file is there again, and nothing else")
def there_again(context):
    """Require what is kept there to be what was taken away."""
    world = context_world(context)
    world.judge(world.seen(MovedIn), is_whole_again())


@then("a customer is served by it")
def served_there(context):
    """Require a customer's journey to be answered rightly there."""
    world = context_world(context)
    world.judge(world.seen(MovedIn), serves_there())
