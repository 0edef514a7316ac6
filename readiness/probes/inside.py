"""Asks a copy from within its own container, over its loopback, with whatever the image has for that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.targets.platform import Platform, Replica

PATIENCE = 15.0
STATUS_LINE = re.compile(r"HTTP/\d(?:\.\d)? (\d{3})")
PYTHON = """
import socket, sys
port, path = int(sys.argv[1]), sys.argv[2]
with socket.create_connection(("127.0.0.1", port), timeout=8) as s:
    s.sendall(f"GET {path} HTTP/1.0\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n".encode())
    while chunk := s.recv(65536):
        sys.stdout.buffer.write(chunk)
"""
BASH = r"""exec 3<>"/dev/tcp/127.0.0.1/$0" && printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3 && cat <&3"""


@dataclass(frozen=True)
class InsideAnswer:
    """What a copy answered on its own loopback; status 0 when it did not, then `text` says why."""

    status: int
    text: str

    @property
    def body(self) -> str:
        """What follows the head of the answer."""
        return re.split(r"\r?\n\r?\n", self.text, maxsplit=1)[-1]


def ask_inside(platform: Platform, replica_id: str, port: int, path: str) -> InsideAnswer:
    """GET a path on a port of a copy's loopback. CannotLook when the image has nothing that can ask."""
    for argv in _ways(port, path):
        ran = platform.run_inside(replica_id, argv, timeout=PATIENCE)
        if not ran.no_such_command:
            status = STATUS_LINE.search(ran.output)
            return InsideAnswer(int(status[1]) if status else 0, ran.output)
    raise CannotLook(
        f"container {replica_id[:12]} cannot be asked from within: its image has none of python3, curl, bash and wget"
    )


def status_inside(platform: Platform, copy: Replica, port: int, path: str) -> int:
    """The status that a copy answers on its own loopback; 0 when it does not answer, or is gone before it can."""
    try:
        return ask_inside(platform, copy.id, port, path).status
    except CannotLook:
        if copy.id in {each.id for each in platform.replicas(copy.service)}:
            raise
        return 0


def _ways(port: int, path: str) -> Iterator[tuple[str, ...]]:
    url = f"http://127.0.0.1:{port}{path}"
    yield "python3", "-c", PYTHON, str(port), path
    yield "curl", "-sS", "-i", "--max-time", "8", url
    yield "bash", "-c", BASH, str(port), path
    yield "wget", "-q", "-S", "-T", "8", "-O", "-", url
