"""A key is issued and used, all that is stored is written out, and the key is looked for in it."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from readiness.actions.keys import Order, access_of, issue_keys, unique
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.spellings import spellings_of
from readiness.drills.access import Owner
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

HELD = 16


@dataclass(frozen=True, kw_only=True)
class StoredKey(Observation):
    """Where a key was found in what is stored: in which spellings. Examined: bytes of it. `name_found`: its name is there."""

    spellings: tuple[str, ...]
    name_found: bool


def look_for_a_key_in_the_stores(target: Target, undo: UndoStack) -> StoredKey:
    """Issue a key, use it, have everything stored written out, and look for the key. Undo: remove its client."""
    access = access_of(target)
    client = unique("canary")
    (key,) = issue_keys(target, undo, [Order(client, f"{client}-key", access.scopes)])
    Owner(target, access, key).require_let_in(key)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "stores"
        ran = target.run_procedure("dump_stores", output=str(output))
        if ran.exit_code != 0 or not output.is_file():
            raise CannotLook(
                f"what is stored was not written out (exit status {ran.exit_code}): {ran.output[-300:]}"
            )
        content = output.read_bytes()
    found = tuple(name for name, spelling in spellings(key.value) if spelling in content)
    return StoredKey(examined=len(content), spellings=found, name_found=key.name.encode() in content)


def spellings(key: str) -> Iterator[tuple[str, bytes]]:
    """The spellings in which a key could be kept: name and bytes."""
    raw = key.encode()
    plain = {form.encode() for form in spellings_of(key)}
    yield from ((f"spelling {number} of text", form) for number, form in enumerate(sorted(plain)))
    yield "in hexadecimal", raw.hex().encode()
    yield "backwards", raw[::-1]
    yield "the other case", key.swapcase().encode()
    yield "base32", base64.b32encode(raw).rstrip(b"=")
    if len(key) > 2 * HELD:
        yield f"its first {HELD} signs", raw[:HELD]
        yield f"its last {HELD} signs", raw[-HELD:]
