"""The target's metrics service, by Prometheus' HTTP API: what it answers to a question, and the rules that it evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from readiness.core.errors import CannotLook

ANSWERS_IN = 10.0


@dataclass(frozen=True)
class Sample:
    """One value of one series. `at`: Unix seconds, 0 for now."""

    labels: Mapping[str, str]
    value: float
    at: float = 0.0


@dataclass(frozen=True)
class AlertRule:
    """An alert rule in force: its expression, for how many seconds it must hold, and its labels."""

    name: str
    query: str
    holds_for: float
    labels: Mapping[str, str]


class Metrics:
    """One metrics service. CannotLook with what was asked when it does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url

    def query(self, expression: str) -> tuple[Sample, ...]:
        """The present values of an expression that yields a vector; empty where there are none."""
        data = self._get("query", {"query": expression})
        return tuple(Sample(each["metric"], float(each["value"][1])) for each in data["result"])

    def query_range(
        self, expression: str, begin: float, end: float, step: float
    ) -> tuple[tuple[Sample, ...], ...]:
        """The values of an expression every `step` seconds between two Unix times, series by series."""
        question = {"query": expression, "start": f"{begin:.3f}", "end": f"{end:.3f}", "step": f"{step:g}"}
        result = self._get("query_range", question)["result"]
        return tuple(
            tuple(Sample(each["metric"], float(value), float(at)) for at, value in each["values"])
            for each in result
        )

    def now(self) -> float:
        """What the metrics service's own clock says, in Unix seconds."""
        return self.query("vector(time())")[0].value

    def rules(self) -> tuple[AlertRule, ...]:
        """All alert rules that are evaluated now."""
        groups = self._get("rules", {"type": "alert"})["groups"]
        return tuple(
            AlertRule(rule["name"], rule["query"], float(rule["duration"]), rule["labels"])
            for group in groups
            for rule in group["rules"]
        )

    def _get(self, what: str, question: Mapping[str, str]) -> Any:
        url = f"{self._url}/api/v1/{what}"
        try:
            answer = requests.get(url, params=question, timeout=ANSWERS_IN)
            told = answer.json()
        except (requests.RequestException, ValueError) as problem:
            raise CannotLook(
                f"the metrics service {url} does not answer {dict(question)}: {problem}"
            ) from problem
        if told.get("status") != "success":
            raise CannotLook(f"the metrics service {url} refuses {dict(question)}: {told.get('error')}")
        return told["data"]
