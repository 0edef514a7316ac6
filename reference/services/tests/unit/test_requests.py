"""What happens around every request: id, headers, log line, numbers, problems, limits, farewell."""

import json

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request
from prometheus_client import REGISTRY
from pydantic import BaseModel, Field

from service_common import problems
from service_common.body_limit import BodyLimit
from service_common.health import Health
from service_common.middleware import Observed, request_id, visitor_of, waited

pytestmark = pytest.mark.anyio


class Order(BaseModel):
    size: int = Field(le=10)


def client(health: Health) -> httpx.AsyncClient:
    app = FastAPI()
    app.add_middleware(BodyLimit, limit=lambda path: 20)
    problems.install(app)

    @app.get("/v1/things/{thing}")
    async def read(thing: int) -> int:
        return thing

    @app.post("/v1/orders")
    async def order(order: Order) -> int:
        return order.size

    @app.post("/v1/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.get("/v1/broken")
    async def broken() -> None:
        raise RuntimeError("the password is hunter2")

    @app.get("/v1/away")
    async def away() -> None:
        raise problems.DependencyAway("PostgreSQL")

    @app.get("/v1/refused")
    async def refused() -> None:
        raise HTTPException(409, "Such a thing exists already.")

    transport = httpx.ASGITransport(Observed(app, health))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


def test_the_edge_says_who_the_visitor_is_and_within_the_deployment_the_connection_does() -> None:
    scope = {
        "type": "http",
        "scheme": "http",
        "client": ("10.0.1.9", 40000),
        "headers": [(b"host", b"whoop-service:8000")],
    }
    assert visitor_of(scope) == {"client": "10.0.1.9", "scheme": "http", "host": "whoop-service:8000"}
    named = {
        b"x-forwarded-for": b"192.0.2.1",
        b"x-forwarded-proto": b"https",
        b"x-forwarded-host": b"shop.example",
    }
    assert visitor_of({**scope, "headers": [*scope["headers"], *named.items()]}) == {
        "client": "192.0.2.1",
        "scheme": "https",
        "host": "shop.example",
    }


async def test_a_well_formed_request_id_is_kept(health: Health) -> None:
    answer = await client(health).get("/v1/things/1", headers={"X-Request-Id": "edge:0001-abcd"})
    assert answer.headers["x-request-id"] == "edge:0001-abcd"


@pytest.mark.parametrize(
    "offered", [None, "", "short", "x" * 129, "two words 12345", 'quote"12345678', "line\nbreak12"]
)
async def test_any_other_request_id_is_replaced(offered: str | None) -> None:
    made = request_id(offered)
    assert made != offered
    assert len(made) == 32


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/nothing", 404),
        ("/v1/things/x", 422),
        ("/v1/away", 503),
        ("/v1/refused", 409),
        ("/v1/broken", 500),
    ],
)
async def test_every_error_is_a_problem_with_a_request_id(health: Health, path: str, status: int) -> None:
    answer = await client(health).get(path)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]


async def test_an_unexpected_error_tells_nothing_of_the_inside_but_the_log_does(
    health: Health, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await client(health).get("/v1/broken")
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    failed, request = map(json.loads, capsys.readouterr().out.splitlines())
    assert "RuntimeError" in failed["exception"]
    assert failed["request_id"] == request["request_id"] == answer.json()["request_id"]


async def test_a_value_that_is_not_valid_is_named_but_not_repeated(health: Health) -> None:
    answer = await client(health).post("/v1/orders", json={"size": 4711})
    assert answer.json()["errors"] == [
        {"field": "body.size", "message": "Input should be less than or equal to 10"}
    ]
    assert "4711" not in answer.text


async def test_a_missing_dependency_says_when_to_come_back(health: Health) -> None:
    answer = await client(health).get("/v1/away")
    assert answer.headers["retry-after"] == "2"
    assert "PostgreSQL" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/raw"])
async def test_a_body_that_is_too_large_is_refused(health: Health, path: str) -> None:
    async def pieces() -> object:
        for _ in range(3):
            yield b"0123456789"

    announced = await client(health).post(path, content=b"0" * 21)
    unannounced = await client(health).post(path, content=pieces())  # type: ignore[arg-type]  # a body of unknown length
    for answer in (announced, unannounced):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["connection"] == "close"
    assert (await client(health).post("/v1/raw", content=b"0" * 20)).json() == 20


async def test_requests_are_counted_by_template_never_by_path(health: Health) -> None:
    def count(route: str, status: str, method: str = "GET") -> float:
        labels = {"method": method, "route": route, "status": status}
        return REGISTRY.get_sample_value("http_requests_total", labels) or 0

    before = count("/v1/things/{thing}", "200"), count("unmatched", "404"), count("unmatched", "404", "other")
    await client(health).get("/v1/things/7")
    await client(health).get("/v1/things/8")
    await client(health).get("/wp-admin")
    await client(health).request("BREW", "/coffee")
    after = count("/v1/things/{thing}", "200"), count("unmatched", "404"), count("unmatched", "404", "other")
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 1, 1]
    assert REGISTRY.get_sample_value("active_connections") == 0


async def test_the_log_line_has_the_template_and_no_query_string(
    health: Health, capsys: pytest.CaptureFixture[str]
) -> None:
    await client(health).get("/v1/things/7?email=ada@example.com")
    output = capsys.readouterr().out
    line = json.loads(output)
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/things/{thing}", 200)
    assert line["duration_ms"] >= 0
    assert "ada@example.com" not in output


async def test_only_a_draining_replica_asks_its_clients_to_leave(health: Health) -> None:
    assert "connection" not in (await client(health).get("/v1/things/1")).headers
    health.drain()
    assert (await client(health).get("/v1/things/1")).headers["connection"] == "close"


def test_the_time_in_front_of_the_service_is_part_of_the_response_time() -> None:
    assert waited("t=1700000000000", 1700000002.5) == pytest.approx(2.5)
    for none in (None, "", "t=1", "yesterday", "t=1700000009000", "t=1600000000000"):
        assert waited(none, 1700000002.5) == 0
