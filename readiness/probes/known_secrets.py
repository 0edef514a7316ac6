"""The secrets of a deployment, whose values the operator knows, and the search for them in texts and bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from readiness.core.errors import CapabilityMissing
from readiness.core.spellings import spellings_of
from readiness.targets.target import Target

PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s(.*?)-----END", re.DOTALL)


class KnownSecrets:
    """Names and values. A value leaves this only as the name of the secret that it is."""

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        self._values = dict(values)
        self._spelled = {name: spelled(value) for name, value in self._values.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all of them."""
        return tuple(self._values)

    def value(self, name: str) -> str:
        """The value of one, for whoever has to come in with it."""
        return self._values[name]

    def forms_of(self, name: str) -> tuple[str, ...]:
        """By which texts one is recognised."""
        return self._spelled[name]

    def is_value(self, text: str) -> str:
        """The name of the secret that a text is, but for blanks around it; "" when it is none."""
        return next((name for name, value in self._values.items() if value == text.strip()), "")

    def in_file(self, text: str) -> str:
        """The name of the secret that the text of a file is, or has in it; "" where there is none."""
        return self.is_value(text) or next(iter(self.within(text)), "")

    def within(self, text: str) -> tuple[str, ...]:
        """The names of all secrets that a text shows, in any spelling."""
        return tuple(name for name, forms in self._spelled.items() if any(form in text for form in forms))

    def within_stream(self, chunks: Iterable[bytes]) -> tuple[str, ...]:
        """The names of all secrets that a stream of bytes shows, in any spelling."""
        forms = {name: [form.encode() for form in each] for name, each in self._spelled.items()}
        longest = max(len(form) for each in forms.values() for form in each)
        found: dict[str, None] = {}
        for window in _windows(chunks, longest - 1):
            found |= dict.fromkeys(
                name
                for name, each in forms.items()
                if name not in found and any(form in window for form in each)
            )
        return tuple(found)


def known_secrets(target: Target) -> KnownSecrets:
    """The secrets of the profile. CapabilityMissing where it names none, or one cannot be had."""
    if not target.profile.secrets:
        raise CapabilityMissing(f"The profile of {target.name} does not say what is secret (secrets).")
    return KnownSecrets((each.name, each.value.read()) for each in target.profile.secrets)


def spelled(value: str) -> tuple[str, ...]:
    """By which texts a secret is recognised: its spellings; of a private key, the line in its middle."""
    lines = [line for key in PRIVATE_KEY.findall(value) for line in _middle_of(key.split())]
    return tuple(form for line in lines for form in spellings_of(line)) or spellings_of(value)


def _middle_of(lines: list[str]) -> list[str]:
    """The line in the middle of a key; at either end other keys may have the same."""
    return lines[len(lines) // 2 :][:1]


def _windows(chunks: Iterable[bytes], overlap: int) -> Iterator[bytes]:
    """The chunks, each with the end of the one before."""
    tail = b""
    for chunk in chunks:
        yield tail + chunk
        tail = (tail + chunk)[-overlap:]
