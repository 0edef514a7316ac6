"""How secrets are recognised, where they may be, and what the roles that log in with them are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.config.keeping import LogIn, Role
from readiness.core.errors import CannotLook
from readiness.core.fragments import fragments
from readiness.matchers.kept_secrets import (
    are_all_written_down,
    are_for_one_user_only,
    are_read_by_their_readers_only,
    are_refused_what_owners_may,
    stand_nowhere_in_writing,
)
from readiness.matchers.requirement import Requirement
from readiness.probes import database_roles
from readiness.probes.database_roles import RolesTried, Try
from readiness.probes.kept_secrets import KeptSecrets, Mounted, Shown, mounted_of
from readiness.probes.known_secrets import KnownSecrets
from readiness.targets.platform import Ran
from readiness.targets.swarm_writings import config_ids
from tests.unit.deployment_facts import a_copy

PASSWORD, KEY = "correct-horse-battery", "9f2c41d07be8a365"
KEY_LINES = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "q83vEjRWeJq83vEjRWeJ0123456789ab", "lastlastlastlast"]
PEM = "-----BEGIN CERTIFICATE-----\nPUBLICPUBLICPUBLICPUBLIC\n-----END CERTIFICATE-----\n"
PEM += "\n".join(["-----BEGIN PRIVATE KEY-----", *KEY_LINES, "-----END PRIVATE KEY-----"])
KNOWN = KnownSecrets([("password", PASSWORD), ("key", KEY), ("tls", PEM)])


def mismatch(matcher: Requirement[Any], seen: object) -> str:
    words = StringDescription()
    matcher.describe_mismatch(seen, words)
    return str(words)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"DB_PASSWORD={PASSWORD}", ("password",)),
        ("Basic Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5", ("password",)),
        (f"{KEY} and {PASSWORD}", ("password", "key")),
        ("DB_PASSWORD_FILE=/run/secrets/password", ()),
        ("PUBLICPUBLICPUBLICPUBLIC", ()),
        (KEY_LINES[0], ()),
        (KEY_LINES[1], ("tls",)),
    ],
)
def test_secrets_are_recognised_in_any_spelling_and_a_key_by_its_middle(
    text: str, names: tuple[str, ...]
) -> None:
    assert KNOWN.within(text) == names


def test_a_secret_is_found_across_two_chunks_of_a_stream() -> None:
    half = len(KEY) // 2
    chunks = [b"x" * 100 + KEY[:half].encode(), KEY[half:].encode() + b"y" * 100]
    assert KNOWN.within_stream(chunks) == ("key",)
    assert KNOWN.within_stream([b"nothing"]) == ()


def test_a_file_is_a_secret_by_its_value_whatever_its_name() -> None:
    assert (KNOWN.is_value(f"{KEY}\n"), KNOWN.is_value("other"), KNOWN.value("key")) == ("key", "", KEY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("key 9f2c41d0... refused", True),
        ("ends in 7be8a365.", True),
        ("9f2c41d07b", False),
        ("****a365", False),
    ],
)
def test_first_and_last_characters_are_found_where_they_stand_alone(text: str, found: bool) -> None:
    assert bool(fragments(KEY).search(text)) == found


def test_what_is_mounted_is_told_with_rights_and_owner() -> None:
    listing = "user 10001\nfile 400 10001 64 /run/secrets/db password\nfile 444 0 9 /etc/hosts\ncopy 600 10001 9 /tmp/p\n"
    found = list(mounted_of(a_copy("a"), listing, lambda _path, size: "password" if size == 64 else ""))
    assert found[0] == Mounted("shop", "a", "/run/secrets/db password", "400", "10001", "10001", "password")
    assert (found[1].path, found[1].secret, found[1].mode) == ("/etc/hosts", "", "444")
    assert (found[2].copied, found[1].copied) == (True, False)


def mounted(service: str = "shop", **changes: Any) -> Mounted:
    return replace(Mounted(service, "a", "/run/secrets/p", "400", "10", "10", "password"), **changes)


KEPT = KeptSecrets(
    examined=3, readers={"password": ("shop", "db"), "key": ()}, running=("shop", "db"),
    mounted=(mounted(), mounted("db")), shown=(),
)  # fmt: skip


def test_secrets_with_their_readers_only_are_right() -> None:
    for requirement in (
        are_read_by_their_readers_only(),
        are_for_one_user_only(),
        stand_nowhere_in_writing(),
    ):
        assert requirement.matches(KEPT)


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ((mounted(),), "db: password: required mounted as a file; observed none of its copies has it"),
        ((mounted(), mounted("db"), mounted("cache")), "cache (a), /run/secrets/p: required no password"),
        ((mounted(), mounted("db"), mounted(secret="key")), "required no key"),
        ((mounted(), mounted("db"), mounted(secret="")), "that somebody declared"),
    ],
)
def test_a_reader_too_many_or_too_few_is_told(there: tuple[Mounted, ...], words: str) -> None:
    assert words in mismatch(are_read_by_their_readers_only(), replace(KEPT, mounted=there))


def test_a_program_may_make_a_file_of_its_own_from_a_secret_and_still_needs_it_mounted() -> None:
    own = mounted(path="/tmp/p", mode="600", copied=True)
    assert are_for_one_user_only().matches(replace(KEPT, mounted=(own,)))
    assert "shop: password" in mismatch(
        are_read_by_their_readers_only(), replace(KEPT, mounted=(own, mounted("db")))
    )


@pytest.mark.parametrize(
    "changes",
    [{"mode": "444"}, {"mode": "440"}, {"mode": "600"}, {"owner": "0"}, {"mode": "644", "copied": True}],
)
def test_a_file_for_more_than_its_user_is_told(changes: dict[str, Any]) -> None:
    words = mismatch(are_for_one_user_only(), replace(KEPT, mounted=(mounted(**changes),)))
    assert "required mode 400 for user 10" in words


def test_a_value_in_writing_is_told_by_its_name() -> None:
    words = mismatch(
        stand_nowhere_in_writing(), replace(KEPT, shown=(Shown("password", "a process of shop"),))
    )
    assert "a process of shop: required no password" in words
    assert PASSWORD not in words


ROLES = RolesTried(
    examined=2, connected=("app", "numbers"), owners=("owner", "admin"), powerful=("admin", "owner"),
    may_log_in=("admin", "app", "numbers", "owner"),
    declared=("app", "numbers", "owner", "admin"), tries=(Try("app", "make a role", False),), serving=(("app", True),),
)  # fmt: skip


def test_roles_that_are_refused_and_known_are_right() -> None:
    assert are_refused_what_owners_may().matches(ROLES)
    assert are_all_written_down().matches(ROLES)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tries": (Try("app", "empty table members", True),)}, "may not empty table members"),
        ({"powerful": ("admin", "app")}, "owns nothing"),
        ({"connected": ("app", "owner")}, "a service is connected as it"),
        ({"connected": ("numbers",)}, "no service is connected as it"),
        ({"serving": (("app", False),)}, "may read what it serves"),
    ],
)
def test_a_role_that_may_too_much_or_too_little_is_told(changes: dict[str, Any], words: str) -> None:
    assert words in mismatch(are_refused_what_owners_may(), replace(ROLES, **changes))


def test_somebody_nobody_wrote_down_is_told() -> None:
    assert "role guest" in mismatch(are_all_written_down(), replace(ROLES, may_log_in=("app", "guest")))


class Database:
    """A platform whose database says one thing whatever it is asked."""

    def __init__(self, output: str, exit_code: int = 0) -> None:
        self.ran = Ran(exit_code, output, 0.1)
        self.asked: list[str] = []
        self.settings: dict[str, str] = {}

    def run_inside(self, _copy: str, argv: list[str], *, timeout: float, settings: dict[str, str]) -> Ran:
        assert timeout > 0
        self.asked, self.settings = argv, settings
        return self.ran


def session(database: Database) -> Any:
    log_in = LogIn(command=("psql", "--username={role}", "--command"), variable="PGPASSWORD")
    role = Role(name="app", logs_in_with="password")
    return database_roles.Session(database, log_in, a_copy("db"), role, PASSWORD)  # type: ignore[arg-type]  # all that is asked


def test_all_tries_are_made_at_once_and_the_password_is_no_argument() -> None:
    database = Database("NOTICE:  readiness 1 42501\nNOTICE:  readiness 2 RDY00\n")
    found = session(database).tries([("make a role", "CREATE ROLE x"), ("read", "SELECT 1")])
    assert [(each.what, each.allowed) for each in found] == [("make a role", False), ("read", True)]
    assert database.asked[:2] == ["psql", "--username=app"]
    assert PASSWORD not in " ".join(database.asked)
    assert database.settings == {"PGPASSWORD": PASSWORD}


@pytest.mark.parametrize("output", ["", "NOTICE:  readiness 1 42P01", "FATAL: no such database"])
def test_what_fails_for_another_reason_is_no_refusal(output: str) -> None:
    with pytest.raises(CannotLook):
        session(Database(output)).tries([("make a role", "CREATE ROLE x")])


def test_who_does_not_get_in_is_refused_nothing() -> None:
    with pytest.raises(CannotLook, match="does not get into"):
        session(Database("password authentication failed", 2)).require_log_in()


def test_each_config_in_use_is_read_once() -> None:
    def service(*configs: str) -> dict[str, Any]:
        used = [{"ConfigID": each} for each in configs]
        return {"Spec": {"TaskTemplate": {"ContainerSpec": {"Configs": used or None}}}}

    assert config_ids([service("a", "b"), service(), service("b", "c")]) == ["a", "b", "c"]
