"""Knocking at published operations as somebody who must not get in, on every copy, and in other spellings."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from readiness.config.placeholders import filled
from readiness.core.errors import CannotLook
from readiness.core.waiting import pause
from readiness.probes.published import Operation
from readiness.targets.door import Answer, Door
from readiness.targets.target import Target

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
AT_ONCE = 3
LIMITED = 429
TRIES = 12  # times the number of copies, until each has answered
LONGEST_STEP = 0.02  # seconds
LONGEST_BODY = 200_000
NOBODY = "nobody"


@dataclass(frozen=True)
class Asker:
    """Somebody who must not get in: the header he shows, and the status that he must get; on every copy, or once.

    `hidden`: what is somebody else's. Operations on no thing in particular may answer him, but not with that. `after`: the header
    of somebody who may, and who reads the same just before him, so that what is remembered for the one is at hand for the other.
    `known`: what fills the parameters of operations instead of what is the owner's.
    """

    who: str
    header: Mapping[str, str] = field(repr=False)
    required: int
    operations: tuple[Operation, ...]
    everywhere: bool = True
    hidden: tuple[str, ...] = ()
    after: Mapping[str, str] = field(default_factory=dict, repr=False)
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Knock:
    """How one request that must be refused was answered, and by which copy. `required` 0: any refusal will do.

    `hidden_only`: it need not be refused, as long as nothing of somebody else's is in the answer (`shown`).
    """

    who: str
    operation: str
    required: int
    status: int
    instance: str
    hidden_only: bool = False
    shown: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Knocked:
    """All that was asked, and in words what no answer came for: who, operation and copy."""

    knocks: tuple[Knock, ...]
    unseen: tuple[str, ...]


class Street:
    """Where askers knock: the target, what fills the parameters of its operations, and the copies behind its door."""

    def __init__(self, target: Target, known: Mapping[str, str]) -> None:
        self._target, self._known = target, known
        self._services = {
            copy.instance: service.name
            for service in target.platform.services()
            for copy in target.platform.replicas(service.name)
        }

    def let_knock(self, askers: Iterable[Asker]) -> Knocked:
        """Let each of them ask for everything, several at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(pool.map(self._knock_as, askers))
        return Knocked(
            tuple(knock for result in results for knock in result.knocks),
            tuple(unseen for result in results for unseen in result.unseen),
        )

    def in_other_spellings(self, operations: Sequence[Operation]) -> tuple[Knock, ...]:
        """Nobody, asking for every path with other methods and in other spellings."""
        door = self._target.another_door()
        return tuple(
            _knock(NOBODY, f"{method} {path}", 0, self._ask(door, method, path, {}, None))
            for method, path in other_spellings(operations, self._known)
        )

    def copies_behind(self, instance: str) -> frozenset[str]:
        """All copies of the service to which this one belongs; empty where nobody knows it."""
        service = self._services.get(instance)
        return frozenset(each for each, owner in self._services.items() if owner == service and service)

    def _knock_as(self, asker: Asker) -> Knocked:
        door = self._target.another_door()
        knocks: list[Knock] = []
        unseen: list[str] = []
        for operation in asker.operations:
            made = list(self._everywhere(door, asker, operation))
            knocks += made
            missing = self.copies_behind(made[-1].instance) - {knock.instance for knock in made}
            if asker.everywhere:
                unseen += [f"{asker.who}: {operation} on {copy}" for copy in sorted(missing)]
        return Knocked(tuple(knocks), tuple(unseen))

    def _everywhere(self, door: Door, asker: Asker, operation: Operation) -> Iterator[Knock]:
        """One knock, and where every copy has to be seen, more until each has answered."""
        path = operation.address({**self._known, **asker.known})
        lenient = bool(asker.hidden) and not operation.takes_an_object
        seen: set[str] = set()
        left = 1
        if asker.after and operation.method == "GET":
            self._ask(door, operation.method, path, asker.after, operation)
        while left:
            if seen:  # askers in step with each other, and with the turns of the door, would each meet one copy only
                pause(random.uniform(0, LONGEST_STEP))
            answer = self._ask(door, operation.method, path, asker.header, operation)
            yield _knock(
                asker.who,
                str(operation),
                0 if lenient else asker.required,
                answer,
                asker.hidden if lenient else (),
            )
            if not seen and asker.everywhere:
                left += TRIES * len(self.copies_behind(answer.instance))
            seen.add(answer.instance)
            left = 0 if self.copies_behind(answer.instance) <= seen else left - 1

    def _ask(
        self, door: Door, method: str, path: str, header: Mapping[str, str], operation: Operation | None
    ) -> Answer:
        answer = send(self._target, door, method, path, header, operation, self._known)
        if answer.status == LIMITED:
            raise CannotLook(
                f"{method} {path}: too many requests for the target's own limits ({answer.body[:200]!r}), so it does not tell "
                "whether it would have let us in. Agree on more for those who examine it, or try again later."
            )
        return answer


def send(
    target: Target,
    door: Door,
    method: str,
    path: str,
    header: Mapping[str, str],
    operation: Operation | None,
    known: Mapping[str, str],
) -> Answer:
    """One request, with the body that the operation's call in the profile has."""
    call = operation.call if operation else None
    kind = {"Content-Type": call.content_type} if call and call.content_type else {}
    return door.ask(
        method,
        path,
        json=filled(call.body, known) if call else None,
        body=call.content.encode() if call and call.content else None,
        headers={**header, **kind},
        timeout=target.profile.patience.answer,
    )


def other_spellings(operations: Sequence[Operation], known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Method and path: every path with the methods that are not published for it, and with every method spelled otherwise."""
    published = {(each.method, each.address(known).partition("?")[0]) for each in operations}
    for path in dict.fromkeys(path for _, path in published):
        for method in METHODS:
            if (method, path) not in published:
                yield method, path
    for method, path in sorted(published):
        for spelling in (f"{path}/", f"/{path}", path.replace("/", "//", 2), path.upper()):
            yield method, spelling


def _knock(who: str, operation: str, required: int, answer: Answer, hidden: Sequence[str] = ()) -> Knock:
    text = answer.body[:LONGEST_BODY].decode("utf-8", "replace")
    shown = tuple(each for each in hidden if each in text)
    return Knock(who, operation, required, answer.status, answer.instance, bool(hidden), shown, answer.error)
