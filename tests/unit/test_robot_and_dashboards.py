"""What is required of the robot customer, of a request's trail, and of dashboards."""

from __future__ import annotations

from dataclasses import replace

from readiness.drills.customer_robot import Broken, RobotSeen
from readiness.drills.dashboards import DashboardsSeen
from readiness.drills.tracing import Followed, Trail
from readiness.matchers.customer_robot import (
    calls_somebody,
    can_be_followed,
    names_the_broken_step,
    walks_all_the_time,
)
from readiness.matchers.dashboards import have_no_empty_panel, show_what_goes_wrong
from readiness.probes.dashboards import Page, Panel

ROBOT = RobotSeen(
    examined=3, walked_ago=20.0, every=60.0, steps=(("order", True),), broken=(Broken("order", "order", (200, 200)),),
    ready_status=200, alarm=True, silent_again=True,
)  # fmt: skip
FOLLOWED = Followed(examined=3, trails=(Trail("id-1", ()),), claimed="mine")
GOOD = Page("board", 1.0, (Panel("way", ("order: works",)), Panel("rate", ("3/s",))))
BAD = replace(GOOD, panels=(Panel("way", ("order: broken",)), Panel("rate", ("2/s",))))
BOARDS = DashboardsSeen(examined=4, pages=(GOOD,), broken=(BAD,), step="order")


def test_a_robot_walks_names_what_breaks_and_calls_somebody() -> None:
    for requirement in (walks_all_the_time(), names_the_broken_step(), calls_somebody()):
        assert requirement.matches(ROBOT)


def test_a_robot_that_stands_still_or_finds_fault_with_what_works_is_told() -> None:
    assert not walks_all_the_time().matches(replace(ROBOT, walked_ago=200.0))
    assert not walks_all_the_time().matches(replace(ROBOT, steps=(("order", False),)))


def test_a_step_that_the_robot_does_not_call_broken_is_told() -> None:
    for wrong in (
        Broken("order", "", (200,)),
        Broken("order", "pay", (200,)),
        Broken("order", "order", (200, 503)),
    ):
        assert not names_the_broken_step().matches(replace(ROBOT, broken=(wrong,)))


def test_an_alarm_that_does_not_sound_or_does_not_end_is_told() -> None:
    assert not calls_somebody().matches(replace(ROBOT, alarm=False))
    assert not calls_somebody().matches(replace(ROBOT, silent_again=False))


def test_an_id_that_is_lost_or_was_chosen_by_the_client_is_told() -> None:
    assert can_be_followed().matches(FOLLOWED)
    for wrong in (Trail("id-1", ("database",)), Trail("mine", ()), Trail("", ())):
        assert not can_be_followed().matches(replace(FOLLOWED, trails=(wrong,)))


def test_an_empty_panel_and_a_page_without_panels_are_told() -> None:
    assert have_no_empty_panel().matches(BOARDS)
    for wrong in (replace(GOOD, panels=()), replace(GOOD, panels=(Panel("rate", ()),))):
        assert not have_no_empty_panel().matches(replace(BOARDS, pages=(wrong,)))


def test_only_a_panel_that_tells_of_the_broken_step_shows_it() -> None:
    assert show_what_goes_wrong().matches(BOARDS)
    assert BOARDS.changed == ("way",)
    assert not show_what_goes_wrong().matches(replace(BOARDS, broken=(GOOD,)))
