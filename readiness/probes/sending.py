"""Runs beside a copy, in a container that has its network: sends requests as they are given. Any Python from 3.10 on will do.

Its text is sent there as it is, so it imports nothing but the standard library. The one argument is JSON: a list of
[address, port, method, target, headers, body]. So is what it prints: the status of each answer, 0 where there was none.
"""

from __future__ import annotations

import http.client
import json
import sys

PATIENCE = 8


def send(address: str, port: int, method: str, target: str, headers: dict[str, str], body: str) -> int:
    """The status of the answer to one request; nothing is added but the length of the body."""
    connection = http.client.HTTPConnection(address, port, timeout=PATIENCE)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body.encode())))
        connection.endheaders(body.encode() or None)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    print(json.dumps([send(*each) for each in json.loads(sys.argv[1])]))
