"""The HTTP side: receives chat and SMS, and gives back everything that was received.

POST   /chat /sms /heartbeat              a notification
GET    /messages?channel=NAME&since=TIME  {"messages": [...]}; TIME is ISO 8601 or seconds since 1970
DELETE /messages?channel=NAME             forgets them: {"deleted": n}
GET    /                                  what this is
"""

import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from whoop_inbox.formats import NotUnderstood, draft_from_post
from whoop_inbox.messages import CHANNELS, Messages

ABOUT = "A stand-in for mail server, team chat and SMS gateway. Nothing is delivered; read it at /messages."
LARGEST_BODY_BYTES = 1024 * 1024


def parse_time(text: str) -> datetime:
    """Reads ISO 8601 (UTC if it names no zone) or seconds since 1970. Raises ValueError."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        time = datetime.fromisoformat(text)
        return time if time.tzinfo else time.replace(tzinfo=UTC)


class Server(ThreadingHTTPServer):
    """The HTTP server with the messages that its handlers work on."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], messages: Messages) -> None:
        super().__init__(address, Handler)
        self.messages = messages


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    timeout = 30

    def do_GET(self) -> None:
        """Gives back messages, or says what this is."""
        path, channel, since = self._request()
        if path == "/":
            self._answer(200, {"about": ABOUT, "channels": list(CHANNELS)})
        elif path == "/messages":
            self._messages(channel, since)
        else:
            self._answer(404, {"error": f"there is no {path}"})

    def do_DELETE(self) -> None:
        """Forgets messages."""
        path, channel, _ = self._request()
        if path == "/messages":
            self._answer(200, {"deleted": self.server.messages.forget(channel)})
        else:
            self._answer(404, {"error": f"there is no {path}"})

    def do_POST(self) -> None:
        """Receives a notification."""
        channel = self._request()[0].removeprefix("/")
        length = int(self.headers.get("Content-Length") or 0)
        if channel not in CHANNELS or channel == "mail":
            self._answer(404, {"error": f"there is no /{channel}; mail comes in by SMTP"})
        elif length > LARGEST_BODY_BYTES:
            self._answer(413, {"error": f"at most {LARGEST_BODY_BYTES} bytes"})
        else:
            self._receive(channel, self.rfile.read(length).decode("utf-8", errors="replace"))

    def _receive(self, channel: str, body: str) -> None:
        try:
            draft = draft_from_post(channel, body, self.headers.get("Content-Type", ""))
        except NotUnderstood as error:
            self._answer(400, {"error": str(error)})
            return
        self._answer(200, {"kept": self.server.messages.keep(draft).number})

    def _messages(self, channel: str | None, since: str | None) -> None:
        try:
            moment = parse_time(since) if since else None
        except ValueError:
            self._answer(400, {"error": f"since={since} is neither ISO 8601 nor seconds since 1970"})
            return
        found = self.server.messages.find(channel, moment)
        self._answer(200, {"messages": [message.as_json() for message in found]})

    def _request(self) -> tuple[str, str | None, str | None]:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        return parts.path, query.get("channel", [None])[0], query.get("since", [None])[0]

    def _answer(self, status: int, value: dict[str, object]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: what was received can be read at /messages."""
