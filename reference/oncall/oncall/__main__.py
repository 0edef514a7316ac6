"""Runs the service until it is told to stop (SIGTERM or SIGINT), or answers a question about the schedule.

python -m oncall                                serves
python -m oncall schedule FILE [FROM [UNTIL]]   who is on duty (ISO 8601, 14 days by default); status 1: there is a hole
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry

from oncall import settings
from oncall.calling import CHAT, MAIL, SMS, Calling, sender_by_mail, sender_by_post
from oncall.heartbeat import TITLE, Heartbeat
from oncall.incidents import Incidents
from oncall.metrics import Numbers
from oncall.schedule import WrongSchedule, read
from oncall.store import Store
from oncall.web import Api, Server, now

EVERY = 0.5  # seconds between two looks at who is to be called


def main(arguments: Sequence[str]) -> int:
    """What the command line asks for; returns the exit status."""
    if arguments[:1] == ["schedule"] and 2 <= len(arguments) <= 4:
        return show_schedule(*arguments[1:])
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    serve()
    return 0


def show_schedule(file: str, begins: str = "", ends: str = "") -> int:
    """Print one stretch of duty a line. 1 when there is a hole, 2 when the file is wrong."""
    try:
        schedule = read(Path(file))
    except (WrongSchedule, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    first = datetime.fromisoformat(begins).astimezone(UTC) if begins else datetime.now(UTC)
    last = datetime.fromisoformat(ends).astimezone(UTC) if ends else first + timedelta(days=14)
    for duty in schedule.between(first, last):
        times = " – ".join(
            each.astimezone(schedule.zone).strftime("%a %F %H:%M %Z") for each in (duty.begins, duty.ends)
        )
        print(f"{times}: {', then '.join(each.name for each in duty.people) or 'NOBODY'}")
    return 1 if schedule.holes(first, last) else 0


def serve() -> None:
    """Runs the service."""
    told = settings.load()
    try:
        schedule = read(told.schedule)
    except (WrongSchedule, OSError) as problem:
        print(f"oncall cannot start, the schedule is wrong: {problem}", file=sys.stderr)
        raise SystemExit(settings.EX_CONFIG) from None
    store = Store(told.store)
    incidents = Incidents(store, schedule.policy, told.minute)
    send = {SMS: sender_by_post(told.sms), CHAT: sender_by_post(told.chat), MAIL: sender_by_mail(*told.mail)}
    calling = Calling(store, incidents, schedule, send, minute=told.minute, team=told.team)
    heartbeat = Heartbeat(told.heartbeat, now())
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Numbers(incidents, calling, heartbeat, schedule))
    server = Server(("0.0.0.0", told.port), Api(incidents, schedule, heartbeat, now), registry)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    line("started", minute_seconds=told.minute, heartbeat_seconds=told.heartbeat, open=len(incidents.open()))
    beats = all(each["problem"] != TITLE for each in incidents.open())
    while not stop.wait(EVERY):
        notice = heartbeat.notice(now())
        if beats != (notice.ended is not None):
            beats = notice.ended is not None
            incidents.receive(notice, now())
            line("heartbeat", there=beats, age=notice.value)
        calling.turn(now())
    server.shutdown()


def line(message: str, **fields: object) -> None:
    """One line of the log."""
    head = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "service": "oncall",
        "message": message,
    }
    print(json.dumps({**head, **fields}), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
