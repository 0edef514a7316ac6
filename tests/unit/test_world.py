"""The state of a scenario: nothing is judged that was not seen, nothing seen stays unjudged."""

from dataclasses import dataclass

import pytest
from hamcrest import has_property

from readiness.core.budgets import Budget, Budgets, Direction
from readiness.core.errors import CannotLook, CriterionNotMet
from readiness.core.observations import Observation
from readiness.core.units import Dimension, Quantity
from readiness.harness.evidence import Evidence
from readiness.harness.redaction import Redactor
from readiness.harness.undo import UndoFailure, UndoStep
from readiness.harness.world import World
from readiness.matchers.requirement import Violation, requires

STARTUP = Budget(
    "container_startup",
    ("PC1.1",),
    "container startup",
    Quantity(30.0, Dimension.DURATION),
    "30 seconds",
    Direction.LESS_THAN,
    "plan: PC1.1",
)


@dataclass(frozen=True, kw_only=True)
class Doors(Observation):
    """Doors seen, and how many of them are open."""

    open: int


@pytest.fixture
def world(tmp_path):
    evidence = Evidence(tmp_path, "a scenario", Redactor(), lambda *_: None)
    return World(target=None, evidence=evidence, undo=None, budgets=Budgets((STARTUP,)), rehearsals=None)


def all_closed():
    return requires(
        "every door is closed",
        lambda doors: (
            [Violation("hall", "no door open", f"{doors.open} open", "close them")] if doors.open else []
        ),
    )


def test_a_judgement_that_holds_counts_what_was_examined(world):
    doors = Doors(examined=3, open=0)
    world.note(doors)

    world.judge(world.seen(Doors), all_closed())

    assert world.examined == 3
    assert world.judgements == 1
    assert world.take_note() == "examined 3"
    world.require_judged()


def test_a_judgement_that_does_not_hold_says_required_observed_and_remedy(world):
    world.note(Doors(examined=3, open=2))

    with pytest.raises(CriterionNotMet) as failure:
        world.judge(world.seen(Doors), all_closed())

    assert failure.value.required == "every door is closed"
    assert failure.value.observed == "hall: required no door open; observed 2 open. To do: close them"


def test_nothing_can_be_judged_on_an_observation_of_nothing(world):
    world.note(Doors(examined=0, open=0))

    with pytest.raises(CannotLook, match="nothing was examined"):
        world.judge(world.seen(Doors), all_closed())


def test_what_was_not_noted_as_evidence_cannot_be_judged(world):
    with pytest.raises(CannotLook, match="without having been noted"):
        world.judge(Doors(examined=1, open=0), has_property("open", 0))


def test_what_no_step_observed_cannot_be_asked_for(world):
    with pytest.raises(CannotLook, match="no step of this scenario observed Doors"):
        world.seen(Doors)


def test_an_observation_that_nobody_judged_is_an_error(world):
    world.note(Doors(examined=3, open=0))

    with pytest.raises(CannotLook, match="observed but never judged: Doors"):
        world.require_judged()


def test_seeing_again_needs_judging_again(world):
    world.note(Doors(examined=3, open=0))
    world.judge(world.seen(Doors), all_closed())
    world.note(Doors(examined=3, open=1))

    assert world.unjudged == ("Doors",)


@pytest.mark.parametrize(("seconds", "met"), [(29.9, True), (30.0, False), (41.2, False)])
def test_a_measurement_is_kept_whether_or_not_it_meets_its_budget(world, seconds, met):
    doors = Doors(examined=1, open=0)
    world.note(doors)

    try:
        world.measure(doors, seconds, STARTUP)
        judged = True
    except CriterionNotMet:
        judged = False

    assert judged is met
    assert [each.value for each in world.measurements] == [seconds]


def test_a_missed_budget_tells_the_measured_value_beside_the_limit(world):
    doors = Doors(examined=1, open=0)
    world.note(doors)

    with pytest.raises(
        CriterionNotMet, match=r"container startup less than 30 seconds .*\nObserved: 41\.2 s"
    ):
        world.measure(doors, 41.2, STARTUP)


def test_a_target_left_changed_is_an_error_even_when_all_was_judged(world):
    with pytest.raises(CannotLook, match="the target is left changed"):
        world.require_judged([UndoFailure(UndoStep(1, "scale_service", {"copies": 2}), "engine gone")])


def test_observations_are_kept_as_evidence(world, tmp_path):
    world.note(Doors(examined=3, open=0))

    (exhibit,) = world.evidence.exhibits
    assert '"open": 0' in (tmp_path / exhibit.path).read_text()
    assert len(exhibit.sha256) == 64
