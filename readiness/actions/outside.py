"""A place outside: a network namespace of our own, with one cable to this machine, on no network of the deployment."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from readiness.actions import sweeping
from readiness.core.errors import CannotLook
from readiness.harness.undo import UndoStack

CABLE = "readiness-out"
FAR_END = "readiness-far"
ADDRESSES = {"here": ("198.18.0.1", "fd72:6561:6469::1"), "there": ("198.18.0.2", "fd72:6561:6469::2")}
LENGTHS = (30, 64)
ANSWERS_IN = 30.0


@dataclass(frozen=True)
class Swept:
    """One address as seen from outside: ports that take a connection, and how many neither take nor refuse one."""

    address: str
    open: tuple[int, ...]
    silent: tuple[int, ...]


class Outside:
    """A place from which ports are tried. `addresses`: those of this machine as they are seen from there."""

    def __init__(self, process: subprocess.Popen[str], addresses: Sequence[str]) -> None:
        self._process = process
        self.addresses = tuple(addresses)

    def sweep(self, addresses: Sequence[str]) -> tuple[Swept, ...]:
        """Try every TCP port of each address. CannotLook when no answer comes back."""
        if self._process.stdin is None or self._process.stdout is None:
            raise CannotLook("nothing can be said to the place outside")
        try:
            self._process.stdin.write(json.dumps(list(addresses)) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError as problem:
            raise CannotLook(f"the place outside does not answer: {problem}") from problem
        if not answer:
            raise CannotLook("the place outside ended without an answer")
        told = json.loads(answer)
        return tuple(
            Swept(each, tuple(told[each]["open"]), tuple(told[each]["silent"])) for each in addresses
        )


@contextmanager
def outside(undo: UndoStack) -> Iterator[Outside]:
    """Stand outside this machine. Undo: take the cable away; the namespace goes with its only process.

    CannotLook where that is not allowed: it needs root, and `ip` and `unshare` of Linux.
    """
    step = undo.owe("remove_cable", name=CABLE)
    remove_cable(CABLE)
    with _started(["unshare", "--net", sys.executable, sweeping.__file__]) as process:
        try:
            _ip("link", "add", CABLE, "type", "veth", "peer", "name", FAR_END, "netns", str(process.pid))
            yield Outside(process, _connected(process.pid))
        finally:
            undo.settle(step)


@contextmanager
def here() -> Iterator[Outside]:
    """Look from this machine, which is outside already."""
    with _started([sys.executable, sweeping.__file__]) as process:
        yield Outside(process, ())


@contextmanager
def _started(argv: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    except OSError as problem:
        raise CannotLook(
            f"{argv[0]} cannot be started, so nothing can be seen from outside: {problem}"
        ) from problem
    with process:
        try:
            yield process
        finally:
            process.kill()


def _connected(pid: int) -> list[str]:
    """Give both ends of the cable their addresses; which of ours can be used from the other end."""
    _ip("link", "set", CABLE, "up")
    _ip("link", "set", FAR_END, "up", inside=pid)
    usable = []
    for ours, theirs, length in zip(ADDRESSES["here"], ADDRESSES["there"], LENGTHS, strict=True):
        flags = ("nodad",) if ":" in ours else ()
        if ":" in ours and not _speaks_ipv6():
            continue
        _ip("address", "add", f"{ours}/{length}", "dev", CABLE, *flags)
        _ip("address", "add", f"{theirs}/{length}", "dev", FAR_END, *flags, inside=pid)
        usable.append(ours)
    return usable


def _speaks_ipv6() -> bool:
    setting = Path(f"/proc/sys/net/ipv6/conf/{CABLE}/disable_ipv6")
    return setting.exists() and setting.read_text().strip() == "0"


def remove_cable(name: str) -> None:
    """Take the cable away, if it is there."""
    if name in {each for _, each in socket.if_nameindex()}:
        _ip("link", "delete", name)


def _ip(*words: str, inside: int | None = None) -> None:
    entered = ["nsenter", "--target", str(inside), "--net"] if inside is not None else []
    try:
        ran = subprocess.run([*entered, "ip", *words], capture_output=True, text=True, timeout=ANSWERS_IN)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise CannotLook(f"a place outside cannot be made: {problem}") from problem
    if ran.returncode != 0:
        who = "" if os.geteuid() == 0 else " It needs root; or say in the profile which addresses to look at."
        raise CannotLook(f"a place outside cannot be made: ip {' '.join(words)}: {ran.stderr.strip()}.{who}")
