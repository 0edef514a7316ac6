"""What is to be sent: which requests, at which rate, to which door. It holds secrets, so it travels over standard input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_SECONDS = 900.0
MOST_REQUESTS = 1_000_000
NUMBER = "{n}"


@dataclass(frozen=True)
class Stage:
    """A stretch of time in which the rate (requests per second) goes evenly from `start` to `end`."""

    seconds: float
    start: float
    end: float

    @property
    def requests(self) -> float:
        """How many requests are due in it."""
        return self.seconds * (self.start + self.end) / 2


@dataclass(frozen=True)
class Request:
    """One kind of request, and what its right answer has: this status, and at least this content (None: any).

    `{n}` in `body` and in the texts of `expect_json` becomes the number of the request, so that no two of them are the same.
    """

    url: str
    expect_status: int
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str = ""
    expect_json: Any = None

    @property
    def is_numbered(self) -> bool:
        """Whether no two requests of this kind are the same."""
        return NUMBER in self.body


@dataclass(frozen=True)
class Spec:
    """A load: requests in turn, at the rates of the stages. Seconds throughout.

    `address` replaces name resolution, `ca` is the file of the authority to trust; `fresh` opens a connection for each request.
    Beyond `most_in_flight` nothing is sent, and `largest_lag` is how late the slowest hundredth may be sent: more of either makes
    the result inconclusive, for then the engine was too slow for what it was asked. `instance` is the header that names the copy,
    `release` the one that names its release.
    """

    requests: tuple[Request, ...]
    stages: tuple[Stage, ...]
    address: str = ""
    ca: str = ""
    fresh: bool = False
    timeout: float = 10.0
    most_in_flight: int = 400
    largest_lag: float = 0.05
    instance: str = "X-Instance"
    release: str = "X-Version"

    def __post_init__(self) -> None:
        seconds, requests = (
            sum(stage.seconds for stage in self.stages),
            sum(stage.requests for stage in self.stages),
        )
        if not self.requests or not requests:
            raise ValueError(
                "a load without requests: name at least one request and a stage with a rate above 0"
            )
        if seconds > MOST_SECONDS or requests > MOST_REQUESTS:
            raise ValueError(
                f"a load of {seconds:.0f} s and {requests:.0f} requests; at most {MOST_SECONDS:.0f} s and {MOST_REQUESTS}"
            )

    def to_json(self) -> str:
        """The description as one line. It holds secrets: it is sent, and never kept."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Spec:
        """The description that `to_json` made."""
        content = json.loads(text)
        content["requests"] = tuple(Request(**each) for each in content["requests"])
        content["stages"] = tuple(Stage(**each) for each in content["stages"])
        return Spec(**content)


def steadily(rate: float, seconds: float) -> tuple[Stage, ...]:
    """One stage of a constant rate."""
    return (Stage(seconds, rate, rate),)
