"""Undo: registered before the act, run last-in-first-out, and kept in a journal so that a crash of the runner loses nothing.

An undo step is data: the name of a function in `UNDO` and its arguments. That is why another process, the next run or
`make down`, can carry out what a killed run left behind.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Undoer = Callable[..., None]
Table = Mapping[str, Undoer]


@dataclass(frozen=True)
class UndoStep:
    """One thing to undo: `does` names a function of the undo table, `arguments` are plain JSON values.

    `of`: what owes it: "" for a scenario, otherwise the name of something that several scenarios use.
    """

    number: int
    does: str
    arguments: dict[str, Any]
    of: str = ""

    def __str__(self) -> str:
        return f"{self.does}({', '.join(f'{k}={v!r}' for k, v in self.arguments.items())})"


@dataclass(frozen=True)
class UndoFailure:
    """An undo that did not work: the target may be left changed."""

    step: UndoStep
    error: str


class Journal:
    """The undo steps that are still owed to one target, in a file that survives the process (one JSON object a line)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lock = threading.RLock()  # what is tried in the background owes, too

    def owed(self) -> list[UndoStep]:
        """What is still to be undone, oldest first. A half-written last line (a crash while writing) was never acted on."""
        owed: dict[int, UndoStep] = {}
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if "done" in entry:
                owed.pop(entry["done"], None)
            else:
                owed[entry["number"]] = UndoStep(**entry)
        return list(owed.values())

    def write(self, entry: Mapping[str, Any]) -> None:
        """Append one entry and force it to disk: the act must not happen before its undo is safe."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def forget_if_settled(self) -> None:
        """Remove the file when nothing is owed."""
        with self.lock:
            if not self.owed():
                self._path.unlink(missing_ok=True)


class UndoStack:
    """What this run owes to the target. `owe` before the act, `settle` after the scenario or for what a crash left.

    One with a name, `of`, is a part of it that outlives scenarios; it settles its own steps only.
    """

    def __init__(self, journal: Journal, table: Table, of: str = "") -> None:
        self._journal = journal
        self._table = table
        self._of = of

    def aside(self, of: str) -> UndoStack:
        """The part of what is owed that belongs to something which several scenarios use."""
        return UndoStack(self._journal, self._table, of)

    def owe(self, does: str, **arguments: Any) -> UndoStep:
        """Register an undo before the act. `does` must be in the table: an undo nobody can carry out is refused."""
        if does not in self._table:
            raise KeyError(f"no undo called {does!r}; there are: {', '.join(sorted(self._table))}")
        of = {"of": self._of} if self._of else {}
        with self._journal.lock:
            number = 1 + max((step.number for step in self._journal.owed()), default=0)
            self._journal.write({"number": number, "does": does, "arguments": arguments, **of})
        return UndoStep(number, does, arguments, self._of)

    def forget(self, step: UndoStep) -> None:
        """Owe a step no more: the act itself has been taken back in the ordinary course."""
        self._journal.write({"done": step.number})
        self._journal.forget_if_settled()

    def settle(self, step: UndoStep | None = None) -> list[UndoFailure]:
        """Undo one step, or everything of its own that is owed, newest first; returns what failed, which stays owed."""
        own = [each for each in self._journal.owed() if each.of == self._of]
        return self._undo(own if step is None else [step])

    def settle_all(self) -> list[UndoFailure]:
        """Undo everything that anybody owes, newest first."""
        return self._undo(self._journal.owed())

    def _undo(self, owed: list[UndoStep]) -> list[UndoFailure]:
        failures = []
        for each in reversed(owed):
            try:
                self._table[each.does](**each.arguments)
            except Exception as problem:  # noqa: BLE001 - every other undo must still run
                failures.append(UndoFailure(each, f"{type(problem).__name__}: {problem}"))
            else:
                self._journal.write({"done": each.number})
        self._journal.forget_if_settled()
        return failures

    @property
    def owed(self) -> list[UndoStep]:
        """What is still owed, oldest first."""
        return self._journal.owed()
