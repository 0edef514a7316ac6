"""What can be wrong in what a service is told, what became of the copies that were told it, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hamcrest.core.string_description import StringDescription
from pydantic import ValidationError

from readiness.actions.undoing import restore_settings
from readiness.config.settings import Setting, ToldService
from readiness.core.errors import CannotLook
from readiness.drills.faults import LINE_BREAK, MALFORMED, MISSING, NOTHING_WRONG, Fault, faults_of
from readiness.drills.misconfiguration import Misconfigurations, Tried, tried_of
from readiness.drills.wrong_rollout import WrongRollout
from readiness.matchers.requirement import Requirement
from readiness.matchers.settings import (
    are_refused_by_name,
    hide_what_they_were_told,
    is_not_noticed_by_customers,
    is_taken_back,
    start_without_what_is_optional,
)
from readiness.targets.platform import TrialEnd
from readiness.targets.swarm_trials import changed_environment, environment_of, path_of
from tests.unit.deployment_facts import a_service, an_answer

HOST = Setting(name="DB_HOST", malformed="a b {mark}", wrong_type="http://{mark}")
PASSWORD = Setting(name="DB_PASSWORD_FILE", file=True, malformed="two\n{mark}")
SIZE = Setting(name="SIZE", required=False, malformed="4 {mark}")
SHOP = ToldService(service="shop", settings=(HOST, PASSWORD, SIZE))
NOW = {"DB_HOST": "db", "DB_PASSWORD_FILE": "/run/secrets/db", "SIZE": "4"}


def mismatch(matcher: Requirement[Any], seen: object) -> str:
    words = StringDescription()
    matcher.describe_mismatch(seen, words)
    return str(words)


def a_refusal(setting: str = "DB_HOST", fault: str = MISSING, **changes: Any) -> Tried:
    usual = Tried(
        "shop",
        setting,
        fault,
        78,
        0.5,
        ready=False,
        named=(setting,),
        shows=False,
        words=f"{setting}: missing",
    )
    return replace(usual, **changes)


CONTROL = a_refusal("SIZE", NOTHING_WRONG, exit_code=None, ready=True, named=(), words="")


def seen(*tried: Tried, undeclared: tuple[tuple[str, str], ...] = ()) -> Misconfigurations:
    required = {"shop": ("DB_HOST", "DB_PASSWORD_FILE")}
    return Misconfigurations(examined=len(tried), tried=tried, settings=required, undeclared=undeclared)


def test_each_setting_is_wrong_in_every_way_one_at_a_time() -> None:
    faults = list(faults_of(SHOP, NOW, {"/run/secrets/db": "hunter2-hunter2\n"}))
    assert [(each.setting, each.kind) for each in faults] == [
        ("SIZE", "nothing"),
        ("DB_HOST", "missing"),
        ("DB_HOST", "empty"),
        ("DB_HOST", "malformed"),
        ("DB_HOST", "of the wrong type"),
        ("DB_HOST", "followed by a line break"),
        ("DB_PASSWORD_FILE", "missing"),
        ("DB_PASSWORD_FILE", "empty"),
        ("DB_PASSWORD_FILE", "naming a file that is not there"),
        ("DB_PASSWORD_FILE", "empty in its file"),
        ("DB_PASSWORD_FILE", "malformed"),
        ("DB_PASSWORD_FILE", "of the wrong type"),
        ("DB_PASSWORD_FILE", "followed by a line break"),
        ("SIZE", "malformed"),
    ]
    assert all(len(each.settings) + (each.content is not None) == 1 for each in faults)
    assert faults[5].settings == {"DB_HOST": "db\n"}
    assert faults[9].content == b"\n"
    assert faults[11].settings == {"DB_PASSWORD_FILE": "/run/secrets"}
    assert faults[12].content == b"hunter2-hunter2\n"
    assert faults[12].hidden == ("hunter2-hunter2",)


def test_a_file_that_may_be_missing_and_is_has_nothing_that_could_be_wrong() -> None:
    former = Setting(name="FORMER_KEY_FILE", required=False, file=True, malformed="two\n{mark}")
    shop = ToldService(service="shop", settings=(*SHOP.settings, former))
    assert former.name not in {each.setting for each in faults_of(shop, NOW, {"/run/secrets/db": "x"})}


def test_every_example_has_a_mark_of_its_own() -> None:
    marked = [each for each in faults_of(SHOP, NOW, {"/run/secrets/db": "x"}) if each.kind == MALFORMED]
    assert len({each.hidden for each in marked}) == len(marked) == 3
    assert marked[0].hidden[0] in (marked[0].settings["DB_HOST"] or "")


@pytest.mark.parametrize(
    "keys",
    [
        {"name": "A", "malformed": "x {mark}"},
        {"name": "A", "malformed": "x", "wrong_type": "{mark}"},
        {"name": "A", "malformed": "{mark}{other}", "wrong_type": "{mark}"},
        {"name": "A", "file": True},
        {"name": "A", "file": True, "malformed": "{mark}", "wrong_type": "{mark}"},
        {"name": "A", "required": False, "malformed": "x"},
    ],
)
def test_a_setting_without_examples_that_can_be_found_again_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Setting(**keys)


@pytest.mark.parametrize(
    ("words", "named", "shows"),
    [
        ("DB_HOST: is required", ("DB_HOST",), False),
        ("error: db_host", (), False),
        ("OLD_DB_HOST and DB_HOST_2", (), False),
        ("DB_HOST: 'a b c4n4ry' is no host", ("DB_HOST",), True),
        ("DB_HOST: YzRuNHJ5", ("DB_HOST",), True),
    ],
)
def test_words_name_settings_and_may_show_too_much(words: str, named: tuple[str, ...], shows: bool) -> None:
    fault = Fault("DB_HOST", MALFORMED, hidden=("c4n4ry",))
    tried = tried_of(SHOP, fault, TrialEnd(78, 0.4, words), ready=False)
    assert (tried.named, tried.shows, tried.refused) == (named, shows, True)
    assert tried.words == ("" if shows else words)


def test_refusals_by_name_and_a_harmless_line_break_are_right() -> None:
    right = seen(
        CONTROL, a_refusal(), a_refusal("DB_PASSWORD_FILE", LINE_BREAK, exit_code=None, ready=True, named=())
    )
    for requirement in (are_refused_by_name(), hide_what_they_were_told(), start_without_what_is_optional()):
        assert requirement.matches(right)
    assert right.slowest_refusal == 0.5


@pytest.mark.parametrize(
    ("tried", "words"),
    [
        (a_refusal(exit_code=None, ready=True), "it started, and says that it works"),
        (a_refusal(exit_code=None), "it runs on, and never becomes ready"),
        (a_refusal(fault=LINE_BREAK, exit_code=None), "it runs on, and never becomes ready"),
        (a_refusal(exit_code=0), "as if all were well"),
        (a_refusal(named=(), words="wrong"), "it says 'wrong'"),
        (a_refusal(named=("DB_PASSWORD_FILE",)), "names DB_HOST"),
        (a_refusal(named=("DB_HOST", "DB_PASSWORD_FILE")), "every setting there is"),
    ],
)
def test_what_is_no_refusal_by_name_is_told(tried: Tried, words: str) -> None:
    assert words in mismatch(are_refused_by_name(), seen(CONTROL, tried))


def test_a_value_that_is_shown_is_told_and_not_repeated() -> None:
    words = mismatch(hide_what_they_were_told(), seen(a_refusal(shows=True, words="")))
    assert "shop with DB_HOST missing" in words


def test_a_copy_that_would_not_start_anyway_and_settings_that_nobody_knows_are_told() -> None:
    broken = replace(CONTROL, exit_code=1, ready=False, words="no such table")
    words = mismatch(start_without_what_is_optional(), seen(broken, undeclared=(("shop", "PAYMENT_URL"),)))
    assert "shop without SIZE" in words
    assert "no such table" in words
    assert "shop: PAYMENT_URL" in words


def test_without_a_refusal_there_is_no_time_to_judge() -> None:
    with pytest.raises(CannotLook):
        _ = seen(CONTROL).slowest_refusal


ROLLOUT = WrongRollout(
    examined=2, setting="DB_HOST", taken_back=True, seconds=9.0, state="rollback_completed", tried=True, lost=(),
    visits=(an_answer(), an_answer()),
)  # fmt: skip


def test_a_rollout_that_is_taken_back_unnoticed_is_right() -> None:
    assert is_taken_back().matches(ROLLOUT)
    assert is_not_noticed_by_customers().matches(ROLLOUT)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"taken_back": False, "state": "paused"}, "it is paused"),
        ({"taken_back": False, "state": "completed"}, "it is completed"),
        ({"tried": False}, "no copy ended"),
        ({"lost": ("copy-1",)}, "copy-1 ended"),
    ],
)
def test_a_rollout_that_stays_or_costs_copies_is_told(changes: dict[str, Any], words: str) -> None:
    assert words in mismatch(is_taken_back(), replace(ROLLOUT, **changes))


def test_a_customer_who_notices_is_told() -> None:
    bad = replace(ROLLOUT, visits=(an_answer(), an_answer(fault="status 503")))
    assert "status 503" in mismatch(is_not_noticed_by_customers(), bad)


def test_settings_are_changed_in_their_place_added_or_taken_away() -> None:
    declared = ["A=1", "B=x=y", "C"]
    assert changed_environment(declared, {"B": "2", "D": "4", "E": None}) == ["A=1", "B=2", "C", "D=4"]
    assert changed_environment(declared, {"A": None}) == ["B=x=y", "C"]
    spec = {"TaskTemplate": {"ContainerSpec": {"Env": declared}}}
    assert environment_of(spec) == {"A": "1", "B": "x=y"}
    assert path_of({"File": {"Name": "key"}}) == "/run/secrets/key"
    assert path_of({"File": {"Name": "/etc/key"}}) == "/etc/key"


class Rolled:
    """A platform with one service that has settings."""

    def __init__(self, **settings: str) -> None:
        self.now: dict[str, str | None] = dict(settings)
        self.rollouts = 0
        self.services: Callable[[], Any] = lambda: [a_service()]

    def settings(self, _service: str) -> dict[str, str | None]:
        return self.now

    def change_settings(self, _service: str, settings: dict[str, str | None]) -> None:
        self.rollouts += 1
        self.now |= settings


def test_settings_are_restored_only_where_they_are_not_in_force() -> None:
    platform = Rolled(A="wrong")
    for _ in range(2):
        restore_settings(platform, "shop", {"A": "1"})  # type: ignore[arg-type]  # all of a platform that is asked
    assert (platform.now, platform.rollouts) == ({"A": "1"}, 1)
    platform.services = list
    restore_settings(platform, "shop", {"A": "2"})  # type: ignore[arg-type]  # all of a platform that is asked
    assert platform.rollouts == 1
