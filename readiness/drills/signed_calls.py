"""Calls between services, rightly signed and with one thing wrong, to every copy of the service that is called."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Network, ip_address
from pathlib import Path

from readiness.actions.lookouts import post_lookouts
from readiness.config.service_calls import ServiceCall
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.drills.connections import declared_connections
from readiness.harness.undo import UndoStack
from readiness.probes import sending
from readiness.probes.places import look_around
from readiness.targets.platform import Replica
from readiness.targets.signing import Hand, Message, signed
from readiness.targets.target import Target

PROGRAM = Path(sending.__file__)
PATIENCE = 60.0
LATE = timedelta(minutes=5)
RIGHT = "signed as it should be"
TRUSTED_WORDS = {
    "X-Internal": "true",
    "X-Internal-Request": "1",
    "X-Service-Name": "{client}",
    "X-Authenticated-Client": "{client}",
    "X-Forwarded-User": "{client}",
    "X-Remote-User": "{client}",
}


@dataclass(frozen=True)
class Sent:
    """How one request was answered: what is special about it, by which copy or the door, and the status that it must have."""

    what: str
    copy: str
    required: int
    status: int


@dataclass(frozen=True, kw_only=True)
class SignedCalls(Observation):
    """All requests of all calls that the profile declares. Examined: requests that had to be refused."""

    right: tuple[Sent, ...]
    wrong: tuple[Sent, ...]
    outside: tuple[Sent, ...]


def call_as_services_do(target: Target, undo: UndoStack) -> SignedCalls:
    """From beside a copy of each client, call every copy of its server. Undo: remove the lookouts."""
    calls = target.profile.service_calls
    if not calls:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how its services call each other."
        )
    right: list[Sent] = []
    wrong: list[Sent] = []
    outside: list[Sent] = []
    for call in calls:
        sender = Sender(target, undo, call)
        right += sender.send_right()
        wrong += [*sender.send_wrong(), *sender.send_again()]
        outside += sender.send_from_outside()
    return SignedCalls(
        examined=len(wrong) + len(outside), right=tuple(right), wrong=tuple(wrong), outside=tuple(outside)
    )


class Sender:
    """Sends requests of one call from beside a copy of the client to the copies of the server.

    `key` and `signing`: other secrets than the profile's.
    """

    def __init__(
        self, target: Target, undo: UndoStack, call: ServiceCall, *, key: str = "", signing: str = ""
    ) -> None:
        self._target, self._call = target, call
        platform = target.platform
        client, self._copies = platform.replicas(call.client), platform.replicas(call.server)
        if not client or not self._copies:
            raise CannotLook(f"no copy of {call.client} or of {call.server} runs")
        image = declared_connections(target).image
        self._lookout = post_lookouts(platform, undo, image, client[:1])[client[0].id]
        place = look_around(platform, client[0], self._lookout)
        self._ways = {
            copy.instance: _way(target, copy, [each.network for each in place.own]) for copy in self._copies
        }
        self._hand = Hand(call.signing.key_id, signing or call.signing.secret.read())
        proof = {call.identity.header: call.identity.with_secret(key or call.identity.secret.read())}
        self._message = Message(
            "GET",
            f"http://{call.authority}{call.call.path}?{call.call.query}",
            {"Host": call.authority, **proof},
        )

    def send_right(self) -> list[Sent]:
        """Once to every copy, each with a nonce of its own."""
        return self._send([(RIGHT, self._sign(), copy, self._call.call.status) for copy in self._ways])

    def send_wrong(self) -> list[Sent]:
        """Everything that can be wrong, to every copy."""
        return self._send(
            [
                (what, message, copy, self._call.refused)
                for copy in self._ways
                for what, message in self._wrong()
            ]
        )

    def send_again(self) -> list[Sent]:
        """A request that was served, once more: to the copy that served it, and to all others."""
        first = next(iter(self._ways))
        message = self._sign()
        served, *again = self._send(
            [
                ("a request, for the first time", message, first, self._call.call.status),
                *(
                    ("a request that was served before", message, copy, self._call.refused)
                    for copy in self._ways
                ),
            ]
        )
        if served.status != served.required:
            raise CannotLook(
                f"a signed request is not served: status {served.status}, so its being refused again shows nothing"
            )
        return again

    def send_from_outside(self) -> list[Sent]:
        """Through the public door: signed for it, and with words that only a service would say."""
        door, call = self._target.door, self._call
        host = door.url.partition("://")[2]
        path = f"{call.call.path}?{call.call.query}"
        message = Message("GET", f"https://{host}{path}", {**self._message.headers, "Host": host})
        dressed = self._dressed(message)
        words = {name: value.format(client=call.client) for name, value in TRUSTED_WORDS.items()}
        tries = {"a service's request, signed": dressed.headers, "words that only a service would say": words}
        return [
            Sent(what, "the door", call.refused, door.ask("GET", path, headers=_without_host(headers)).status)
            for what, headers in tries.items()
        ]

    def _dressed(self, message: Message) -> Message:
        return signed(message, self._hand, self._call.signing.covered)

    def _sign(self) -> Message:
        return self._dressed(self._message)

    def _wrong(self) -> Iterator[tuple[str, Message]]:
        covered, call, url = self._call.signing.covered, self._call.call, self._message.url
        yield "unsigned", self._message
        yield (
            "with an empty signature",
            replace(self._message, headers={**self._message.headers, "Signature": "", "Signature-Input": ""}),
        )
        yield "of another method", replace(self._sign(), method=call.other_method)
        yield "for another path", replace(self._sign(), url=url.replace(call.path, call.other_path))
        yield "with another query", replace(self._sign(), url=url.replace(call.query, call.other_query))
        yield "with another body", replace(self._sign(), body=b"{}")
        other_digest = signed(replace(self._message, body=b"{}"), self._hand, covered).headers[
            "Content-Digest"
        ]
        yield (
            "with another body and its digest",
            replace(
                self._sign(), body=b"{}", headers={**self._sign().headers, "Content-Digest": other_digest}
            ),
        )
        age = max(LATE, timedelta(seconds=self._call.signing.longest_age)) + timedelta(seconds=10)
        yield "of long ago", signed(self._message, self._hand, covered, age=age)
        yield "of a time to come", signed(self._message, self._hand, covered, age=-age)
        yield "without a nonce", signed(self._message, self._hand, covered, nonce=None)
        yield (
            "signed by somebody else in its name",
            signed(self._message, replace(self._hand, secret=secrets.token_hex(32)), covered),
        )
        yield (
            "signed by somebody unknown",
            signed(self._message, Hand("nobody", secrets.token_hex(32)), covered),
        )
        for part in covered:
            rest = [each for each in covered if each != part]
            yield f"with {part} left out of the signature", signed(self._message, self._hand, rest)

    def _send(self, requests: Sequence[tuple[str, Message, str, int]]) -> list[Sent]:
        order = [
            [
                self._ways[copy],
                self._call.port,
                message.method,
                message.url.partition(self._call.authority)[2],
                message.headers,
                message.body.decode(),
            ]
            for _, message, copy, _ in requests
        ]
        argv = ["python3", "-I", "-c", PROGRAM.read_text(encoding="utf-8"), json.dumps(order)]
        ran = self._target.platform.run_inside(self._lookout, argv, timeout=PATIENCE)
        try:
            statuses = json.loads(ran.output)
        except ValueError:
            raise CannotLook(
                f"the lookout beside {self._call.client} cannot send: {ran.output[-200:]}"
            ) from None
        return [
            Sent(what, copy, required, status)
            for (what, _, copy, required), status in zip(requests, statuses, strict=True)
        ]


def _without_host(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "Host"}


def _way(target: Target, copy: Replica, networks: Sequence[IPv4Network]) -> str:
    """The address of a copy on one of these networks."""
    for address in target.platform.addresses(copy.id):
        if any(ip_address(address) in network for network in networks):
            return address
    raise CannotLook(
        f"copy {copy.instance} of {copy.service} has no address that the client's network reaches"
    )
