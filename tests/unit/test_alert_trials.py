"""What is required of the alerting in copies of it: each requirement bites, and lets pass what is in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from readiness.config.alerting import AlertingPolicy, Channel, Row, load_alerting_policy
from readiness.drills.alert_breakage import BrokenChannel, DeadAlerting
from readiness.drills.alert_lifecycle import Escalation, LifeOfAnIncident, ServiceDown
from readiness.drills.alert_routing import Routing, RowTold, StormTold
from readiness.matchers import alert_breakage, alert_trials
from readiness.targets.inbox import Message
from readiness.targets.oncall import Incident, Person

POLICY: AlertingPolicy = load_alerting_policy(Path(__file__).parents[2])
PHONE = "+1"


def message(at: float, text: str) -> Message:
    return Message("chat", at, "[FIRING]", text, ("team",))


def incident(number: int = 1, resolved: float | None = 150.0) -> Incident:
    return Incident(
        id=number, title="ServiceDown", service="redis", severity="critical", summary="down", runbook="r#s", source="http://p",
        began=110.0, opened=111.0, notices=1, acknowledged=None, resolved=resolved,
    )  # fmt: skip


def routed(told: dict[Channel, tuple[str, ...]], row: Row = POLICY.rows[1]) -> Routing:
    teams: dict[str, dict[Channel, str]] = {
        name: {"mail": f"{name}@", "chat": f"#{name}"} for name in ("platform", "database", "api")
    }
    return Routing(
        examined=1,
        rows=(RowTold(row, {"mail": (), "chat": (), "phone": (), **told}),),
        teams=teams,
        phone=PHONE,
    )


def test_the_routing_table_is_held() -> None:
    right: dict[Channel, tuple[str, ...]] = {
        "mail": ("database@", "ada@"),
        "chat": ("#database",),
        "phone": (PHONE, "+2"),
    }
    assert alert_trials.reaches_whom_the_table_says().matches(routed(right))
    for wrong in (
        {"phone": ()},
        {"phone": ("+2",)},
        {"mail": ("platform@",)},
        {"chat": ("#database", "#api")},
    ):
        assert not alert_trials.reaches_whom_the_table_says().matches(routed({**right, **wrong}))
    together = routed(right)
    together = replace(together, rows=(replace(together.rows[0], shared=True),))
    assert not alert_trials.reaches_whom_the_table_says().matches(together)
    silent = next(each for each in POLICY.rows if not each.by)
    assert alert_trials.reaches_whom_the_table_says().matches(routed({}, silent))
    assert not alert_trials.reaches_whom_the_table_says().matches(routed({"chat": ("#platform",)}, silent))


def test_a_storm_is_its_cause_and_what_is_beside_it() -> None:
    cause, other, symptom = (message(at, words) for at, words in ((1, "cause"), (2, "other"), (3, "symptom")))
    right = StormTold(
        examined=9, symptoms=7, told={"mail": (cause, other), "chat": (other, cause)}, cause="cause", unrelated="other",
        flapping={"chat": (cause,)}, flaps=7,
    )  # fmt: skip
    assert (right.most, right.most_flapping) == (1, 1)
    assert alert_trials.tells_what_comes_and_goes().matches(right)
    assert not alert_trials.tells_what_comes_and_goes().matches(replace(right, flapping={"chat": ()}))
    assert alert_trials.names_the_cause_first().matches(right)
    assert alert_trials.tells_the_other_fault_too().matches(right)
    assert not alert_trials.names_the_cause_first().matches(replace(right, told={"chat": (symptom, cause)}))
    assert not alert_trials.names_the_cause_first().matches(replace(right, told={"chat": ()}))
    assert not alert_trials.tells_the_other_fault_too().matches(
        replace(right, told={"chat": (cause, symptom)})
    )
    both = message(1, "cause other")
    assert not alert_trials.tells_the_other_fault_too().matches(replace(right, told={"chat": (both,)}))


def test_calls_go_from_one_person_to_the_next() -> None:
    people = tuple(
        Person(name, phone, f"{name}@")
        for name, phone in (("a", "+1"), ("b", "+2"), ("c", "+3"), ("d", "+4"))
    )
    right = Escalation(
        examined=4,
        unanswered=(("+1", 0.1), ("+2", 5.2), ("+3", 10.1)),
        answered=(("+1", 0.1),),
        on_duty=people,
    )
    required = alert_trials.calls_the_next_until_somebody_answers()
    assert required.matches(right)
    assert (right.second_after, right.third_after) == (312.0, 606.0)
    for wrong in (
        {"unanswered": (("+1", 0.1),)}, {"unanswered": (("+2", 0.1), ("+1", 5), ("+3", 10))}, {"answered": ()},
        {"answered": (("+1", 0.1), ("+2", 5.0))}, {"on_duty": people[:2]}, {"on_duty": (people[0], people[0], people[1])},
    ):  # fmt: skip
        assert not required.matches(replace(right, **wrong))
    assert replace(right, unanswered=()).third_after == float("inf")


def test_an_incident_follows_its_problem() -> None:
    right = LifeOfAnIncident(
        examined=6, repeated=(incident(),), closed=incident(), lasted=40.0, back=(incident(resolved=None),), later=(1, 2),
        overdue_at_once=False, overdue_later=True, overdue_reviewed=False,
    )  # fmt: skip
    assert alert_trials.keeps_one_incident_for_one_problem().matches(right)
    assert alert_trials.asks_for_a_review().matches(right)
    for wrong in (
        {"repeated": (incident(1), incident(2))}, {"closed": None}, {"lasted": 4.0}, {"back": (incident(),)},
        {"back": (incident(), incident(2))}, {"later": (1,)},
    ):  # fmt: skip
        assert not alert_trials.keeps_one_incident_for_one_problem().matches(replace(right, **wrong))
    for name in ("overdue_at_once", "overdue_later", "overdue_reviewed"):
        flipped = replace(right, **{name: not getattr(right, name)})
        assert not alert_trials.asks_for_a_review().matches(flipped)


def test_an_outage_of_the_service_loses_nothing() -> None:
    right = ServiceDown(examined=3, lost=(), arrived_after=9.0, twice=False, called=True)
    assert alert_breakage.loses_nothing_while_down().matches(right)
    for wrong in ({"lost": (1,)}, {"arrived_after": None}, {"twice": True}, {"called": False}):
        assert not alert_breakage.loses_nothing_while_down().matches(replace(right, **wrong))


def test_a_broken_channel_is_told_by_the_others() -> None:
    right = BrokenChannel(
        examined=3,
        broken="mail",
        arrived={"mail": None, "chat": 6.0, "phone": 6.0},
        told_by={"chat": 20.0, "phone": 20.0},
    )
    assert alert_breakage.is_made_up_for_by_the_others().matches(right)
    assert alert_breakage.is_itself_told().matches(right)
    assert not alert_breakage.is_itself_told().matches(replace(right, told_by={"chat": 20.0}))
    for arrived in ({"mail": 6.0, "chat": 6.0, "phone": 6.0}, {"mail": None, "chat": None, "phone": 6.0}):
        assert not alert_breakage.is_made_up_for_by_the_others().matches(replace(right, arrived=arrived))


def test_the_death_of_the_alerting_is_told_by_somebody_else() -> None:
    right = DeadAlerting(examined=1, gone="prometheus", told_after=50.0, before=False)
    assert alert_breakage.is_noticed_by_somebody_else().matches(right)
    assert not alert_breakage.is_noticed_by_somebody_else().matches(replace(right, before=True))
    assert not alert_breakage.is_noticed_by_somebody_else().matches(replace(right, told_after=None))
    assert replace(right, told_after=None).seconds == float("inf")
