"""Who watches for break-ins, how he writes down what he notices, and by which alarm a person is told."""

from __future__ import annotations

from typing import Annotated

from readiness.config.models import Name, NotEmpty, StrictModel, Text, UrlPath


class WatchLog(StrictModel):
    """How an event stands in the watch's log, a JSON object per line: the fields that hold its parts.

    `message` and `says`: the field, and its value, by which an event is told from other lines. `seen`: when it was, ISO 8601.
    """

    message: Text
    says: Text
    kind: Text
    source: Text
    target: Text
    seen: Text


class Kinds(StrictModel):
    """What the watch calls keys that are tried, a door that is probed, and a program that is started in a container."""

    keys: Text
    probing: Text
    program: Text


class Watching(StrictModel):
    """`service`: whose log has the events. `locked`: a path that needs a key. `alarm`: what the notification is called.

    `people`: the channels of the inbox that people read.
    """

    service: Name
    log: WatchLog
    kinds: Kinds
    locked: UrlPath
    identity: Name
    alarm: Text
    people: Annotated[tuple[Text, ...], NotEmpty]
