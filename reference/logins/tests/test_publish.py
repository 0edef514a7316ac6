"""Verifiers of passwords: whoever knows the password is recognised, and what is published gives none away."""

import base64
import hashlib
import hmac
import importlib.util
from pathlib import Path

SPEC = importlib.util.spec_from_file_location("publish", Path(__file__).parents[1] / "publish.py")
assert SPEC
assert SPEC.loader
logins = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(logins)


def fits(password: str, verifier: str) -> bool:
    """Whether PostgreSQL would let in somebody with this password (RFC 5802)."""
    kind, salting, keys = verifier.split("$")
    rounds, salt = salting.split(":")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = base64.b64decode(keys.split(":")[0])
    return kind == "SCRAM-SHA-256" and hashlib.sha256(client).digest() == stored


def test_a_password_is_recognised_and_another_one_is_not() -> None:
    verifier = logins.scram("right")
    assert fits("right", verifier)
    assert not fits("wrong", verifier)
    assert verifier != logins.scram("right")


def test_what_is_published_names_logins_and_shows_no_password(tmp_path: Path) -> None:
    secrets, published = tmp_path / "secrets", tmp_path / "published"
    secrets.mkdir()
    published.mkdir()
    for name in ("postgres.shop_a", "postgres.metrics", "redis.default.new", "redis.default.old"):
        (secrets / name).write_text(f"password of {name}\n")
    logins.publish(secrets, published)
    postgres = (published / "postgres").read_text().splitlines()
    assert [line.split()[0] for line in postgres] == ["metrics", "shop_a"]
    assert fits("password of postgres.shop_a", postgres[1].split()[1])
    redis = (published / "redis").read_text().split()
    assert redis[::2] == ["default", "default"]
    assert hashlib.sha256(b"password of redis.default.old").hexdigest() in redis
    assert "password of" not in "".join(each.read_text() for each in published.iterdir())
    assert {each.name for each in published.iterdir()} == {"postgres", "redis"}
