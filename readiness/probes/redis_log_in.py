"""Runs beside a copy, in a container that has its network: logs in to a Redis. Any Python from 3.10 on will do.

Its text is sent there as it is, so it imports nothing but the standard library. Arguments: host and port; the password is in the
environment variable `PASSWORD`. It prints the first line of the answer.
"""

from __future__ import annotations

import os
import socket
import sys

PATIENCE = 5


def log_in(host: str, port: int, password: str) -> str:
    """What Redis says to a password."""
    with socket.create_connection((host, port), PATIENCE) as line:
        line.settimeout(PATIENCE)
        line.sendall(f"AUTH {password}\r\n".encode())
        return line.recv(200).decode("latin-1").partition("\r\n")[0]


if __name__ == "__main__":
    print(log_in(sys.argv[1], int(sys.argv[2]), os.environ["PASSWORD"]))
