"""Alert rules in force on simulated time, many at once: by promtool of the metrics service's own image, in our own container."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.drills.simulated_rules import NAME, STEP, rules_file
from readiness.harness.undo import UndoStack
from readiness.targets.metrics import AlertRule
from readiness.targets.platform import Platform

PATIENCE = 120.0
LINES = 4000
SCRIPT = (
    "n=1; files=; while [ $n -le $COUNT ]; do "
    'eval "printf %s \\"\\$RULES_$n\\"" >/tmp/rules_$n.yml; eval "printf %s \\"\\$TRIAL_$n\\"" >/tmp/trial_$n.yml; '
    'files="$files /tmp/trial_$n.yml"; n=$((n+1)); done; exec promtool test rules $files'
)


@dataclass(frozen=True)
class Moment:
    """At so many seconds after the beginning, the alarm is on, or it is not."""

    at: float
    on: bool


@dataclass(frozen=True)
class Trial:
    """One rule on series that we make up (name with labels -> values in promtool's notation), and what is expected when."""

    words: str
    rule: AlertRule
    series: Mapping[str, str]
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Tried:
    """A trial, and at which moments (seconds) the rule did not do what was expected."""

    words: str
    alarm: str
    moments: tuple[Moment, ...]
    wrong_at: tuple[float, ...]


def try_rules(
    platform: Platform, undo: UndoStack, metrics_service: str, trials: Sequence[Trial]
) -> tuple[Tried, ...]:
    """Try all of them. CannotLook when promtool comes to no end, or cannot read a rule or a trial."""
    copies = platform.replicas(metrics_service)
    if not copies:
        raise CannotLook(
            f"no copy of {metrics_service} runs, whose image has the program that evaluates rules"
        )
    environment = [f"COUNT={len(trials)}"]
    for number, each in enumerate(trials, start=1):
        environment += [
            f"RULES_{number}={rules_file(each.rule)}",
            f"TRIAL_{number}={trial_file(each, number)}",
        ]
    step = undo.owe("remove_container", name=NAME)
    platform.remove_container(NAME)
    ours = platform.start_throwaway(
        copies[0].image_id, NAME, ["sh", "-c", SCRIPT], health_check=None, environment=environment
    )
    ended = wait_until(
        lambda: platform.throwaway_health(ours.id), lambda seen: seen == "ended", patience=PATIENCE
    )
    words = platform.logs(ours.id, LINES)
    undo.settle(step)
    if not ended.happened:
        raise CannotLook(f"promtool in the image of {metrics_service} did not come to an end: {words[-500:]}")
    told = told_of(words)
    return tuple(
        Tried(each.words, each.rule.name, each.moments, wrong_moments(told.get(number, "")))
        for number, each in enumerate(trials, start=1)
    )


def trial_file(trial: Trial, number: int) -> str:
    """A trial for promtool."""
    question = f'clamp_max(count(ALERTS{{alertname="{trial.rule.name}",alertstate="firing"}}), 1)'
    tests = [
        {
            "expr": question,
            "eval_time": f"{each.at:.0f}s",
            "exp_samples": [{"labels": "{}", "value": 1}] if each.on else [],
        }
        for each in trial.moments
    ]
    series = [{"series": name, "values": values} for name, values in trial.series.items()]
    return yaml.safe_dump(
        {
            "rule_files": [f"/tmp/rules_{number}.yml"],
            "evaluation_interval": f"{STEP}s",
            "tests": [{"interval": f"{STEP}s", "input_series": series, "promql_expr_test": tests}],
        }
    )


def told_of(words: str) -> dict[int, str]:
    """What promtool says of each trial file, by its number."""
    parts = re.split(r"Unit Testing:\s+/tmp/trial_(\d+)\.yml", words)
    return {int(number): said for number, said in zip(parts[1::2], parts[2::2], strict=True)}


def wrong_moments(said: str) -> tuple[float, ...]:
    """The moments at which it was not as expected; none where promtool says SUCCESS. CannotLook when it says neither."""
    times = re.findall(r"expr: .*?, time: ((?:\d+[hms])+)", said, flags=re.DOTALL)
    if times:
        return tuple(_seconds(each) for each in times)
    if "SUCCESS" in said and "FAILED" not in said:
        return ()
    raise CannotLook(f"promtool could not try a rule: {said.strip()[-500:] or 'it said nothing of it'}")


def _seconds(text: str) -> float:
    units = {"h": 3600, "m": 60, "s": 1}
    return float(sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", text)))


def written(labels: Mapping[str, str]) -> str:
    """A series as promtool wants it: its name and labels."""
    inside = ",".join(
        f'{name}="{_escaped(value)}"' for name, value in sorted(labels.items()) if name != "__name__"
    )
    return f"{labels.get('__name__', '')}{{{inside}}}"


def steps(levels: Iterable[tuple[float, float]], *, counts: bool = False) -> str:
    """Values that keep each level for so many seconds, one after the other; `counts`: that grow by it each second."""
    parts, total = [], 0.0
    for value, seconds in levels:
        number = max(1, round(seconds / STEP))
        if counts:
            parts.append(f"{total:.12g}+{value * STEP:.12g}x{number - 1}")
            total += value * STEP * number
        else:
            parts.append(f"{value:.12g}+0x{number - 1}")
    return " ".join(parts)


def ramp(begin: float, end: float, seconds: float) -> str:
    """Values that go from one to the other at the same pace."""
    number = round(seconds / STEP)
    slope = (end - begin) / number
    return f"{begin:.12g}{slope:+.12g}x{number}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
