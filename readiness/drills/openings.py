"""What a secret opens: whoever comes with it is let in or refused by the database, the cache, the API or a service itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from readiness.actions.lookouts import post_lookouts
from readiness.config.rotation import CacheLogIn, KeyLogIn, Rotation
from readiness.config.service_calls import ServiceCall
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import pause
from readiness.drills.connections import declared_connections
from readiness.drills.signed_calls import Sender
from readiness.harness.undo import UndoStack
from readiness.probes import redis_log_in
from readiness.probes.database import declared_database, running_database
from readiness.targets.target import Target

PROGRAM = Path(redis_log_in.__file__)
PATIENCE = 60.0
LOOKS = 3
STRANGER, SERVED = 401, 200
LogIn = Callable[[str], bool]


def rotation_of(target: Target) -> Rotation:
    """How secrets are replaced. CapabilityMissing where the profile does not say."""
    if target.profile.rotation is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say which secrets are replaced (rotation)."
        )
    return target.profile.rotation


class Openings:
    """Tries values of secrets. Undo: remove the lookouts. CapabilityMissing where a secret that is replaced opens nothing."""

    def __init__(self, target: Target, undo: UndoStack) -> None:
        self._target, self._undo = target, undo
        rotation = rotation_of(target)
        self._ways = {name: list(self._ways_of(name, rotation)) for name in rotation.replaced}
        if closed := [name for name, ways in self._ways.items() if not ways]:
            raise CapabilityMissing(
                f"The profile of {target.name} does not say what {', '.join(closed)} opens "
                "(rotation, database.roles, service_calls)."
            )

    def lets_in(self, name: str, value: str) -> bool:
        """Whether any way that the secret opens is open to somebody with this value."""
        return any(_looked(way, value) for way in self._ways[name])

    def _ways_of(self, name: str, rotation: Rotation) -> Iterator[LogIn]:
        profile = self._target.profile
        for role in profile.database.roles if profile.database else ():
            if role.logs_in_with == name:
                yield from (_DatabaseLogIn(self._target, each) for each in role.names)
        yield from (
            _CacheLogIn(self._target, self._undo, each) for each in rotation.caches if each.name == name
        )
        yield from (_KeyLogIn(self._target, each) for each in rotation.keys if each.name == name)
        reference = next(each.value for each in profile.secrets if each.name == name)
        for call in profile.service_calls:
            if call.identity.secret == reference:
                yield self._calling(call, "key")
            if call.signing.secret == reference:
                yield self._calling(call, "signing")

    def _calling(self, call: ServiceCall, part: str) -> LogIn:
        """Calls between services with another key, or another signing key."""
        return lambda value: _answers(Sender(self._target, self._undo, call, **{part: value}))


def _looked(way: LogIn, value: str) -> bool:
    """What a way tells. On a busy machine an engine may lose what a program said there: then it is looked at again."""
    for _ in range(LOOKS - 1):
        try:
            return way(value)
        except CapabilityMissing:
            raise
        except CannotLook:
            pause(1.0)
    return way(value)


def _answers(sender: Sender) -> bool:
    """Whether any copy serves a rightly signed request. CannotLook where one neither serves nor refuses it."""
    sent = sender.send_right()
    if unclear := [each for each in sent if each.status not in (each.required, STRANGER)]:
        raise CannotLook(f"copy {unclear[0].copy} answers a signed request with status {unclear[0].status}")
    return any(each.status == each.required for each in sent)


class _DatabaseLogIn:
    """One login of the database, over its network port."""

    def __init__(self, target: Target, name: str) -> None:
        self._target, self._name = target, name
        self._database = declared_database(target)
        if self._database.log_in is None:
            raise CapabilityMissing(
                f"The profile of {target.name} does not say how to log in to the database."
            )

    def __call__(self, value: str) -> bool:
        log_in, platform = self._database.log_in, self._target.platform
        assert log_in is not None, "looked at when this was made"
        copy = running_database(platform, self._database, self._target.profile.patience.answer)
        argv = [*(each.replace("{role}", self._name) for each in log_in.command), "SELECT 1"]
        ran = platform.run_inside(copy.id, argv, timeout=PATIENCE, settings={log_in.variable: value})
        if ran.exit_code != 0 and "FATAL" not in ran.output:
            raise CannotLook(f"the database neither lets {self._name} in nor refuses: {ran.output[-200:]}")
        return ran.exit_code == 0


class _CacheLogIn:
    """The cache, asked from beside a copy of one of its clients."""

    def __init__(self, target: Target, undo: UndoStack, cache: CacheLogIn) -> None:
        self._target, self._undo, self._cache = target, undo, cache

    def __call__(self, value: str) -> bool:
        platform, cache = self._target.platform, self._cache
        clients = platform.replicas(cache.client)[:1]
        if not clients:
            raise CannotLook(f"no copy of {cache.client} runs")
        image = declared_connections(self._target).image
        lookout = post_lookouts(platform, self._undo, image, clients)[clients[0].id]
        argv = ["python3", "-I", "-c", PROGRAM.read_text(encoding="utf-8"), cache.host, str(cache.port)]
        said = platform.run_inside(
            lookout, argv, timeout=PATIENCE, settings={"PASSWORD": value}
        ).output.strip()
        if said != "+OK" and not said.startswith(("-WRONGPASS", "-ERR AUTH", "-NOAUTH")):
            raise CannotLook(f"the cache neither lets in nor refuses: {said[-200:]}")
        return said == "+OK"


class _KeyLogIn:
    """The API, asked at the door."""

    def __init__(self, target: Target, key: KeyLogIn) -> None:
        self._target, self._key = target, key

    def __call__(self, value: str) -> bool:
        access = self._target.profile.access
        proof = access.proof(value) if access else {"Authorization": f"Bearer {value}"}
        answer = self._target.door.ask("GET", self._key.path, headers=proof)
        if answer.status not in (SERVED, STRANGER):
            raise CannotLook(
                f"the door neither serves nor refuses a key: status {answer.status} {answer.error}"
            )
        return answer.status == SERVED
