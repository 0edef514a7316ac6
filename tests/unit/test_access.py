"""Who gets in, judged on plain facts; how a profile declares it; and in which spellings operations and keys are looked for."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hamcrest.core.string_description import StringDescription
from pydantic import ValidationError

from readiness.config.access import Access
from readiness.drills.access import Knocks, Served
from readiness.drills.key_costs import KeyCosts, Pairs
from readiness.drills.knocking import Knock, other_spellings
from readiness.drills.stored_keys import StoredKey, spellings
from readiness.matchers.access import keeps_no_key, refuse_everybody_else, serve_their_owner
from readiness.matchers.requirement import Requirement
from readiness.probes.published import Operation

KEY = "0f3a9b" * 8
READ = Operation("GET", "/orders/{order}", None)
LIST = Operation("GET", "/orders", None)
REFUSED = Knock("nobody", "GET /orders", 401, 401, "one")
KNOCKS = Knocks(
    examined=2,
    knocks=(REFUSED, replace(REFUSED, instance="two")),
    spellings=(replace(REFUSED, required=0, operation="GET /ORDERS", status=404, instance=""),),
    served=(Served("GET /orders", 200, 200, "one"),),
    changed=(),
    unseen=(),
    uncalled=(),
    revoked_after=1.5,
)
ACCESS = {
    "documents": ["/openapi.json"],
    "scopes": ["read", "write"],
    "calls": [
        {
            "operation": "POST /orders",
            "needs": "write",
            "body": {"n": "{run}"},
            "expect_status": 201,
            "save": {"order": "id"},
        },
        {"operation": "GET /orders/{order}", "needs": "read", "expect_status": 200},
    ],
}


def access(**changes: object) -> Access:
    return Access.model_validate_json(json.dumps({**ACCESS, **changes}))


def words_of(requirement: Requirement[Knocks], seen: Knocks) -> str:
    assert not requirement.matches(seen)
    words = StringDescription()
    requirement.describe_mismatch(seen, words)
    return str(words)


def test_refusals_everywhere_are_in_order() -> None:
    assert refuse_everybody_else().matches(KNOCKS)
    assert serve_their_owner().matches(KNOCKS)
    assert KNOCKS.gaps == ()


@pytest.mark.parametrize("status", [0, 200, 403, 404, 500])
def test_any_other_answer_than_the_declared_refusal_is_named_with_its_copy(status: int) -> None:
    knocks = (REFUSED, replace(REFUSED, instance="two", status=status, error="" if status else "reset"))
    words = words_of(refuse_everybody_else(), replace(KNOCKS, knocks=knocks))
    assert "GET /orders, asked by nobody: required status 401" in words
    assert "from two" in words


@pytest.mark.parametrize("status", [200, 204, 301, 500])
def test_a_spelling_that_is_not_refused_is_named(status: int) -> None:
    spelled = replace(KNOCKS.spellings[0], status=status)
    assert "GET /ORDERS" in words_of(refuse_everybody_else(), replace(KNOCKS, spellings=(spelled,)))


def test_a_list_may_answer_another_client_as_long_as_it_shows_nothing_of_the_owners() -> None:
    listed = replace(REFUSED, who="a key of another client", required=0, status=200, hidden_only=True)
    assert refuse_everybody_else().matches(replace(KNOCKS, knocks=(listed,)))
    shown = replace(listed, shown=("order-7",))
    assert "with order-7" in words_of(refuse_everybody_else(), replace(KNOCKS, knocks=(shown,)))
    refused = replace(shown, status=422)
    assert refuse_everybody_else().matches(replace(KNOCKS, knocks=(refused,)))


def test_what_was_changed_and_who_was_never_seen_is_named() -> None:
    words = words_of(
        refuse_everybody_else(), replace(KNOCKS, changed=("GET /orders",), unseen=("nobody on two",))
    )
    assert "what the owner reads by GET /orders" in words
    assert "nobody on two" in words


def test_an_owner_who_is_not_served_makes_refusals_worthless() -> None:
    served = (Served("GET /orders", 200, 401, "one"),)
    assert "status 401 from one" in words_of(serve_their_owner(), replace(KNOCKS, served=served))
    assert not serve_their_owner().matches(replace(KNOCKS, served=()))


def test_an_operation_without_a_call_is_a_gap() -> None:
    (gap,) = replace(KNOCKS, uncalled=("GET /secret",)).gaps
    assert "GET /secret" in gap.what


def test_paths_are_tried_with_other_methods_and_in_other_spellings() -> None:
    tried = set(other_spellings([LIST, READ], {"order": "7"}))
    assert {("POST", "/orders"), ("HEAD", "/orders/7"), ("DELETE", "/orders/7")} <= tried
    assert {("GET", "/orders/"), ("GET", "//orders"), ("GET", "//orders//7"), ("GET", "/ORDERS/7")} <= tried
    assert not tried & {("GET", "/orders"), ("GET", "/orders/7")}


def test_a_parameter_that_nobody_knows_is_filled_with_an_id_that_nothing_has() -> None:
    assert READ.address({"order": "7"}) == "/orders/7"
    assert READ.address({}).startswith("/orders/00000000-")
    assert (READ.takes_an_object, LIST.takes_an_object) == (True, False)


@pytest.mark.parametrize(
    "kept", [KEY, KEY.upper(), KEY[::-1], KEY.encode().hex(), KEY[:16] + "…", "…" + KEY[-16:]]
)
def test_a_key_is_found_however_it_is_kept(kept: str) -> None:
    assert [name for name, spelling in spellings(KEY) if spelling in f"key={kept};".encode()]


def test_the_last_signs_of_a_key_may_be_kept() -> None:
    assert not [name for name, spelling in spellings(KEY) if spelling in f"key=…{KEY[-4:]};".encode()]


def test_stores_that_do_not_tell_of_the_key_were_not_looked_at() -> None:
    assert keeps_no_key().matches(StoredKey(examined=9, spellings=(), name_found=True))
    assert not keeps_no_key().matches(StoredKey(examined=9, spellings=(), name_found=False))
    assert not keeps_no_key().matches(StoredKey(examined=9, spellings=("backwards",), name_found=True))


def test_a_key_costs_what_pairs_differ_by_and_the_worse_case_counts() -> None:
    used, looked_up = Pairs((0.011, 0.012, 0.5), (0.010, 0.010, 0.490)), Pairs((0.02, 0.03), (0.01, 0.01))
    assert used.difference == pytest.approx(0.002)
    assert KeyCosts(examined=5, in_use=used, unremembered=looked_up).greatest == pytest.approx(0.015)


def test_a_key_is_shown_as_the_profile_says() -> None:
    assert access().proof("abc") == {"Authorization": "Bearer abc"}
    assert access(header="X-Key", scheme=None).proof("abc") == {"X-Key": "abc"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scopes": ["read"]}, "needs the scope 'write'"),
        ({"calls": ACCESS["calls"][1:]}, "uses order"),
        ({"calls": [ACCESS["calls"][0]] * 2}, "stands twice"),
        ({"calls": []}, "an empty list"),
    ],
)
def test_a_declaration_that_does_not_fit_together_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        access(**changes)
