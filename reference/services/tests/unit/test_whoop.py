"""The parts of whoop-service that can be judged without a database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi import HTTPException
from pydantic import ValidationError

from service_common.health import Health
from service_common.settings import load
from whoop_service import schema
from whoop_service.app import build, largest_body
from whoop_service.attachment_files import AttachmentFiles
from whoop_service.auth import Caller, Callers, Found, Gate
from whoop_service.cache import Cache
from whoop_service.database import Connection, Database
from whoop_service.members import NewMember
from whoop_service.pages import LARGEST_PAGE, Position, RecordQuery
from whoop_service.records import KINDS, is_text
from whoop_service.redis_link import RedisLink
from whoop_service.scopes import key_hash
from whoop_service.service_calls import ServiceCalls
from whoop_service.settings import NAME, Settings
from whoop_service.sleeps import NewSleep
from whoop_service.usage import UNLIMITED, Quota, Usage
from whoop_service.workouts import NewWorkout

MEMBER = UUID("5517aca7-beda-8a8e-8241-966dc6a853b9")


def test_a_position_survives_its_cursor() -> None:
    position = Position(datetime(2025, 3, 1, 7, tzinfo=UTC), MEMBER)
    assert Position.parse(position.cursor()) == position


@pytest.mark.parametrize("cursor", ["", "abc", "MjAyNQ==", "é", "MjAyNS0wMS0wMX54"])
def test_a_text_that_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="must be the `next` of an earlier page"):
        Position.parse(cursor)


@pytest.mark.parametrize("limit", [0, -1, LARGEST_PAGE + 1])
def test_pages_are_bounded(limit: int) -> None:
    with pytest.raises(ValidationError):
        RecordQuery(limit=limit)
    assert RecordQuery(limit=LARGEST_PAGE).limit == LARGEST_PAGE


def test_an_unknown_filter_is_refused_rather_than_ignored() -> None:
    with pytest.raises(ValidationError):
        RecordQuery.model_validate({"membre": str(MEMBER)})


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "two\nlines", "x" * 101])
def test_a_name_is_one_line_of_text(name: str) -> None:
    with pytest.raises(ValidationError):
        NewMember(name=name, email="ada@example.com")


@pytest.mark.parametrize(
    "change",
    [{"hours_asleep": 9}, {"hours_in_bed": float("nan")}, {"recorded_at": datetime(1999, 1, 1, tzinfo=UTC)}],
)
def test_an_impossible_sleep_is_refused(change: dict[str, object]) -> None:
    possible = {"member_id": MEMBER, "recorded_at": datetime.now(UTC), "hours_in_bed": 8, "hours_asleep": 7}
    assert NewSleep.model_validate({**possible, "disturbances": 2}).hours_asleep == 7
    with pytest.raises(ValidationError):
        NewSleep.model_validate({**possible, "disturbances": 2, **change})


def test_the_required_schema_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "whoop_service:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.REQUIRED


def test_only_uploads_may_be_large() -> None:
    assert largest_body("/v1/members") == 64 * 1024
    assert largest_body(f"/v1/workouts/{MEMBER}/attachments") == 5 * 1024 * 1024


def test_the_openapi_document_describes_every_operation_and_its_problems(
    environment: pytest.MonkeyPatch,
) -> None:
    document = build(load(Settings, NAME), Health()).openapi()
    assert {"/v1/members", "/v1/members/{member_id}/export", "/v1/workouts/{workout_id}/attachments"} <= set(
        document["paths"]
    )
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == [{"HTTPBearer": []}], (method, path)
            assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]


class KeyTable:
    """Stands in for the database of keys."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.asked = 0

    async def run(self, work: Callable[[Connection], Awaitable[object]]) -> Found:
        self.asked += 1
        return self.found


def a_caller(expires_at: datetime | None = None, quota: Quota = UNLIMITED) -> Caller:
    return Caller("partner", "partner", frozenset(), expires_at, quota=quota)


def a_gate(table: KeyTable) -> Gate:
    """One that counts by itself: there is no Redis."""
    settings = load(Settings, NAME)
    redis = RedisLink(settings, 0.2)
    return Gate(Callers(cast(Database, table)), Usage(redis), ServiceCalls(settings, redis))


@pytest.mark.anyio
async def test_a_good_key_is_looked_up_once_and_a_bad_one_each_time(environment: pytest.MonkeyPatch) -> None:
    good, bad = KeyTable(Found(True, a_caller())), KeyTable(Found(True, None))
    known, revoked = a_gate(good), a_gate(bad)
    for _ in range(3):
        assert await known.identify("key", "1.2.3.4") == good.found.caller
        with pytest.raises(HTTPException, match="401"):
            await revoked.identify("key", "1.2.3.4")
    assert (good.asked, bad.asked) == (1, 3)


@pytest.mark.anyio
async def test_a_key_stops_working_when_its_time_is_over_even_while_it_is_remembered(
    environment: pytest.MonkeyPatch,
) -> None:
    table = KeyTable(Found(True, a_caller(datetime.now(UTC) + timedelta(milliseconds=100))))
    gate = a_gate(table)
    assert await gate.identify("key", "1.2.3.4") == table.found.caller
    table.found = Found(True, None)
    await asyncio.sleep(0.12)
    with pytest.raises(HTTPException, match="401"):
        await gate.identify("key", "1.2.3.4")


@pytest.mark.anyio
async def test_without_redis_a_replica_counts_by_itself(environment: pytest.MonkeyPatch) -> None:
    gate = a_gate(KeyTable(Found(True, a_caller(quota=Quota(per_minute=2)))))
    admitted = [await gate.identify("key", "1.2.3.4") for _ in range(2)]
    assert len(admitted) == 2
    with pytest.raises(HTTPException, match="429") as refusal:
        await gate.identify("key", "1.2.3.4")
    assert 0 < int((refusal.value.headers or {})["Retry-After"]) <= 60


@pytest.mark.anyio
async def test_without_a_key_nothing_is_looked_up(environment: pytest.MonkeyPatch) -> None:
    table = KeyTable(Found(True, a_caller()))
    with pytest.raises(HTTPException, match="401"):
        await a_gate(table).identify(None, "1.2.3.4")
    assert table.asked == 0


def test_only_the_hash_of_a_key_is_kept() -> None:
    assert key_hash("key").hex() == "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"


@pytest.mark.anyio
async def test_without_redis_the_cache_knows_nothing_and_does_no_harm(
    environment: pytest.MonkeyPatch,
) -> None:
    redis = RedisLink(load(Settings, NAME), 0.2)
    cache = Cache(redis)
    assert await cache.read(MEMBER, "partner") is None
    await cache.keep(MEMBER, "partner", b"{}")
    await cache.forget(MEMBER, "partner")
    await redis.close()


async def pieces(*content: bytes | Exception) -> AsyncIterator[bytes]:
    for piece in content:
        if isinstance(piece, Exception):
            raise piece
        yield piece


@pytest.mark.anyio
async def test_an_attachment_is_written_read_and_removed(tmp_path: Path) -> None:
    files, identifier = AttachmentFiles(tmp_path), uuid4()
    stored = await files.write(identifier, pieces(b"first ", b"second"))
    assert files.path(identifier).read_bytes() == b"first second"
    assert stored.size_bytes == 12
    await files.remove([identifier, uuid4()])
    assert not files.path(identifier).exists()


@pytest.mark.anyio
async def test_an_upload_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    files, identifier = AttachmentFiles(tmp_path), uuid4()
    with pytest.raises(ConnectionError):
        await files.write(identifier, pieces(b"first ", ConnectionError()))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_archive_knows_texts_from_numbers() -> None:
    fields = KINDS["workouts"][0].fields
    assert [name for name, kind in fields.items() if is_text(kind)] == ["sport", "note"]


@pytest.mark.parametrize("change", [{"note": "a\x00b"}, {"source_id": -1}, {"source_id": 2**63}])
def test_an_impossible_note_or_number_is_refused(change: dict[str, object]) -> None:
    possible = {"member_id": MEMBER, "recorded_at": datetime.now(UTC), "sport": "rowing", "strain": 3}
    whole = {**possible, "average_heart_rate": 90, "note": "two\nlines", "source_id": 2**63 - 1}
    assert NewWorkout.model_validate(whole).source_id == 2**63 - 1
    with pytest.raises(ValidationError):
        NewWorkout.model_validate({**whole, **change})
