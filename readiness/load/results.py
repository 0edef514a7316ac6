"""What became of a load: second by second, and in all. All times of the clock are monotonic, the same in every process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from readiness.core.errors import CannotLook

BUSIEST = 0.8  # of one core; beyond that the engine's own times are not to be trusted


@dataclass(frozen=True)
class Second:
    """One second of a load: what was due, sent and answered in it, and how. Latencies in seconds from the due time.

    `errors`: kind -> count; `instances`: copy -> right answers; `newcomers`: copy -> clock of its first right answer ever;
    `releases`: release -> answers.
    """

    at: float
    due: int = 0
    sent: int = 0
    answered: int = 0
    in_flight: int = 0
    p50: float = 0.0
    p95: float = 0.0
    slowest: float = 0.0
    lag: float = 0.0
    errors: Mapping[str, int] = field(default_factory=dict)
    instances: Mapping[str, int] = field(default_factory=dict)
    newcomers: Mapping[str, float] = field(default_factory=dict)
    releases: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Serving:
    """A copy under one release: the clock when the first request that it answered was sent, that of its last answer, how many."""

    instance: str
    release: str
    first: float
    last: float
    answers: int


@dataclass(frozen=True)
class Total:
    """A load in all. `lag`: how late the slowest hundredth was sent. `processor`: cores that the engine used.

    `numbers`: of the numbered requests that were answered rightly.
    `histogram` is the latencies' HDR histogram in microseconds, encoded, so that several machines' can be added.
    """

    due: int
    sent: int
    answered: int
    right: int
    errors: Mapping[str, int]
    mean: float
    p50: float
    p95: float
    p99: float
    slowest: float
    lag: float
    largest_lag: float
    processor: float
    histogram: str
    copies: tuple[Serving, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def trouble(self) -> str:
        """In what way the engine itself was too slow to be believed; "" when it was not."""
        if self.sent < self.due:
            return f"{self.due - self.sent} of {self.due} requests were not sent: too many were open already"
        if self.lag > self.largest_lag:
            late, most = (round(seconds * 1000) for seconds in (self.lag, self.largest_lag))
            return f"one request in a hundred was sent {late} ms late or more, at most {most} ms"
        if self.processor > BUSIEST:
            return f"it used {self.processor:.2f} cores of its own, at most {BUSIEST}"
        return ""


@dataclass(frozen=True)
class Result:
    """What became of a load."""

    seconds: tuple[Second, ...]
    total: Total

    @property
    def wrong(self) -> int:
        """How many requests had no right answer."""
        return self.total.sent - self.total.right

    def conclusive(self) -> Result:
        """The result itself; CannotLook where the engine was too slow for what it was asked to send."""
        if self.total.trouble:
            raise CannotLook(
                f"the load engine did not keep up: {self.total.trouble}. Nothing can be said of the target; "
                "ask for less, or give the engine a machine of its own."
            )
        return self


def line_of(seen: Second | Total) -> str:
    """One line of JSON."""
    return json.dumps({type(seen).__name__: asdict(seen)})


def from_line(line: str) -> Second | Total:
    """What `line_of` made a line of."""
    (kind, content), *_ = json.loads(line).items()
    if kind == "Second":
        return Second(**content)
    copies = tuple(Serving(**each) for each in content.pop("copies"))
    return Total(**{**content, "copies": copies, "numbers": tuple(content["numbers"])})
