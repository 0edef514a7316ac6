"""What becomes of a replica whose schema is behind."""

import asyncio
import os
from unittest.mock import AsyncMock

import pytest

from whoop_service import schema


def migrating_ends_with(monkeypatch: pytest.MonkeyPatch, *statuses: int) -> None:
    """Each run of the migrations ends with the next status; until one ends with 0 the schema is behind."""
    left = list(statuses)

    async def start(*_: object) -> AsyncMock:
        return AsyncMock(wait=AsyncMock(return_value=left.pop(0)))

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(schema, "RETRY_SECONDS", 0)
    check = AsyncMock(check=AsyncMock(side_effect=lambda: "behind" if left else None))
    asyncio.run(schema.ensure(check))
    assert not left


def test_a_database_that_could_not_do_its_part_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    migrating_ends_with(monkeypatch, os.EX_TEMPFAIL, os.EX_TEMPFAIL, 0)


def test_a_migration_that_will_never_succeed_ends_the_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="cannot bring the schema up to date"):
        migrating_ends_with(monkeypatch, os.EX_TEMPFAIL, 1)
