"""A customer's journey against a small shop on loopback, with its good and its bad days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, islice
from pathlib import Path
from threading import Event, Thread

import pytest

from readiness.config.target import Target as Profile
from readiness.core.errors import CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.drills import arrivals
from readiness.drills.arrivals import Arrivals
from readiness.drills.markers import Markers
from readiness.drills.visitors import Visitors
from readiness.targets.journey import Customer
from readiness.targets.target import Target

ORDER = {
    "name": "order",
    "method": "POST",
    "path": "/orders",
    "body": {"item": "shoe {run}"},
    "expect_status": 201,
}
JOURNEY = [
    {**ORDER, "expect_json": {"item": "shoe {run}"}, "save": {"order": "id"}},
    {"name": "look", "path": "/orders/{order}", "expect_status": 200, "expect_json": {"item": "shoe {run}"}},
    {"name": "cancel", "method": "DELETE", "path": "/orders/{order}", "expect_status": 204},
    {"name": "look again", "path": "/orders/{order}", "expect_status": 404},
]


class Shop(ThreadingHTTPServer):
    """Keeps orders by number. `closed`: it refuses; `forgetful`: it answers with another item than was ordered.

    The first order is taken only when `awake` is set.
    """

    def __init__(self) -> None:
        self.orders: dict[str, str] = {}
        self.numbers = count(1)
        self.closed = self.forgetful = False
        self.asked, self.awake = 0, Event()
        self.awake.set()
        super().__init__(("127.0.0.1", 0), Counter)


class Counter(BaseHTTPRequestHandler):
    server: Shop
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        item = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["item"]
        if self.server.closed:
            return self.answer(503, {})
        self.server.asked += 1
        if self.server.asked == 1:
            self.server.awake.wait(20)
        number = str(next(self.server.numbers))  # never one that was given before
        self.server.orders[number] = item
        return self.answer(201, {"id": int(number), "item": item})

    def do_GET(self) -> None:
        item = self.server.orders.get(self.path.rpartition("/")[2])
        self.answer(200 if item else 404, {"item": "hat" if self.server.forgetful else item})

    def do_DELETE(self) -> None:
        gone = self.server.orders.pop(self.path.rpartition("/")[2], None)
        self.answer(503 if self.server.closed else 204 if gone else 404, None)

    def answer(self, status: int, body: object) -> None:
        payload = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("X-Instance", "counter-1")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        """Tests have words of their own."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield shop
    shop.shutdown()
    shop.server_close()


def target_of(shop: Shop, journey: list[dict[str, object]]) -> Target:
    content = {
        "name": "shop",
        "title": "A shop",
        "platform": {"kind": "none"},
        "door": {"url": f"http://127.0.0.1:{shop.server_port}", "ready": {"path": "/orders/1"}},
        "service": {"name": "shop", "image": "shop:1"},
        "journey": journey,
    }
    profile = Profile.model_validate_json(json.dumps(content), context={"root": Path("/")})
    return Target(profile, Path("/"))


@pytest.fixture
def customer(shop: Shop) -> Customer:
    return Customer(target_of(shop, JOURNEY), fresh_connections=True)


def test_a_whole_journey_is_served_by_a_named_copy(shop: Shop, customer: Customer) -> None:
    answers = list(customer.walk())
    assert [(each.request, each.fault, each.instance) for each in answers] == [
        (name, "", "counter-1") for name in ("order", "look", "cancel", "look again")
    ]
    assert customer.is_served()
    assert not shop.orders


def test_a_refusal_is_no_right_answer_and_what_needs_it_is_not_asked(shop: Shop, customer: Customer) -> None:
    shop.closed = True
    (answer,) = customer.walk()
    assert (answer.status, answer.right) == (503, False)
    assert answer.fault == "status 503 instead of 201: {}"
    assert not customer.is_served()


def test_the_wrong_content_under_the_right_status_is_no_right_answer(shop: Shop, customer: Customer) -> None:
    shop.forgetful = True
    wrong = [each for each in customer.walk() if not each.right]
    assert [each.request for each in wrong] == ["look"]
    assert wrong[0].fault.endswith('{"item": "hat"}')


def test_an_answer_without_what_is_to_be_saved_is_no_right_answer(shop: Shop) -> None:
    customer = Customer(
        target_of(shop, [{**ORDER, "save": {"order": "receipt.number"}}]), fresh_connections=True
    )
    (answer,) = customer.walk()
    assert answer.fault == "content without receipt.number"


def test_silence_is_no_right_answer(shop: Shop, customer: Customer) -> None:
    shop.shutdown()
    shop.server_close()
    (answer,) = customer.walk()
    assert answer.status == 0
    assert answer.fault.startswith("no answer: ConnectionError")


def test_what_a_broken_walk_left_is_removed_afterwards(shop: Shop, customer: Customer) -> None:
    with closing(customer.walk()) as walk:
        list(islice(walk, 2))
    assert len(shop.orders) == 1
    customer.clean_up()
    assert not shop.orders


def test_a_target_without_a_journey_cannot_be_visited(shop: Shop) -> None:
    with pytest.raises(CapabilityMissing, match="describes no journey"):
        Customer(target_of(shop, []), fresh_connections=True)


def test_visitors_come_until_they_are_sent_home_and_leave_nothing(shop: Shop) -> None:
    with Visitors(target_of(shop, JOURNEY)) as visitors:
        assert wait_until(lambda: len(visitors.served), lambda number: number >= 5, patience=10).happened
    assert all(each.right for each in visitors.served)
    assert not shop.orders
    asked = [
        each.asked for each in visitors.served
    ]  # two customers: answers need not come in the order of the questions
    first, last = min(asked), max(asked)
    assert visitors.served_between(first, last + 1) == visitors.served
    assert visitors.served_between(last + 1, last + 2) == ()


def test_customers_arrive_although_one_of_them_is_stuck_and_leave_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "BETWEEN_ARRIVALS", 0.05)
    monkeypatch.setattr(arrivals, "BETWEEN_REQUESTS", 0.01)
    shop.awake.clear()
    with Arrivals(target_of(shop, JOURNEY)) as coming:
        assert wait_until(lambda: len(coming.served), lambda number: number >= 8, patience=10).happened
        assert {each.request for each in coming.served if each.writes} == {"order", "cancel"}
        shop.awake.set()
    assert all(each.right for each in coming.served)
    assert not shop.orders


def test_a_customer_whom_one_answer_fails_leaves_and_leaves_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "BETWEEN_ARRIVALS", 0.05)
    monkeypatch.setattr(arrivals, "BETWEEN_REQUESTS", 0.01)
    shop.forgetful = True
    with Arrivals(target_of(shop, JOURNEY)) as coming:
        assert wait_until(lambda: len(coming.served), lambda number: number >= 6, patience=10).happened
    assert {each.request for each in coming.served} == {"order", "look"}
    assert not shop.orders


def test_a_mark_stays_until_it_is_removed(shop: Shop, customer: Customer) -> None:
    mark = customer.leave_mark(0.0)

    assert mark.acknowledged
    assert [each.request for each in mark.answers] == ["order", "look"]
    assert all(each.right for each in customer.find_mark(mark))
    customer.clean_up()
    assert not shop.orders


def test_a_mark_that_is_gone_is_not_found(shop: Shop, customer: Customer) -> None:
    mark = customer.leave_mark(0.0)
    shop.orders.clear()

    assert [each.status for each in customer.find_mark(mark)] == [404]


def test_what_was_refused_was_not_acknowledged(shop: Shop, customer: Customer) -> None:
    shop.closed = True

    assert not customer.leave_mark(0.0).acknowledged


def test_markers_leave_marks_until_they_are_stopped_and_remove_them_at_the_end(shop: Shop) -> None:
    with Markers(target_of(shop, JOURNEY)) as markers:
        wait_until(lambda: markers.marks, lambda marks: len(marks) >= 2, patience=10)
        markers.stop()
        assert all(mark.acknowledged for mark in markers.marks)
        assert len(shop.orders) == len(markers.marks)
        assert len(markers.served) == 2 * len(markers.marks)

    assert not shop.orders
