"""What callers and strangers are told: the policy, the mistakes that are made, and what is required of the answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.config.exposure import Demonstration, Inside, load_exposure
from readiness.config.openapi import Operation, operations_of
from readiness.drills.failing_inside import FailingInside
from readiness.matchers.exposure import (
    answer_every_mistake,
    answer_in_trouble,
    be_those_written_down,
    refuse_demonstrations,
    refuse_developers,
    show_nothing_inside,
)
from readiness.matchers.requirement import Requirement
from readiness.probes.mistakes import Mistakes, Told, mistakes_with, told_of
from readiness.probes.strangers import Accounts, Strangers, prefixes_of, proofs_of
from readiness.targets.door import Answer
from tests.unit.config_project import SHIPPED, only_problem_of, project_in

POLICY = load_exposure(SHIPPED)
GOOD = Told(
    "body",
    "POST /orders",
    "POST",
    "/orders",
    422,
    "application/problem+json",
    ("x-request-id: 7",),
    "{}",
    "No.",
    "7",
)
DOCUMENT = {
    "paths": {
        "/orders/{order}": {
            "parameters": [{"name": "order", "in": "path"}],
            "get": {"parameters": [{"$ref": "#/components/parameters/limit"}]},
        },
        "/orders": {
            "post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}
        },
    },
    "components": {
        "parameters": {"limit": {"name": "limit", "in": "query"}},
        "schemas": {"Order": {"properties": {"size": {}, "colour": {}}, "required": ["size"]}},
    },
}  # fmt: skip


def words_of(requirement: Requirement, seen: object) -> str:
    words = StringDescription()
    requirement.describe_mismatch(seen, words)
    assert requirement.matches(seen) is (not str(words))
    return str(words)


def mistakes(*told: Told) -> Mistakes:
    return Mistakes(examined=1, operations=("POST /orders",), told=told)


def test_operations_are_read_with_all_that_can_be_misused() -> None:
    read, order = operations_of(DOCUMENT)
    assert read == Operation("GET", "/orders/{order}", ("order",), ("limit",), (), ())
    assert order == Operation("POST", "/orders", (), (), ("size", "colour"), ("size",))


@pytest.mark.parametrize("document", [None, [], {}, {"paths": {}}, {"paths": {"/a": {}}}])
def test_what_describes_no_operation_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"no OpenAPI document|no operation"):
        operations_of(document)


def test_no_mistake_can_be_accepted() -> None:
    _, order = operations_of(DOCUMENT)
    bodies = [each.body for each in mistakes_with(order) if each.kind == "values in the body"]
    assert bodies
    assert not any(b"size" in (body or b"") for body in bodies), "what is required is left out"


def test_every_kind_of_mistake_is_made() -> None:
    kinds = {each.kind for operation in operations_of(DOCUMENT) for each in mistakes_with(operation)}
    assert {
        "no key", "malformed key", "unknown path", "value in the path", "parameter limit", "unknown parameter",
        "body", "kind of body", "values in the body", "method PATCH",
    } <= kinds  # fmt: skip


def test_an_answer_is_told_with_its_words_and_its_id() -> None:
    answer = Answer(
        "GET", "/x", 404, 0.1, {"Content-Type": "application/json", "X-Id": "7"}, b'{"title": "Not found"}'
    )
    told = told_of("kind", "GET /x", answer, "X-Id")
    assert (told.words, told.request_id, told.status) == ("Not found", "7", 404)
    silent = told_of("kind", "GET /x", Answer("GET", "/x", 0, 0.1, error="closed"), "X-Id")
    assert (silent.body, silent.words, silent.request_id) == ("closed", "", "")


def test_a_mistake_that_is_answered_as_one_is_in_order() -> None:
    assert words_of(answer_every_mistake(), mistakes(GOOD)) == ""
    assert words_of(show_nothing_inside(POLICY), mistakes(GOOD)) == ""


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            replace(GOOD, media_type="text/html", body="<h1>Oops</h1>"),
            "required JSON with words for the caller",
        ),
        (replace(GOOD, words=""), "required JSON with words for the caller"),
        (replace(GOOD, request_id=""), "required an id of the request"),
        (replace(GOOD, status=0, body="ConnectionError"), "required an answer; observed ConnectionError"),
        (replace(GOOD, status=500), "required the caller's mistake; observed one of the service: status 500"),
        (replace(GOOD, status=200), "POST /orders: required an error for at least one mistake"),
    ],
)
def test_a_mistake_that_is_answered_badly_is_told(told: Told, said: str) -> None:
    assert said in words_of(answer_every_mistake(), mistakes(told))


@pytest.mark.parametrize("trace", POLICY.inside, ids=lambda trace: trace.name)
def test_every_trace_of_the_inside_is_told(trace: Inside) -> None:
    body = f'{{"detail": "failed", "more": "{trace.example}"}}'
    assert f"no {trace.name}" in words_of(show_nothing_inside(POLICY), mistakes(replace(GOOD, body=body)))


@pytest.mark.parametrize(
    "body",
    [
        '{"title":"Unprocessable","detail":"1 value(s) of the request are not valid.","errors":[{"field":"query.limit"}]}',
        '{"detail":"PostgreSQL does not answer at the moment. Try again later.","request_id":"4f1c2e"}',
        '{"detail":"A valid API key is required: Authorization: Bearer <key>."}',
        '{"detail":"must lie between the year 2000 and tomorrow","version":"10.2.0.1234"}',
        '{"message":"String should match pattern \'^[^\\\\x00-\\\\x1f\\\\x7f]+$\'"}',
    ],
)
def test_words_for_callers_are_no_traces_of_the_inside(body: str) -> None:
    assert words_of(show_nothing_inside(POLICY), mistakes(replace(GOOD, body=body))) == ""


def test_headers_that_tell_too_much_are_told() -> None:
    told = replace(GOOD, headers=("server: Werkzeug/3.0.1", "x-powered-by: Express", "server: edge"))
    words = words_of(show_nothing_inside(POLICY), mistakes(told))
    assert "Werkzeug/3.0.1" in words
    assert "Express" in words


def test_trouble_inside_is_an_error_for_the_caller() -> None:
    trouble = FailingInside(examined=1, dependency="database", told=(replace(GOOD, status=503),))
    assert words_of(answer_in_trouble(), trouble) == ""
    unnoticed = replace(trouble, told=(replace(GOOD, status=200),))
    assert "while database was frozen: required an error" in words_of(answer_in_trouble(), unnoticed)


def strangers(**changes: int) -> Strangers:
    """The good answers to strangers, some with another status."""
    told = {
        name: (replace(GOOD, status=changes.get(name, usual)),)
        for name, usual in (("developers", 404), ("demonstrations", 401), ("known", 200))
    }
    return Strangers(examined=3, **told)


@pytest.mark.parametrize(
    ("seen", "in_order"),
    [
        (strangers(), True),
        (strangers(developers=200), False),
        (strangers(developers=302), False),
        (strangers(developers=0), False),
        (strangers(demonstrations=200), False),
        (strangers(demonstrations=404), False),
        (strangers(known=401), False),
        (strangers(known=503), False),
        (strangers(known=404), True),
    ],
)
def test_strangers_are_refused_and_those_who_may_come_in_are_not(seen: Strangers, in_order: bool) -> None:
    assert (refuse_developers().matches(seen) and refuse_demonstrations().matches(seen)) is in_order


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("partner", "service"), ""),
        (("partner",), "account service: required in force once; observed 0 times"),
        (("partner", "partner", "service"), "account partner: required in force once; observed 2 times"),
        (("partner", "service", "helper"), "account helper: required nobody who is not written down"),
        (("partner", "service", "demo-user"), "account demo-user: required no demonstration's account"),
    ],
)
def test_accounts_are_exactly_those_written_down(names: tuple[str, ...], said: str) -> None:
    seen = Accounts(examined=len(names), names=names, expected=("partner", "service"))
    words = words_of(be_those_written_down(POLICY), seen)
    assert said in words
    assert bool(said) is bool(words)


def test_an_account_is_shown_in_every_way() -> None:
    account = Demonstration(user="admin", key="admin")
    assert list(proofs_of(account, {"Authorization", "X-API-Key"})) == [
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
        {"Authorization": "Bearer admin"},
        {"X-API-Key": "admin"},
    ]


def test_everything_before_a_slash_is_a_prefix() -> None:
    assert prefixes_of(("/v1/orders?limit=1", "/v1/shops/7/weekly")) == (
        "",
        "/v1",
        "/v1/shops",
        "/v1/shops/7",
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "wrong"),
    [
        ("'goroutine 1 [running]:'", "'all is well'", "inside.3", "does not find its own example"),
        ("pattern: 'goroutine", "pattern: '(goroutine", "inside.3", "no regular expression"),
    ],
)
def test_a_pattern_that_finds_nothing_is_refused(
    tmp_path: Path, old: str, new: str, key: str, wrong: str
) -> None:
    project = project_in(tmp_path)
    project.change("config/policies/exposure.yaml", old, new)
    problem = only_problem_of(lambda: load_exposure(tmp_path))
    assert problem.key == key
    assert wrong in problem.wrong
