"""Calls people: who is on duty first, then the next while nobody acknowledges; tries again what could not be delivered."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from oncall.incidents import Incidents
from oncall.schedule import Person, Schedule
from oncall.store import Store

SMS, MAIL, CHAT = "sms", "mail", "chat"
CHANNELS = (SMS, MAIL, CHAT)
SENDER = "on-call"
TRY_AGAIN = (2.0, 5.0, 10.0, 30.0)  # seconds; the last one for ever
SENT_IN = 5.0

Send = Callable[[str, str, str], None]
"""Address, subject, text. Raises OSError (of which smtplib's errors are some) or HTTPException when it is not taken."""


class Calling:
    """What is to be told to whom. `turn` is called again and again; all that it knows is in the store."""

    def __init__(
        self,
        store: Store,
        incidents: Incidents,
        schedule: Schedule,
        send: Mapping[str, Send],
        *,
        minute: float,
        team: str,
    ) -> None:
        self._store, self._incidents, self._schedule, self._send = store, incidents, schedule, send
        self._minute, self._team = minute, team
        self.failed = dict.fromkeys(CHANNELS, 0)
        self.delivered = dict.fromkeys(CHANNELS, 0)

    def turn(self, now: float) -> None:
        """Write down who is to be called now, then deliver what is not delivered."""
        with self._store.change():
            for incident in self._incidents.open():
                self._escalate(incident, now)
            for incident in self._untold_ends():
                self._tell_the_end(incident, now)
        for call in self._store.rows(
            "SELECT * FROM calls WHERE delivered IS NULL AND next <= ? ORDER BY id", now
        ):
            self._deliver(call, now)

    def undelivered(self) -> int:
        """How many messages have been tried and are not delivered."""
        found = self._store.row("SELECT count(*) AS waiting FROM calls WHERE delivered IS NULL AND tries > 0")
        return int(found["waiting"]) if found else 0

    def _escalate(self, incident: Mapping[str, Any], now: float) -> None:
        policy = self._schedule.policy
        if incident["acknowledged"] is not None:
            if now - incident["acknowledged"] < policy.acknowledgement_holds * self._minute:
                return
            self._incidents.call_anew(incident["id"], now)
            incident = self._incidents.get(incident["id"])
        on_duty = self._schedule.at(datetime.fromtimestamp(now, UTC))
        for level, after in enumerate((0.0, *policy.next_after)):
            if now - incident["called"] < after * self._minute or self._was_called(incident, level):
                continue
            person = on_duty[level % len(on_duty)]
            self._call(incident, level, person, now)
            self._incidents.note(
                incident["id"], now, f"called {person.name} ({('first', 'second', 'third')[min(level, 2)]})"
            )

    def _was_called(self, incident: Mapping[str, Any], level: int) -> bool:
        found = self._store.row(
            "SELECT id FROM calls WHERE incident = ? AND round = ? AND level = ?",
            incident["id"], incident["called"], level,
        )  # fmt: skip
        return found is not None

    def _call(self, incident: Mapping[str, Any], level: int, person: Person, now: float) -> None:
        self._write(incident, level, person.id, SMS, person.phone, now)
        self._write(incident, level, person.id, MAIL, person.mail, now)
        if level or not incident["source"]:  # the team has been told by Alertmanager of what that noticed
            self._write(incident, level, person.id, CHAT, self._team, now, f"Called: {person.name}.")

    def _untold_ends(self) -> list[dict[str, Any]]:
        return self._store.rows(
            "SELECT * FROM incidents WHERE resolved IS NOT NULL AND "
            "NOT EXISTS (SELECT 1 FROM calls WHERE incident = incidents.id AND level = -1 AND round = incidents.called)"
        )

    def _tell_the_end(self, incident: Mapping[str, Any], now: float) -> None:
        called = self._store.rows(
            "SELECT DISTINCT person, channel, address FROM calls WHERE incident = ? AND round = ? AND level >= 0",
            incident["id"], incident["called"],
        )  # fmt: skip
        for each in called:
            self._write(incident, -1, each["person"], each["channel"], each["address"], now)

    def _write(
        self,
        incident: Mapping[str, Any],
        level: int,
        person: str,
        channel: str,
        address: str,
        now: float,
        more: str = "",
    ) -> None:
        self._store.add(
            "calls", incident=incident["id"], round=incident["called"], level=level, person=person, channel=channel,
            address=address, subject=subject_of(incident), text=f"{text_of(incident)} {more}".strip(), at=now, next=now,
        )  # fmt: skip

    def _deliver(self, call: Mapping[str, Any], now: float) -> None:
        try:
            self._send[call["channel"]](call["address"], call["subject"], call["text"])
        except (OSError, HTTPException) as problem:
            tries = call["tries"] + 1
            wait = TRY_AGAIN[min(tries, len(TRY_AGAIN)) - 1]
            self._store.set("calls", call["id"], tries=tries, next=now + wait)
            self.failed[call["channel"]] += 1
            if tries == 1:
                self._incidents.note(
                    call["incident"], now, f"{call['channel']} to {call['person']} failed: {problem}"
                )
        else:
            self._store.set("calls", call["id"], delivered=now, tries=call["tries"] + 1)
            self.delivered[call["channel"]] += 1


def subject_of(incident: Mapping[str, Any]) -> str:
    """What it is about, in a few words."""
    state = "FIRING" if incident["resolved"] is None else "RESOLVED"
    return f"[{state}] {incident['title']} {incident['service']} ({incident['severity']}), incident {incident['id']}"


def text_of(incident: Mapping[str, Any]) -> str:
    """All that somebody needs who is woken up, in a few lines."""
    lines = [f"{subject_of(incident)}: {incident['summary']}."]
    if incident["resolved"] is not None:
        lines.append(f"Over after {incident['resolved'] - incident['began']:.0f} s.")
    if incident["value"]:
        lines.append(f"Value: {incident['value']}.")
    return " ".join([*lines, f"Runbook: {incident['runbook']}"])


def sender_by_post(url: str) -> Send:
    """Sends a text as JSON, as the gateway for SMS and the chat's webhook take it."""

    def send(address: str, subject: str, text: str) -> None:
        body = {
            "to": address,
            "channel": address,
            "from": SENDER,
            "username": SENDER,
            "text": text,
            "subject": subject,
        }
        request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=SENT_IN):
            return

    return send


def sender_by_mail(host: str, port: int) -> Send:
    """Sends a mail."""

    def send(address: str, subject: str, text: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = f"{SENDER}@whoop.localhost", address, subject
        mail.set_content(text)
        with smtplib.SMTP(host, port, timeout=SENT_IN) as server:
            server.send_message(mail)

    return send
