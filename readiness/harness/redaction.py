"""Takes secrets out of everything that is written, and searches what was written for any that came through."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from readiness.core.spellings import SHORTEST, spellings_of

MASK = "[redacted]"
TOKEN_SHAPES = (
    re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
)


@dataclass(frozen=True)
class Leak:
    """A secret that was found where it must not be: the file and the secret's name, never its value."""

    file: str
    secret: str


class Redactor:
    """Knows the secrets of a run by name and masks them, and everything that has the shape of a token, in text.

    `planted` is a secret of its own: it proves that masking and searching work at all.
    """

    def __init__(self) -> None:
        self.planted = f"canary-{secrets.token_hex(16)}"
        self._forms: dict[str, tuple[str, ...]] = {"canary": spellings_of(self.planted)}

    def learn(self, name: str, value: str) -> None:
        """Remember a secret. Values shorter than six characters are refused: masking them would eat ordinary words."""
        if len(value) < SHORTEST:
            raise ValueError(f"secret {name}: shorter than {SHORTEST} characters; required: a real secret")
        self._forms[name] = spellings_of(value)

    def text(self, text: str) -> str:
        """The text without secrets."""
        for spelling in sorted(
            (s for spellings in self._forms.values() for s in spellings), key=len, reverse=True
        ):
            text = text.replace(spelling, MASK)
        for shape in TOKEN_SHAPES:
            text = shape.sub(MASK, text)
        return text

    def leaks(self, files: Iterable[Path]) -> list[Leak]:
        """Every file that holds a known secret in any of its spellings."""
        found = []
        for file in files:
            content = file.read_bytes()
            found += [
                Leak(str(file), name)
                for name, spellings in self._forms.items()
                if any(spelling.encode() in content for spelling in spellings)
            ]
        return found
