"""The image's health check: is the process alive? Run as `python3 -I -S live.py`; imports next to nothing."""

import _socket

connection = _socket.socket()
connection.settimeout(3)
connection.connect(("127.0.0.1", 8001))
connection.sendall(b"GET /livez HTTP/1.0\r\n\r\n")
raise SystemExit(connection.recv(64).split(b" ")[1] != b"200")
