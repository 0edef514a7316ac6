"""The robot: what it takes for a broken step, what it leaves behind, and what it tells."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from robot import settings
from robot.journey import JOURNEY, contains
from robot.telling import Telling
from robot.walking import Result, walk


class Api:
    """Answers as the service does, but for one step."""

    def __init__(self, broken: str = "", answer: Any = None) -> None:
        self.broken, self.answer, self.asked = broken, answer, list[str]()

    def ask(self, method: str, path: str, body: Any) -> tuple[int, Any, str]:
        called = f"{method} {path}"
        self.asked.append(called)
        if self.broken and called.startswith(self.broken):
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer
        if method == "POST":
            return 201, {**body, "id": f"{path.rpartition('/')[2]}-1"}, "r"
        if method == "DELETE":
            return 204, None, "r"
        if "?" in path:
            return 200, {"items": [{"id": "workouts-1"}]}, "r"
        return 200, {"member_id": "members-1", "strain": 12.5}, "r"


def test_a_whole_walk_is_served() -> None:
    results = list(walk(Api().ask))
    assert [each.step for each in results] == [each.name for each in JOURNEY]
    assert not [each for each in results if each.problem]


@pytest.mark.parametrize(
    ("broken", "answer", "words"),
    [
        ("POST /v1/workouts", (500, None, "r"), "status 500 instead of 201"),
        ("GET /v1/workouts?", (200, {"items": []}, "r"), "does not hold"),
        ("GET /v1/insights", OSError("certificate verify failed"), "no answer"),
    ],
)
def test_a_step_that_fails_ends_the_walk_and_what_was_made_is_removed(
    broken: str, answer: Any, words: str
) -> None:
    api = Api(broken, answer)
    results = list(walk(api.ask))
    assert words in results[-1].problem
    assert not [each for each in results[:-1] if each.problem]
    assert api.asked[-1].startswith("DELETE /v1/members/members-1")


def test_an_answer_has_to_contain_what_is_expected() -> None:
    assert contains({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]})
    assert not contains({"a": []}, {"a": [{"b": 1}]})
    assert not contains(None, {"a": 1})


def test_numbers_and_lines_tell_which_step_failed() -> None:
    lines: list[str] = []
    telling = Telling(lines.append)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(telling)
    assert telling.walked([Result("first", 0.1, "")], 100.0)
    assert not telling.walked([Result("first", 0.1, ""), Result("second", 0.2, "status 500", "id-1")], 160.0)
    text = generate_latest(registry).decode()
    assert 'journey_step_up{step="first"} 1.0' in text
    assert 'journey_step_up{step="second"} 0.0' in text
    assert 'journey_walks_total{result="broken"} 1.0' in text
    assert "id-1" in lines[-1]


def test_wrong_settings_end_the_process(tmp_path: Any) -> None:
    key = tmp_path / "key"
    key.write_text("k\n")
    good = {"DOOR_URL": "https://door:8443", "AUTHORITY_FILE": str(key), "KEY_FILE": str(key)}
    assert settings.load(good).key == "k"
    for wrong in ({"DOOR_URL": "http://door"}, {"KEY_FILE": "/nowhere"}, {"INTERVAL_SECONDS": "0"}):
        with pytest.raises(SystemExit):
            settings.load(good | wrong)
