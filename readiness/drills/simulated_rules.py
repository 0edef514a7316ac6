"""What an alert rule in force would do at another time: evaluated by promtool of the metrics service's own image, on series that
we make up, in a container of our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.targets.metrics import AlertRule
from readiness.targets.platform import Platform

NAME = "readiness-simulated-rules"
STEP = 15  # seconds between two made-up samples
PATIENCE = 60.0
SCRIPT = 'printf %s "$RULES" >/tmp/rules.yml; printf %s "$TRIAL" >/tmp/trial.yml; exec promtool test rules /tmp/trial.yml'


@dataclass(frozen=True)
class Supposed:
    """A series that has one value all the time (seconds since 1970 count from the beginning of the simulation)."""

    series: str
    value: float


@dataclass(frozen=True)
class Course:
    """A counter that rises: for so many seconds by so much per second, one phase after the other.

    The first phase is what is usual; whether an alert fires is looked at after it.
    """

    series: str
    phases: tuple[tuple[float, float], ...]

    @property
    def seconds(self) -> float:
        """How long all of it takes."""
        return sum(lasts for lasts, _ in self.phases)

    @property
    def looked_at(self) -> float:
        """How long the time is in which the alert may fire: all but the first phase."""
        return self.seconds - self.phases[0][0]

    def values(self) -> str:
        """In promtool's words, a sample every STEP seconds."""
        words, value = ["0"], 0.0
        for lasts, per_second in self.phases:
            samples, rise = round(lasts / STEP), per_second * STEP
            words.append(f"{value + rise:g}+{rise:g}x{samples - 1}")
            value += rise * samples
        return " ".join(words)


def sound_during(
    platform: Platform,
    undo: UndoStack,
    metrics_service: str,
    rule: AlertRule,
    courses: Sequence[tuple[Course, bool]],
) -> tuple[bool, ...]:
    """For each course, whether the rule's alert fires after its first phase.

    Beside each stands what is expected: if all is as expected, one trial says so. CannotLook when
    promtool can say neither that an alert fires nor that it does not.
    """

    def holds(tried: Sequence[tuple[Course, bool]]) -> bool:
        return _agrees(platform, undo, metrics_service, rule, courses_file(rule, tried))

    if holds(courses):
        return tuple(expected for _, expected in courses)
    fires = tuple(holds([(course, True)]) for course, _ in courses)
    silent = tuple(holds([(course, False)]) for course, _ in courses)
    if any(one == other for one, other in zip(fires, silent, strict=True)):
        raise CannotLook(f"promtool says neither that {rule.name} sounds nor that it does not; see its words")
    return fires


def would_sound(
    platform: Platform, undo: UndoStack, metrics_service: str, rule: AlertRule, supposed: Supposed
) -> bool:
    """Whether the rule's alert fires once the supposed value has lasted twice as long as the rule asks for, and a minute.

    CannotLook when promtool can say neither that it fires nor that it does not.
    """
    fires, silent = (
        _holds(platform, undo, metrics_service, rule, supposed, fires=fires) for fires in (True, False)
    )
    if fires == silent:
        raise CannotLook(f"promtool says neither that {rule.name} sounds nor that it does not; see its words")
    return fires


def _holds(
    platform: Platform, undo: UndoStack, service: str, rule: AlertRule, supposed: Supposed, *, fires: bool
) -> bool:
    return _agrees(platform, undo, service, rule, trial_file(rule, supposed, fires=fires))


def _agrees(platform: Platform, undo: UndoStack, service: str, rule: AlertRule, trial: str) -> bool:
    copies = platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of {service} runs, whose image has the program that evaluates rules")
    step = undo.owe("remove_container", name=NAME)
    platform.remove_container(NAME)
    ours = platform.start_throwaway(
        copies[0].image_id,
        NAME,
        ["sh", "-c", SCRIPT],
        health_check=None,
        environment=[f"RULES={rules_file(rule)}", f"TRIAL={trial}"],
    )
    ended = wait_until(
        lambda: platform.throwaway_health(ours.id), lambda seen: seen == "ended", patience=PATIENCE
    )
    words = platform.logs(ours.id, 100)
    undo.settle(step)
    if not ended.happened or not ("SUCCESS" in words or "FAILED" in words):
        raise CannotLook(f"promtool in the image of {service} did not come to an end: {words[-500:]}")
    return "SUCCESS" in words and "FAILED" not in words


def rules_file(rule: AlertRule) -> str:
    """A rule file with one rule alone."""
    alert = {
        "alert": rule.name,
        "expr": rule.query,
        "for": f"{rule.holds_for:.0f}s",
        "labels": dict(rule.labels),
    }
    return yaml.safe_dump({"groups": [{"name": "trial", "rules": [alert]}]})


def courses_file(rule: AlertRule, courses: Sequence[tuple[Course, bool]]) -> str:
    """A trial for promtool: for each course, whether the alert has fired after its first phase."""

    def test(course: Course, *, fires: bool) -> dict[str, object]:
        asked = f'count(max_over_time(ALERTS{{alertname="{rule.name}",alertstate="firing"}}[{course.looked_at:.0f}s]))'
        expected = [{"labels": "{}", "value": 1}] if fires else []
        return {
            "interval": f"{STEP}s",
            "input_series": [{"series": course.series, "values": course.values()}],
            "promql_expr_test": [
                {"expr": asked, "eval_time": f"{course.seconds:.0f}s", "exp_samples": expected}
            ],
        }

    return yaml.safe_dump(
        {
            "rule_files": ["/tmp/rules.yml"],
            "evaluation_interval": f"{2 * STEP}s",
            "tests": [test(course, fires=fires) for course, fires in courses],
        }
    )


def trial_file(rule: AlertRule, supposed: Supposed, *, fires: bool) -> str:
    """A trial for promtool: the supposed value all the time, and whether the alert fires in the end."""
    lasts = 2 * rule.holds_for + 60
    expected = [{"labels": "{}", "value": 1}] if fires else []
    question = f'count(ALERTS{{alertname="{rule.name}",alertstate="firing"}})'
    return yaml.safe_dump(
        {
            "rule_files": ["/tmp/rules.yml"],
            "evaluation_interval": f"{STEP}s",
            "tests": [
                {
                    "interval": f"{STEP}s",
                    "input_series": [
                        {
                            "series": supposed.series,
                            "values": f"{supposed.value:.0f}+0x{lasts / STEP + 1:.0f}",
                        }
                    ],
                    "promql_expr_test": [
                        {"expr": question, "eval_time": f"{lasts:.0f}s", "exp_samples": expected}
                    ],
                }
            ],
        }
    )
