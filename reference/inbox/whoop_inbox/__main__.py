"""Runs the inbox until it is told to stop: mail at SMTP_PORT (8025), everything else at HTTP_PORT (8080)."""

import logging
import os
import signal
import threading

from aiosmtpd.controller import Controller

from whoop_inbox.mail import MailReceiver
from whoop_inbox.messages import Messages
from whoop_inbox.web import ABOUT, Server

SMTP_PORT = int(os.environ.get("SMTP_PORT", "8025"))
HTTP_PORT = int(os.environ.get("HTTP_PORT", "8080"))


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    messages = Messages()
    smtp = Controller(MailReceiver(messages), hostname="0.0.0.0", port=SMTP_PORT, server_hostname="inbox")
    web = Server(("0.0.0.0", HTTP_PORT), messages)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    smtp.start()
    threading.Thread(target=web.serve_forever, daemon=True).start()
    logging.getLogger("inbox").info("%s SMTP: %s, HTTP: %s", ABOUT, SMTP_PORT, HTTP_PORT)
    stop.wait()
    web.shutdown()
    smtp.stop()


if __name__ == "__main__":
    main()
