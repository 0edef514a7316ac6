"""How it is reported what machines, containers and file systems use: questions to the metrics service."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from readiness.config.models import Name, NotEmpty, StrictModel, Text, UrlPath, spelled

OfContainer = Annotated[
    Text, spelled(r"(?s).*\{container\}.*", "a selector of series with {container}, its id")
]
Folder = Annotated[Text, spelled(r"/\S+", "a path that begins with / and has no blanks")]
OfDevice = Annotated[
    Text, spelled(r"(?s).*\{device\}.*", "a selector of series with {device}, such as /dev/sda1")
]


class ContainerMeters(StrictModel):
    """Series of one container: processor time in seconds since its start, and memory in bytes without page cache.

    `service_label`: the label of both that names its service.
    """

    processor: OfContainer
    memory: OfContainer
    service_label: Text


class MachineMeters(StrictModel):
    """Series of a machine: processor time in seconds that was not idle, memory in bytes that could be had, free bytes of a disk.

    `node_label` tells machines apart.
    """

    processor: Text
    memory: Text
    disk_free: OfDevice
    node_label: Text


class Exporter(StrictModel):
    """The service that asks the database for its numbers, and tells them at `port` and `path`.

    `up`: the series that is 1 while it can. `logs_in_with`: the path of the secret with which it does.
    """

    service: Name
    port: Annotated[int, Field(gt=0, lt=65536)]
    path: UrlPath
    up: Text
    logs_in_with: Folder


class DatabaseAlarms(StrictModel):
    """The alarms of sessions near the limit, of sessions that wait for a lock, and of a database that does not answer."""

    connections: Text
    waiting: Text
    down: Text


class DatabaseMeters(StrictModel):
    """Series about the database's sessions: those that are idle, all, as many as there may be, those that wait for a lock, and
    for how many seconds the oldest transaction of a client has been open.

    `hold`: the command that opens `{sessions}` idle sessions for `{seconds}` in the database's own container.
    """

    idle: Text
    connections: Text
    most_connections: Text
    waiting: Text
    longest: Text
    hold: Annotated[tuple[Text, ...], NotEmpty]
    alarms: DatabaseAlarms
    exporter: Exporter


class Meters(StrictModel):
    """`like`: the service with whose image (it has python3) and limits a calibrated load runs; `writes_to`: a path in it, for a
    volume that its user may write to. `memory_alarm`: the alarm that tells of a container near its memory limit.
    """

    like: Name
    writes_to: Folder
    container: ContainerMeters
    machine: MachineMeters
    memory_alarm: Text
    database: DatabaseMeters | None = None
