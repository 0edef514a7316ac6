"""What customers entrust to the service, and the database that keeps it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from readiness.config.journey import RUN, JourneyRequest, saved_before_used
from readiness.config.models import Name, NotEmpty, StrictModel, Text, wrong
from readiness.core.units import Dimension, parse


def _bytes(text: object) -> int:
    if not isinstance(text, str):
        raise wrong("a size without its unit", 'text with a unit, such as "256 KiB"')
    return round(parse(text, Dimension.SIZE).value)


class LogIn(StrictModel):
    """The command that asks the database over its network port as `{role}`, and the `variable` that gives it the password.

    It gets one statement of SQL as its last argument, and prints notices as they come.
    """

    command: Annotated[tuple[Text, ...], NotEmpty]
    variable: Text


class Role(StrictModel):
    """Somebody who may log in to the database over the network, with a secret of the profile.

    `in_turn_with`: another name for the same, so that a new password is in use before the old one is shut out; only one of
    the two may log in. `owns`: it changes tables, in migrations, and serves nobody. `measures`: it reads what the server tells
    about itself, and no row of a customer. `copies`: it reads everything now and then, and changes nothing.
    """

    name: Text
    logs_in_with: Name
    in_turn_with: Text | None = None
    owns: bool = False
    measures: bool = False
    copies: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it may log in, one at a time."""
        return tuple(filter(None, (self.name, self.in_turn_with)))


class Database(StrictModel):
    """The database that keeps what customers entrust, and the command that asks it in its own container, as its superuser.

    `ask` gets one statement of SQL as its last argument; it prints a row on a line, with `|` between values, and nothing
    else. `migrations` is a statement that gives the name of every migration that was run. `roles`: everybody who may log in, but
    for `administrators`, who come in from its own container only.
    """

    service: Name
    kind: Literal["postgresql"]
    ask: Annotated[tuple[Text, ...], NotEmpty]
    migrations: Text | None = None
    log_in: LogIn | None = None
    roles: tuple[Role, ...] = ()
    administrators: tuple[Text, ...] = ()


class Record(StrictModel):
    """A record: how it is written, and how it is read back."""

    write: JourneyRequest
    read: JourneyRequest


class File(StrictModel):
    """A file of `size` random bytes: `write` sends it as its body, under `content_type`; `read` must answer with it."""

    size: Annotated[int, BeforeValidator(_bytes)]
    content_type: Text = "application/octet-stream"
    write: JourneyRequest
    read: JourneyRequest


class Entrusted(StrictModel):
    """Requests as in the journey: `owner` comes first, then records, then a file; `remove` takes all of it away."""

    owner: tuple[JourneyRequest, ...] = ()
    record: Record
    file: File | None = None
    remove: Annotated[tuple[JourneyRequest, ...], NotEmpty]

    @model_validator(mode="after")
    def is_saved_before_used(self) -> Self:
        """Every placeholder is known when its request is sent."""
        saved_before_used(self.requests)
        if RUN not in self.record.write.placeholders:
            raise wrong("two records would be the same", f"{{{RUN}}} in record.write")
        return self

    @property
    def requests(self) -> tuple[JourneyRequest, ...]:
        """All of them, in their order."""
        file = (self.file.write, self.file.read) if self.file else ()
        return (*self.owner, self.record.write, self.record.read, *file, *self.remove)
