"""The search, over HTTP, for operators. It logs in as a role that can only read, and sees the archives for reading only.

GET /lines?text=&service=&level=&request_id=&container=&field.NAME=&since=&until=&limit=   {"lines": [...], "complete": bool}
    The newest first. All conditions hold; times are ISO 8601 or seconds since 1970; without `since`: of the last day.
    archived=true: in the archives of these days, instead of in the store.
GET /archives                                                                              {"archives": [...]}
GET /services                                                                              {"services": [...]} of the last day
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import psycopg
from psycopg.rows import dict_row

from whoop_logs.keeping import archives_in, lines_of
from whoop_logs.searching import NotUnderstood, Question, question_of
from whoop_logs.settings import log_in, number, say, stopped, text

SERVICE = "log-search"
ROLE = "log_reader"
COLUMNS = "at, collected, service, container, name, stream, level, request_id, line, fields"


class Server(ThreadingHTTPServer):
    """Each connection has a thread, and each question a connection to the store."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], archive: Path) -> None:
        super().__init__(address, Handler)
        self.archive = archive


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    timeout = 30

    def do_GET(self) -> None:
        """One question."""
        path, asked = urlsplit(self.path).path, parse_qsl(urlsplit(self.path).query, keep_blank_values=True)
        try:
            if path == "/lines":
                self._lines(question_of(asked, datetime.now(UTC)))
            elif path == "/services":
                question = "SELECT DISTINCT service FROM lines WHERE at > now() - interval '1 day' ORDER BY 1"
                self._answer(200, {"services": [each["service"] for each in _rows(question, [])]})
            elif path == "/archives":
                there = [
                    {"day": day.isoformat(), "file": file.name, "bytes": file.stat().st_size}
                    for file, day in archives_in(self.server.archive)
                ]
                self._answer(200, {"archives": there})
            else:
                self._answer(404, {"error": f"there is no {path}; /lines, /services and /archives are there"})
        except NotUnderstood as problem:
            self._answer(400, {"error": str(problem)})
        except (psycopg.Error, OSError, EOFError) as problem:
            say(SERVICE, "a question was not answered", "error", path=path, detail=str(problem))
            self._answer(503, {"error": f"the store cannot be asked: {problem}"})

    def _lines(self, question: Question) -> None:
        found = _in_archives(self.server.archive, question) if question.archived else _in_store(question)
        self._answer(200, {"lines": found[: question.limit], "complete": len(found) <= question.limit})

    def _answer(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content, default=_written).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What is searched for is nobody's business."""


def _written(value: object) -> str:
    assert isinstance(value, datetime)
    return value.astimezone(UTC).isoformat()


def _in_store(question: Question) -> list[dict[str, object]]:
    condition, values = question.condition()
    return _rows(
        f"SELECT {COLUMNS} FROM lines WHERE {condition} ORDER BY at DESC LIMIT %s",
        [*values, question.limit + 1],
    )


def _in_archives(folder: Path, question: Question) -> list[dict[str, object]]:
    files = [
        path for path, day in archives_in(folder) if question.since.date() <= day <= question.until.date()
    ]
    fitting = (
        line for path in reversed(files) for line in map(json.loads, lines_of(path)) if question.fits(line)
    )
    return sorted(islice(fitting, question.limit + 1), key=lambda line: line["at"], reverse=True)


def _rows(statement: str, values: list[object]) -> list[dict[str, object]]:
    with log_in(ROLE) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, values).fetchall()


def main() -> None:
    """Serves until it is told to stop."""
    stop = stopped()
    server = Server(("0.0.0.0", int(number("PORT", 8080))), Path(text("ARCHIVE", "/var/lib/logs/archive")))
    say(SERVICE, "started")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stop.wait()
    server.shutdown()
    say(SERVICE, "stopped")
