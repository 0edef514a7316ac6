"""What stands written about alerts: the rules in force, the silences, and who is on duty when."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from readiness.config.alerting import AlertingPolicy, load_alerting_policy
from readiness.core.errors import CapabilityMissing
from readiness.core.observations import Observation
from readiness.probes.alert_words import fault_of_instruction
from readiness.targets.door import Door
from readiness.targets.manager import AlertManager, Silence
from readiness.targets.oncall import Duty, OnCallService
from readiness.targets.target import Target

DAY = 86400.0
NEXT_DAYS = 14
YEAR_DAYS = 366  # so that every change of the clocks is in it


@dataclass(frozen=True)
class Rule:
    """One rule in force. `instruction`: what is wrong with the link to its instruction, "" when nothing is."""

    name: str
    severity: str
    owner: str
    summary: str
    instruction: str


@dataclass(frozen=True, kw_only=True)
class RulesInForce(Observation):
    """All rules and silences. Examined: rules and silences. `now`: Unix seconds."""

    rules: tuple[Rule, ...]
    silences: tuple[Silence, ...]
    teams: tuple[str, ...]
    policy: AlertingPolicy
    now: float


@dataclass(frozen=True, kw_only=True)
class DutyRoster(Observation):
    """Who is on duty for the next days, and for a year. Unix seconds. Examined: stretches of duty."""

    begins: float
    ends: float
    duties: tuple[Duty, ...]


def rules_in_force(target: Target) -> RulesInForce:
    """Read the rules from what evaluates them, and the silences from what decides who is told."""
    alerting, alerts = target.profile.alerting, target.profile.alerts
    if alerting is None or alerts is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say who is told of what (alerting, alerts)."
        )
    rules = tuple(
        Rule(
            name=each.name,
            severity=each.labels.get("severity", ""),
            owner=each.labels.get("owner", ""),
            summary=each.annotations.get("summary", ""),
            instruction=fault_of_instruction(_links(each.annotations), alerting.instructions),
        )
        for each in target.metrics.rules()
    )
    silences = AlertManager(Door(alerts.url)).silences()
    return RulesInForce(
        examined=len(rules) + len(silences), rules=rules, silences=silences, teams=tuple(alerting.teams),
        policy=load_alerting_policy(target.root), now=time.time(),
    )  # fmt: skip


def duty_roster(target: Target) -> DutyRoster:
    """Read who is on duty from now on, for a year."""
    if target.profile.alerting is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say who is told of what (alerting).")
    begins = time.time()
    ends = begins + YEAR_DAYS * DAY
    duties = OnCallService(Door(target.profile.alerting.on_call.url)).schedule(begins, ends)
    return DutyRoster(examined=len(duties), begins=begins, ends=ends, duties=duties)


def _links(annotations: Mapping[str, str]) -> str:
    """The annotations that hold a link to an instruction."""
    return " ".join(
        value for name, value in annotations.items() if "runbook" in name or "instruction" in name
    )
