"""Headers as browsers read them, redirections of those who come unencrypted, and heads of answers on the wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.config.encryption import load_answer_headers
from readiness.drills.simulated_rules import Supposed, rules_file, trial_file
from readiness.matchers.answer_headers import protect_browsers
from readiness.matchers.unencrypted import are_sent_to_the_encrypted_address
from readiness.probes.answer_headers import Headed, HeadersSeen
from readiness.probes.unencrypted import Sent, Unencrypted, requests_for
from readiness.targets.metrics import AlertRule
from readiness.targets.wire import Said, head_of

POLICY = load_answer_headers(Path(__file__).parents[2])
GOOD = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
}
HERE = "https://a.example/x?y=1"


def judged(**changes: str) -> bool:
    headers = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
    answers = (Headed("GET /", 200, GOOD), Headed("GET /nowhere", 404, headers))
    return bool(protect_browsers(POLICY).matches(HeadersSeen(examined=2, answers=answers)))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("strict_transport_security", 'MAX-AGE="15724800"'),
        ("content_security_policy", "DEFAULT-SRC 'self'; frame-ancestors 'self'; img-src data:"),
        ("x_frame_options", "sameorigin"),
    ],
)
def test_other_values_that_protect_are_left_alone(header: str, value: str) -> None:
    assert judged(**{header: value})


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("strict_transport_security", ""),
        ("strict_transport_security", "max-age=0"),
        ("strict_transport_security", "max-age=31536000, max-age=0"),
        ("strict_transport_security", "max-age=0; max-age=31536000"),
        ("strict_transport_security", "includeSubDomains"),
        ("content_security_policy", "default-src *; frame-ancestors 'none'"),
        ("content_security_policy", "default-src 'self'; script-src 'unsafe-inline'; frame-ancestors 'none'"),
        ("content_security_policy", "default-src 'self'"),
        ("x_frame_options", "ALLOWALL"),
        ("x_content_type_options", "sniff"),
    ],
)
def test_values_that_do_not_protect_are_told_of(header: str, value: str) -> None:
    assert not judged(**{header: value})


@pytest.mark.parametrize(
    ("said", "rightly"),
    [
        (Said(301, (("location", HERE),)), True),
        (Said(308, (("location", HERE),)), True),
        (Said(302, (("location", HERE),)), False),
        (Said(301, (("location", "https://evil.example/x?y=1"),)), False),
        (Said(301, (("location", "https://a.example/"),)), False),
        (Said(301, (("location", HERE), ("x-instance", "copy"))), False),
        (Said(200), False),
        (Said(0, error="refused"), False),
    ],
)
def test_only_a_permanent_redirection_to_the_same_thing_is_right(said: Said, rightly: bool) -> None:
    sent = Sent("GET /x?y=1 HTTP/1.1\nHost: a.example", HERE, said)
    seen = Unencrypted(examined=1, address="192.0.2.1:80", sent=(sent,))
    assert are_sent_to_the_encrypted_address().matches(seen) is rightly


def test_every_method_and_strange_names_are_tried_for_every_path() -> None:
    heads = [head for head, path in requests_for(["/x"], "a.example") if path == "/x"]
    assert {"POST /x", "PROPFIND /x", "HEAD /x"} <= {" ".join(head.split()[:2]) for head in heads}
    assert any("unknown.invalid" in head for head in heads)
    assert any("Host:" not in head for head in heads)


def test_the_head_of_an_answer_is_read() -> None:
    said = head_of(b"HTTP/1.1 301 Moved\r\nLocation: https://a/\r\nX: 1\r\nX: 2\r\n\r\nbody")
    assert (said.status, said.header("location"), said.header("X")) == (301, "https://a/", "1, 2")


@pytest.mark.parametrize("heard", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_answer_in_http_is_told(heard: bytes) -> None:
    assert head_of(heard).status == 0


def test_a_rule_is_tried_with_the_supposed_value_until_it_has_lasted_long_enough() -> None:
    rule = AlertRule("Ends", "ends - time() < 86400", 60.0, {"severity": "warning"})
    trial = trial_file(rule, Supposed("ends{job='door'}", 7 * 86400.0), fires=True)
    assert "604800+0x13" in trial
    assert "eval_time: 180s" in trial
    assert "ends - time() < 86400" in rules_file(rule)
