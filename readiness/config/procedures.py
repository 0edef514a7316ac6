"""The operator's procedures: named commands that a target offers, with the placeholders that each may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import ValidationInfo, field_validator

from readiness.config.models import NotEmpty, Seconds, StrictModel, Text, wrong
from readiness.config.placeholders import filled, placeholders_in

# `{dockerfile}` is the path of the Dockerfile itself, not relative to `{context}`.
BUILD = frozenset({"context", "dockerfile", "tag"})
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "build": BUILD,
    "build_without_cache": BUILD,
    "build_on_base": BUILD | {"base_image"},
    "deploy": frozenset({"image"}),
    "deploy_watched": frozenset({"image"}),
    "release": frozenset({"context", "record", "author", "approver"}),
    "smoke": frozenset({"door", "ca"}),
    "scale": frozenset({"service", "replicas"}),
    "furnish": frozenset({"stack"}),
    "issue_key": frozenset({"client", "key", "scopes", "seconds"}),
    "revoke_key": frozenset({"client", "key"}),
    "remove_client": frozenset({"client"}),
    "agree_quota": frozenset({"client", "per_minute", "per_hour", "per_day"}),
    "book_usage": frozenset({"client", "requests", "ago"}),
    "dump_stores": frozenset({"output"}),
    "admit": frozenset({"stack"}),
    "bring_in": frozenset({"stack", "client", "archive"}),
}


class Procedure(StrictModel):
    """A command of the operator, run from the project root; `timeout` in seconds is how long we let it run."""

    command: Annotated[tuple[Text, ...], NotEmpty]
    timeout: Seconds

    def argv(self, **values: str) -> tuple[str, ...]:
        """The command with its placeholders filled. KeyError when a value for one is missing."""
        return tuple(str(filled(part, values)) for part in self.command)


class Procedures(StrictModel):
    """What the operator can do to the target. One that is left out is a capability that the target lacks.

    `take_down` removes the whole deployment and keeps its data, `up` brings it back. `furnish` gives an empty deployment what
    it needs before its first customer: `{stack}` is the name of a copy of the target that the specification made.
    `agree_quota` changes how much a client may use, `book_usage` counts requests as if he had made them some seconds `ago`,
    `forgive_guesses` forgets the wrong keys that were tried. `issue_key` prints the key as its last word, `remove_client` takes
    away a client of the API with all that is theirs. `deploy_watched` is `deploy`, and looks at the release for a while before it
    is done. `smoke` tries the release that runs at a door, which trusts the authority in the file `{ca}`.
    `release` is the whole way from the sources in `{context}`; it notes in the file
    `{record}` with which digest each step was done.
    `dump_stores` writes all that the target keeps, as text, into a file.
    `admit` lets those in to an empty copy of the target who have keys here, and brings no data; `bring_in` puts there what a
    client took away.
    """

    up: Procedure | None = None
    down: Procedure | None = None
    status: Procedure | None = None
    build: Procedure | None = None
    build_without_cache: Procedure | None = None
    build_on_base: Procedure | None = None
    deploy: Procedure | None = None
    deploy_watched: Procedure | None = None
    rollback: Procedure | None = None
    smoke: Procedure | None = None
    release: Procedure | None = None
    scale: Procedure | None = None
    renew_certificate: Procedure | None = None
    take_down: Procedure | None = None
    furnish: Procedure | None = None
    accounts: Procedure | None = None
    issue_key: Procedure | None = None
    revoke_key: Procedure | None = None
    remove_client: Procedure | None = None
    agree_quota: Procedure | None = None
    book_usage: Procedure | None = None
    forgive_guesses: Procedure | None = None
    dump_stores: Procedure | None = None
    admit: Procedure | None = None
    bring_in: Procedure | None = None

    @field_validator("*")
    @classmethod
    def uses_known_placeholders(cls, procedure: Procedure | None, info: ValidationInfo) -> Procedure | None:
        """Only placeholders that are filled when this procedure is run."""
        known = PLACEHOLDERS.get(info.field_name or "", frozenset())
        unknown = placeholders_in(list(procedure.command)) - known if procedure else frozenset()
        if unknown:
            raise wrong(_unknown(unknown), _braced(known) or "no placeholder in this command")
        return procedure


def _unknown(names: frozenset[str]) -> str:
    return f"the command uses unknown placeholders: {_braced(names)}"


def _braced(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
