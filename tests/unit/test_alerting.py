"""What is required of those who tell people: each requirement bites, and lets pass what is in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from readiness.config.alerting import AlertingPolicy, Channel, Fault, load_alerting_policy
from readiness.config.target import load_target
from readiness.drills.telling import FaultsTold, FaultTold, Record, fault_told, has_word
from readiness.matchers import alert_rules, alerting
from readiness.probes.alert_rules import DAY, DutyRoster, Rule, RulesInForce
from readiness.probes.alert_words import Wordings, fault_of_instruction, said_by, sections_of, shows
from readiness.targets.inbox import Message
from readiness.targets.manager import Silence
from readiness.targets.metrics import ActiveAlert
from readiness.targets.oncall import Duty, Figures, Incident, Person

ROOT = Path(__file__).parents[2]
POLICY: AlertingPolicy = load_alerting_policy(ROOT)
PROFILE = load_target(ROOT, "local").alerting
PHONE = "+1"
TEXT = "ServiceDown redis (critical), value 0. reference/runbooks/alerts.md#service-down"


def alert(service: str = "redis", value: str = "0") -> ActiveAlert:
    labels = {"alertname": "ServiceDown", "service": service, "severity": "critical"}
    return ActiveAlert(labels, {"summary": f"{service} is down"}, True, value)


def message(
    channel: str, at: float, *, over: bool = False, service: str = "redis", to: str = "team", text: str = ""
) -> Message:
    words = text or TEXT.replace("redis", service)
    return Message(channel, at, "[RESOLVED]" if over else "[FIRING]", words, (to,))


def incident(number: int = 1, **changes: object) -> Incident:
    one = Incident(
        id=number, title="ServiceDown", service="redis", severity="critical", summary="down", runbook="r#s", source="http://p",
        began=110.0, opened=111.0, notices=1, acknowledged=None, resolved=150.0,
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]  # fields of an Incident


def fault(**changes: object) -> FaultTold:
    messages = [
        message(channel, 120.0, to=to) for channel, to in (("mail", "team"), ("chat", "team"), ("sms", PHONE))
    ]
    ends = [message(channel, 160.0, over=True) for channel in ("mail", "chat", "sms")]
    assert PROFILE is not None
    told = fault_told(
        Fault(service="redis-exporter", hangs=True),
        (alert(),),
        [*messages, *ends],
        [incident()],
        PROFILE,
        (100.0, 150.0),
        PHONE,
    )
    return replace(told, **changes)  # type: ignore[arg-type]  # fields of a FaultTold


def faults(*several: FaultTold) -> FaultsTold:
    return FaultsTold(examined=3, faults=several or (fault(),), others=(), policy=POLICY)


def without(channel: Channel, side: str = "told") -> FaultTold:
    one = fault()
    return replace(one, **{side: {**getattr(one, side), channel: ()}})


def test_a_fault_that_is_told_everywhere_is_in_order() -> None:
    seen = faults()
    assert seen.slowest == 20
    for requirement in (
        alerting.is_told_in_every_channel(), alerting.has_its_end_told_in_every_channel(),
        alerting.makes_one_message_each(), alerting.makes_one_incident_each(),
    ):  # fmt: skip
        assert requirement.matches(seen)


@pytest.mark.parametrize("channel", ["mail", "chat", "phone"])
def test_a_channel_that_stays_silent_is_noticed(channel: Channel) -> None:
    assert not alerting.is_told_in_every_channel().matches(faults(without(channel)))
    assert not alerting.has_its_end_told_in_every_channel().matches(faults(without(channel, "over")))
    with pytest.raises(ValueError, match="not told"):
        _ = faults(without(channel)).slowest


def test_a_fault_without_alert_or_with_a_call_to_somebody_else_is_noticed() -> None:
    assert not alerting.is_told_in_every_channel().matches(faults(fault(alerts=())))
    assert not alerting.is_told_in_every_channel().matches(faults(fault(first_called="+2")))


def test_repetitions_and_messages_for_two_faults_are_noticed() -> None:
    one = fault()
    twice = {**one.told, "chat": (message("chat", 120.0), message("chat", 130.0))}
    assert not alerting.makes_one_message_each().matches(faults(replace(one, told=twice)))
    team_and_person = {**one.told, "mail": (message("mail", 120.0), message("mail", 121.0, to="ada"))}
    assert alerting.makes_one_message_each().matches(faults(replace(one, told=team_and_person)))
    assert not alerting.makes_one_message_each().matches(faults(one, one))


@pytest.mark.parametrize(
    "incidents",
    [
        (),
        (incident(1), incident(2)),
        (incident(resolved=None),),
        (incident(runbook=""),),
        (incident(began=0.0),),
    ],
)
def test_a_fault_without_one_closed_incident_is_noticed(incidents: tuple[Incident, ...]) -> None:
    assert not alerting.makes_one_incident_each().matches(faults(fault(incidents=incidents)))


def test_messages_are_about_a_fault_when_they_name_alert_and_service() -> None:
    assert has_word("redis is down", "redis")
    assert not has_word("redis-exporter is down", "redis")


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("redis", "it"), TEXT.replace("critical", "bad"), TEXT.replace("value 0", "no value"),
        TEXT.replace("#service-down", "#nowhere"), TEXT.replace("alerts.md", "other.md"), TEXT.split(" reference")[0],
    ],
)  # fmt: skip
def test_a_message_that_lacks_something_is_noticed(text: str) -> None:
    whole, lacking = (said_by(message("sms", 0, text=each), [alert()], ROOT, ()) for each in (TEXT, text))
    assert alerting.says_what_is_needed().matches(Wordings(examined=1, said=(whole,)))
    assert not alerting.says_what_is_needed().matches(Wordings(examined=1, said=(lacking,)))
    assert not alerting.says_what_is_needed().matches(
        Wordings(examined=1, said=(replace(whole, secrets=("key",)),))
    )


def test_values_are_found_rounded_and_as_percentages() -> None:
    assert shows("uses 91.2 % of it", "0.9123")
    assert shows("Value: 0", "0")
    assert not shows("for 30 s", "0")


def test_instructions_are_found_by_their_headings() -> None:
    assert list(sections_of('# What to do\n## service-down\ntext\n<a id="here">')) == [
        "what-to-do",
        "service-down",
        "here",
    ]
    assert fault_of_instruction("no link at all", ROOT)


def test_figures_follow_from_the_incidents() -> None:
    incidents = (incident(acknowledged=120.0), incident(2, resolved=170.0), incident(3, resolved=None))
    right = Record(examined=3, incidents=incidents, figures=Figures(10.0, 50.0))
    assert alerting.computes_its_figures().matches(right)
    for wrong in (Figures(10.0, 40.0), Figures(None, 50.0), Figures(9.0, 50.0)):
        assert not alerting.computes_its_figures().matches(replace(right, figures=wrong))


def in_force(rule: Rule, *silences: Silence) -> RulesInForce:
    return RulesInForce(
        examined=1, rules=(rule,), silences=silences, teams=("api",), policy=POLICY, now=1000.0
    )


def silence(**changes: object) -> Silence:
    one = Silence(
        "7", "ada", "we replace the disk", 0.0, 1000.0 + DAY, (("alertname", "Disk.*", True, False),)
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # fields of a Silence


def test_a_rule_without_owner_severity_or_instruction_is_noticed() -> None:
    right = Rule("Disk", "warning", "api", "The disk is full", "")
    required = alert_rules.says_whose_it_is_and_what_to_do()
    assert required.matches(in_force(right))
    assert required.matches(in_force(replace(right, name="Watchdog", severity="none")))
    for wrong in (
        {"severity": "page"},
        {"owner": ""},
        {"owner": "nobody"},
        {"summary": ""},
        {"instruction": "no link"},
    ):
        assert not required.matches(in_force(replace(right, **wrong)))


@pytest.mark.parametrize(
    "changes",
    [
        {"author": " "}, {"reason": ""}, {"ends": 1000.0 + 8 * DAY}, {"matches": (("alertname", ".*", True, False),)},
        {"matches": (("alertname", ".+", True, False), ("severity", "^.*$", True, False))},
        {"matches": (("alertname", "", False, True),)},
    ],
)  # fmt: skip
def test_a_silence_for_ever_or_of_everything_is_noticed(changes: dict[str, object]) -> None:
    rule = Rule("Disk", "warning", "api", "The disk is full", "")
    assert alert_rules.silences_nothing_for_ever().matches(in_force(rule, silence()))
    assert not alert_rules.silences_nothing_for_ever().matches(in_force(rule, silence(**changes)))


def test_a_minute_without_three_people_is_noticed() -> None:
    people = tuple(Person(name, f"+{name}", f"{name}@") for name in "abc")
    day, night = Duty(0.0, 43200.0, people), Duty(43200.0, 86400.0, people)
    required = alert_rules.leaves_no_minute_uncovered()

    def roster(*duties: Duty) -> DutyRoster:
        return DutyRoster(examined=len(duties), begins=0.0, ends=86400.0, duties=duties)

    assert required.matches(roster(day, night))
    for wrong in (
        roster(day), roster(night), roster(day, replace(night, begins=43300.0)), roster(day, replace(night, people=())),
        roster(day, replace(night, people=people[:2])), roster(day, replace(night, people=(*people[:2], people[0]))),
        roster(replace(day, ends=86400.0 * 2)), roster(day, replace(night, people=(people[0], people[0], *people[1:]))),
    ):  # fmt: skip
        assert not required.matches(wrong)
