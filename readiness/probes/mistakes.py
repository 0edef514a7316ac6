"""Every mistake that a caller can make with every operation, and how it is answered. Nothing of it can be carried out."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from readiness.config.exposure import ApiDescription, Exposure
from readiness.config.openapi import Operation, operations_of
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.probes.inside import ask_inside
from readiness.targets.door import Answer, Door
from readiness.targets.target import Target

AT_ONCE = 4
SHOWN = 20000
IN_PATH = ("'%22%3B--", "%00", "a" * 300, "..%2f..%2f..%2fetc%2fpasswd", "%ff%fe", "-1", "%7B%7Bx%7D%7D")
IN_QUERY = ("%00", "-1", "1e999", "9" * 40, "'%22%3B--", "%ff%fe", "0001-01-01T00:00:00-23:59", "")
IN_BODY = (
    '"\\u0000"', '"\\ud800"', "1e400", "[]", "{}", "-1", "9" * 60, "null", "true", '"' + "x" * 5000 + '"', '"\'\\";--"',
)  # fmt: skip
BODIES = (b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe\x00", b"[" * 20000, b'{"a":1,"a":2}', b"NaN", b"-")
TYPES = (
    "application/json; charset=utf-99", "application/json; charset=utf-16", "text/plain", "application/xml",
    "multipart/form-data",
)  # fmt: skip
METHODS = ("PATCH", "PUT", "OPTIONS", "PROPFIND")
MALFORMED_KEYS = ("Bearer", "Bearer é", "Basic %%%", "Bearer a b c", "Digest username=x", "x" * 4000)
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Mistake:
    """A request that cannot be right. `kind` is what is wrong with it, `template` the operation it is made with."""

    kind: str
    template: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None
    with_key: bool = True


@dataclass(frozen=True)
class Told:
    """How a mistake was answered. `headers` as "name: value"; `words`: what its body says of it as JSON, "" where it says none.

    `request_id`: by which it is found in the logs. Status 0: no answer.
    """

    kind: str
    template: str
    method: str
    path: str
    status: int
    media_type: str
    headers: tuple[str, ...]
    body: str
    words: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class Mistakes(Observation):
    """All mistakes with their answers, and the operations that were tried. Examined: answers."""

    operations: tuple[str, ...]
    told: tuple[Told, ...]


def exposure_of(target: Target) -> Exposure:
    """What the target shows to strangers. CapabilityMissing where the profile does not say it."""
    if target.profile.exposure is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what strangers may see (exposure)."
        )
    return target.profile.exposure


def make_every_mistake(target: Target) -> Mistakes:
    """Read the API's descriptions from within, and misuse every operation through the door."""
    exposure = exposure_of(target)
    operations = [each for described in exposure.descriptions for each in _described(target, described)]
    mistakes = [mistake for operation in operations for mistake in mistakes_with(operation)]
    key = first_key(target)
    told = tuple(ask_all(target, [replace_key(each, key) for each in mistakes], exposure))
    return Mistakes(
        examined=len(told),
        operations=tuple(f"{each.method} {each.path}" for each in operations),
        told=told,
    )


def ask_all(target: Target, requests: Sequence[Mistake], exposure: Exposure) -> Iterator[Told]:
    """Ask for everything, a few at a time over connections that are kept; answers in no order."""

    def ask(mine: Sequence[Mistake]) -> list[Told]:
        door = target.another_door()
        return [_ask(target, door, each, exposure.request_id) for each in mine]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for told in pool.map(ask, [requests[first::AT_ONCE] for first in range(AT_ONCE)]):
            yield from told


def first_key(target: Target) -> Mapping[str, str]:
    """The header of the identity that takes the journey. CapabilityMissing where there is none."""
    names = [request.identity for request in target.profile.journey if request.identity]
    names += list(target.profile.identities)
    if not names:
        raise CapabilityMissing(f"The profile of {target.name} names nobody who may come in (identities).")
    return target.headers(names[0])


def _described(target: Target, described: ApiDescription) -> tuple[Operation, ...]:
    service, port, path = described.service, described.port, described.path
    copies = target.platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of {service} is running, so it cannot describe its API")
    answer = ask_inside(target.platform, copies[0].id, port, path)
    try:
        return operations_of(json.loads(answer.body))
    except ValueError as error:
        raise CannotLook(
            f"{service} does not describe its API on port {port} at {path} (status {answer.status}): {error}"
        ) from error


def mistakes_with(operation: Operation) -> Iterator[Mistake]:
    """Every mistake with one operation. Bodies lack something that is required, so that none of them can be accepted."""
    template, nowhere = f"{operation.method} {operation.path}", _path(operation, str(uuid.uuid4()))

    def mistake(kind: str, **changes: object) -> Mistake:
        usual = {"method": operation.method, "path": nowhere, "headers": {}}
        return Mistake(kind, template, **{**usual, **changes})  # type: ignore[arg-type]  # the fields by name

    yield mistake("no key", with_key=False)
    for value in MALFORMED_KEYS:
        yield mistake("malformed key", headers={"Authorization": value}, with_key=False)
    for method in METHODS:
        yield mistake(f"method {method}", method=method)
    yield mistake("unknown path", path=f"{nowhere}/{uuid.uuid4().hex}")
    for value in IN_PATH if operation.in_path else ():
        yield mistake("value in the path", path=_path(operation, value))
    if operation.method == "GET":
        yield mistake("unknown parameter", path=f"{nowhere}?{urlencode({'debug': 'true', '__debug__': '1'})}")
        for name in operation.in_query:
            for value in IN_QUERY:
                yield mistake(f"parameter {name}", path=f"{nowhere}?{name}={value}")
    if operation.properties and operation.required:
        yield from (mistake("body", headers=JSON, body=body) for body in BODIES)
        yield from (mistake("kind of body", headers={"Content-Type": each}, body=b"{}") for each in TYPES)
        kept = [name for name in operation.properties if name != operation.required[0]]
        for value in IN_BODY:
            body = "{" + ", ".join(f"{json.dumps(name)}: {value}" for name in kept) + "}"
            yield mistake("values in the body", headers=JSON, body=body.encode())


def _path(operation: Operation, value: str) -> str:
    path = operation.path
    for name in operation.in_path:
        path = path.replace("{" + name + "}", value)
    return path


def replace_key(mistake: Mistake, key: Mapping[str, str]) -> Mistake:
    """The same mistake, made by somebody who may come in."""
    return replace(mistake, headers={**key, **mistake.headers}) if mistake.with_key else mistake


def _ask(target: Target, door: Door, mistake: Mistake, request_id: str) -> Told:
    """The answer; over a connection of its own when the kept one was closed by the other side in the same moment."""

    def ask(*, fresh: bool) -> Answer:
        return door.ask(
            mistake.method,
            mistake.path,
            body=mistake.body,
            headers={name: value.encode().decode("latin-1") for name, value in mistake.headers.items()},
            timeout=target.profile.patience.answer,
            fresh=fresh,
        )

    answer = ask(fresh=False)
    answer = answer if answer.status else ask(fresh=True)
    return told_of(mistake.kind, mistake.template, answer, request_id)


def told_of(kind: str, template: str, answer: Answer, request_id: str) -> Told:
    """An answer as it is judged."""
    content = answer.json()
    words = content if isinstance(content, dict) else {}
    return Told(
        kind=kind,
        template=template,
        method=answer.method,
        path=answer.path[:200],
        status=answer.status,
        media_type=answer.headers.get("Content-Type", ""),
        headers=tuple(f"{name.lower()}: {value}" for name, value in answer.headers.items()),
        body=(answer.body[:SHOWN].decode("utf-8", "replace") or answer.error),
        words=next(
            (str(words[name]) for name in ("detail", "message", "title", "error") if words.get(name)), ""
        ),
        request_id=answer.headers.get(request_id, ""),
    )
