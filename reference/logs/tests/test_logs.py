import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from whoop_logs.counting import Counts
from whoop_logs.files import GIVEN_UP_AFTER, Reader, identity_of, lines_in
from whoop_logs.keeping import Policy, archives_in, free_name, lines_of
from whoop_logs.lines import fields_of, level_of, line_of
from whoop_logs.names import owner_of, service_of
from whoop_logs.searching import NotUnderstood, question_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def record(text: str, second: int = 0, stream: str = "stdout") -> bytes:
    return (
        json.dumps(
            {"log": text, "stream": stream, "time": f"2026-03-01T10:00:{second:02}.123456789Z"}
        ).encode()
        + b"\n"
    )


def texts(block: bytes, **options: bool) -> list[str]:
    return [line.text for line in lines_in(block, **options).lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / ("c" * 64)
    made.mkdir()
    return made


def read(reader: Reader) -> list[str]:
    found = []
    for portion in reader.portions():
        found += [line.text for line in portion.lines]
        reader.done(portion)
    return found


def test_pieces_of_a_long_line_are_put_together_also_between_those_of_the_other_stream() -> None:
    block = record("a") + record("b\n", 1, "stderr") + record("c\n", 2)
    assert texts(block) == ["b", "ac"]
    assert lines_in(block).length == len(block)


def test_a_line_that_was_only_begun_is_waited_for_and_nothing_before_it_is_read_twice() -> None:
    whole, begun = record("whole\n"), record("begun", 1)
    assert lines_in(whole + begun).length == len(whole)
    assert texts(whole + begun + record("other\n", 2, "stderr")) == ["whole"]
    assert texts(whole + begun, all_of_it=True) == ["whole", "begun"]
    assert texts(whole + begun[:-5]) == ["whole"]


def test_a_record_that_is_none_is_counted_and_passed() -> None:
    read_ = lines_in(b"no record\n" + record("a\n"))
    assert (read_.unreadable, [line.text for line in read_.lines]) == (1, ["a"])


def test_files_are_read_over_rotations_and_restarts_without_loss_or_repetition(folder: Path) -> None:
    newest, older = folder / f"{folder.name}-json.log", folder / f"{folder.name}-json.log.1"
    newest.write_bytes(record("1\n", 1) + record("2\n", 2))
    reader = Reader(folder, {})
    assert read(reader) == ["1", "2"]
    with newest.open("ab") as file:
        file.write(record("3\n", 3))
    newest.rename(older)
    newest.write_bytes(record("4\n", 4))
    assert read(Reader(folder, dict(reader.positions))) == ["3", "4"]
    assert read(reader) == ["3", "4"]
    assert read(reader) == []


def test_what_was_not_kept_is_read_again(folder: Path) -> None:
    (folder / f"{folder.name}-json.log").write_bytes(record("1\n"))
    reader = Reader(folder, {})
    assert len(list(reader.portions())) == 1  # nobody said that it is done
    assert read(Reader(folder, reader.positions)) == ["1"]


def test_the_rest_of_a_line_is_not_waited_for_without_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("whoop_logs.files.time.monotonic", lambda: clock[0])
    (folder / f"{folder.name}-json.log").write_bytes(record("whole\n") + record("torn", 1))
    reader = Reader(folder, {})
    assert read(reader) == ["whole"]
    assert read(reader) == []
    clock[0] = GIVEN_UP_AFTER + 1
    assert read(reader) == ["torn"]


def test_a_long_line_is_whole_and_a_file_without_a_first_record_is_none_yet(folder: Path) -> None:
    pieces = b"".join(record("x" * 16384) for _ in range(200)) + record("end\n")
    (folder / f"{folder.name}-json.log").write_bytes(pieces)
    (found,) = read(Reader(folder, {}))
    assert len(found) == 200 * 16384 + 3
    assert identity_of(b'{"log":') == ""


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ('{"level": "WARN"}', "warning"),
        ('{"severity": "fatal"}', "critical"),
        ('{"status": 503}', "error"),
        ('{"status": 404}', "info"),
        ('{"a": 1}', "unknown"),
        ("2026-03-01 UTC [1] user= FATAL:  password authentication failed", "error"),
        ("2026-03-01 UTC [1] user= PANIC:  could not write", "critical"),
        ("2026-03-01 UTC [1] user= LOG:  checkpoint", "info"),
        ('ts=1 caller=main.go level=error msg="no"', "error"),
        ("[WARNING]  (1) : Server is DOWN", "warning"),
        ("[ALERT]    (1) : no server", "error"),
        ("panic: runtime error", "critical"),
        ("Traceback (most recent call last):", "error"),
        ("1:M 01 Mar 2026 10:00:00.123 # low memory", "warning"),
        ("1:M 01 Mar 2026 10:00:00.123 * Ready to accept connections", "info"),
        ("do not panic: it is the error of a customer", "unknown"),
    ],
)
def test_a_line_says_how_serious_it_is(text: str, level: str) -> None:
    assert level_of(text, fields_of(text)) == level


@pytest.mark.parametrize(
    "text",
    ["[1]", "{broken", '{"a": NaN}', '{"a": 1e999}', '{"a": "\\ud800"}', '{"a": "\\u0000"}', "{" * 100_000],
)
def test_what_a_database_cannot_keep_as_fields_is_kept_as_words(text: str) -> None:
    line = line_of("2026-03-01T10:00:00.123456789Z", "stdout", text + "\0\ud800")
    assert (line.fields, line.at.microsecond) == (None, 123456)
    line.text.encode()
    assert "\0" not in line.text


def test_a_container_belongs_to_its_service_or_to_itself(tmp_path: Path) -> None:
    stack = {"com.docker.swarm.service.name": "whoop_edge", "com.docker.stack.namespace": "whoop"}
    assert service_of(stack, "whoop_edge.1.x", "whoop") == "edge"
    assert service_of({**stack, "com.docker.stack.namespace": "other"}, "x", "whoop") == "whoop_edge"
    composed = {"com.docker.compose.project": "whoop-staging", "com.docker.compose.service": "edge"}
    assert service_of(composed, "x", "whoop") == "whoop-staging_edge"
    assert service_of({}, "whoop-bastion", "whoop") == "whoop-bastion"
    assert owner_of(tmp_path, "whoop") is None
    (tmp_path / "config.v2.json").write_text(json.dumps({"Name": "/alone", "Config": {"Labels": None}}))
    assert getattr(owner_of(tmp_path, "whoop"), "service", None) == "alone"


def test_every_service_has_numbers_from_the_beginning_and_old_news_alarm_nobody() -> None:
    counts = Counts()
    counts.present(["edge"])
    now = datetime.now(UTC)
    fresh = line_of(now.isoformat(), "stdout", '{"level": "critical"}')
    old = line_of((now - timedelta(hours=1)).isoformat(), "stdout", '{"level": "critical"}')
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for each in counts.collect()
        for sample in each.samples
    }
    assert told["log_lines_total", "edge", "critical"] == 0
    counts.kept("edge", [old], 0)
    assert not [
        each
        for each in counts.collect()
        if each.name == "log_critical_line_timestamp_seconds" and each.samples
    ]
    counts.kept("edge", [fresh], 0)
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for each in counts.collect()
        for sample in each.samples
    }
    assert told["log_lines_total", "edge", "critical"] == 1
    assert ("log_critical_line_timestamp_seconds", "edge") in told


def test_a_day_is_over_and_forgotten_the_day_after_its_last() -> None:
    policy, today = Policy(14, 90), date(2026, 3, 1)
    assert [policy.is_over(today - timedelta(days=days), today) for days in (14, 15)] == [False, True]
    assert [policy.is_forgotten(today - timedelta(days=days), today) for days in (90, 91)] == [False, True]


def test_archives_never_overwrite_each_other(tmp_path: Path) -> None:
    first = free_name(tmp_path, date(2026, 3, 1))
    first.write_bytes(gzip.compress(b'{"a": 1}\n'))
    second = free_name(tmp_path, date(2026, 3, 1))
    second.write_bytes(gzip.compress(b'{"a": 2}\n'))
    assert first != second
    assert [day for _, day in archives_in(tmp_path)] == [date(2026, 3, 1)] * 2
    assert list(lines_of(second)) == [b'{"a": 2}\n']
    second.write_bytes(second.read_bytes()[:-9])
    with pytest.raises(EOFError):
        list(lines_of(second))


def test_a_question_means_the_same_in_the_store_and_in_an_archive() -> None:
    asked = [
        ("text", "100%"),
        ("service", "edge"),
        ("field.who.id", "7"),
        ("since", "2026-03-01T00:00:00"),
        ("until", "1772366400"),
    ]
    question = question_of(asked, NOW)
    condition, values = question.condition()
    assert condition.count("%s") == len(values) == 5
    assert values[3] == r"%100\%%"
    line = {
        "at": "2026-03-01T10:00:00+00:00",
        "service": "edge",
        "line": "paid 100% of it",
        "fields": {"who": {"id": 7}},
    }
    assert question.fits(line)
    for wrong in (
        {"line": "100 of it"},
        {"service": "api"},
        {"fields": {"who": {"id": 70}}},
        {"fields": None},
        {"at": "2026-03-01T13:00:00+00:00"},
    ):
        assert not question.fits({**line, **wrong})
    assert not question_of([("field.paid", "1"), ("since", "0")], NOW).fits(
        {**line, "fields": {"paid": True}}
    )


@pytest.mark.parametrize("asked", [("txt", "a"), ("since", "yesterday"), ("limit", "0"), ("limit", "100000")])
def test_a_question_that_nobody_understands_is_refused(asked: tuple[str, str]) -> None:
    with pytest.raises(NotUnderstood):
        question_of([asked], NOW)
