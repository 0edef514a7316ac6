"""When the alarms on what customers feel would sound: the rules in force, on supposed requests, in simulated time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from readiness.config.counting import Sounding
from readiness.core.budgets import Budgets
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.drills.simulated_rules import evaluate, rule_of
from readiness.harness.undo import UndoStack
from readiness.targets.metrics import AlertRule, Sample
from readiness.targets.target import Target

STEP = 15
RATE = 20.0  # supposed requests per second
BEYOND, WITHIN = 1.2, 0.8  # of the threshold
TRIALS = 2.0  # times the window
FAILED = re.compile(r'expr: "(?P<expr>(?:[^"\\]|\\.)*)", time: (?P<time>[0-9hms.]+)')
UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}
METRICS = "metrics"
LONGEST = 400  # values of a supposed series


@dataclass(frozen=True)
class Heard:
    """An alarm: after how many seconds it sounds beyond its threshold, below it, and when clients are to blame. None: never.

    `rule` is False where there is none of its name. `window`: for how many seconds it should wait.
    """

    alert: str
    rule: bool
    window: float
    beyond: float | None = None
    within: float | None = None
    refused: float | None = None


@dataclass(frozen=True, kw_only=True)
class Soundings(Observation):
    """When each alarm would sound. Examined: suppositions."""

    alarms: tuple[Heard, ...]


@dataclass(frozen=True)
class _Trial:
    """Supposed series, and what they suppose. `key` stands in the question, so that an answer tells which trial it is of."""

    key: int
    alert: str
    lasts: float
    series: tuple[tuple[str, str], ...]


def hear_alarms(target: Target, undo: UndoStack, budgets: Budgets) -> Soundings:
    """Suppose more and less than each threshold, from the beginning on, and look when the rule in force sounds."""
    service = target.profile.platform.services.get(METRICS)
    if service is None:
        raise CapabilityMissing(f"The profile of {target.name} names no service for the role {METRICS!r}.")
    rules = {each.name: each for each in target.metrics.rules()}
    trials, heard = list[_Trial](), list[tuple[Sounding, dict[str, int]]]()
    for alarm in target.profile.alarms:
        keys = {}
        if alarm.alert in rules:
            limit = budgets.by_id(alarm.threshold).limit.value
            window = budgets.by_id(alarm.window).limit.value
            for name, series in _suppositions(target, alarm, limit):
                keys[name] = len(trials)
                trials.append(_Trial(len(trials), alarm.alert, TRIALS * window, tuple(series.items())))
        heard.append((alarm, keys))
    words = evaluate(
        target.platform,
        undo,
        service,
        _rules_file(rules[each.alert] for each, keys in heard if keys),
        _trials_file(trials),
    )
    first = first_soundings(words)

    def when(keys: Mapping[str, int], name: str) -> float | None:
        at = first.get(keys[name]) if name in keys else None
        return None if at is None else at - STEP  # a rate is known from the second value on

    return Soundings(
        examined=len(trials),
        alarms=tuple(
            Heard(
                alarm.alert, alarm.alert in rules, budgets.by_id(alarm.window).limit.value,
                when(keys, "beyond"), when(keys, "within"), when(keys, "refused"),
            )
            for alarm, keys in heard
        ),
    )  # fmt: skip


def first_soundings(words: str) -> dict[int, float]:
    """By the key of a trial, the first time at which its alarm sounded, in seconds."""
    found: dict[int, float] = {}
    for each in FAILED.finditer(words):
        key = int(each["expr"].rpartition("* ")[2])
        at = sum(
            float(number) * UNITS[unit] for number, unit in re.findall(r"([0-9.]+)([hms])", each["time"])
        )
        found[key] = min(at, found.get(key, at))
    return found


def _rules_file(rules: Iterable[AlertRule]) -> str:
    return yaml.safe_dump({"groups": [{"name": "trial", "rules": [rule_of(each) for each in rules]}]})


def _trials_file(trials: Sequence[_Trial]) -> str:
    """Each trial says at every step that nothing sounds; promtool tells where that is not so."""
    return yaml.safe_dump(
        {
            "rule_files": ["/tmp/rules.yml"],
            "evaluation_interval": f"{STEP}s",
            "tests": [
                {
                    "interval": f"{STEP}s",
                    "input_series": [{"series": name, "values": values} for name, values in trial.series],
                    "promql_expr_test": [
                        {
                            "expr": f'count(ALERTS{{alertname="{trial.alert}",alertstate="firing"}}) + 0 * {trial.key}',
                            "eval_time": f"{at}s",
                            "exp_samples": [],
                        }
                        for at in range(0, int(trial.lasts) + 1, STEP)
                    ],
                }
                for trial in trials
            ],
        }
    )


def _suppositions(target: Target, alarm: Sounding, limit: float) -> Iterator[tuple[str, dict[str, str]]]:
    known = target.metrics.query(alarm.series)
    if not known:
        raise CannotLook(f"there is no {alarm.series}, so nobody knows what {alarm.alert} looks at")
    for name, factor in (("beyond", BEYOND), ("within", WITHIN)):
        if alarm.failing:
            share = limit * factor
            yield name, _ended(alarm, known, {alarm.failing: share, alarm.right: 1 - share})
        elif alarm.busy:
            yield name, _many(target, alarm, known, limit / factor)
        else:
            yield name, _lasting(known, limit * factor)
    if alarm.failing:
        yield "refused", _ended(alarm, known, {alarm.refused: 0.5, alarm.right: 0.5, alarm.failing: 0.0})


def _ended(alarm: Sounding, known: Sequence[Sample], shares: Mapping[str, float]) -> dict[str, str]:
    like = known[0].labels
    return {_name({**like, alarm.label: code}): _growing(RATE * share) for code, share in shares.items()}


def _many(target: Target, alarm: Sounding, known: Sequence[Sample], rate: float) -> dict[str, str]:
    once = target.metrics.query(alarm.busy)
    return {
        _name(known[0].labels): _growing(rate),
        **({_name(once[0].labels): f"{10 * rate:g}+0x{LONGEST}"} if once else {}),
    }


def _lasting(known: Sequence[Sample], seconds: float) -> dict[str, str]:
    """Requests that all take so long, in the buckets that there are."""
    like = {name: value for name, value in known[0].labels.items() if name != "le"}
    bounds = {each.labels["le"] for each in known if "le" in each.labels}
    return {
        _name({**like, "le": bound}): _growing(RATE if float(bound) >= seconds else 0.0) for bound in bounds
    }


def _growing(rate: float) -> str:
    return f"0+{rate * STEP:g}x{LONGEST}"


def _name(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()) if name != "__name__")
    return f"{labels['__name__']}{{{inside}}}"
