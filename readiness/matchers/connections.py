"""What is required of connections within a deployment: what is needed is reached from every copy, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.connections import Need
from readiness.drills.calling import APART, BY_NAME, Call
from readiness.drills.connections import ConnectionsSeen
from readiness.matchers.requirement import Requirement, Violation, requires

REACHED = ("answered", "open")
KEEP_APART = "take the two off their common network, or declare why this is accepted"


def reach_what_they_need() -> Requirement[ConnectionsSeen]:
    """From every copy, everything that its service needs answers: by its name, and each of its copies."""
    return requires("every copy reaches everything that its service needs", _unreached)


def _unreached(seen: ConnectionsSeen) -> Iterator[Violation]:
    for need in seen.declared.needed:
        if seen.about in ("", need.server):
            for port in need.ports:
                yield from _unreached_port(seen, need, port)


def _unreached_port(seen: ConnectionsSeen, need: Need, port: int) -> Iterator[Violation]:
    calls = [
        call
        for call in seen.calls
        if call.needed and (call.client, call.server, call.port) == (need.client, need.server, port)
    ]
    if not calls:
        remedy = f"deploy {need.client}, or take the connection out of the declaration"
        yield Violation(need.client, f"a copy that needs {need.server}", "no copy runs", remedy)
    elif all(call.callee == BY_NAME for call in calls):
        remedy = f"deploy {need.server}, or take the connection out of the declaration"
        yield Violation(need.server, f"a copy that {need.client} needs", "no copy runs", remedy)
    for copy, callee in dict.fromkeys((call.copy, call.callee) for call in calls):
        ways = [call for call in calls if (call.copy, call.callee) == (copy, callee)]
        if not any(call.outcome == _wanted(call) for call in ways):
            yield Violation(
                f"copy {copy} of {need.client} to {need.server} ({callee}), port {port}",
                f"an answer in {need.speaks.value}",
                "; ".join(map(_told, ways)),
                "see that both are on one network, under that name, and that every copy listens there",
            )


def _wanted(call: Call) -> str:
    return "open" if call.speaks == "tcp" else "answered"


def _told(call: Call) -> str:
    if call.outcome == APART:
        return "no network in common"
    return f"{call.address}: {call.outcome}" + (f" ({call.said})" if call.said else "")


def reach_nothing_else() -> Requirement[ConnectionsSeen]:
    """From no copy a port of another part is open that it does not need and that nobody accepted."""
    return requires("no copy reaches a part that its service does not need", _too_far)


def _too_far(seen: ConnectionsSeen) -> Iterator[Violation]:
    if not any(call.needed and call.outcome in REACHED for call in seen.calls):
        yield Violation(
            "all copies",
            "something needed that is reached, by which we know that calls get through",
            "no call got through",
            "mend the network first",
        )
    for call in seen.calls:
        if not call.needed and call.outcome in REACHED:
            yield Violation(
                f"copy {call.copy} of {call.client}",
                f"no way to {call.server}, port {call.port}",
                f"open at {call.address}",
                KEEP_APART,
            )


def leave_the_engine_alone() -> Requirement[ConnectionsSeen]:
    """Only the declared services reach the engine that runs the copies; each of them does, by which we know that we see it."""
    return requires("no copy reaches the engine, apart from those declared to", _engine_users)


def _engine_users(seen: ConnectionsSeen) -> Iterator[Violation]:
    users = seen.declared.engine.used_by
    for each in seen.engine:
        if each.outcome == "open" and each.client not in users:
            yield Violation(
                f"copy {each.copy} of {each.client}",
                "no way to the engine: whoever has it, has the machine",
                f"open at {each.where}",
                "take the mount or the port away, or declare the service",
            )
    for user in users:
        if not any(each.client == user and each.outcome == "open" for each in seen.engine):
            yield Violation(
                user, "reaches the engine, as declared", "reaches it nowhere", "take it out of the list"
            )
