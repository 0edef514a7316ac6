"""The target's metrics service, by Prometheus' HTTP API: what it answers to a question, and the rules that it evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from readiness.core.errors import CannotLook

ANSWERS_IN = 10.0


@dataclass(frozen=True)
class Sample:
    """One value of one series."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True)
class Series:
    """The samples of one series as they were taken: Unix seconds and value, oldest first."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class AlertRule:
    """An alert rule in force: its expression, for how many seconds it must hold, its labels and its annotations."""

    name: str
    query: str
    holds_for: float
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ActiveAlert:
    """An alert whose condition holds. `fires`: for as long as its rule asks for. `value`: what was too much or too little."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    fires: bool
    value: str

    @property
    def name(self) -> str:
        """The name of its rule."""
        return self.labels.get("alertname", "")


class Metrics:
    """One metrics service. CannotLook with what was asked when it does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url

    def query(self, expression: str) -> tuple[Sample, ...]:
        """The present values of an expression that yields a vector; empty where there are none."""
        data = self._get("query", {"query": expression})
        return tuple(Sample(each["metric"], float(each["value"][1])) for each in data["result"])

    def samples(self, selector: str, seconds: float) -> tuple[Series, ...]:
        """All samples of the last `seconds` of the series that a selector names."""
        data = self._get("query", {"query": f"{selector}[{seconds:.0f}s]"})
        return tuple(
            Series(each["metric"], tuple((float(at), float(value)) for at, value in each["values"]))
            for each in data["result"]
        )

    def rules(self) -> tuple[AlertRule, ...]:
        """All alert rules that are evaluated now."""
        groups = self._get("rules", {"type": "alert"})["groups"]
        return tuple(
            AlertRule(
                rule["name"], rule["query"], float(rule["duration"]), rule["labels"], rule["annotations"]
            )
            for group in groups
            for rule in group["rules"]
        )

    def alerts(self) -> tuple[ActiveAlert, ...]:
        """All alerts whose condition holds now."""
        return tuple(
            ActiveAlert(each["labels"], each["annotations"], each["state"] == "firing", str(each["value"]))
            for each in self._get("alerts", {})["alerts"]
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
