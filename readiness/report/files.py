"""Writes Allure results, free of secrets, into a folder that holds one run."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

from allure_commons import hookimpl
from allure_commons.logger import AllureFileLogger
from attr import asdict

from readiness.report.titles import WORDS

OURS = (
    "*-result.json",
    "*-container.json",
    "*-globals.json",
    "*-perf.json",
    "*-attachment.*",
    "environment.properties",
)


class ResultFiles(AllureFileLogger):
    """The stock writer, with redaction, and with a clean folder: old results would count as retries of new ones."""

    def __init__(self, folder: Path, *, keep_old: bool) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call] # Allure is untyped
        if not keep_old:
            for pattern in OURS:
                for old in folder.glob(pattern):
                    old.unlink()

    def _report_item(self, item: Any) -> None:
        text = json.dumps(asdict(item, filter=lambda _, value: value or value is False), ensure_ascii=False)
        self._write(item.file_pattern.format(prefix=uuid.uuid4()), WORDS.redact(text).encode())

    @hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """Text is redacted; bytes are written as they are, for whoever made them has looked after that."""
        self._write(file_name, WORDS.redact(body).encode() if isinstance(body, str) else body)

    def _write(self, name: str, content: bytes) -> None:
        unfinished = self._report_dir / f"{name}.tmp"
        with open(unfinished, "wb") as file:
            file.write(content)
        os.replace(unfinished, self._report_dir / name)
