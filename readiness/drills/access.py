"""Everybody who must not get in knocks at every published operation, on every copy; one with a sufficient key gets in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from readiness.actions.keys import Key, Order, access_of, issue_keys, unique
from readiness.actions.shares import forgive_guesses, let_all_use_plenty
from readiness.config.access import Access, Call
from readiness.config.journey import RUN
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.verdicts import Gap
from readiness.core.waiting import clock, pause
from readiness.drills.knocking import NOBODY, Asker, Knock, Street, send
from readiness.drills.revoking import revoke_and_watch
from readiness.harness.undo import UndoStack
from readiness.probes.published import Operation, published_operations
from readiness.targets.door import Answer
from readiness.targets.journey import value_at
from readiness.targets.target import Target

SHORT_LIFE = 15.0  # seconds that the key lives which ends under our eyes
REMOVES = "DELETE"
GUESSED = ("test", "admin", "changeme", "null", "undefined", "%", "' OR '1'='1")


@dataclass(frozen=True)
class Served:
    """A call of the owner, with a sufficient key: the status that it should have, and the one that it had."""

    operation: str
    expected: int
    status: int
    instance: str


@dataclass(frozen=True, kw_only=True)
class Knocks(Observation):
    """What became of everybody who knocked. Examined: requests that had to be refused.

    `spellings`: nobody, with other methods and in other spellings. `served`: the same operations for the owner of what was
    asked for. `changed`: what the owner saw otherwise afterwards. `unseen`: who, operation and copy that never answered.
    `uncalled`: operations of which the profile knows no call. `revoked_after`: seconds from the revocation of a key to the last
    time that any copy served it.
    """

    knocks: tuple[Knock, ...]
    spellings: tuple[Knock, ...]
    served: tuple[Served, ...]
    changed: tuple[str, ...]
    unseen: tuple[str, ...]
    uncalled: tuple[str, ...]
    revoked_after: float

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """That nobody was served beside those who were refused, where the profile does not say how."""
        reason = "the profile does not say how it is called with success (access.calls)"
        return tuple(Gap(f"{operation} for one who may", reason) for operation in self.uncalled)


@dataclass(frozen=True)
class Bunch:
    """The keys of one such drill. `lacking`: scope -> a key that has all the others."""

    owner: Key
    ending: Key
    revoked: Key
    other: Key
    lacking: Mapping[str, Key]


def let_everybody_knock(target: Target, undo: UndoStack) -> Knocks:
    """Issue keys, let their owner make things, let everybody ask for them, look what changed. Undo: remove the clients,
    forget the wrong keys."""
    access = access_of(target)
    operations = published_operations(target, access)
    forgive_guesses(target, undo)
    bunch = _issue(target, undo, access)
    issued = clock()
    owner = Owner(target, access, bunch.owner)
    owner.call(each for each in operations if each.method != REMOVES)
    other = Owner(target, access, bunch.other)
    other.call(each for each in operations if each.method != REMOVES)
    for key in (bunch.ending, bunch.revoked):
        owner.require_let_in(key)
    street = Street(target, owner.known)
    revoked_after = revoke_and_watch(
        target,
        bunch.revoked,
        lambda: owner.look_in(bunch.revoked),
        owner.first.expect_status,
        street.copies_behind,
    )
    before = owner.view(operations)
    first = street.let_knock(_askers(access, operations, bunch, owner.known, other.known))
    pause(max(0.0, issued + SHORT_LIFE - clock()))
    over = {"a key whose time is over": bunch.ending, "a revoked key": bunch.revoked}
    second = street.let_knock(
        Asker(who, access.proof(key.value), access.refusals.stranger, operations) for who, key in over.items()
    )
    spellings = street.in_other_spellings(operations)
    changed = _differences(before, owner.view(operations))
    owner.call(each for each in operations if each.method == REMOVES)
    return Knocks(
        examined=len(first.knocks) + len(second.knocks) + len(spellings),
        knocks=first.knocks + second.knocks,
        spellings=spellings,
        served=tuple(owner.served),
        changed=changed,
        unseen=first.unseen + second.unseen,
        uncalled=tuple(str(each) for each in operations if each.call is None),
        revoked_after=revoked_after,
    )


class Owner:
    """The client to whom belongs what everybody asks for: makes it, looks at it and removes it, by the calls of the profile."""

    def __init__(self, target: Target, access: Access, key: Key) -> None:
        self._target, self._access = target, access
        self._door = target.another_door()
        self._header = access.proof(key.value)
        self.known = {RUN: unique("run")}
        self.served: list[Served] = []

    def call(self, operations: Iterable[Operation]) -> None:
        """Make these calls and keep what they give. CannotLook when the next one needs what an earlier one did not give."""
        for operation in operations:
            if operation.call is None:
                continue
            missing = operation.call.placeholders - self.known.keys()
            if missing:
                raise CannotLook(
                    f"{operation} cannot be called without {', '.join(sorted(missing))}: {self.served[-1]}"
                )
            answer = self._ask(operation, self._header)
            self.served.append(
                Served(str(operation), operation.call.expect_status, answer.status, answer.instance)
            )
            values = {name: value_at(answer.json(), key) for name, key in operation.call.save.items()}
            self.known |= {name: str(value) for name, value in values.items() if value is not None}

    def view(self, operations: Iterable[Operation]) -> dict[str, list[bytes]]:
        """What the owner reads now: operation -> lines of the answer, in no order."""
        reads = [each for each in operations if each.call and each.method == "GET"]
        return {str(each): sorted(self._ask(each, self._header).body.splitlines()) for each in reads}

    @property
    def first(self) -> Call:
        """The first call that reads something and needs nothing."""
        return next(call for call in self._access.calls if call.method == "GET" and not call.placeholders)

    def look_in(self, key: Key) -> Answer:
        """The answer to the first call for somebody with this key."""
        return self._door.ask("GET", self.first.path, headers=self._access.proof(key.value))

    def require_let_in(self, key: Key) -> None:
        """CannotLook unless the key is good now: otherwise its being refused later shows nothing."""
        answer = self.look_in(key)
        if answer.status != self.first.expect_status:
            raise CannotLook(f"{key} is refused before its time: status {answer.status} {answer.error}")

    def _ask(self, operation: Operation, header: Mapping[str, str]) -> Answer:
        path = operation.address(self.known)
        return send(self._target, self._door, operation.method, path, header, operation, self.known)


def _issue(target: Target, undo: UndoStack, access: Access) -> Bunch:
    owner, lacking, scopes = unique("owner"), unique("lacking"), access.scopes
    less = {scope: [each for each in scopes if each != scope] for scope in scopes if len(scopes) > 1}
    first = (
        Order(owner, f"{owner}-full", scopes),
        Order(unique("leaving"), unique("leaving-full"), scopes),
        Order(unique("other"), unique("other-full"), scopes),
        *(Order(lacking, f"{lacking}-{number}", less[scope]) for number, scope in enumerate(less)),
        Order(owner, f"{owner}-ending", scopes, SHORT_LIFE),
    )
    full, revoked, other, *others, ending = keys = issue_keys(target, undo, first)
    let_all_use_plenty(target, keys)
    return Bunch(full, ending, revoked, other, dict(zip(less, others, strict=True)))


def _askers(
    access: Access,
    operations: tuple[Operation, ...],
    bunch: Bunch,
    known: Mapping[str, str],
    others: Mapping[str, str],
) -> list[Asker]:
    """All who must not get in now, and what each asks for."""
    good, refusals = bunch.owner.value, access.refusals

    def stranger(who: str, key: str, asked: tuple[Operation, ...] = operations) -> Asker:
        return Asker(who, access.proof(key), refusals.stranger, asked, everywhere=False)

    own = tuple(value for name, value in known.items() if name != RUN)
    return [
        Asker(NOBODY, {}, refusals.stranger, operations),
        Asker("a key that was never issued", access.proof(_unlike(good)), refusals.stranger, operations),
        stranger("a good key without its last sign", good[:-1]),
        stranger("a good key with one sign more", good + good[-1]),
        stranger("a good key in the other case", good.swapcase()),
        Asker(
            "a good key in another header",
            {"X-Api-Key": good},
            refusals.stranger,
            operations,
            everywhere=False,
        ),
        Asker("an empty key", access.proof(""), refusals.stranger, operations, everywhere=False),
        *(stranger(f"the key {key!r}", key, operations[:1]) for key in GUESSED),
        *(
            Asker(
                f"a key of another client, by its own {operation.objects[0]}",
                access.proof(bunch.other.value),
                refusals.foreign,
                (operation,),
                known={name: others[name] for name in operation.objects[:-1] if name in others},
            )
            for operation in operations
            if len(operation.objects) > 1 and operation.call
        ),
        Asker(
            "a key of another client",
            access.proof(bunch.other.value),
            refusals.foreign,
            operations,
            hidden=own,
            after=access.proof(good),
        ),
        *(
            Asker(f"a key without {scope}", access.proof(key.value), refusals.insufficient, needing)
            for scope, key in bunch.lacking.items()
            if (needing := tuple(each for each in operations if each.call and each.call.needs == scope))
        ),
    ]


def _unlike(key: str) -> str:
    """A key of the same form that is not this one: its signs in another order."""
    return key[1:] + key[0] if key[1:] + key[0] != key else key[:-1] + ("0" if key[-1] != "0" else "1")


def _differences(
    before: Mapping[str, Sequence[bytes]], after: Mapping[str, Sequence[bytes]]
) -> tuple[str, ...]:
    return tuple(operation for operation, lines in before.items() if after.get(operation) != lines)
