"""Receives mail over SMTP."""

from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, Envelope, Session

from whoop_inbox.messages import Draft, Messages


def draft_from_mail(sender: str, recipients: list[str], content: bytes) -> Draft:
    """Reads a mail; `text` is its plain part, or its HTML part if it has no other."""
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body(preferencelist=("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    subject = str(mail.get("Subject", ""))
    return Draft("mail", sender, tuple(recipients), subject, text, content.decode("utf-8", errors="replace"))


class MailReceiver:
    """The handler that the SMTP server calls for each mail."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keeps the mail and confirms it to the sender."""
        content = envelope.original_content or b""
        self._messages.keep(draft_from_mail(envelope.mail_from or "", envelope.rcpt_tos, content))
        return "250 kept (this is a stand-in: nothing is delivered)"
