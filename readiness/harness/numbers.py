"""What a target offers of numbers about itself: what is counted, who walks the customers' way, what operators look at."""

from __future__ import annotations

from collections.abc import Callable

from readiness.probes.counted import counting_of, robot_of, tracing_of
from readiness.probes.dashboards import dashboards_of
from readiness.targets.browser import find_browser
from readiness.targets.target import Target


def _metrics(target: Target) -> None:
    target.metrics.rules()


def _counting(target: Target) -> None:
    counting_of(target)
    target.metrics.rules()


def _robot(target: Target) -> None:
    robot_of(target)
    target.metrics.rules()


def _dashboards(target: Target) -> None:
    dashboards_of(target)
    find_browser()


NUMBERS: dict[str, Callable[[Target], object]] = {
    "metrics": _metrics,
    "counting": _counting,
    "robot": _robot,
    "tracing": tracing_of,
    "dashboards": _dashboards,
}
