"""Calls between services: how they are signed rightly and wrongly, and how the answers are judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hamcrest.core.string_description import StringDescription
from http_message_signatures import HTTPMessageSignaturesException, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import HMAC_SHA256

from readiness.drills.signed_calls import Sent, SignedCalls
from readiness.matchers.signed_calls import (
    are_refused_from_outside,
    are_refused_when_wrong,
    are_served_when_right,
)
from readiness.probes.sending import send
from readiness.targets.signing import Hand, Message, signed

COVERED = ("@method", "@authority", "@path", "@query", "authorization", "content-digest")
HAND = Hand("billing", "0f3a" * 16)
MESSAGE = Message(
    "GET", "http://orders:8000/orders?limit=1", {"Host": "orders:8000", "Authorization": "Bearer key"}
)
SEEN = SignedCalls(
    examined=3,
    right=(Sent("signed as it should be", "one", 200, 200), Sent("signed as it should be", "two", 200, 200)),
    wrong=(Sent("unsigned", "one", 401, 401), Sent("that was served before", "two", 401, 401)),
    outside=(Sent("signed", "the door", 401, 401),),
)


def verified(message: Message) -> bool:
    keys = MappingKeyResolver(public_keys={HAND.key_id: HAND.secret.encode()}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=HMAC_SHA256, key_resolver=keys)
    try:
        (result,) = verifier.verify(
            message, max_age=timedelta(minutes=1), require_components=COVERED, body=message.body
        )
    except HTTPMessageSignaturesException:
        return False
    return bool(result.nonce)


def test_a_right_signature_is_verified_by_the_library_that_services_use() -> None:
    assert verified(signed(MESSAGE, HAND, COVERED))
    assert verified(signed(replace(MESSAGE, body=b"{}"), HAND, COVERED))
    assert "Signature" not in MESSAGE.headers


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE,
        signed(MESSAGE, HAND, COVERED, age=timedelta(minutes=6)),
        signed(MESSAGE, HAND, COVERED, age=-timedelta(minutes=6)),
        signed(MESSAGE, HAND, COVERED, nonce=None),
        signed(MESSAGE, replace(HAND, secret="1" * 64), COVERED),
        signed(MESSAGE, replace(HAND, key_id="shop"), COVERED),
        replace(signed(MESSAGE, HAND, COVERED), method="DELETE"),
        replace(signed(MESSAGE, HAND, COVERED), body=b"{}"),
        *(signed(MESSAGE, HAND, [each for each in COVERED if each != part]) for part in COVERED),
    ],
)
def test_with_one_thing_wrong_it_is_not(message: Message) -> None:
    assert not verified(message)


def test_right_and_refused_calls_are_in_order() -> None:
    assert are_served_when_right().matches(SEEN)
    assert are_refused_when_wrong().matches(SEEN)
    assert are_refused_from_outside().matches(SEEN)


@pytest.mark.parametrize("status", [0, 200, 403, 500])
def test_a_copy_that_does_not_refuse_as_declared_is_named(status: int) -> None:
    requirement, words = are_refused_when_wrong(), StringDescription()
    seen = replace(SEEN, wrong=(replace(SEEN.wrong[0], status=status), SEEN.wrong[1]))
    assert not requirement.matches(seen)
    requirement.describe_mismatch(seen, words)
    assert f"a request unsigned: required status 401; observed status {status} from one" in str(words)


def test_services_that_are_not_served_and_strangers_that_are_do_not_pass() -> None:
    assert not are_served_when_right().matches(replace(SEEN, right=(replace(SEEN.right[0], status=401),)))
    assert not are_refused_from_outside().matches(
        replace(SEEN, outside=(replace(SEEN.outside[0], status=200),))
    )


def test_where_nobody_listens_there_is_no_status() -> None:
    assert send("127.0.0.1", 1, "GET", "/", {"Host": "nobody"}, "") == 0
