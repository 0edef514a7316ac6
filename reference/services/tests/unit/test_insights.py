"""insights-service: the averages, and how it behaves towards whoop-service."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from insights_service.app import build
from insights_service.records import Recovery, Sleep, WhoopRecords, Workout
from insights_service.settings import NAME, Settings
from insights_service.weekly import summarise
from service_common.health import Health
from service_common.middleware import Observed
from service_common.settings import load

MEMBER = UUID("5517aca7-beda-8a8e-8241-966dc6a853b9")
NEWEST = datetime(2025, 5, 29, 17, tzinfo=UTC)
WEEKLY = f"/v1/insights/members/{MEMBER}/weekly"
HEADERS = {"Authorization": "Bearer callers-key", "X-Request-Id": "edge:0001-abcd"}


def test_the_week_ends_with_the_newest_record_and_older_ones_do_not_count() -> None:
    recoveries = [
        Recovery(recorded_at=NEWEST - timedelta(days=days), recovery_score=score)
        for days, score in ((1, 50), (6, 71), (7, 1), (30, 99))
    ]
    workouts = [Workout(recorded_at=NEWEST, strain=12.5)]
    week = summarise(MEMBER, recoveries, [], workouts)
    assert (week.recovery_score, week.hours_asleep, week.strain) == (60.5, None, 12.5)
    assert (week.since, week.until) == (NEWEST - timedelta(days=7), NEWEST)


def test_a_member_without_records_has_no_averages() -> None:
    week = summarise(MEMBER, [], [], [])
    assert (week.until, week.recovery_score, week.hours_asleep, week.strain) == (None, None, None, None)


def whoop_service(request: httpx.Request) -> httpx.Response:
    """Answers like whoop-service."""
    if request.url.path == f"/v1/members/{MEMBER}":
        return httpx.Response(200, json={"id": str(MEMBER)})
    record = {"recorded_at": NEWEST.isoformat(), "recovery_score": 60, "hours_asleep": 7.5, "strain": 11}
    return httpx.Response(200, json={"items": [record], "next": None})


async def ask(
    health: Health,
    handler: Callable[[httpx.Request], httpx.Response],
    headers: dict[str, str] = HEADERS,
) -> httpx.Response:
    records = WhoopRecords(load(Settings, NAME), httpx.MockTransport(handler))
    transport = httpx.ASGITransport(Observed(build(records, health), health))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(WEEKLY, headers=headers)


@pytest.mark.anyio
async def test_the_caller_is_checked_with_their_key_and_records_are_read_with_ours(
    environment: pytest.MonkeyPatch, health: Health
) -> None:
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return whoop_service(request)

    answer = await ask(health, note)
    assert answer.status_code == 200
    assert (answer.json()["recovery_score"], answer.json()["hours_asleep"], answer.json()["strain"]) == (
        60,
        7.5,
        11,
    )
    assert [request.headers["authorization"] for request in seen] == [
        "Bearer callers-key",
        *["Bearer hunter2-hunter2"] * 3,
    ]
    assert {request.headers["x-request-id"] for request in seen} == {"edge:0001-abcd"}
    assert {request.url.params["member"] for request in seen[1:]} == {str(MEMBER)}


@pytest.mark.anyio
@pytest.mark.parametrize("status", [401, 403, 404, 429])
async def test_a_refusal_of_whoop_service_is_passed_on_and_no_record_is_read(
    environment: pytest.MonkeyPatch, health: Health, status: int
) -> None:
    seen: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        headers = {"Retry-After": "7"} if status == 429 else {}
        return httpx.Response(status, json={"detail": "No."}, headers=headers)

    answer = await ask(health, refuse)
    assert (answer.status_code, answer.json()["detail"]) == (status, "No.")
    assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
    assert seen == [f"/v1/members/{MEMBER}"]


@pytest.mark.anyio
async def test_our_own_requests_are_signed_and_one_that_is_sent_again_anew(
    environment: pytest.MonkeyPatch, health: Health
) -> None:
    seen: list[httpx.Headers] = []

    def break_once(request: httpx.Request) -> httpx.Response:
        if "signature" in request.headers:
            seen.append(request.headers.copy())
        if len(seen) == 1:
            raise httpx.ReadError("closed", request=request)
        return whoop_service(request)

    assert (await ask(health, break_once)).status_code == 200
    signatures = {headers["signature"] for headers in seen}
    assert len(signatures) == len(seen) == 4


@pytest.mark.anyio
async def test_a_caller_without_a_key_is_told_so(environment: pytest.MonkeyPatch, health: Health) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        return httpx.Response(401, json={"detail": "A key is required."})

    answer = await ask(health, refuse, {"X-Request-Id": "edge:0001-abcd"})
    assert (answer.status_code, answer.json()["detail"]) == (401, "A key is required.")


def _breaks(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


@pytest.mark.anyio
@pytest.mark.parametrize("handler", [_breaks, lambda request: httpx.Response(500)])
async def test_without_whoop_service_the_answer_is_503(
    environment: pytest.MonkeyPatch, health: Health, handler: Callable[[httpx.Request], httpx.Response]
) -> None:
    answer = await ask(health, handler)
    assert answer.status_code == 503
    assert "whoop-service does not answer" in answer.json()["detail"]


@pytest.mark.anyio
async def test_a_connection_that_breaks_is_tried_once_more(
    environment: pytest.MonkeyPatch, health: Health
) -> None:
    failures = [httpx.ReadError("closed")]

    def handler(request: httpx.Request) -> httpx.Response:
        if failures:
            raise failures.pop()
        return whoop_service(request)

    assert (await ask(health, handler)).status_code == 200


def test_only_the_needed_part_of_a_record_is_read() -> None:
    assert set(Sleep.model_fields) == {"recorded_at", "hours_asleep"}


@pytest.mark.anyio
async def test_a_key_that_is_no_text_is_passed_on_and_refused(
    environment: pytest.MonkeyPatch, health: Health
) -> None:
    seen: list[bytes] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        seen.append(dict(request.headers.raw)[b"Authorization"])
        return httpx.Response(401, json={"detail": "A valid API key is required."})

    records = WhoopRecords(load(Settings, NAME), httpx.MockTransport(refuse))
    transport = httpx.ASGITransport(Observed(build(records, health), health))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get(WEEKLY, headers={b"Authorization": "Bearer é".encode()})
    assert (answer.status_code, seen) == (401, ["Bearer é".encode()])
