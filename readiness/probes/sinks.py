"""Everything that people read about a deployment, read whole, each with a text that proves that it was."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from readiness.config.placeholders import filled
from readiness.config.settings import MARK
from readiness.config.sinks import Sink
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.probes.inside import ask_inside
from readiness.targets.door import Door
from readiness.targets.platform import Platform, Replica
from readiness.targets.target import Target

CONTROL = "READINESS_CONTROL"
INTO_THE_LOG = ("sh", "-c", f'echo "readiness control ${CONTROL}" > /proc/1/fd/1')
LOG_LINES = 4000
OPERATORS_PATIENCE = 30.0
PLANTED = ".readiness-control"
ALERTS = "/api/v2/alerts"
ALERT_SECONDS = 90


@dataclass(frozen=True)
class Read:
    """One sink: its name, all that stands in it, and whether the text that must stand there was found."""

    sink: str
    text: str
    control_found: bool


class Sinks:
    """The sinks of a target, with a mark of our own in each: planted before, found afterwards."""

    def __init__(self, target: Target, folders: Sequence[Path]) -> None:
        self._target = target
        self._folders = [folder for folder in folders if folder.is_dir()]
        self._mark = f"control-{uuid.uuid4().hex}"

    def plant(self) -> None:
        """Raise an alert that says our mark; it ends by itself. CannotLook when it is not taken."""
        alerts = self._target.profile.alerts
        if alerts is None:
            raise CapabilityMissing(
                f"The profile of {self._target.name} names no address for alerts (alerts)."
            )
        labels = {"alertname": "ReadinessControl", "severity": "info", "service": self._mark}
        notes = {
            "summary": f"A control of the acceptance specification: {self._mark}",
            "description": "Nothing is wrong.",
        }
        ends = (datetime.now(UTC) + timedelta(seconds=ALERT_SECONDS)).isoformat()
        alert = {"labels": labels, "annotations": notes, "endsAt": ends}
        answer = Door(alerts.url).ask("POST", ALERTS, json=[alert])
        if answer.status != 200:
            raise CannotLook(f"{alerts.url} takes no alert (status {answer.status}) {answer.error}")

    def read(self) -> Iterator[Read]:
        """Every sink: logs, what copies measure, what operators read, what the platform has in writing, and our own evidence."""
        platform = self._target.platform
        copies = [copy for service in platform.services() for copy in platform.replicas(service.name)]
        yield from (self._log(platform, copy) for copy in copies)
        yield from self._measured(platform)
        yield from (
            self._for_operators(sink, str(filled(sink.holds, {MARK: self._mark})))
            for sink in self._target.profile.sinks
        )
        written = list(platform.writings())
        text = "\n".join(f"{what}: {text}" for what, text in written)
        yield Read("what the platform has in writing", text, self._target.profile.service.name in text)
        yield from (self._evidence(folder) for folder in self._folders)

    def _log(self, platform: Platform, copy: Replica) -> Read:
        sink = f"the log of {copy.service}"
        ran = platform.run_inside(copy.id, INTO_THE_LOG, timeout=10, settings={CONTROL: self._mark})
        if ran.exit_code != 0:
            raise CannotLook(
                f"{sink} cannot be written to for a control: {' '.join(ran.output.split())[-200:]}"
            )
        waited = wait_until(
            lambda: platform.logs(copy.id, LOG_LINES), lambda log: self._mark in log, patience=5
        )
        return Read(sink, waited.last, waited.happened)

    def _measured(self, platform: Platform) -> Iterator[Read]:
        service, health = self._target.profile.service.name, self._target.profile.service.health
        if health is None:
            return
        for copy in platform.replicas(service):
            told = ask_inside(platform, copy.id, health.port, health.metrics)
            yield Read(f"the metrics of {service}", told.text, "# TYPE" in told.text)

    def _for_operators(self, sink: Sink, holds: str) -> Read:
        door = Door(sink.url)
        waited = wait_until(
            lambda: door.ask("GET", sink.path, timeout=OPERATORS_PATIENCE),
            lambda answer: holds.encode() in answer.body,
            patience=OPERATORS_PATIENCE,
        )
        if waited.last.status != 200:
            raise CannotLook(f"{sink.name} cannot be read (status {waited.last.status}) {waited.last.error}")
        return Read(sink.name, waited.last.body.decode("utf-8", "replace"), waited.happened)

    def _evidence(self, folder: Path) -> Read:
        planted = folder / PLANTED
        planted.write_text(self._mark, encoding="utf-8")
        try:
            files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
            text = "\n".join(path.read_bytes().decode("latin-1") for path in files)
        finally:
            planted.unlink()
        return Read(f"our own {folder.name}", text, self._mark in text)


def as_text(headers: object, body: bytes) -> str:
    """An answer as a text to be searched."""
    return f"{json.dumps(headers, default=str)}\n{body.decode('utf-8', 'replace')}"
