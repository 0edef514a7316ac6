"""What is said of encrypted doors, certificates, renewals and the alarm before a certificate ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from readiness.config.encryption import load_tls_policy
from readiness.drills.expiry import ExpiryWatch
from readiness.drills.renewal import Renewal, Restart
from readiness.matchers import encryption as matchers
from readiness.probes.bad_door import NAME, OLD_PROTOCOL, bad_door
from readiness.probes.encryption import (
    PROTOCOLS,
    Certificate,
    Encryption,
    EncryptionSeen,
    encryption_at,
)
from readiness.targets.journey import Served
from readiness.targets.metrics import AlertRule
from readiness.targets.wire import Handshake, Wire

POLICY = load_tls_policy(Path(__file__).parents[2])
LEAF = Certificate("CN=a", ("a.example",), "A1", "RSA", 2048, "sha256", 60.0, 90.0, authority=False)
ROOT = replace(LEAF, subject="CN=ca", authority=True, life_days=1825.0, days_left=1000.0)
DOOR = Encryption(
    place="192.0.2.1:443",
    accepted=(
        ("TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
        ("TLS 1.3", "TLS_AES_128_GCM_SHA256"),
    ),
    weaknesses=(),
    chains=((LEAF, ROOT),),
    incomplete="",
    refused_by_clients="",
)
SERVED = Served("read", 1.0, 0.1, 200, "copy", "")
NEW = Handshake(0.01, "TLSv1.3", "B2", 1000.0)
RENEWAL = Renewal(
    examined=3, before="A1", exit_code=0, words="", seconds=4.0, shakes=(NEW,), visits=(SERVED,), closed=()
)
RULE = AlertRule("Ends", "ends - time() < 14 * 86400", 60.0, {"severity": "warning"})
WATCH = ExpiryWatch(
    examined=4,
    alert="Ends",
    rule=RULE,
    sounds_in_time=True,
    sounds_too_early=False,
    ends=1000.0,
    told=(1000.0,),
)


def seen(door: Encryption) -> EncryptionSeen:
    return EncryptionSeen(examined=9, host="a.example", doors=(DOOR, door))


def with_leaf(**changes: object) -> Encryption:
    return replace(DOOR, chains=((replace(LEAF, **changes), ROOT),))  # type: ignore[arg-type]  # any field


def test_a_good_door_is_left_alone() -> None:
    assert matchers.are_sound(POLICY).matches(seen(DOOR))
    assert matchers.carry_certificates_to_trust(POLICY).matches(seen(DOOR))


@pytest.mark.parametrize(
    "door",
    [
        replace(DOOR, accepted=(*DOOR.accepted, ("TLS 1.1", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))),
        replace(DOOR, accepted=DOOR.accepted[:1]),
        replace(DOOR, accepted=(*DOOR.accepted, ("TLS 1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256"))),
        replace(DOOR, weaknesses=("Heartbleed",)),
    ],
    ids=["old protocol", "required one missing", "cipher suite of no policy", "known weakness"],
)
def test_an_unsound_door_is_told_of(door: Encryption) -> None:
    assert not matchers.are_sound(POLICY).matches(seen(door))


@pytest.mark.parametrize(
    "door",
    [
        replace(DOOR, incomplete="no chain"),
        replace(DOOR, refused_by_clients="wrong name"),
        with_leaf(key_bits=1024),
        with_leaf(key="DSA"),
        with_leaf(signature="sha1"),
        with_leaf(days_left=6.9),
        with_leaf(life_days=400.0),
        replace(DOOR, chains=((LEAF, replace(ROOT, days_left=1.0)),)),
    ],
    ids=[
        "chain",
        "name",
        "short key",
        "odd key",
        "old signature",
        "ends soon",
        "long life",
        "authority ends soon",
    ],
)
def test_a_certificate_not_to_trust_is_told_of(door: Encryption) -> None:
    assert not matchers.carry_certificates_to_trust(POLICY).matches(seen(door))


def test_a_bad_door_is_noticed_on_the_wire() -> None:
    with bad_door() as bad:
        wire = Wire(f"https://{NAME}:{bad.port}", address=bad.address, ca=str(bad.ca))
        door = encryption_at(wire, {PROTOCOLS[OLD_PROTOCOL]})
    assert {protocol for protocol, _ in door.accepted} == {OLD_PROTOCOL}
    assert door.incomplete
    assert "unable to get local issuer" in door.refused_by_clients
    assert door.chains[0][0].days_left < 2


def test_a_renewal_that_nobody_notices_is_left_alone() -> None:
    assert matchers.reaches_visitors().matches(RENEWAL)
    assert matchers.costs_nobody_anything().matches(RENEWAL)


@pytest.mark.parametrize(
    "renewal",
    [
        replace(RENEWAL, shakes=(NEW, replace(NEW, serial="A1"))),
        replace(RENEWAL, shakes=(Handshake(error="refused"),)),
        replace(RENEWAL, exit_code=1),
    ],
    ids=["the old one now and then", "not trusted", "procedure failed"],
)
def test_a_renewal_that_does_not_arrive_is_told_of(renewal: Renewal) -> None:
    assert not matchers.reaches_visitors().matches(renewal)


def test_a_lost_visitor_and_a_closed_connection_are_told_of() -> None:
    assert not matchers.costs_nobody_anything().matches(
        replace(RENEWAL, visits=(replace(SERVED, fault="503"),))
    )
    assert not matchers.costs_nobody_anything().matches(replace(RENEWAL, closed=("reset",)))


def test_a_door_that_forgets_is_told_of() -> None:
    assert matchers.keeps_the_certificate().matches(Restart(examined=2, renewed="B2", after=NEW))
    assert not matchers.keeps_the_certificate().matches(Restart(examined=2, renewed="C3", after=NEW))


def test_an_alarm_in_time_is_left_alone() -> None:
    assert matchers.warns_in_time(POLICY.expiry_alarm).matches(WATCH)


@pytest.mark.parametrize(
    "watch",
    [
        replace(WATCH, rule=None),
        replace(WATCH, sounds_in_time=False),
        replace(WATCH, sounds_too_early=True),
        replace(WATCH, told=()),
        replace(WATCH, told=(1000.0, 90_000.0)),
    ],
    ids=["no rule", "too late", "always", "blind", "another certificate"],
)
def test_a_bad_alarm_is_told_of(watch: ExpiryWatch) -> None:
    assert not matchers.warns_in_time(POLICY.expiry_alarm).matches(watch)
