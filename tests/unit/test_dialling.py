"""What a lookout sees and hears, on loopback and in the kernel's tables as they were once printed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Network
from pathlib import Path
from threading import Thread

import pytest

from readiness.probes import dialling

LISTENERS = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 1 1 0 100 0 0 10 0
   1: 0B00007F:9C2D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 0100007F:1F42 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 3 1 0 100 0 0 10 0
   3: 0500000A:1F41 0600000A:8E2A 01 00000000:00000000 00:00000000 00000000 10001        0 4 1 0 100 0 0 10 0
"""
LISTENERS_6 = """  sl  local_address remote_address st
   0: 00000000000000000000000000000000:2328 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000001000000:2329 00000000000000000000000000000000:0000 0A 00000000:00000000
"""
ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth1\t00000000\t010013AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0001000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth1\t000013AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
"""


@contextmanager
def somebody_who(says: bytes) -> Iterator[int]:
    """A port on loopback where each caller hears these words, once he has spoken or at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            line, _ = listener.accept()
            with line, suppress(OSError):  # the caller may have hung up
                line.sendall(says)
                line.recv(200)

        Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]


def test_only_listeners_that_others_can_reach_count() -> None:
    assert dialling.listening_ports(LISTENERS) == {8000}
    assert dialling.listening_ports(LISTENERS_6) == {9000}


def test_networks_near_by_are_told_from_gateways() -> None:
    near, gateways = dialling.routes(ROUTES)
    assert near == [IPv4Network("10.0.1.0/24"), IPv4Network("172.19.0.0/16")]
    assert gateways == ["172.19.0.1"]
    assert dialling.routes("") == ([], [])


@pytest.mark.parametrize(
    ("speaks", "says"),
    [
        ("http", b"HTTP/1.1 404 Not Found\r\n\r\n"),
        ("postgresql", b"N"),
        ("redis", b"-NOAUTH Authentication required.\r\n"),
        ("redis", b"+PONG\r\n"),
        ("smtp", b"220 inbox ESMTP\r\n"),
    ],
)
def test_who_speaks_the_protocol_answers_also_when_he_refuses(speaks: str, says: bytes) -> None:
    with somebody_who(says) as port:
        assert dialling.call("127.0.0.1", port, speaks)[0] == "answered"


@pytest.mark.parametrize("speaks", ["http", "https", "postgresql", "redis", "smtp"])
def test_who_speaks_something_else_does_not(speaks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialling, "TO_ANSWER", 0.3)
    with somebody_who(b"welcome\r\n") as port:
        assert dialling.call("127.0.0.1", port, speaks)[0] == "mute"


def test_a_connection_alone_is_open_and_none_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert dialling.call("127.0.0.1", port, "tcp")[0] == "open"
    assert dialling.call("127.0.0.1", port, "tcp")[0] == "refused"
    assert dialling.call("nobody.invalid", port, "tcp")[0] == "unknown"


def test_a_socket_of_the_engine_is_found_where_it_is_mounted(tmp_path: Path) -> None:
    path = tmp_path / "run" / "docker.sock"
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(path))
        mounts = f"1 2 0:1 / {tmp_path} ro\n1 2 0:1 / / rw\n1 2 0:1 / /proc rw\n"
        assert dialling.engine_sockets(mounts) == [(str(path), "refused")]
        engine.listen()
        assert dialling.engine_sockets(mounts) == [(str(path), "open")]


def test_the_program_runs_by_itself_and_hears_its_own_listener() -> None:
    program = Path(dialling.__file__).read_text(encoding="utf-8")
    argv = [sys.executable, "-I", "-c", program]
    seen = json.loads(subprocess.run([*argv, "{}"], capture_output=True, text=True, check=True).stdout)
    assert seen["deaf"] == []
    with somebody_who(b"N") as port:
        order = json.dumps({"calls": [["127.0.0.1", port, "postgresql"]]})
        heard = json.loads(subprocess.run([*argv, order], capture_output=True, text=True, check=True).stdout)
    assert heard == [["answered", "N"]]
