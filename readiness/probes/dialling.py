"""Runs beside a copy, in a container that has its network: where it stands, and whom it reaches. Any Python from 3.10 on will do.

Its text is sent there as it is, so it imports nothing but the standard library. The one argument is JSON, and so is what it
prints: for `{}` the surroundings of the copy, for `{"calls": [[host, port, speaks], …]}` how each call went.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import socket
import ssl
import stat
import struct
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 48
TO_CONNECT = 1.5
TO_ANSWER = 4.0
LISTENING = "0A"
GATEWAY_FLAG = 2
MOST_MOUNTS = 200
SYSTEM = re.compile(r"^/(proc|sys|dev)(/|$)|^/$|^/etc/(hosts|hostname|resolv\.conf)$")
ENGINE_SOCKETS = ("docker.sock", "containerd/containerd.sock", "podman/podman.sock", "crio/crio.sock")
FOLDERS = ("", "run/", "var/run/")
HTTP_REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
GREETINGS = {
    "http": (HTTP_REQUEST, rb"HTTP/1\.[01] \d{3}"),
    "https": (HTTP_REQUEST, rb"HTTP/1\.[01] \d{3}"),
    "postgresql": (struct.pack("!ii", 8, 80877103), rb"[SNE]"),
    "redis": (b"PING\r\n", rb"\+PONG|-[A-Z]+"),
    "smtp": (b"", rb"220[ -]"),
}


def listening_ports(table: str) -> set[int]:
    """The ports of a kernel table (`/proc/net/tcp`, `tcp6`) on which others than the machine itself are listened to."""
    ports = set()
    for line in table.splitlines():
        columns = line.split()
        if len(columns) > 3 and columns[3] == LISTENING:
            address, port = columns[1].split(":")
            if not (address.endswith("7F") or address == "0" * 24 + "01000000"):
                ports.add(int(port, 16))
    return ports


def routes(table: str) -> tuple[list[ipaddress.IPv4Network], list[str]]:
    """The networks that a kernel table (`/proc/net/route`) reaches without a gateway, and its gateways."""
    near, gateways = [], set()
    for line in table.splitlines()[1:]:
        destination, gateway, flags, mask = (line.split()[column] for column in (1, 2, 3, 7))
        if int(flags, 16) & GATEWAY_FLAG:
            gateways.add(_dotted(gateway))
        else:
            near.append(ipaddress.IPv4Network(f"{_dotted(destination)}/{_dotted(mask)}"))
    return near, sorted(gateways)


def _dotted(word: str) -> str:
    return socket.inet_ntoa(struct.pack("<I", int(word, 16)))


def own_address(network: ipaddress.IPv4Network) -> str:
    """The address by which this place is known on a network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        any_socket.connect((str(network[1]), 9))
        return str(any_socket.getsockname()[0])


def call(host: str, port: int, speaks: str) -> tuple[str, str]:
    """("answered", "open", "mute", "refused", "silent" or "unknown", what was said).

    `mute`: connected, but it did not speak as it should.
    """
    try:
        address = str(socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])
    except OSError as problem:
        return "unknown", str(problem)
    try:
        line = socket.create_connection((address, port), TO_CONNECT)
    except TimeoutError:
        return "silent", f"no connection within {TO_CONNECT} s"
    except OSError as problem:
        return "refused", str(problem)
    with line:
        if speaks not in GREETINGS:
            return "open", address
        return _greeted(line, speaks)


def _greeted(line: socket.socket, speaks: str) -> tuple[str, str]:
    words, expected = GREETINGS[speaks]
    line.settimeout(TO_ANSWER)
    try:
        if speaks == "https":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            line = context.wrap_socket(line)
        line.sendall(words)
        said = line.recv(200)
    except OSError as problem:
        return "mute", str(problem) or "no word in time"
    first = said.split(b"\r\n")[0].decode("latin-1")[:80]
    return ("answered" if re.match(expected, said) else "mute"), first or "hung up"


def engine_sockets(mounts: str) -> list[tuple[str, str]]:
    """Each socket of a container engine in the mounted places of `/proc/self/mountinfo`: path and "open" or "refused"."""
    points = [line.split()[4] for line in mounts.splitlines()]
    places = [point for point in points if not SYSTEM.match(point)][:MOST_MOUNTS]
    within = [folder + name for folder in FOLDERS for name in ENGINE_SOCKETS]
    paths = {os.path.join(place, name) for place in places for name in within} | set(places)
    return [(path, _knocked(path)) for path in sorted(paths) if _is_socket(path)]


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False


def _knocked(path: str) -> str:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(TO_CONNECT)
        try:
            line.connect(path)
        except OSError:
            return "refused"
        return "open"


def surroundings() -> dict[str, object]:
    """Where the copy stands: its own addresses, gateways, listening ports and the engine's sockets in sight.

    `deaf`: own addresses at which a listener of our own was not heard, although it was there: then nothing here can be believed.
    """
    near, gateways = routes(_text("/proc/net/route"))
    own = [(own_address(network), network.prefixlen) for network in near]
    ports = listening_ports(_text("/proc/net/tcp")) | listening_ports(_text("/proc/net/tcp6"))
    with socket.create_server(("0.0.0.0", 0), backlog=16) as control:
        number = control.getsockname()[1]
        deaf = [address for address, _ in own if call(address, number, "tcp")[0] != "open"]
    return {
        "own": [f"{address}/{length}" for address, length in own],
        "gateways": gateways,
        "ports": sorted(ports),
        "sockets": engine_sockets(_text("/proc/self/mountinfo")),
        "deaf": deaf,
    }


def _text(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def main(order: dict[str, list[tuple[str, int, str]]]) -> object:
    """What is printed for an order."""
    if "calls" not in order:
        return surroundings()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda each: call(*each), order["calls"]))


if __name__ == "__main__":
    threading.stack_size(256 * 1024)
    print(json.dumps(main(json.loads(sys.argv[1]))))
