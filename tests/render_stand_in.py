"""A stand-in for Render's API on the loopback: documented paths, fields, pages, error bodies and rate limits. It is not Render.

Written after https://api-docs.render.com/reference: pagination, rate-limiting, list-services, list-instances, list-deploys,
rollback-deploy, autoscale-service, scale-service, get-env-vars-for-service, list-env-groups, get-memory. What was never
compared with the real one: the words of errors, and everything that the documentation leaves open.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "rnd_stand_in"
LARGEST_PAGE = 100
Body = dict[str, Any]
ERRORS = {
    400: "bad request",
    401: "unauthorized",
    404: "not found",
    405: "method not allowed",
    429: "rate limit exceeded",
}


@dataclass
class Account:
    """What the stand-in knows. `page`: the most entries that it gives at once. `limited`: so many more requests get 429."""

    services: list[Body] = field(default_factory=list)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    groups: list[Body] = field(default_factory=list)
    instances: dict[str, int] = field(default_factory=dict)
    deploys: dict[str, list[Body]] = field(default_factory=dict)
    databases: list[Body] = field(default_factory=list)
    caches: list[Body] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    limited: int = 0
    retry_after: str = "0"
    asked: list[str] = field(default_factory=list)

    def add_service(
        self, name: str, *, type: str = "web_service", instances: int = 2, image: str = "", **details: Any
    ) -> str:
        """A service with one live deploy; returns its id."""
        identifier = f"srv-{len(self.services):04d}"
        usual = {
            "plan": "starter",
            "region": "virginia",
            "runtime": "docker",
            "numInstances": instances,
            "healthCheckPath": "/health",
            "maxShutdownDelaySeconds": 30,
            "url": f"https://{name}.onrender.com",
        }
        self.services.append(
            {
                "id": identifier,
                "name": name,
                "type": type,
                "ownerId": "tea-1",
                "suspended": "not_suspended",
                "autoDeploy": "no",
                "imagePath": image,
                "slug": name,
                "dashboardUrl": f"https://dashboard.render.com/{identifier}",
                "serviceDetails": {**usual, **details},
            }
        )
        self.instances[identifier] = instances
        self.deploys[identifier] = [
            {
                "id": "dep-2",
                "status": "live",
                "trigger": "api",
                "commit": {"id": "c0ffee2", "message": "second"},
            },
            {
                "id": "dep-1",
                "status": "deactivated",
                "trigger": "api",
                "commit": {"id": "c0ffee1", "message": "first"},
            },
        ]
        return identifier


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@contextmanager
def standing_in(account: Account) -> Iterator[str]:
    """The address of the stand-in's API while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            account.asked.append(f"{self.command} {self.path}")
            headers = {"Ratelimit-Limit": "400", "Ratelimit-Remaining": "399", "Ratelimit-Reset": "0"}
            try:
                status, content = _answer(
                    account, self.command, self.path, self.headers.get("Authorization"), body
                )
            except Refused as refused:
                status, content = refused.status, {"id": "err-1", "message": ERRORS[refused.status]}
                if status == 429 and account.retry_after:
                    headers["Retry-After"] = account.retry_after
            payload = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def _answer(
    account: Account, method: str, target: str, authorization: str | None, body: Body
) -> tuple[int, Any]:
    if authorization != f"Bearer {TOKEN}":
        raise Refused(401)
    if account.limited > 0:
        account.limited -= 1
        raise Refused(429)
    parts = urlsplit(target)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    for pattern, allowed, act in ROUTES:
        found = re.fullmatch(f"/v1{pattern}", parts.path)
        if found and method == allowed:
            return act(account, found.groups(), query, body)
    raise Refused(404)


def _page(key: str, entries: list[Body], query: dict[str, str]) -> tuple[int, Any]:
    """Entries with a cursor each; the cursor of the last one leads to the next page."""
    limit = int(query.get("limit", 20))
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refused(400)
    begin = int(query["cursor"].removeprefix("c")) + 1 if "cursor" in query else 0
    return 200, [
        {key: entry, "cursor": f"c{begin + index}"}
        for index, entry in enumerate(entries[begin : begin + limit])
    ]


def _known(account: Account, identifier: str) -> Body:
    for each in account.services:
        if each["id"] == identifier:
            return each
    raise Refused(404)


def _list_services(account: Account, _: Any, query: dict[str, str], _body: Body) -> tuple[int, Any]:
    owned = [each for each in account.services if query.get("ownerId", "tea-1") == each["ownerId"]]
    return _page("service", owned, query)


def _list_variables(account: Account, ids: Any, query: dict[str, str], _body: Body) -> tuple[int, Any]:
    _known(account, ids[0])
    own = account.variables.get(ids[0], {})
    return _page("envVar", [{"key": key, "value": value} for key, value in own.items()], query)


def _list_instances(account: Account, ids: Any, _query: Any, _body: Body) -> tuple[int, Any]:
    _known(account, ids[0])
    return 200, [
        {"id": f"{ids[0]}-{index}", "createdAt": "2026-01-05T07:30:00Z"}
        for index in range(account.instances[ids[0]])
    ]


def _list_deploys(account: Account, ids: Any, query: dict[str, str], _body: Body) -> tuple[int, Any]:
    _known(account, ids[0])
    return _page("deploy", account.deploys[ids[0]], query)


def _list_groups(account: Account, _: Any, query: dict[str, str], _body: Body) -> tuple[int, Any]:
    listed = [{key: each[key] for key in ("id", "name", "ownerId")} for each in account.groups]
    return _page("envGroup", listed, query)


def _read_group(account: Account, ids: Any, _query: Any, _body: Body) -> tuple[int, Any]:
    for each in account.groups:
        if each["id"] == ids[0]:
            return 200, each
    raise Refused(404)


def _memory(account: Account, _: Any, query: dict[str, str], _body: Body) -> tuple[int, Any]:
    resource = query.get("resource", "")
    return 200, [
        {
            "labels": [
                {"field": "resource", "value": resource},
                {"field": "instance", "value": f"{resource}-{n}"},
            ],
            "unit": "bytes",
            "values": [
                {"timestamp": "2026-01-05T07:30:00Z", "value": value} for value in account.memory[resource]
            ],
        }
        for n in range(account.instances.get(resource, 0))
    ]


def _scale(account: Account, ids: Any, _query: Any, body: Body) -> tuple[int, Any]:
    service = _known(account, ids[0])
    if not 1 <= int(body.get("numInstances", 0)) <= 100:
        raise Refused(400)
    service["serviceDetails"]["numInstances"] = account.instances[ids[0]] = body["numInstances"]
    return 202, None


def _autoscale(account: Account, ids: Any, _query: Any, body: Body) -> tuple[int, Any]:
    _known(account, ids[0])["serviceDetails"]["autoscaling"] = body
    return 200, body


def _restart(account: Account, ids: Any, _query: Any, _body: Body) -> tuple[int, Any]:
    _known(account, ids[0])
    return 200, None


def _deploy(account: Account, ids: Any, _query: Any, body: Body) -> tuple[int, Any]:
    _known(account, ids[0])
    new = {"id": "dep-3", "status": "created", "trigger": "api", "image": {"ref": body.get("imageUrl", "")}}
    account.deploys[ids[0]].insert(0, new)
    return 201, new


def _rollback(account: Account, ids: Any, _query: Any, body: Body) -> tuple[int, Any]:
    for each in account.deploys[ids[0]]:
        if each["id"] == body.get("deployId"):
            new = {**each, "id": "dep-4", "status": "created", "trigger": "rollback"}
            account.deploys[ids[0]].insert(0, new)
            return 201, new
    raise Refused(404)


Act = Callable[[Account, Any, dict[str, str], Body], tuple[int, Any]]
ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("/services", "GET", _list_services),
    ("/services/([^/]+)/env-vars", "GET", _list_variables),
    ("/services/([^/]+)/instances", "GET", _list_instances),
    ("/services/([^/]+)/deploys", "GET", _list_deploys),
    ("/services/([^/]+)/deploys", "POST", _deploy),
    ("/services/([^/]+)/rollback", "POST", _rollback),
    ("/services/([^/]+)/scale", "POST", _scale),
    ("/services/([^/]+)/restart", "POST", _restart),
    ("/services/([^/]+)/autoscaling", "PUT", _autoscale),
    ("/env-groups", "GET", _list_groups),
    ("/env-groups/([^/]+)", "GET", _read_group),
    ("/metrics/memory", "GET", _memory),
    ("/postgres", "GET", lambda account, _, query, _body: _page("postgres", account.databases, query)),
    ("/key-value", "GET", lambda account, _, query, _body: _page("keyValue", account.caches, query)),
)
