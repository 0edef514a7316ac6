"""What makes copies and tries them out, without the programs that do the work."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from backup import keeping
from backup.contents import Contents, differences, digest_of
from backup.database import Copy
from backup.drill import limit_of, problem_of
from backup.files import state_of
from backup.keeping import Intake, Keeper
from backup.programs import Failed, run
from backup.records import Drill, Records
from backup.settings import Settings, load
from backup.telling import DATABASE, DRILL, Telling

WHOLE = Contents({"public.members": (3, "17"), "public.workouts": (2, "5")}, "schema", "roles")
GOOD = Drill("20260101-000000F", 1.0, 2.0, True, "schedule")


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    (tmp_path / "passphrase").write_text("p" * 20)
    for name in ("repository", "arriving", "files"):
        (tmp_path / name).mkdir()
    return load(
        {
            "PASSPHRASE_FILE": str(tmp_path / "passphrase"), "REPOSITORY": str(tmp_path / "repository"),
            "ARRIVING": str(tmp_path / "arriving"), "ATTACHMENTS_DIR": str(tmp_path / "files"), "SCRATCH": str(tmp_path),
        }
    )  # fmt: skip


def metrics(telling: Telling) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels.get("kind", "")): sample.value
        for metric in telling.collect()
        for sample in metric.samples
    }


def test_a_setting_that_is_wrong_ends_the_program(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")
    with pytest.raises(SystemExit) as ended:
        load({"PASSPHRASE_FILE": str(tmp_path / "short")})
    assert ended.value.code == 78


def test_the_same_contents_are_no_difference() -> None:
    assert differences(WHOLE, WHOLE) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(WHOLE, tables={"public.members": (3, "17")}), "public.workouts: is missing"),
        (replace(WHOLE, tables={**WHOLE.tables, "public.workouts": (2, "6")}), "checksum 6"),
        (replace(WHOLE, schema="other"), "owners or rights"),
        (replace(WHOLE, roles="other"), "roles"),
        (Contents({}, "schema", "roles"), "not a single row"),
    ],
)
def test_whatever_is_missing_or_changed_is_told(found: Contents, said: str) -> None:
    assert any(said in each for each in differences(WHOLE, found))


def test_a_digest_knows_declarations_only() -> None:
    assert digest_of("-- dumped by 15.1\n\\restrict abc\nCREATE TABLE a;") == digest_of(
        "\\restrict xyz\nCREATE TABLE a;\n"
    )
    assert digest_of("CREATE TABLE a;") != digest_of("CREATE TABLE b;")


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    right = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert problem_of(tmp_path / "a", 1, right) == ""
    assert problem_of(tmp_path / "a", 1, "other")
    assert problem_of(tmp_path / "b", 1, right) == "is missing"


def test_a_change_of_the_files_is_seen(tmp_path: Path) -> None:
    before = state_of(tmp_path)
    (tmp_path / "a").write_bytes(b"a")
    assert state_of(tmp_path) != before
    assert state_of(tmp_path) == state_of(tmp_path)


def test_a_program_that_fails_is_an_error_with_its_last_words() -> None:
    with pytest.raises(Failed, match="status 3: no"):
        run(["sh", "-c", "echo no >&2; exit 3"])


def test_records_outlive_the_program_and_those_of_gone_copies_go(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.add(GOOD)
    records.add(replace(GOOD, passed=False, problems=("broken",)))
    assert [each.passed for each in Records(tmp_path).drills()] == [True, False]
    records.keep_contents("a", WHOLE.told())
    records.keep_contents("b", WHOLE.told())
    records.forget_all_but({"b"})
    assert records.contents("a") is None
    assert Contents.of(records.contents("b") or {}) == WHOLE


class Repository:
    """Stands in for the programs: copies that are asked for, and what was removed."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails = False

    def prepare(self) -> None:
        self.done.append("prepare")

    def copies(self) -> list[Copy]:
        return []

    def clear(self, *_: object) -> None:
        self.done.append("clear")

    def take_in(self, segment: Path) -> None:
        if self.fails:
            raise Failed("no room")
        self.done.append(segment.name)

    def make(self) -> bool:
        if self.fails:
            raise Failed("no room")
        return True


@pytest.fixture
def keeper(told: Settings, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    keeper = Keeper(told, Telling({DATABASE: 660.0, DRILL: 7260.0}, lambda _: None))
    repository = Repository()
    monkeypatch.setattr(keeper, "database", repository)
    monkeypatch.setattr(keeper, "files", repository)
    return keeper


def ends(monkeypatch: pytest.MonkeyPatch, drill: Drill) -> None:
    class Ends:
        def __init__(self, *_: object) -> None: ...

        def try_newest(self) -> Drill:
            return drill

    monkeypatch.setattr(keeping, "DrillOfACopy", Ends)


def test_old_copies_go_after_a_good_drill(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    ends(monkeypatch, GOOD)
    keeper.drill("somebody")
    assert keeper.database.done == ["clear", "clear"]  # type: ignore[attr-defined]  # the stand-in's


def test_no_copy_goes_after_a_bad_drill(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    ends(monkeypatch, replace(GOOD, passed=False, problems=("broken",)))
    with pytest.raises(Failed, match="broken"):
        keeper.drill("somebody")
    assert keeper.database.done == []  # type: ignore[attr-defined]  # the stand-in's


def test_a_try_that_fails_is_no_success(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    telling = Telling({}, lambda _: None)
    monkeypatch.setattr(keeper, "_telling", telling)

    def fails() -> str:
        raise Failed("the database is away")

    monkeypatch.setattr(keeper, "keep_database", fails)
    monkeypatch.setattr(keeping, "AGAIN_AFTER", 0.0)
    keeper.look()
    seen = metrics(telling)
    assert seen["backup_failing", "database"] == 1
    assert ("backup_last_success_timestamp_seconds", "database") not in seen


def test_the_log_is_taken_in_in_order_and_stays_where_it_cannot_be(
    told: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling, repository = Telling({}, lambda _: None), Repository()
    intake = Intake(told, telling)
    monkeypatch.setattr(intake, "_copies", repository)
    for name in ("2", "1", ".3"):
        (told.arriving / name).write_text("log")
    os.utime(told.arriving / "1", (time.time() - 100,) * 2)
    repository.fails = True
    with pytest.raises(Failed):
        intake.look()
    assert metrics(telling)["backup_log_waiting_seconds", ""] > 99
    repository.fails = False
    intake.look()
    assert repository.done == ["1", "2"]
    assert [each.name for each in told.arriving.iterdir()] == [".3"]


def test_a_limit_leaves_room_for_one_try_that_failed() -> None:
    assert limit_of(300) == 660
