"""An archive that a customer took away, held against what is kept: record by record, cell by cell, file by file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zipfile import BadZipFile, ZipFile

from readiness.config.taking_away import Files, Kind

SHOWN = 3
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
CELL = re.compile(r'("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r\n|\n|\r|\Z)')
READ_AT_ONCE = 1 << 20

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Compared:
    """One kind of record: how many are kept, and taken as lines and as rows of cells; and what is wrong, the first few of each.

    `missing`: kept, and not taken. `foreign`: taken, and not kept of this customer, or taken twice. `altered`: not as it is kept.
    `cells`: a row of cells that does not say what the line says. `formulas`: cells that a spreadsheet would run.
    """

    kind: str
    kept: int
    lines: int
    rows: int
    missing: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()


def rows_of(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Rows from lines of JSON; no number loses a digit, and a time is one moment however it is written."""
    return [
        {key: _value(value) for key, value in json.loads(line, parse_float=Decimal).items()}
        for line in lines
        if line.strip()
    ]


def _value(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and TIME.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(UTC)
    return value


def compare(kind: Kind, kept: list[Row], archive: ZipFile, guard: str) -> Compared:
    """Hold one kind of record in the archive against all that is kept of it. An entry that is not there has no records."""
    there = set(archive.namelist())
    taken = rows_of(_lines(archive, kind.lines)) if kind.lines in there else []
    cells = list(table_of(archive.read(kind.cells).decode())) if kind.cells in there else []
    expected = {str(row.get("id")): row for row in kept}
    found: dict[str, Row] = {}
    foreign, altered = [], []
    for row in taken:
        name = str(row.get("id"))
        if name not in expected or name in found:
            foreign.append(name)
        elif row != expected[name]:
            altered.append(f"{name}: {difference(expected[name], row)}")
        found[name] = row
    wrong, formulas = _read_cells(cells, found, guard)
    return Compared(
        kind.name,
        len(kept),
        len(taken),
        max(0, len(cells) - 1),
        tuple([name for name in expected if name not in found][:SHOWN]),
        tuple(foreign[:SHOWN]),
        tuple(altered[:SHOWN]),
        tuple(wrong[:SHOWN]),
        tuple(formulas[:SHOWN]),
    )


def _read_cells(
    table: list[list[str | None]], taken: Mapping[str, Row], guard: str
) -> tuple[list[str], list[str]]:
    if not table:
        return (["there is no table"] if taken else []), []
    head, wrong, formulas, seen = [str(name) for name in table[0]], [], [], set[str]()
    for cells in table[1:]:
        row = dict(zip(head, cells, strict=False))
        name = str(row.get("id"))
        seen.add(name)
        formulas += [f"{name}: {key} is {cell!r}" for key, cell in row.items() if is_formula(cell)]
        line = taken.get(name)
        if line is None or len(cells) != len(head) or set(head) != set(line):
            wrong.append(f"{name}: not the columns, or not a record, of the lines")
        else:
            wrong += [
                f"{name}: {key} is {cell!r} instead of {line[key]!r}"
                for key, cell in row.items()
                if not same(cell, line[key], guard)
            ]
    wrong += [f"{name}: no row" for name in taken if name not in seen]
    return wrong, formulas


def is_formula(cell: str | None) -> bool:
    """Whether a spreadsheet would take a cell for more than a text or a number."""
    return bool(cell) and str(cell).startswith(FORMULA) and not NUMBER.fullmatch(str(cell))


def same(cell: str | None, value: Any, guard: str) -> bool:
    """Whether a cell (None: empty, without quotes) says the same as a value of a line."""
    if value is None or cell is None:
        return value is None and cell is None
    if isinstance(value, bool):
        return cell.lower() in (("t", "true") if value else ("f", "false"))
    if isinstance(value, Decimal):
        try:
            return Decimal(cell) == value
        except InvalidOperation:
            return False
    if isinstance(value, datetime):
        return bool(TIME.fullmatch(cell)) and datetime.fromisoformat(cell) == value
    text = str(value)
    return cell == text or (text.startswith(FORMULA) and cell == f"{guard}{text}")


def table_of(text: str) -> Iterator[list[str | None]]:
    """The rows of a table of cells (RFC 4180). An empty cell without quotes is None: no value; with quotes, an empty text."""
    row: list[str | None] = []
    at, end = 0, len(text)
    while at < end:
        found = CELL.match(text, at)
        if found is None:  # not of that form: as other programs read it
            yield from csv.reader(io.StringIO(text[at:]))
            return
        cell, after = found.groups()
        row.append(cell[1:-1].replace('""', '"') if cell.startswith('"') else cell or None)
        at = found.end()
        if after == "," and at < end:
            continue
        if after == ",":
            row.append(None)
        yield row
        row = []


def difference(kept: Row, taken: Row) -> str:
    """In which fields two rows differ."""
    names = [key for key in {**kept, **taken} if kept.get(key, ...) != taken.get(key, ...)]
    return "; ".join(
        f"{key} is {taken.get(key, 'missing')!r} instead of {kept.get(key, 'none')!r}" for key in names
    )


def files_in(archive: ZipFile, files: Files) -> dict[str, str]:
    """Name of each file below the folder -> its SHA-256, or why it cannot be read."""
    found = {}
    for name in archive.namelist():
        if name.startswith(files.folder) and not name.endswith("/"):
            digest = hashlib.sha256()
            try:
                with archive.open(name) as content:
                    while piece := content.read(READ_AT_ONCE):
                        digest.update(piece)
                found[name.removeprefix(files.folder)] = digest.hexdigest()
            except (BadZipFile, OSError, EOFError) as problem:
                found[name.removeprefix(files.folder)] = f"{type(problem).__name__}: {problem}"
    return found


def _lines(archive: ZipFile, name: str) -> Iterator[str]:
    with archive.open(name) as content:
        for line in content:
            yield line.decode()
