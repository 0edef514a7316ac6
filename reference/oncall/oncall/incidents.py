"""What becomes of a problem: an incident is opened, updated, acknowledged, closed, opened again, reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oncall.schedule import Policy
from oncall.store import Store

DAY_MINUTES = 24 * 60
CRITICAL = "critical"


class NotUnderstood(ValueError):
    """What was sent is no notification of an Alertmanager; the message says why."""


class NoSuchIncident(LookupError):
    """There is none of that number."""


class Refused(ValueError):
    """It makes no sense now: the message says why."""


@dataclass(frozen=True)
class Notice:
    """One notification about one problem. `began`, `ended`: Unix seconds; `ended` is None while it lasts."""

    problem: str
    title: str
    service: str
    severity: str
    owner: str
    summary: str
    value: str
    runbook: str
    source: str
    began: float
    ended: float | None


def notice_from(told: Mapping[str, Any]) -> Notice:
    """A notification in Alertmanager's webhook format: one group of alerts is one problem. NotUnderstood."""
    try:
        alerts: Sequence[Mapping[str, Any]] = told["alerts"]
        firing = [each for each in alerts if each["status"] == "firing"]
        first = (firing or list(alerts))[0]
        labels, notes = first["labels"], first["annotations"]
        more = f" (and {len(firing) - 1} more)" if len(firing) > 1 else ""
        return Notice(
            problem=str(told["groupKey"]),
            title=str(labels["alertname"]),
            service=str(labels.get("service", "")),
            severity=str(labels.get("severity", "")),
            owner=str(labels.get("owner", "")),
            summary=str(notes.get("summary", "")) + more,
            value=str(notes.get("value", "")),
            runbook=str(notes.get("runbook_url", "")),
            source=str(first.get("generatorURL", "")),
            began=min(_seconds(each["startsAt"]) for each in alerts),
            ended=None if firing else max(_seconds(each["endsAt"]) for each in alerts),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
        raise NotUnderstood(
            f"not a notification of Alertmanager: {type(problem).__name__}: {problem}"
        ) from problem


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


class Incidents:
    """All incidents. Times are Unix seconds; `minute` is how many of them a minute of the policy lasts."""

    def __init__(self, store: Store, policy: Policy, minute: float = 60.0) -> None:
        self._store = store
        self._policy = policy
        self._minute = minute

    def receive(self, notice: Notice, now: float) -> int | None:
        """Open, update, close or reopen the incident of a problem; its number. None: the end of a problem that nobody knew."""
        with self._store.change():
            last = self._store.row(
                "SELECT * FROM incidents WHERE problem = ? ORDER BY id DESC LIMIT 1", notice.problem
            )
            if notice.ended is not None:
                return self._end(last, notice, now)
            if last is None or self._is_over(last, notice):
                return self._open(notice, now)
            changes: dict[str, object] = {
                "notices": last["notices"] + 1, "summary": notice.summary, "value": notice.value,
                "severity": notice.severity,
            }  # fmt: skip
            if last["resolved"] is not None:
                changes |= {"resolved": None, "acknowledged": None, "acknowledged_by": None, "called": now}
                changes |= {"reopened": last["reopened"] + 1}
                self.note(last["id"], now, "opened again")
            self._store.set("incidents", last["id"], **changes)
            return int(last["id"])

    def acknowledge(self, number: int, by: str, now: float) -> None:
        """Somebody looks after it. Nobody else is called while that holds. NoSuchIncident, Refused."""
        with self._store.change():
            incident = self.get(number)
            if incident["resolved"] is not None:
                raise Refused(f"incident {number} is over")
            first = incident["first_acknowledged"]
            self._store.set(
                "incidents", number, acknowledged=now, acknowledged_by=by,
                first_acknowledged=now if first is None else first,
            )  # fmt: skip
            self.note(number, now, f"acknowledged by {by}")

    def call_anew(self, number: int, now: float) -> None:
        """An acknowledgement does not hold for ever: begin calling again."""
        self._store.set("incidents", number, acknowledged=None, acknowledged_by=None, called=now)
        self.note(number, now, "the acknowledgement is over, the problem is not")

    def review(self, number: int, by: str, lesson: str, now: float) -> None:
        """What was learned. NoSuchIncident, Refused."""
        with self._store.change():
            if self.get(number)["resolved"] is None:
                raise Refused(f"incident {number} is not over yet")
            self._store.set("incidents", number, reviewed=now, reviewed_by=by, lesson=lesson)
            self.note(number, now, f"reviewed by {by}")

    def get(self, number: int) -> dict[str, Any]:
        """One incident. NoSuchIncident."""
        found = self._store.row("SELECT * FROM incidents WHERE id = ?", number)
        if found is None:
            raise NoSuchIncident(f"there is no incident {number}")
        return found

    def since(self, time: float) -> list[dict[str, Any]]:
        """All that lasted at a time or began later, oldest first."""
        return self._store.rows(
            "SELECT * FROM incidents WHERE resolved IS NULL OR resolved >= ? ORDER BY id", time
        )

    def open(self) -> list[dict[str, Any]]:
        """All that are not over."""
        return self._store.rows("SELECT * FROM incidents WHERE resolved IS NULL ORDER BY id")

    def overdue(self, at: float) -> list[dict[str, Any]]:
        """The critical ones that nobody will have reviewed in time, seen from a time."""
        latest = at - self._policy.review * DAY_MINUTES * self._minute
        return self._store.rows(
            "SELECT * FROM incidents WHERE severity = ? AND reviewed IS NULL AND resolved <= ? ORDER BY id",
            CRITICAL,
            latest,
        )

    def figures(self) -> dict[str, float | int | None]:
        """Mean times to acknowledge and to recover, in seconds since the problem began, over all that have been so far."""
        found = self._store.row(
            "SELECT count(*) AS incidents, count(first_acknowledged) AS acknowledged, count(resolved) AS resolved, "
            "avg(first_acknowledged - began) AS mtta_seconds, avg(resolved - began) AS mttr_seconds FROM incidents"
        )
        assert found is not None, "an aggregate has one row"
        return found

    def history(self, number: int) -> list[dict[str, Any]]:
        """What happened to it, oldest first."""
        return self._store.rows("SELECT at, what FROM journal WHERE incident = ? ORDER BY id", number)

    def note(self, number: int, now: float, what: str) -> None:
        """A line in its history."""
        self._store.add("journal", incident=number, at=now, what=what)

    def _is_over(self, last: Mapping[str, Any], notice: Notice) -> bool:
        """Whether what comes now is another incident: the last one ended too long before it began."""
        ended = last["resolved"]
        return ended is not None and notice.began - ended > self._policy.joins * self._minute

    def _open(self, notice: Notice, now: float) -> int:
        number = self._store.add(
            "incidents", problem=notice.problem, title=notice.title, service=notice.service,
            severity=notice.severity, owner=notice.owner, summary=notice.summary, value=notice.value,
            runbook=notice.runbook, source=notice.source, began=notice.began, opened=now, called=now,
            notices=1, reopened=0,
        )  # fmt: skip
        self.note(number, now, f"opened: {notice.summary}")
        return number

    def _end(self, last: Mapping[str, Any] | None, notice: Notice, now: float) -> int | None:
        if last is None or last["resolved"] is not None:
            return None
        ended = max(last["began"], min(notice.ended or now, now))
        self._store.set("incidents", last["id"], resolved=ended, notices=last["notices"] + 1)
        self.note(last["id"], now, f"over after {ended - last['began']:.0f} s")
        return int(last["id"])
