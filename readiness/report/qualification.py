"""The score of the checks themselves: how many seeded defects they caught, on how many decoys they stayed quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Score:
    """What the qualification of one line's checks showed."""

    id: str
    defects: int
    caught: int
    decoys: int
    false_alarms: int

    @property
    def quiet(self) -> int:
        """Decoys that raised no alarm."""
        return self.decoys - self.false_alarms


@dataclass(frozen=True)
class _Qualification:
    schema: int
    lines: tuple[Score, ...]


def read_scores(path: Path) -> tuple[Score, ...]:
    """The scores from `results/qualification.json`; none when the checks were not qualified on this machine."""
    if not path.is_file():
        return ()
    return TypeAdapter(_Qualification).validate_json(path.read_bytes()).lines


def total(scores: Iterable[Score], line_ids: Iterable[str]) -> Score:
    """The sum of the scores of these lines."""
    wanted = set(line_ids)
    of_them = [score for score in scores if score.id in wanted]
    return Score(
        id="",
        defects=sum(score.defects for score in of_them),
        caught=sum(score.caught for score in of_them),
        decoys=sum(score.decoys for score in of_them),
        false_alarms=sum(score.false_alarms for score in of_them),
    )
