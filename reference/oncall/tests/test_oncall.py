"""The on-call service: who is on duty, who is called when, and what becomes of an incident. No clock runs here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from oncall.calling import CHAT, MAIL, SMS, Calling
from oncall.heartbeat import Heartbeat
from oncall.incidents import Incidents, NotUnderstood, Refused, notice_from
from oncall.schedule import Schedule, WrongSchedule, read
from oncall.store import Store
from oncall.web import Api

FILE = Path(__file__).parents[2] / "config/oncall/schedule.yaml"
NOON = datetime(2026, 3, 23, 12, tzinfo=UTC).timestamp()
MINUTE = 60.0


class Desk:
    """The service without sockets, and all that it sent: (channel, address, text)."""

    def __init__(self, schedule: Schedule, store: Store | None = None) -> None:
        self.now = NOON
        self.sent: list[tuple[str, str, str]] = []
        self.broken: set[str] = set()
        self.store = store or Store(":memory:")
        self.incidents = Incidents(self.store, schedule.policy)
        send = {channel: self._sender(channel) for channel in (SMS, MAIL, CHAT)}
        self.calling = Calling(self.store, self.incidents, schedule, send, minute=MINUTE, team="#on-call")
        self.heartbeat = Heartbeat(45, NOON)
        self.api = Api(self.incidents, schedule, self.heartbeat, lambda: self.now)

    def _sender(self, channel: str):
        def send(address: str, _subject: str, text: str) -> None:
            if channel in self.broken:
                raise ConnectionRefusedError(channel)
            self.sent.append((channel, address, text))

        return send

    def after(self, minutes: float) -> list[str]:
        """The telephones called by the turn that comes so much later."""
        self.now += minutes * MINUTE
        before = len(self.sent)
        self.calling.turn(self.now)
        return [address for channel, address, _ in self.sent[before:] if channel == SMS]

    def post(self, path: str, body: object = None) -> tuple[int, dict]:
        status, told = self.api.answer("POST", path, {}, json.dumps(body).encode())
        return status, told  # type: ignore[return-value]  # an object

    def get(self, path: str, **query: str) -> dict:
        return self.api.answer("GET", path, query, b"")[1]  # type: ignore[return-value]  # an object


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return read(FILE)


@pytest.fixture
def desk(schedule: Schedule) -> Desk:
    return Desk(schedule)


def alarm(at: float, *, over: float | None = None, key: str = "redis", severity: str = "critical") -> dict:
    ends = "0001-01-01T00:00:00Z" if over is None else datetime.fromtimestamp(over, UTC).isoformat()
    status = "firing" if over is None else "resolved"
    alert = {
        "status": status, "startsAt": datetime.fromtimestamp(at, UTC).isoformat(), "endsAt": ends, "generatorURL": "http://p/graph",
        "labels": {"alertname": "ServiceDown", "service": key, "severity": severity, "owner": "platform"},
        "annotations": {"summary": f"{key} is down", "value": "0", "runbook_url": "runbooks/alerts.md#service-down"},
    }  # fmt: skip
    return {"groupKey": key, "status": status, "alerts": [alert]}


def phones(schedule: Schedule, at: float) -> list[str]:
    return [each.phone for each in schedule.at(datetime.fromtimestamp(at, UTC))]


def test_somebody_is_on_duty_at_every_minute_of_a_year_also_when_clocks_change(schedule: Schedule) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    duties = schedule.between(begin, begin + timedelta(days=365))
    assert all(len({each.phone for each in duty.people}) >= 3 for duty in duties)
    assert all(one.ends == other.begins for one, other in pairwise(duties))
    lengths = {(each.ends - each.begins) / timedelta(hours=1) for each in duties[1:-1]}
    assert lengths == {11.0, 12.0, 13.0}, "two nights of the year are shorter or longer"


def test_a_shift_begins_at_its_time_on_the_wall(schedule: Schedule) -> None:
    for day in (28, 29, 30):  # clocks change in the night to 29 March 2026
        noon = datetime(2026, 3, day, 12, tzinfo=UTC)
        begins = {
            duty.begins.astimezone(schedule.zone).strftime("%H:%M")
            for duty in schedule.between(noon - timedelta(hours=12), noon + timedelta(hours=12))[1:]
        }
        assert begins == {"08:00", "20:00"}


def test_a_hole_is_named_and_everybody_is_called_in_it(tmp_path: Path) -> None:
    told = FILE.read_text().replace('{from: "20:00"', '{days: [mon, tue, wed, thu, fri, sat], from: "20:00"')
    (tmp_path / "schedule.yaml").write_text(told)
    holed = read(tmp_path / "schedule.yaml")
    monday = datetime(2026, 3, 23, 12, tzinfo=UTC)
    (hole,) = holed.holes(monday, monday + timedelta(days=7))
    assert (hole.ends - hole.begins) == timedelta(hours=12)  # Sunday 20:00 to Monday 8:00
    assert len(holed.at(hole.begins)) == len(holed.people)


@pytest.mark.parametrize(
    ("old", "new"), [("ada, ben", "nobody, ben"), ("08:00", "8 o'clock"), ("policy:", "police:")]
)
def test_a_wrong_schedule_is_refused(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "schedule.yaml").write_text(FILE.read_text().replace(old, new))
    with pytest.raises(WrongSchedule):
        read(tmp_path / "schedule.yaml")


def test_the_second_is_called_after_5_minutes_and_the_third_after_10(desk: Desk, schedule: Schedule) -> None:
    first, second, third, *_ = phones(schedule, NOON)
    desk.post("/alerts", alarm(NOON))
    assert desk.after(0) == [first]
    assert desk.after(4.9) == []
    assert desk.after(0.1) == [second]
    assert desk.after(4.9) == []
    assert desk.after(0.1) == [third]
    assert desk.after(30) == []
    assert {(channel, address) for channel, address, _ in desk.sent} >= {
        (MAIL, schedule.at(datetime.fromtimestamp(NOON, UTC))[0].mail),
        (CHAT, "#on-call"),
    }


def test_an_acknowledgement_stops_the_calls_but_not_for_ever(desk: Desk, schedule: Schedule) -> None:
    desk.post("/alerts", alarm(NOON))
    desk.after(0)
    assert desk.post("/incidents/1/acknowledge", {"by": "ada"})[0] == 200
    assert desk.after(59) == []
    assert desk.after(1) == phones(schedule, NOON)[:1]


def test_who_is_called_after_a_handover_is_who_is_on_duty_then(desk: Desk, schedule: Schedule) -> None:
    desk.now = datetime(2026, 3, 23, 18, 58, tzinfo=UTC).timestamp()  # 19:58 in Berlin
    desk.post("/alerts", alarm(desk.now))
    day = phones(schedule, desk.now)
    assert desk.after(0) == day[:1]
    assert desk.after(5) == phones(schedule, desk.now)[1:2] != day[1:2]


def test_repetitions_update_one_incident_and_its_end_closes_it(desk: Desk) -> None:
    for _ in range(3):
        assert desk.post("/alerts", alarm(NOON)) == (200, {"incident": 1})
    desk.after(1)
    desk.post("/incidents/1/acknowledge", {"by": "ada"})
    desk.now += 60
    desk.post("/alerts", alarm(NOON, over=NOON + 90))
    (incident,) = desk.get("/incidents")["incidents"]
    assert (incident["notices"], incident["resolved"] - incident["began"]) == (4, 90)
    told = desk.after(0)
    assert told, "those who were called hear of the end"
    assert "RESOLVED" in desk.sent[-1][2]
    assert desk.get("/figures") == {
        "incidents": 1, "acknowledged": 1, "resolved": 1, "mtta_seconds": 60, "mttr_seconds": 90,
    }  # fmt: skip
    history = desk.get("/incidents/1")["history"]
    assert [each["what"].split()[0] for each in history] == ["opened:", "called", "acknowledged", "over"]


def test_what_comes_back_within_10_minutes_joins_its_incident_and_is_called_out(desk: Desk) -> None:
    desk.post("/alerts", alarm(NOON))
    desk.after(0)
    desk.now = NOON + 100
    desk.post("/alerts", alarm(NOON, over=NOON + 90))
    assert desk.post("/alerts", alarm(NOON + 90 + 600))[1] == {"incident": 1}
    assert desk.get("/incidents")["incidents"][0]["reopened"] == 1
    assert len(desk.after(11)) >= 1
    desk.now = NOON + 1000
    desk.post("/alerts", alarm(NOON + 690, over=NOON + 1000))
    assert desk.post("/alerts", alarm(NOON + 1601))[1] == {"incident": 2}


def test_another_problem_is_another_incident(desk: Desk) -> None:
    desk.post("/alerts", alarm(NOON))
    assert desk.post("/alerts", alarm(NOON, key="postgres"))[1] == {"incident": 2}


def test_a_critical_incident_without_review_is_overdue_after_5_days(desk: Desk) -> None:
    desk.post("/alerts", alarm(NOON))
    assert desk.post("/incidents/1/review", {"by": "ada", "lesson": "none"})[0] == 409
    desk.post("/alerts", alarm(NOON, over=NOON))
    late = str(NOON + 5 * 86400)
    assert desk.get("/reviews", at=str(NOON + 5 * 86400 - 1)) == {"overdue": []}
    assert [each["id"] for each in desk.get("/reviews", at=late)["overdue"]] == [1]
    desk.post("/incidents/1/review", {"by": "ada", "lesson": "a timeout was missing"})
    assert desk.get("/reviews", at=late) == {"overdue": []}


def test_a_broken_channel_is_tried_again_and_holds_up_no_other(desk: Desk) -> None:
    desk.broken = {SMS}
    desk.post("/alerts", alarm(NOON))
    assert desk.after(0) == []
    assert [channel for channel, *_ in desk.sent] == [MAIL]
    assert desk.calling.undelivered() == 1
    desk.broken = set()
    assert len(desk.after(0.1)) == 1
    assert desk.calling.undelivered() == 0


def test_nothing_is_lost_when_the_service_ends(schedule: Schedule, tmp_path: Path) -> None:
    before = Desk(schedule, Store(tmp_path / "oncall.sqlite"))
    before.post("/alerts", alarm(NOON))
    after = Desk(schedule, Store(tmp_path / "oncall.sqlite"))
    assert after.post("/alerts", alarm(NOON)) == (200, {"incident": 1})
    assert after.after(0) == phones(schedule, NOON)[:1]


def test_the_heartbeat_counts_by_the_time_that_it_says(desk: Desk) -> None:
    desk.post("/heartbeat", {"alerts": [{"annotations": {"said_at": str(NOON + 10)}}]})
    assert desk.heartbeat.notice(NOON + 55).ended is not None
    assert desk.heartbeat.notice(NOON + 56).ended is None
    desk.post(
        "/heartbeat", {"alerts": [{"annotations": {"said_at": str(NOON + 10)}}]}
    )  # repeated, not renewed
    desk.incidents.receive(desk.heartbeat.notice(NOON + 56), NOON + 56)
    desk.now = NOON + 56
    assert len(desk.after(0)) == 1
    assert CHAT in {channel for channel, *_ in desk.sent}, "no Alertmanager will tell the team"


@pytest.mark.parametrize("body", [{}, {"alerts": []}, {"alerts": [{}], "groupKey": "x"}, [], "text"])
def test_what_is_not_understood_is_refused(desk: Desk, body: object) -> None:
    assert desk.post("/alerts", body)[0] == 400
    assert desk.post("/heartbeat", body)[0] == 400


def test_a_notification_is_understood() -> None:
    with pytest.raises(NotUnderstood):
        notice_from({"groupKey": "x", "alerts": [{"status": "firing", "labels": {}, "annotations": {}}]})
    assert notice_from(alarm(NOON)).summary == "redis is down"


def test_wrong_requests_are_refused(desk: Desk) -> None:
    assert desk.post("/incidents/7/acknowledge", {"by": "ada"})[0] == 404
    desk.post("/alerts", alarm(NOON))
    assert desk.post("/incidents/1/acknowledge", {})[0] == 400
    assert desk.api.answer("GET", "/nothing", {}, b"")[0] == 404
    assert desk.api.answer("GET", "/schedule", {"until": "0"}, b"")[0] == 400
    desk.post("/alerts", alarm(NOON, over=NOON))
    with pytest.raises(Refused):
        desk.incidents.acknowledge(1, "ada", NOON)


def test_the_schedule_is_told_without_a_gap(desk: Desk) -> None:
    told = desk.get("/schedule")["schedule"]
    assert told[0]["from"] == NOON
    assert told[-1]["until"] == NOON + 14 * 86400
    assert told[0]["people"][0]["name"]
