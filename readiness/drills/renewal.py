"""The certificate is renewed while visitors come and connections stay open; and the door starts anew afterwards."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

from readiness.actions.copies import renew_copies
from readiness.config.certificates import Certificates
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.visitors import Visitors
from readiness.targets.journey import Served
from readiness.targets.target import Target
from readiness.targets.wire import Handshake, Kept

PROCEDURE = "renew_certificate"
KEPT_OPEN = 8
NEW_VISITORS = 10
AFTERWARDS = 10.0  # seconds for which we look for the new certificate after the procedure has ended
PACE = 1.0  # seconds between two requests over each kept connection


@dataclass(frozen=True, kw_only=True)
class Renewal(Observation):
    """One renewal. `before`: serial served until then. `seconds`: from its begin until all new visitors met another one.

    `shakes`: handshakes of new visitors at the end. `closed`: what befell kept connections that did not stay open. Examined:
    handshakes, visits and kept connections.
    """

    before: str
    exit_code: int
    words: str
    seconds: float
    shakes: tuple[Handshake, ...]
    visits: tuple[Served, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Restart(Observation):
    """What the door served before it started anew, after a renewal, and what it serves after. Examined: handshakes."""

    renewed: str
    after: Handshake


class KeptOpen:
    """Connections that are opened now and asked again and again; `faults` tells of those that did not stay open."""

    def __init__(self, target: Target) -> None:
        self._path = target.profile.door.ready.path
        self._stack = ExitStack()
        try:
            self._all = [self._stack.enter_context(target.wire.keep()) for _ in range(KEPT_OPEN)]
        except OSError as problem:
            self._stack.close()
            raise CannotLook(f"no connection to the door could be opened: {problem}") from problem
        self._broken: dict[Kept, str] = {}
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> KeptOpen:
        self.ask_all()
        if self._broken:
            self._stack.close()
            raise CannotLook(f"the door keeps no connection: {', '.join(set(self._broken.values()))}")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()
        if kind is None:
            self.ask_all()
        self._stack.close()

    @property
    def faults(self) -> tuple[str, ...]:
        """Why connections are not open any more, one sentence each."""
        return tuple(self._broken.values())

    def ask_all(self) -> None:
        """Ask once over each connection that is open."""
        for each in self._all:
            if each not in self._broken and (fault := each.ask(self._path)):
                self._broken[each] = fault

    def _go_on(self) -> None:
        while not self._leaving.wait(PACE):
            self.ask_all()


def renew_among_visitors(target: Target) -> Renewal:
    """Run the operator's procedure while visitors come and connections are kept open, until new visitors meet its result."""
    target.procedure(PROCEDURE)
    before = _served(target)
    with Visitors(target) as visitors, KeptOpen(target) as kept:
        began = clock()
        ran = target.run_procedure(PROCEDURE)
        waited = wait_until(
            lambda: tuple(target.wire.shake() for _ in range(NEW_VISITORS)),
            lambda shakes: _is_new(shakes, before),
            patience=AFTERWARDS,
            since=began,
        )
    visits = visitors.served
    return Renewal(
        examined=len(waited.last) + len(visits) + KEPT_OPEN,
        before=before,
        exit_code=ran.exit_code,
        words=ran.output,
        seconds=waited.seconds,
        shakes=waited.last,
        visits=visits,
        closed=kept.faults,
    )


def start_the_door_anew(target: Target) -> Restart:
    """Renew the certificate, replace every copy of the door, and look at what the new one serves."""
    platform, service = target.platform, certificates_of(target).door_service
    ran = target.run_procedure(PROCEDURE)
    if ran.exit_code != 0:
        raise CannotLook(f"the certificate was not renewed (exit status {ran.exit_code}): {ran.output}")
    renewed = _served(target)
    old = {copy.id for copy in platform.replicas(service)}
    renew_copies(platform, service)
    waited = wait_until(
        lambda: (platform.replicas(service), target.wire.shake()),
        lambda seen: bool(seen[0]) and all(copy.id not in old for copy in seen[0]) and not seen[1].error,
        patience=target.profile.patience.change,
    )
    copies, shake = waited.last
    if any(copy.id in old for copy in copies):
        raise CannotLook(f"{service} was not replaced within {waited.seconds:.0f} s")
    return Restart(examined=2, renewed=renewed, after=shake)


def certificates_of(target: Target) -> Certificates:
    """What the profile says of certificates. CapabilityMissing where it says nothing."""
    if target.profile.certificates is None:
        raise CapabilityMissing(
            f"The profile of {target.name} says nothing of its certificates (certificates)."
        )
    return target.profile.certificates


def _served(target: Target) -> str:
    shake = target.wire.shake()
    if shake.error:
        raise CannotLook(
            f"the door has no certificate that we trust, so its renewal says nothing: {shake.error}"
        )
    return shake.serial


def _is_new(shakes: Sequence[Handshake], before: str) -> bool:
    return all(each.serial and each.serial != before for each in shakes)
