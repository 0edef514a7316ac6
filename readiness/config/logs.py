"""Where the logs of all parts come together: how they are searched, and who collects, keeps and watches them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from readiness.config.journey import JourneyRequest
from readiness.config.keeping import LogIn
from readiness.config.models import Name, NotEmpty, StrictModel, Text, Url

Command = Annotated[tuple[Text, ...], NotEmpty]


class Asking(StrictModel):
    """The parameters of a question. `field`: a field of the line by its name, with `{name}` in it; nested names have dots.

    `container`: the first 12 digits of a container's id. `since`, `until`: seconds since 1970. `archived`: parameters by which
    the archives are asked instead.
    """

    text: Text
    service: Text
    container: Text
    level: Text
    request: Text
    field: Annotated[str, Field(pattern=r"\{name\}")]
    since: Text
    until: Text
    limit: Text
    archived: Mapping[Text, Text]


class Answering(StrictModel):
    """The parts of an answer: the list of lines, and in a line when it was written (ISO 8601), by whom, and what it says.

    `line`: all of it as it was written; `fields`: those of a line that is a JSON object, null for any other.
    """

    lines: Text
    at: Text
    service: Text
    level: Text
    request: Text
    line: Text
    fields: Text


class Search(StrictModel):
    """Where operators look for lines: a GET that answers in JSON, the newest lines first."""

    url: Url
    ask: Asking
    answer: Answering


class Traced(StrictModel):
    """A request through the public door, and the services that it passes; each must write at least one line of it."""

    request: JourneyRequest
    passes: Annotated[tuple[Name, ...], NotEmpty]


class LogAlarms(StrictModel):
    """The alarm for one line that says that a service cannot go on, and the one for an unusual number of errors.

    `errors`: the series that counts the errors of `{service}`. `people`: the channels of the inbox that people read.
    """

    critical: Text
    unusual: Text
    errors: Annotated[str, Field(pattern=r"\{service\}")]
    people: Annotated[tuple[Text, ...], NotEmpty]


class LogRole(StrictModel):
    """Somebody who logs in to the store, with a secret of the profile; what it needs to do, and what it must not."""

    name: Text
    logs_in_with: Name
    may: Annotated[tuple[Text, ...], NotEmpty]
    must_not: Annotated[tuple[Text, ...], NotEmpty]


class Retention(StrictModel):
    """For how many days lines can be searched, and for how many they can be had at all, in days of UTC.

    `plant` puts a line of a former day into the store, as its administrator, in the store's container: `{day}` is a date,
    `{line}` what it says. `clear` and `clear_archive` take away what was planted, by its `{mark}`, the second in the container of
    `kept_by`. `looks_every`: seconds after which what is over is gone by itself.
    """

    searchable: Annotated[int, Field(ge=1)]
    archived: Annotated[int, Field(ge=2)]
    looks_every: Annotated[int, Field(ge=1)]
    plant: Command
    clear: Command
    kept_by: Name
    clear_archive: Command


class Logs(StrictModel):
    """`collector` and `store`: services. `image` has python3; from it containers are made that write lines."""

    search: Search
    collector: Name
    store: Name
    image: Text
    traced: Traced
    alarms: LogAlarms
    log_in: LogIn
    roles: Annotated[tuple[LogRole, ...], NotEmpty]
    retention: Retention
