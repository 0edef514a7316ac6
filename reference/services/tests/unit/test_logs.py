"""Logs are JSON, one object per line, and nothing secret gets into them."""

import json
import logging

import pytest
import structlog

from service_common.logs import REDACTED, Identity, configure, redact

KEY = "0123456789abcdef" * 4


@pytest.mark.parametrize("name", ["password", "api_key", "Authorization", "set-cookie", "access_token"])
def test_a_field_with_a_secret_name_is_blanked(name: str) -> None:
    assert redact(None, "info", {name: "anything"}) == {name: REDACTED}


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {KEY}",
        "bearer abc.def.ghi",
        "postgresql://whoop:hunter2@postgres/whoop",
        "host=postgres password=hunter2 user=whoop",
        f"the key {KEY} was refused",
    ],
)
def test_a_text_with_the_shape_of_a_secret_loses_it(text: str) -> None:
    event = str(redact(None, "info", {"event": text})["event"])
    assert REDACTED in event
    for secret in (KEY, "hunter2", "abc.def.ghi"):
        assert secret not in event


def test_ordinary_fields_stay_as_they_are() -> None:
    event = {"event": "request", "route": "/v1/members/{member_id}", "status": 200, "caller": None}
    assert redact(None, "info", dict(event)) == event


def test_own_and_foreign_logs_have_one_shape(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Identity("whoop-service", "replica-1", "abc"), "INFO")
    structlog.get_logger("own").info("hello", size=3)
    logging.getLogger("some.library").warning("watch out, %s", "password=hunter2")
    structlog.get_logger("own").debug("too detailed for this level")
    own, foreign = map(json.loads, capsys.readouterr().out.splitlines())
    assert (own["event"], own["size"], own["level"]) == ("hello", 3, "info")
    assert (foreign["event"], foreign["level"]) == (f"watch out, {REDACTED}", "warning")
    for line in (own, foreign):
        assert (line["service"], line["instance"], line["version"]) == ("whoop-service", "replica-1", "abc")
        assert line["time"].endswith("Z")
