"""What an alert rule in force would do at another time: evaluated by promtool of the metrics service's own image, on series that
we make up, in a container of our own.
"""

from __future__ import annotations

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
LINES = 4000
SCRIPT = 'printf %s "$RULES" >/tmp/rules.yml; printf %s "$TRIAL" >/tmp/trial.yml; exec promtool test rules /tmp/trial.yml'


@dataclass(frozen=True)
class Supposed:
    """A series that has one value all the time (seconds since 1970 count from the beginning of the simulation)."""

    series: str
    value: float


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
    words = evaluate(platform, undo, service, rules_file(rule), trial_file(rule, supposed, fires=fires))
    return "SUCCESS" in words and "FAILED" not in words


def evaluate(platform: Platform, undo: UndoStack, service: str, rules: str, trial: str) -> str:
    """What promtool says of a trial of rules. CannotLook when it does not come to an end."""
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
        environment=[f"RULES={rules}", f"TRIAL={trial}"],
    )
    ended = wait_until(
        lambda: platform.throwaway_health(ours.id), lambda seen: seen == "ended", patience=PATIENCE
    )
    words = platform.logs(ours.id, LINES)
    undo.settle(step)
    if not ended.happened or not ("SUCCESS" in words or "FAILED" in words):
        raise CannotLook(f"promtool in the image of {service} did not come to an end: {words[-500:]}")
    return words


def rules_file(rule: AlertRule) -> str:
    """A rule file with one rule alone."""
    return yaml.safe_dump({"groups": [{"name": "trial", "rules": [rule_of(rule)]}]})


def rule_of(rule: AlertRule) -> dict[str, object]:
    """A rule as it stands in a rule file."""
    return {
        "alert": rule.name,
        "expr": rule.query,
        "for": f"{rule.holds_for:.0f}s",
        "labels": dict(rule.labels),
    }


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
