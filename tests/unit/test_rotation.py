"""The replacement of secrets, and how they are kept: what is judged, and how."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from readiness.config.budgets import load_budgets
from readiness.config.keeping import Role
from readiness.config.rotation import CacheLogIn, Rotation
from readiness.drills.at_rest import Age, AtRest
from readiness.drills.rotating import Holder, Rotated, Tried
from readiness.matchers.rotation import (
    disturbs_no_customer,
    gives_everybody_a_new_value,
    is_closed_without_its_key,
    shows_no_secret_on_disk,
    shuts_out_the_old,
)
from readiness.probes.database_roles import in_turn
from readiness.probes.redis_log_in import log_in
from readiness.targets.journey import Served

DAY = 86400.0
ROOT = Path(__file__).parents[2]


def served(fault: str = "", *, writes: bool = False) -> Served:
    return Served("read the workout back", 0.0, 0.1, 0 if fault else 200, "one", fault, writes)


SEEN = Rotated(
    examined=60,
    exit_code=0,
    words="replaced",
    seconds=60.0,
    served=tuple(served(writes=number % 2 == 0) for number in range(60)),
    unchanged=(),
    tried=(Tried("cache_password", before=True, new=True, old=False),),
    holders=(Holder("shop", "one", "cache_password", new=True, old=False),),
    sessions=(),
    afterwards="",
)
KEPT = AtRest(
    examined=900, ages=(Age("shop_cache_password_1", "cache_password", 3 * DAY),), found=(), closed=True
)


def said(matcher: Matcher[object], seen: object) -> str:
    description = StringDescription()
    matcher.describe_mismatch(seen, description)
    return str(description)


def test_a_replacement_that_nobody_notices_and_that_shuts_out_the_old_is_as_it_should_be() -> None:
    for matcher in (disturbs_no_customer(), gives_everybody_a_new_value(), shuts_out_the_old()):
        assert matcher.matches(SEEN)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"exit_code": 1, "words": "no room"}, "exit status 1: no room"),
        ({"served": (*SEEN.served, served("status 503 instead of 200"))}, "status 503"),
        ({"served": SEEN.served[:10]}, "10 requests, 5 of them writing"),
        ({"served": tuple(served() for _ in range(60))}, "60 requests, 0 of them writing"),
    ],
)
def test_one_request_that_fails_is_one_too_many_and_few_requests_show_nothing(
    wrong: dict[str, object], words: str
) -> None:
    seen = replace(SEEN, **wrong)  # type: ignore[arg-type]  # a field of it, with a value of its kind
    assert not disturbs_no_customer().matches(seen)
    assert words in said(disturbs_no_customer(), seen)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"unchanged": ("cache_password",)}, "the value of before"),
        ({"holders": (Holder("shop", "two", "cache_password", new=False, old=True),)}, "it does not have it"),
        (
            {"holders": (Holder("shop", "two", "cache_password", new=True, old=True),)},
            "still has the old one",
        ),
    ],
)
def test_a_value_that_stays_or_does_not_reach_every_copy_is_told(
    wrong: dict[str, object], words: str
) -> None:
    seen = replace(SEEN, **wrong)  # type: ignore[arg-type]  # a field of it, with a value of its kind
    assert words in said(gives_everybody_a_new_value(), seen)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tried": (Tried("cache_password", before=True, new=True, old=True),)}, "whoever has it is let in"),
        (
            {"tried": (Tried("cache_password", before=True, new=False, old=False),)},
            "whoever has it is refused",
        ),
        ({"sessions": ("shop",)}, "it goes on"),
        ({"afterwards": "register a member: status 503"}, "status 503"),
    ],
)
def test_what_still_opens_and_what_does_not_open_any_more_is_told(
    wrong: dict[str, object], words: str
) -> None:
    seen = replace(SEEN, **wrong)  # type: ignore[arg-type]  # a field of it, with a value of its kind
    assert words in said(shuts_out_the_old(), seen)


def test_the_oldest_secret_is_judged_and_a_month_is_the_most() -> None:
    budget = load_budgets(ROOT).by_id("secret_age")
    older = replace(KEPT, ages=(*KEPT.ages, Age("shop_key_1", "key", 30 * DAY)))
    assert older.oldest.secret == "key"
    assert budget.met_by(older.oldest.seconds)
    assert not budget.met_by(30 * DAY + 1)


def test_a_value_on_a_disk_is_told_with_its_file_and_an_open_key_as_well() -> None:
    assert shows_no_secret_on_disk().matches(KEPT)
    assert is_closed_without_its_key().matches(KEPT)
    found = replace(KEPT, found=(("cache_password", "volumes/shop/_data/notes"),), closed=False)
    assert "volumes/shop/_data/notes: required no cache_password" in said(shows_no_secret_on_disk(), found)
    assert "the key is beside it" in said(is_closed_without_its_key(), found)


def test_of_two_logins_that_take_turns_the_one_that_may_log_in_is_meant() -> None:
    role = Role(name="shop_a", in_turn_with="shop_b", logs_in_with="shop_password")
    assert in_turn(role, ["metrics", "shop_b"]).name == "shop_b"
    assert in_turn(role, ["shop_a"]).name == "shop_a"
    assert in_turn(role, []).name == "shop_a"


def test_what_is_tried_must_be_replaced() -> None:
    with pytest.raises(ValueError, match="tried and never replaced"):
        Rotation(replaced=("key",), caches=(CacheLogIn(name="password", client="shop", host="cache"),))


def test_the_first_line_of_what_a_cache_says_to_a_password_is_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard: list[bytes] = []

        def answer() -> None:
            line, _ = server.accept()
            with line:
                heard.append(line.recv(100))
                line.sendall(b"-WRONGPASS invalid password\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        said_to = log_in("127.0.0.1", server.getsockname()[1], "secret")
        thread.join()
    assert said_to == "-WRONGPASS invalid password"
    assert heard == [b"AUTH secret\r\n"]


def test_the_program_that_logs_in_imports_nothing_of_ours() -> None:
    text = (ROOT / "readiness/probes/redis_log_in.py").read_text(encoding="utf-8")
    assert "from readiness" not in text
