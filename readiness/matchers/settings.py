"""What is required of services that are told something wrong, and of the platform that rolls them out."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.faults import HARMLESS, NOTHING_WRONG
from readiness.drills.misconfiguration import Misconfigurations, Tried
from readiness.drills.wrong_rollout import WrongRollout
from readiness.matchers.requirement import Requirement, Violation, requires

CHECK = "check it when the service starts, before anything else, and end with a status other than 0"


def are_refused_by_name() -> Requirement[Misconfigurations]:
    """Every copy with something wrong ended by itself and said which setting it was; what does no harm may also just work."""
    return requires(
        "every copy that is told something wrong refuses to start, and names the setting", _accepted
    )


def _accepted(seen: Misconfigurations) -> Iterator[Violation]:
    for each in seen.tried:
        if each.fault == NOTHING_WRONG or (each.fault in HARMLESS and each.ready):
            continue
        if not each.refused:
            yield Violation(_where(each), "refuses to start", _instead(each), CHECK)
        elif each.setting not in each.named:
            words = f"it says {each.words!r}" if each.words else "its words name another one, or none"
            yield Violation(_where(each), f"names {each.setting}", words, "say which setting is wrong")
        elif len(seen.settings[each.service]) > 1 and set(seen.settings[each.service]) <= set(each.named):
            observed = "its words name every setting there is"
            yield Violation(_where(each), f"names {each.setting}", observed, "name only what is wrong")


def hide_what_they_were_told() -> Requirement[Misconfigurations]:
    """No copy showed the value that it refused, or a secret."""

    def find(seen: Misconfigurations) -> Iterator[Violation]:
        for each in seen.tried:
            if each.shows:
                remedy = "say what is required of the setting, and never its value"
                yield Violation(_where(each), "its words hide the value", "they show it", remedy)

    return requires("no copy shows a value that it was told", find)


def start_without_what_is_optional() -> Requirement[Misconfigurations]:
    """Where nothing required is wrong a copy becomes ready; so the others ended for what was wrong. All settings are known."""
    return requires(
        "a copy starts when nothing required is missing, and every setting is known", _unexplained
    )


def _unexplained(seen: Misconfigurations) -> Iterator[Violation]:
    for each in seen.tried:
        if each.fault == NOTHING_WRONG and not each.ready:
            left_out = each.setting or "nothing"
            observed = f"{_instead(each)} {each.words!r}" if each.words else _instead(each)
            yield Violation(
                f"{each.service} without {left_out}",
                "starts and becomes ready",
                observed,
                "declare in the profile what is required",
            )
    for service, name in seen.undeclared:
        yield Violation(
            f"{service}: {name}",
            "a setting that the profile knows (told)",
            "it is in force, and nobody says what of it must be refused",
            "add it to `told`, with examples, or take it away",
        )


def is_taken_back() -> Requirement[WrongRollout]:
    """The platform tried it, took it back by itself, and every copy that ran before still runs."""
    return requires("the platform takes the rollout back, and the copies of before go on", _stays)


def _stays(seen: WrongRollout) -> Iterator[Violation]:
    where = f"a rollout without {seen.setting}"
    if not seen.taken_back:
        observed = f"after {seen.seconds:.0f} s it is {seen.state or 'still there'}"
        remedy = "let the platform take back what does not start (update_config.failure_action: rollback)"
        yield Violation(where, "taken back by the platform", observed, remedy)
    elif not seen.tried:
        yield Violation(
            where,
            "tried with a new copy",
            "no copy ended that was started with it",
            "look at what the rollout starts",
        )
    if seen.lost:
        remedy = "start new copies before old ones leave (update_config.order: start-first)"
        yield Violation(where, "every copy of before still runs", f"{', '.join(seen.lost)} ended", remedy)


def is_not_noticed_by_customers() -> Requirement[WrongRollout]:
    """Every answer to a customer was the right one."""

    def find(seen: WrongRollout) -> Iterator[Violation]:
        for each in seen.visits:
            if not each.right:
                remedy = "keep the copies of before until new ones are ready"
                yield Violation(
                    f"a customer who wants to {each.request}", "served as usual", each.fault, remedy
                )

    return requires("no customer notices the rollout", find)


def _where(each: Tried) -> str:
    return f"{each.service} with {each.setting} {each.fault}"


def _instead(each: Tried) -> str:
    if each.ready:
        return "it started, and says that it works"
    return (
        "it ended as if all were well"
        if each.exit_code == 0
        else (
            f"it ended with status {each.exit_code}"
            if each.refused
            else "it runs on, and never becomes ready"
        )
    )
