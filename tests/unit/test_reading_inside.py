"""A file inside a container is read whole: output that got lost on the way is asked for again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from readiness.targets.engine import READINGS, Engine
from readiness.targets.facts import Ran


class Answering(Engine):
    """An engine whose commands end as they are told."""

    def __init__(self, *ends: tuple[int, str]) -> None:
        super().__init__()
        self.ends: Iterator[tuple[int, str]] = iter(ends)

    def run_inside(self, replica_id: str, argv: Sequence[str], **_: Any) -> Ran:
        assert (replica_id, list(argv)) == ("a-copy", ["cat", "/a/file"])
        code, output = next(self.ends)
        return Ran(code, output, 0.1)


@pytest.mark.parametrize(
    ("ends", "read"),
    [
        ([(0, "50000\n")], "50000\n"),
        ([(0, ""), (0, ""), (0, "50000\n")], "50000\n"),
        ([(0, "")] * READINGS, ""),
        ([(1, "cat: no such file")], None),
        ([(1, "")], None),
    ],
)
def test_an_empty_file_is_read_again_before_it_is_believed(
    ends: list[tuple[int, str]], read: str | None
) -> None:
    engine = Answering(*ends)
    assert engine.read_inside("a-copy", "/a/file") == read
    assert next(engine.ends, None) is None
