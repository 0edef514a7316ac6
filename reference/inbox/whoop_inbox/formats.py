"""Reads the notification formats of chat and SMS gateways into drafts."""

import json
from urllib.parse import parse_qs

from whoop_inbox.messages import Draft

SMS_LENGTH = 160


class NotUnderstood(ValueError):
    """The body is not in the format that the channel expects; the message says what is wrong."""


def draft_from_post(channel: str, body: str, content_type: str) -> Draft:
    """Reads a POST to /chat, /sms or /heartbeat.

    Chat: the format of Slack's incoming webhooks, as JSON or as a form with one field `payload`.
    SMS and heartbeat: Alertmanager's webhook format, or `{"to": …, "from": …, "text": …}` for an SMS.
    Raises NotUnderstood.
    """
    form = content_type.startswith("application/x-www-form-urlencoded")
    source = parse_qs(body).get("payload", [""])[0] if form else body
    try:
        value = json.loads(source)
    except json.JSONDecodeError as error:
        raise NotUnderstood(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise NotUnderstood("the body must be a JSON object")
    if channel == "chat":
        return _chat(value, body)
    return _alerts(channel, value, body) if "alerts" in value else _short_message(channel, value, body)


def _chat(value: dict[str, object], raw: str) -> Draft:
    parts = _objects(value.get("attachments")) + _objects(value.get("blocks"))
    title = next((str(part["title"]) for part in parts if part.get("title")), "")
    lines = [_text_of(value), *(_text_of(part) for part in parts)]
    text = "\n".join(line for line in lines if line)
    if not (title or text):
        raise NotUnderstood("a chat message needs a text, or attachments or blocks with one")
    sender, recipient = str(value.get("username", "")), str(value.get("channel", ""))
    return Draft("chat", sender, (recipient,) if recipient else (), title, text, raw)


def _text_of(part: dict[str, object]) -> str:
    text = part.get("text", "")
    return str(text.get("text", "")) if isinstance(text, dict) else str(text)


def _alerts(channel: str, value: dict[str, object], raw: str) -> Draft:
    lines = [_alert_line(alert) for alert in _objects(value.get("alerts"))]
    if not lines:
        raise NotUnderstood("an Alertmanager notification needs at least one alert")
    text = "; ".join(lines)
    shown = text[:SMS_LENGTH] if channel == "sms" else text
    return Draft(channel, "alertmanager", (), str(value.get("status", "")), shown, raw)


def _alert_line(alert: dict[str, object]) -> str:
    labels, annotations = _strings(alert.get("labels")), _strings(alert.get("annotations"))
    name, service, severity = (labels.get(key, "") for key in ("alertname", "service", "severity"))
    status, summary = str(alert.get("status", "")).upper(), annotations.get("summary", "")
    return f"{status} {name} {service} ({severity}): {summary} {annotations.get('runbook_url', '')}".strip()


def _short_message(channel: str, value: dict[str, object], raw: str) -> Draft:
    text = value.get("text")
    if not isinstance(text, str) or not text:
        raise NotUnderstood("a short message needs a text")
    recipient = str(value.get("to", ""))
    return Draft(channel, str(value.get("from", "")), (recipient,) if recipient else (), "", text, raw)


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _strings(value: object) -> dict[str, str]:
    return {str(key): str(item) for key, item in value.items()} if isinstance(value, dict) else {}
