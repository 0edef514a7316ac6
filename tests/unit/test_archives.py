"""What a customer took away, read as other programs read it, and held against what is kept."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest

from readiness.config.taking_away import Files, Kind
from readiness.probes.archives import compare, files_in, is_formula, rows_of, same, table_of

KIND = Kind(name="notes", lines="notes.jsonl", cells="notes.csv", of_client="true", of_owner="true")
KEPT = {"id": "a", "note": "two\nlines", "number": 9007199254740993, "at": "2026-01-05T23:30:00+05:45"}
CELLS = 'id,note,number,at\r\na,"two\nlines",9007199254740993,2026-01-05T17:45:00Z\r\n'


def archive(lines: list[dict[str, Any]], cells: str = CELLS, **files: bytes) -> ZipFile:
    made = ZipFile(io.BytesIO(), "w")
    made.writestr("notes.jsonl", "".join(f"{json.dumps(line)}\n" for line in lines))
    made.writestr("notes.csv", cells)
    for name, content in files.items():
        made.writestr(f"files/{name}", content)
    return made


def kept(*rows: dict[str, Any]) -> list[Any]:
    return list(rows_of(json.dumps(row) for row in rows))


def test_all_is_well_when_lines_and_cells_say_what_is_kept() -> None:
    seen = compare(KIND, kept(KEPT), archive([KEPT]), "'")
    assert (seen.kept, seen.lines, seen.rows) == (1, 1, 1)
    assert not any((seen.missing, seen.foreign, seen.altered, seen.cells, seen.formulas))


def test_columns_may_come_in_another_order() -> None:
    cells = 'at,number,note,id\r\n2026-01-05T17:45:00Z,9007199254740993,"two\nlines",a\r\n'
    assert not compare(KIND, kept(KEPT), archive([KEPT], cells), "'").cells


def test_what_is_not_there_and_what_is_nobodys_are_told() -> None:
    another = {**KEPT, "id": "b"}
    seen = compare(KIND, kept(KEPT), archive([another, another]), "'")
    assert seen.missing == ("a",)
    assert seen.foreign == ("b", "b")


@pytest.mark.parametrize(
    "change",
    [{"number": 9007199254740992}, {"note": "two lines"}, {"at": "2026-01-05T23:30:00Z"}, {"note": None}],
)
def test_a_record_that_is_not_as_it_is_kept_is_told(change: dict[str, Any]) -> None:
    assert compare(KIND, kept(KEPT), archive([{**KEPT, **change}]), "'").altered


@pytest.mark.parametrize(
    "gone", ["", "id,note,number,at\r\n", CELLS.replace("9007199254740993", "9007199254740992")]
)
def test_a_table_that_says_something_else_is_told(gone: str) -> None:
    assert compare(KIND, kept(KEPT), archive([KEPT], gone), "'").cells


def test_cells_that_run_are_told_and_numbers_are_not() -> None:
    cells = CELLS.replace('"two\nlines"', "=1+1")
    assert compare(
        KIND, kept({**KEPT, "note": "=1+1"}), archive([{**KEPT, "note": "=1+1"}], cells), "'"
    ).formulas
    assert [is_formula(each) for each in ("=x", "+x", "-x", "@x", "\tx", "-12.5", "+1e3", "x", "", None)] == [
        *[True] * 5,
        *[False] * 5,
    ]


def test_no_value_is_not_an_empty_text() -> None:
    assert list(table_of('a,"",\r\n,b,""\n')) == [["a", "", None], [None, "b", ""]]
    assert same(None, None, "'")
    assert same("", "", "'")
    assert not same("", None, "'")
    assert not same(None, "", "'")


@pytest.mark.parametrize(
    ("cell", "value", "right"),
    [
        ("12.30", Decimal("12.3"), True),
        ("twelve", Decimal(12), False),
        ("t", True, True),
        ("false", True, False),
        ("2026-01-05 07:30:00+00", datetime(2026, 1, 5, 7, 30, tzinfo=UTC), True),
        ("'=1", "=1", True),
        ("=1", "=1", True),
        ("'x", "x", False),
    ],
)
def test_a_cell_says_what_the_line_says(cell: str, value: Any, right: bool) -> None:
    assert same(cell, value, "'") is right


def test_files_are_told_with_their_checksums() -> None:
    files = Files(kind="notes", folder="files/", name="id", checksum="sha256")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert files_in(archive([], a=b"", b=b"x"), files)["a"] == empty
