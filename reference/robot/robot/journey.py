"""What a customer does, step by step, and what each step must answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One request. `path` and `body` may name what is known: `{run}`, and what earlier steps kept (`keep`: name -> key).

    `expect` is a part that the answer has to contain. `removes`: done also when a walk broke off before.
    """

    name: str
    method: str
    path: str
    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)
    removes: bool = False


_WORKOUT = {
    "member_id": "{member}",
    "recorded_at": "2026-01-05T07:30:00Z",
    "sport": "robot {run}",
    "strain": 12.5,
    "average_heart_rate": 141,
}

JOURNEY = (
    Step(
        "register a member", "POST", "/v1/members", 201,
        {"name": "Robot {run}", "email": "robot-{run}@example.org"}, {"name": "Robot {run}"}, {"member": "id"},
    ),
    Step("record a workout", "POST", "/v1/workouts", 201, _WORKOUT, {"sport": "robot {run}"}, {"workout": "id"}),
    Step("read the workout back", "GET", "/v1/workouts/{workout}", 200, expect={"member_id": "{member}", "strain": 12.5}),
    Step("find it in the member's list", "GET", "/v1/workouts?member={member}", 200, expect={"items": [{"id": "{workout}"}]}),
    Step("see the member's week", "GET", "/v1/insights/members/{member}/weekly", 200, expect={"member_id": "{member}"}),
    Step("remove the workout", "DELETE", "/v1/workouts/{workout}", 204, removes=True),
    Step("remove the member", "DELETE", "/v1/members/{member}", 204, removes=True),
)  # fmt: skip


def filled(template: Any, known: Mapping[str, str]) -> Any:
    """The template with every `{name}` in its texts replaced. KeyError for a name that is not known."""
    if isinstance(template, str):
        return template.format_map(known)
    if isinstance(template, Mapping):
        return {key: filled(value, known) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, known) for value in template]
    return template


def contains(answer: Any, expected: Any) -> bool:
    """Whether all that is expected is in the answer: keys of objects, and the first entries of lists."""
    if isinstance(expected, Mapping):
        return isinstance(answer, Mapping) and all(
            key in answer and contains(answer[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(answer, list) and len(answer) >= len(expected) and all(
            contains(*pair) for pair in zip(answer, expected, strict=False)
        )  # fmt: skip
    return bool(answer == expected)
