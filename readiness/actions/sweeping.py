"""Runs wherever the outside is looked from: which TCP ports of addresses let themselves be connected to. Any Python from 3.10 on.

Its text is run there as it is, so it imports nothing but the standard library. Each line that it reads is JSON, a list of
addresses; it answers with a line of JSON: address -> {"open": [ports], "silent": [ports]}.
"""

from __future__ import annotations

import errno
import json
import socket
import sys
import threading
import time
from collections.abc import Iterable

AT_ONCE = 400
ANSWERS_IN = 1.0
ALL = range(1, 65536)
MOST_TRIED_AGAIN = 2000
PAUSE = 0.002
PENDING = (errno.EALREADY, errno.EINPROGRESS)
CONNECTED = (0, errno.EISCONN)
ALWAYS = threading.Event()  # that never comes


def sweep(address: str, ports: Iterable[int] = ALL) -> tuple[list[int], list[int]]:
    """The open ports of an address, and the silent ones: those that neither take nor refuse a connection."""
    opened, silent = _round(address, list(ports))
    if len(silent) <= MOST_TRIED_AGAIN:  # a single packet may be lost; a wall is a wall
        again, silent = _round(address, silent)
        opened += again
    return sorted(opened), sorted(silent)


def _round(address: str, ports: list[int]) -> tuple[list[int], list[int]]:
    opened: list[int] = []
    silent: list[int] = []
    for begin in range(0, len(ports), AT_ONCE):
        some_opened, some_silent = _batch(address, ports[begin : begin + AT_ONCE])
        opened += some_opened
        silent += some_silent
    return opened, silent


def _batch(address: str, ports: list[int]) -> tuple[list[int], list[int]]:
    """Call all of them, then ask each line again and again how the call went: here a refusal comes at once."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    lines = {port: socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) for port in ports}
    opened = []
    end = time.monotonic() + ANSWERS_IN
    while lines:
        for port, line in list(lines.items()):
            outcome = line.connect_ex((address, port))
            if outcome not in PENDING:
                opened += [port] if outcome in CONNECTED else []
                lines.pop(port).close()
        if time.monotonic() > end:
            break
        ALWAYS.wait(PAUSE)
    for line in lines.values():
        line.close()
    return opened, list(lines)


def main() -> None:
    """Answers order after order, until there is none."""
    for order in sys.stdin:
        swept = {address: sweep(address) for address in json.loads(order)}
        told = {address: {"open": opened, "silent": silent} for address, (opened, silent) in swept.items()}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
