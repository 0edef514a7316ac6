"""What the metrics service has counted so far, copy by copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from readiness.config.counting import Business, Counting, Refusal, Robot, Tracing
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.targets.platform import Replica
from readiness.targets.target import Target

LOOKS_IN_TIME = (
    4  # the metrics service has looked at every copy again within so many of its intervals, or never will
)
EVERY = 0.3
AFTER = 0.5  # seconds for a copy to have counted what it answered


@dataclass(frozen=True)
class Counted:
    """The counts at one time: of requests by (copy, method, route, status), of response times by (copy, method, route).

    A copy is called by what it calls itself in answers; `unknown` are addresses that are no copy's.
    """

    requests: Mapping[tuple[str, str, str, str], float]
    times: Mapping[tuple[str, str, str], float]
    unknown: tuple[str, ...] = ()


def counting_of(target: Target) -> Counting:
    """What the profile says of what is counted. CapabilityMissing where it says nothing."""
    if target.profile.counting is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say what is counted (counting).")
    return target.profile.counting


def _part(target: Target, name: str) -> object:
    part = getattr(counting_of(target), name)
    if part is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say it (counting.{name}).")
    return part


def robot_of(target: Target) -> Robot:
    """The robot of the profile. CapabilityMissing where there is none."""
    part = _part(target, "robot")
    assert isinstance(part, Robot)
    return part


def refusal_of(target: Target) -> Refusal:
    """The request that the profile can let fail. CapabilityMissing where there is none."""
    part = _part(target, "refusal")
    assert isinstance(part, Refusal)
    return part


def business_of(target: Target) -> Business:
    """What customers make, by the profile. CapabilityMissing where it does not say."""
    part = _part(target, "business")
    assert isinstance(part, Business)
    return part


def tracing_of(target: Target) -> Tracing:
    """How the profile says that a request is followed. CapabilityMissing where it does not."""
    if target.profile.tracing is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how a request is followed (tracing)."
        )
    return target.profile.tracing


def copies_counted(target: Target) -> tuple[Replica, ...]:
    """All copies that run of the services whose requests are counted."""
    return tuple(copy for name in counting_of(target).services for copy in target.platform.replicas(name))


def looked_at(target: Target, since: float) -> Mapping[str, frozenset[str]]:
    """Which addresses the metrics service has looked at for each service after that time of its clock, and got an answer from."""
    counting = counting_of(target)
    label = counting.labels
    up = target.metrics.query(_fresh(since))
    return {
        service: frozenset(
            address(each.labels.get(label.copy_, "")) for each in up if each.labels.get(label.service) == service
        )
        for service in counting.services
    }  # fmt: skip


def _fresh(since: float) -> str:
    """What was looked at after that time, and answered. Without the time, what is gone shows for minutes."""
    return f"timestamp(up) > {since:.3f} and up == 1"


def address(instance: str) -> str:
    """The address in an instance label, without its port."""
    return instance.rpartition(":")[0] or instance


def after_a_look(target: Target, copies: Iterable[Replica], since: float) -> bool:
    """Wait until the metrics service has looked at each of these copies after that time of its clock; whether it did in time."""
    counting = counting_of(target)
    wanted = {copy.id: set(target.platform.addresses(copy.id)) for copy in copies}

    def behind(_: object = None) -> set[str]:
        fresh = {
            address(each.labels.get(counting.labels.copy_, ""))
            for each in target.metrics.query(_fresh(since + AFTER))
        }
        return {name for name, own in wanted.items() if not own & fresh}

    patience = LOOKS_IN_TIME * counting.every + AFTER
    return wait_until(behind, lambda left: not left, patience=patience, every=EVERY).happened


def read_counts(target: Target, copies: Iterable[Replica]) -> Counted:
    """What has been counted up to now. CannotLook where no copy can be told from another by its address."""
    counting = counting_of(target)
    label = counting.labels
    names = {own: copy.instance for copy in copies for own in target.platform.addresses(copy.id)}
    if not names:
        raise CannotLook("no copy of the services that are counted has an address")
    requests: defaultdict[tuple[str, str, str, str], float] = defaultdict(float)
    times: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    unknown = set[str]()
    for each in target.metrics.query(counting.requests):
        at = address(each.labels.get(label.copy_, ""))
        copy = names.get(at, "")
        method, route, status = (
            each.labels.get(name, "") for name in (label.method, label.route, label.status)
        )
        if copy:
            requests[copy, method, route, status] += each.value
        elif each.labels.get(label.service) in counting.services:
            unknown.add(at)
    for each in target.metrics.query(f"{counting.seconds}_count"):
        copy = names.get(address(each.labels.get(label.copy_, "")), "")
        if copy:
            times[copy, each.labels.get(label.method, ""), each.labels.get(label.route, "")] += each.value
    return Counted(dict(requests), dict(times), tuple(sorted(unknown)))
