"""The one writer of evidence: redacts, writes, hashes, and hands a copy to the report."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.harness.redaction import Redactor

Attach = Callable[[str, bytes, str], None]


@dataclass(frozen=True)
class Exhibit:
    """One piece of evidence: path relative to the results folder and the SHA-256 of its bytes."""

    path: str
    sha256: str


class Evidence:
    """Writes the raw material behind the observations of one scenario into a folder of its own."""

    def __init__(self, results: Path, scenario: str, redactor: Redactor, attach: Attach) -> None:
        self._results = results
        self._folder = results / "evidence" / slug(scenario)
        self._redactor = redactor
        self._attach = attach
        self.exhibits: list[Exhibit] = []

    @property
    def results(self) -> Path:
        """The folder that everything of this run is written to."""
        return self._results

    def keep(self, name: str, material: Any) -> Exhibit:
        """Keep text as it is and anything else as JSON (dataclasses, tuples, paths included), redacted."""
        if isinstance(material, str):
            return self._write(f"{slug(name)}.txt", self._redactor.text(material).encode(), "text/plain")
        text = json.dumps(material, default=_plain, indent=2, ensure_ascii=False, sort_keys=True)
        return self._write(f"{slug(name)}.json", self._redactor.text(text).encode(), "application/json")

    def keep_picture(self, name: str, png: bytes) -> Exhibit:
        """Keep a plot (PNG bytes that the library drew itself)."""
        return self._write(f"{slug(name)}.png", png, "image/png")

    def keep_pictures(self, pictures: Mapping[str, bytes]) -> None:
        """Keep several pictures (PNG bytes) under their names."""
        for name, png in pictures.items():
            self.keep_picture(name, png)

    def _write(self, name: str, body: bytes, media_type: str) -> Exhibit:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{len(self.exhibits) + 1:02d}-{name}"
        path.write_bytes(body)
        exhibit = Exhibit(str(path.relative_to(self._results)), hashlib.sha256(body).hexdigest())
        self.exhibits.append(exhibit)
        self._attach(name, body, media_type)
        return exhibit


def slug(text: str) -> str:
    """A file name of a sentence."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80] or "unnamed"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, bytes):
        return value[:2000].decode("utf-8", "replace")
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "items"):
        return dict(value.items())
    return str(value)
