"""A customer who entrusts orders and a file to a small shop, and asks for them again on its good and its bad days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from readiness.config.target import Target as Profile
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.drills.entrusting import Keeper
from readiness.targets.target import Target

ENTRUSTED = {
    "record": {
        "write": {
            "name": "order",
            "method": "POST",
            "path": "/orders",
            "body": {"item": "shoe {run}"},
            "expect_status": 201,
            "save": {"order": "id"},
        },
        "read": {
            "name": "look",
            "path": "/orders/{order}",
            "expect_status": 200,
            "expect_json": {"item": "shoe {run}"},
        },
    },
    "file": {
        "size": "4 KiB",
        "content_type": "image/png",
        "write": {
            "name": "attach",
            "method": "POST",
            "path": "/orders/{order}/files",
            "expect_status": 201,
            "save": {"file": "id"},
        },
        "read": {"name": "download", "path": "/files/{file}", "expect_status": 200},
    },
    "remove": [{"name": "cancel", "method": "DELETE", "path": "/orders/{run}", "expect_status": 204}],
}


class Shop(ThreadingHTTPServer):
    """Keeps orders and files by number. `full`: takes no files."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.removed: list[str] = []
        self.full = self.closed = False
        super().__init__(("127.0.0.1", 0), Counter)


class Counter(BaseHTTPRequestHandler):
    server: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.closed or (self.server.full and self.path.endswith("/files")):
            return self.answer(503 if self.server.closed else 507, b"{}")
        number = str(len(self.server.kept))
        self.server.kept[number] = body
        return self.answer(201, json.dumps({"id": number}).encode())

    def do_GET(self) -> None:
        kept = self.server.kept.get(self.path.rpartition("/")[2])
        self.answer(404 if kept is None else 200, kept or b"{}")

    def do_DELETE(self) -> None:
        self.server.removed.append(self.path)
        self.answer(204, b"")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def a_target(shop: Shop, entrusted: object = ENTRUSTED) -> Target:
    content = {
        "name": "shop",
        "title": "A shop",
        "platform": {"kind": "none"},
        "door": {"url": f"http://127.0.0.1:{shop.server_port}", "ready": {"path": "/orders", "status": 200}},
        "service": {"name": "shop", "image": "shop:1"},
        "entrusted": entrusted,
        "patience": {"answer": "2s"},
    }
    return Target(Profile.model_validate_json(json.dumps(content)), Path())


def test_what_is_kept_is_given_back(shop: Shop) -> None:
    keeper = Keeper(a_target(shop))
    keeper.entrust()
    with keeper.writing():
        wait_until(lambda: keeper.confirmed, lambda number: number >= 5, patience=10, every=0.01)
    read = keeper.read_back(1.0)
    assert read.records == keeper.confirmed >= 5
    assert (read.missing, read.lost, read.file) == (0, (), "")
    keeper.clean_up()
    assert len(shop.removed) == 1


def test_lost_records_and_changed_ones_are_both_missing(shop: Shop) -> None:
    keeper = Keeper(a_target(shop))
    keeper.entrust()
    with keeper.writing():
        wait_until(lambda: keeper.confirmed, lambda number: number >= 3, patience=10, every=0.01)
    orders = [number for number, content in shop.kept.items() if content.startswith(b"{")]
    del shop.kept[orders[1]]
    shop.kept[orders[2]] = b'{"item": "hat"}'
    read = keeper.read_back(0.2)
    assert read.missing == 2
    assert read.lost[0].startswith("look: status 404")


def test_a_file_of_the_same_length_with_another_content_is_missed(shop: Shop) -> None:
    keeper = Keeper(a_target(shop))
    keeper.entrust()
    shop.kept["1"] = shop.kept["1"][::-1]
    assert keeper.read_back(0.2).file == "download: 4096 bytes with another content than was sent"


def test_a_file_that_was_not_taken_is_not_looked_for(shop: Shop) -> None:
    shop.full = True
    keeper = Keeper(a_target(shop))
    keeper.entrust()
    assert "status 507" in keeper.read_back(0.2).file


def test_without_a_record_nothing_can_be_looked_at(shop: Shop) -> None:
    shop.closed = True
    with pytest.raises(CannotLook, match="no record could be entrusted"):
        Keeper(a_target(shop)).entrust()


def test_a_profile_that_names_nothing_offers_nothing(shop: Shop) -> None:
    with pytest.raises(CapabilityMissing, match="does not say what customers entrust"):
        Keeper(a_target(shop, None))


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        (
            "record",
            {"write": {**ENTRUSTED["record"]["write"], "body": {"item": "shoe"}}},
            "two records would be the same",
        ),
        (
            "file",
            {"read": {**ENTRUSTED["file"]["read"], "path": "/files/{unknown}"}},
            "that no earlier request saved",
        ),
    ],
)
def test_a_description_that_cannot_work_is_refused(
    shop: Shop, part: str, change: dict[str, object], words: str
) -> None:
    entrusted = {**ENTRUSTED, part: {**ENTRUSTED[part], **change}}
    if part == "record":
        entrusted["record"]["read"] = {**ENTRUSTED["record"]["read"], "expect_json": None}
    with pytest.raises(ValueError, match=words):
        a_target(shop, entrusted)
