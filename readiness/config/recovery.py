"""How copies of what the target keeps are made and tried out, and how a person is told when that fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from readiness.config.models import Name, NotEmpty, StrictModel, Text


class Alarms(StrictModel):
    """What the notifications are called that say that a copy could not be made, and that one is not good."""

    failed: Text
    bad: Text


class ReadCopies(StrictModel):
    """A command that opens the repository in the container of the service, and a setting with which it has the wrong key."""

    command: Annotated[tuple[Text, ...], NotEmpty]
    wrong_key: Mapping[Text, Text]


class Retention(StrictModel):
    """How what is too old is removed: tried with fewer copies, since nobody waits for so many.

    `settings`: the service's, with which `kept` full copies are kept. `make`, `rehearse`, `clear` and `list`: commands in its
    container, which make a full copy, try the newest one out, remove what is beyond what is kept, and print what there is.
    `files`: where the files of a copy lie in the container; `{label}` is its label.
    """

    settings: Mapping[Text, Text]
    kept: int
    make: Annotated[tuple[Text, ...], NotEmpty]
    rehearse: Annotated[tuple[Text, ...], NotEmpty]
    clear: Annotated[tuple[Text, ...], NotEmpty]
    list: Annotated[tuple[Text, ...], NotEmpty]
    files: Text


class Recovery(StrictModel):
    """`service` makes copies by itself, and keeps them at the path `repository` of its container.

    `hastened`: its settings with which copies come every few seconds: the schedule as it is, in less time. `away`: settings
    with which it looks for the database where none is. `succeeded`: a question to the metrics service whose answer is when the
    last good copy was made. `people`: the channels of the inbox that people read. `strangers`: services whose programs must not
    reach a copy.
    """

    service: Name
    repository: Text
    hastened: Mapping[Text, Text]
    away: Mapping[Text, Text]
    succeeded: Text
    alarms: Alarms
    people: Annotated[tuple[Text, ...], NotEmpty]
    read: ReadCopies
    strangers: Annotated[tuple[Name, ...], NotEmpty]
    retention: Retention | None = None

    @property
    def services(self) -> set[str]:
        """All services that are named."""
        return {self.service, *self.strangers}
