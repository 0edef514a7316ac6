"""The inbox keeps what it is sent, in every channel, and gives it back."""

import json
import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from aiosmtpd.controller import Controller

from whoop_inbox.formats import NotUnderstood, draft_from_post
from whoop_inbox.mail import MailReceiver, draft_from_mail
from whoop_inbox.messages import Draft, Messages
from whoop_inbox.web import Server, parse_time

ALERT = {
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "ServiceDown", "service": "redis", "severity": "critical"},
            "annotations": {
                "summary": "redis does not answer " + "x" * 200,
                "runbook_url": "runbooks/alerts.md#service-down",
            },
        }
    ],
}


def draft(channel: str, text: str = "text") -> Draft:
    return Draft(channel, "sender", ("to",), "subject", text, "raw")


@pytest.fixture
def address() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Messages())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def call(url: str, method: str = "GET", body: object = None) -> dict[str, object]:
    data = json.dumps(body).encode() if body is not None else None
    request = Request(url, data=data, method=method, headers={"Content-Type": "application/json"})
    with urlopen(request, timeout=5) as answer:
        value = json.load(answer)
    assert isinstance(value, dict)
    return value


def test_messages_are_found_by_channel_and_time() -> None:
    messages = Messages()
    first, second = messages.keep(draft("mail")), messages.keep(draft("sms"))
    assert messages.find("sms") == [second]
    assert messages.find(since=first.received_at) == [first, second]
    assert messages.find(since=datetime.now(UTC) + timedelta(seconds=1)) == []


def test_forgetting_one_channel_leaves_the_others() -> None:
    messages = Messages()
    messages.keep(draft("mail"))
    kept = messages.keep(draft("chat"))
    assert messages.forget("mail") == 1
    assert messages.find() == [kept]
    assert messages.forget() == 1


def test_the_oldest_message_is_dropped_when_the_inbox_is_full() -> None:
    messages = Messages(capacity=2)
    for text in ("one", "two", "three"):
        messages.keep(draft("chat", text))
    assert [message.text for message in messages.find()] == ["two", "three"]


def test_a_chat_message_shows_title_text_and_recipient() -> None:
    body = {"channel": "#ops", "username": "bot", "attachments": [{"title": "Down", "text": "redis is down"}]}
    understood = draft_from_post("chat", json.dumps(body), "application/json")
    assert (understood.subject, understood.text, understood.recipients) == (
        "Down",
        "redis is down",
        ("#ops",),
    )


def test_a_chat_message_may_come_as_a_form_or_in_blocks() -> None:
    form = "payload=%7B%22text%22%3A%22hello%22%7D"
    assert draft_from_post("chat", form, "application/x-www-form-urlencoded").text == "hello"
    blocks = json.dumps({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "in a block"}}]})
    assert draft_from_post("chat", blocks, "application/json").text == "in a block"


def test_an_alert_becomes_one_short_message() -> None:
    understood = draft_from_post("sms", json.dumps(ALERT), "application/json")
    assert understood.text.startswith("FIRING ServiceDown redis (critical): redis does not answer")
    assert len(understood.text) == 160
    assert understood.subject == "firing"


def test_a_plain_short_message_is_kept_as_it_is() -> None:
    understood = draft_from_post("sms", '{"to": "+1", "from": "pager", "text": "call"}', "application/json")
    assert (understood.sender, understood.recipients, understood.text) == ("pager", ("+1",), "call")


@pytest.mark.parametrize(
    ("channel", "body"),
    [("chat", "no json"), ("chat", "{}"), ("chat", "[]"), ("sms", "{}"), ("sms", '{"alerts": []}')],
)
def test_what_is_not_understood_is_refused(channel: str, body: str) -> None:
    with pytest.raises(NotUnderstood):
        draft_from_post(channel, body, "application/json")


def test_the_plain_part_of_a_mail_is_its_text() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Läuft nicht"
    mail.set_content("plain ünd")
    mail.add_alternative("<b>html</b>", subtype="html")
    understood = draft_from_mail("a@b.c", ["d@e.f"], mail.as_bytes())
    assert (understood.subject, understood.text.strip(), understood.sender) == (
        "Läuft nicht",
        "plain ünd",
        "a@b.c",
    )


def test_mail_is_received_over_smtp() -> None:
    messages = Messages()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(MailReceiver(messages), hostname="127.0.0.1", port=port)
    controller.start()
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        client.sendmail("from@x.y", ["to@x.y"], "Subject: hello\r\n\r\nworld\r\n")
    controller.stop()
    (message,) = messages.find("mail")
    assert (message.subject, message.text.strip(), message.recipients) == ("hello", "world", ("to@x.y",))


def test_the_web_side_receives_lists_and_forgets(address: str) -> None:
    assert call(f"{address}/sms", "POST", {"text": "one"}) == {"kept": 1}
    call(f"{address}/chat", "POST", {"text": "two"})
    (found,) = call(f"{address}/messages?channel=chat&since=0")["messages"]  # type: ignore[misc]  # exactly one is there
    assert found["text"] == "two"
    assert call(f"{address}/messages?since=2999-01-01")["messages"] == []
    assert call(f"{address}/messages", "DELETE") == {"deleted": 2}


def test_the_web_side_says_what_it_is(address: str) -> None:
    assert "stand-in" in str(call(f"{address}/")["about"])


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/mail", "POST", 404),
        ("/sms", "POST", 400),
        ("/messages?since=soon", "GET", 400),
        ("/nothing", "DELETE", 404),
    ],
)
def test_wrong_requests_are_refused(address: str, path: str, method: str, status: int) -> None:
    with pytest.raises(HTTPError) as refused:
        call(address + path, method, {} if method == "POST" else None)
    assert refused.value.code == status


def test_times_are_read_in_both_forms() -> None:
    assert parse_time("0") == datetime(1970, 1, 1, tzinfo=UTC)
    assert parse_time("2024-05-01T10:00:00") == datetime(2024, 5, 1, 10, tzinfo=UTC)
