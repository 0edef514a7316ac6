"""The customer's journey through the service: requests that build on each other, and what each must answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from readiness.config.models import Name, StrictModel, Text, UrlPath, wrong
from readiness.config.placeholders import placeholders_in

RUN = "run"
HttpStatus = Annotated[int, Field(ge=100, le=599)]


class JourneyRequest(StrictModel):
    """One request through the public door.

    Texts in `path`, `body` and `expect_json` may use `{run}`, unique to each walk, and what earlier requests
    saved. `expect_json` is a part that the answer has to contain; `save` keeps values of it: name -> dotted key.
    """

    name: Text
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: UrlPath
    identity: Name | None = None
    body: JsonValue = None
    expect_status: HttpStatus
    expect_json: JsonValue = None
    save: Mapping[Name, Text] = Field(default_factory=dict)

    @property
    def placeholders(self) -> frozenset[str]:
        """All names that must be known before this request can be sent and judged."""
        return placeholders_in([self.path, self.body, self.expect_json])


def saved_before_used(journey: tuple[JourneyRequest, ...]) -> tuple[JourneyRequest, ...]:
    """The journey itself, when its names are unique and every placeholder is saved before its use."""
    known = {RUN}
    names: set[str] = set()
    for request in journey:
        if request.name in names:
            raise wrong(f"two requests are named {request.name!r}", "each name once")
        missing = sorted(request.placeholders - known)
        if missing:
            places = ", ".join(sorted(known))
            raise wrong(
                f"request {request.name!r} uses {', '.join(missing)} that no earlier request saved", places
            )
        names.add(request.name)
        known |= set(request.save)
    return journey
