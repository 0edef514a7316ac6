"""Access to the API: who gets in with what, and one call of every published operation that succeeds for a sufficient key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, JsonValue, model_validator

from readiness.config.journey import RUN, HttpStatus
from readiness.config.models import Name, NotEmpty, StrictModel, Text, UrlPath, spelled, wrong
from readiness.config.placeholders import placeholders_in

Operation = Annotated[
    str,
    spelled(r"(GET|POST|PUT|PATCH|DELETE) /\S*", "a method and a path as documented: GET /things/{thing_id}"),
]


class Call(StrictModel):
    """A call of one documented operation: its path parameters are filled with what earlier calls saved under their names.

    `body` is sent as JSON, `content` as it is with the type `content_type`. `{run}` is unique to each walk.
    `needs` is the scope without which it is refused.
    """

    operation: Operation
    needs: Text
    query: Text | None = None
    body: JsonValue = None
    content: Text | None = None
    content_type: Text | None = None
    expect_status: HttpStatus
    save: Mapping[Name, Text] = Field(default_factory=dict)

    @property
    def method(self) -> str:
        """The method of the operation."""
        return self.operation.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path of the operation with its placeholders, and the query."""
        return self.operation.partition(" ")[2] + (f"?{self.query}" if self.query else "")

    @property
    def placeholders(self) -> frozenset[str]:
        """All names that must be known before this call can be made."""
        return placeholders_in([self.path, self.body])


class Refusals(StrictModel):
    """How callers are refused: without a good key, without the scope, and from what belongs to somebody else."""

    stranger: HttpStatus = 401
    insufficient: HttpStatus = 403
    foreign: HttpStatus = 404


class Unserved(StrictModel):
    """A request that a copy of the service answers without doing anything; the path, and with which status."""

    path: UrlPath
    status: HttpStatus


class Cost(StrictModel):
    """Two requests on which the service does no work: one refused for its form once the key was found good, one without key."""

    identity: Name
    with_key: Unserved
    without_key: Unserved


class Listed(StrictModel):
    """A path that lists things, at least as many as a client may make in a minute, and the dotted key of the list."""

    path: UrlPath
    key: Text


class Shares(StrictModel):
    """Requests that a new client may make in a minute, an hour and a day, and wrong keys of one address in a minute.

    `made`: how a client lists what the first call makes. `regular`: an identity that is used from here all the time.
    """

    minute: Annotated[int, Field(gt=0)]
    hour: Annotated[int, Field(gt=0)]
    day: Annotated[int, Field(gt=0)]
    wrong_keys: Annotated[int, Field(gt=0)]
    made: Listed
    regular: Name


class Access(StrictModel):
    """The API as its callers know it. `documents`: where its OpenAPI documents are; `scopes`: all that a key can have.

    `calls` make, use and remove what they need, in this order.
    """

    documents: Annotated[tuple[UrlPath, ...], NotEmpty]
    header: Text = "Authorization"
    scheme: Text | None = "Bearer"
    scopes: Annotated[tuple[Text, ...], NotEmpty]
    refusals: Refusals = Refusals()
    calls: Annotated[tuple[Call, ...], NotEmpty]
    shares: Shares | None = None
    cost: Cost | None = None

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        """Scopes are declared, operations stand once, and placeholders are saved before they are used."""
        known, seen = {RUN}, set[str]()
        for call in self.calls:
            if call.needs not in self.scopes:
                raise wrong(
                    f"{call.operation} needs the scope {call.needs!r}", f"scopes: {', '.join(self.scopes)}"
                )
            if call.operation in seen:
                raise wrong(f"{call.operation} stands twice", "one call of each operation")
            missing = call.placeholders - known
            if missing:
                raise wrong(
                    f"{call.operation} uses {', '.join(sorted(missing))} that no earlier call saved",
                    ", ".join(sorted(known)),
                )
            seen.add(call.operation)
            known |= set(call.save)
        return self

    def proof(self, key: str) -> dict[str, str]:
        """The header with which a caller shows a key."""
        return {self.header: f"{self.scheme} {key}" if self.scheme else key}
