"""What a stranger reaches from outside: every port of the machine, and what operators use behind the front door."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from readiness.actions.outside import Outside, Swept, here, outside
from readiness.actions.sweeping import ALL
from readiness.config.reach import Reach
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.harness.undo import UndoStack
from readiness.probes.routes import Routes, led_by, owners_of
from readiness.targets.platform import Platform, Published
from readiness.targets.target import Target

ENGINES = ("dockerd", "docker-proxy", "containerd", "podman", "conmon")
CONTAINER = re.compile(r"[0-9a-f]{64}")
LOOPBACKS = ("127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Reached:
    """A port that takes connections from outside: whose it is, and whether that belongs to the deployment."""

    address: str
    port: int
    owner: str
    part: bool


@dataclass(frozen=True, kw_only=True)
class ReachedPorts(Observation):
    """All ports that take connections from outside. Examined: ports tried."""

    allowed: tuple[int, ...]
    addresses: tuple[str, ...]
    reached: tuple[Reached, ...]


def try_every_port(target: Target, undo: UndoStack) -> ReachedPorts:
    """Try every TCP port from outside. CannotLook when listeners of our own are not seen as they have to be."""
    declared = reach_of(target)
    if declared.addresses:
        with here() as place, _controls(LOOPBACKS) as controls:
            _see_controls(place, LOOPBACKS, controls)
            swept = place.sweep(declared.addresses)
        reached = [Reached(each.address, port, "", part=True) for each in swept for port in each.open]
    else:
        with outside(undo) as place, _controls(EVERYWHERE) as controls, _controls(LOOPBACKS) as hidden:
            swept = place.sweep(place.addresses)
            _require_controls(swept, controls, hidden)
            own = {port for ports in (controls, hidden) for port in ports.values()}
            reached = list(_owned(target.platform, swept, own, dedicated=declared.dedicated))
    return ReachedPorts(
        examined=len(ALL) * len(swept),
        allowed=declared.allowed,
        addresses=tuple(each.address for each in swept),
        reached=tuple(reached),
    )


def ask_for_what_operators_use(target: Target) -> Routes:
    """Ask the front door for paths that only operators use, by its own name and by those of the parts behind it."""
    declared, owners = reach_of(target), owners_of(target)
    names = [service.name for service in target.platform.services()]
    own = tuple(led_by(target, owners, path, kept=True) for path in declared.operators)
    others = tuple(
        led_by(target, owners, path, kept=False, headers={"Host": name})
        for name in names
        for path in ("/", declared.operators[0])
    )
    return Routes(examined=len(own) + len(others), published=(), unpublished=own, unknown_host=others)


def reach_of(target: Target) -> Reach:
    """What the profile says may be reached from outside. CapabilityMissing where it says nothing."""
    if target.profile.reach is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what may be reached from outside (reach)."
        )
    return target.profile.reach


@contextmanager
def _controls(addresses: Sequence[str]) -> Iterator[dict[str, int]]:
    """Listen on a free port of each address; address -> port. What this machine does not speak is left out."""
    listeners = {}
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            listener = socket.socket(family, socket.SOCK_STREAM)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((address, 0))
            listener.listen(16)
        except OSError:
            continue
        listeners[address] = listener
    try:
        yield {address: listener.getsockname()[1] for address, listener in listeners.items()}
    finally:
        for listener in listeners.values():
            listener.close()


def _see_controls(place: Outside, addresses: Sequence[str], controls: Mapping[str, int]) -> None:
    for each in place.sweep([address for address in addresses if address in controls]):
        if controls[each.address] not in each.open:
            raise CannotLook(
                f"a port of our own on {each.address} was not seen, so others would not be either"
            )


def _require_controls(swept: Sequence[Swept], controls: Mapping[str, int], hidden: Mapping[str, int]) -> None:
    """What listens everywhere is seen over each address; what listens on the loopback is not."""
    if not swept:
        raise CannotLook("this machine has no address that can be seen from outside")
    for each in swept:
        everywhere = controls.get("::" if ":" in each.address else "0.0.0.0")
        if everywhere not in each.open:
            raise CannotLook(
                f"our own port {everywhere}, open to everybody, was not seen at {each.address} ({len(each.silent)} ports "
                "are silent): a firewall of this machine keeps the place outside out, so it says nothing of others."
            )
        if set(hidden.values()) & set(each.open):
            raise CannotLook(f"a port of the loopback was seen at {each.address}: that is not outside")


def _owned(
    platform: Platform, swept: Sequence[Swept], own: set[int], *, dedicated: bool
) -> Iterator[Reached]:
    published = {each.port: each for each in sorted(platform.published(), key=lambda each: each.part)}
    listening = _listening()
    for each in swept:
        for port in sorted(set(each.open) - own):
            owner, part = owner_of(platform, published.get(port), listening.get(port))
            yield Reached(each.address, port, owner, part or dedicated)


def owner_of(
    platform: Platform, published: Published | None, program: psutil.Process | None
) -> tuple[str, bool]:
    """Who listens on a port, and whether that belongs to the deployment: a part of it, or the engine itself."""
    if published is not None:
        return published.by, published.part
    if program is None:
        return "unknown", False
    try:
        name = program.name()
        found = CONTAINER.search(Path(f"/proc/{program.pid}/cgroup").read_text(encoding="ascii"))
    except (psutil.Error, OSError):
        return "unknown", False
    if name in ENGINES:
        return f"the engine itself ({name})", True
    return name, bool(found) and platform.is_part(found[0] if found else "")


def _listening() -> dict[int, psutil.Process]:
    """Port -> program that listens on it, as far as this user may know."""
    found = {}
    for each in psutil.net_connections(kind="tcp"):
        if each.status == psutil.CONN_LISTEN and each.pid and each.laddr:
            try:
                found[int(each.laddr.port)] = psutil.Process(each.pid)
            except psutil.Error:
                continue
    return found
