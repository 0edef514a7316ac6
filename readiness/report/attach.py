"""Puts a copy of the evidence into the Allure report."""

from __future__ import annotations

import allure

from readiness.report.formatter import active_listener

EXTENSIONS = {"text/plain": "txt", "application/json": "json", "image/png": "png", "text/csv": "csv", "text/html": "html"}


def attach(name: str, body: bytes, media_type: str) -> None:
    """Attach already redacted bytes to the step or scenario that runs, else to the report as a whole.

    Without a report being written it does nothing.
    """
    listener = active_listener()
    if listener is None:
        return
    put = allure.attach if listener.in_scenario else allure.global_attach
    put(body, name=name, attachment_type=media_type, extension=EXTENSIONS.get(media_type, "bin"))
