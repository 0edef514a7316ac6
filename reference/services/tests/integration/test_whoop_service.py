"""whoop-service as its callers and its operators meet it, on a real PostgreSQL."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from running import MEMBERS, Postgres, Service, docker, eventually, serve, start

pytestmark = pytest.mark.docker

NOBODY = "00000000-0000-4000-8000-000000000000"


def a_member(service: Service, email: str) -> str:
    answer = service.api.post("/v1/members", json={"name": "Ada", "email": email})
    assert answer.status_code == 201
    return str(answer.json()["id"])


def a_workout(service: Service, member: str) -> str:
    workout = {
        "member_id": member,
        "recorded_at": now(),
        "sport": "rowing",
        "strain": 12.3,
        "average_heart_rate": 120,
    }
    answer = service.api.post("/v1/workouts", json=workout)
    assert answer.status_code == 201
    return str(answer.json()["id"])


def now() -> str:
    return datetime.now(UTC).isoformat()


def files(service: Service) -> list[Path]:
    return [path for path in service.attachments.rglob("*") if path.is_file()]


def test_several_replicas_may_migrate_at_once(service: Service, environment: dict[str, str]) -> None:
    runs = [start(environment, "whoop_service.migrate") for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]


def test_seeding_again_changes_no_record(service: Service, environment: dict[str, str]) -> None:
    before = service.api.get("/v1/members").json()
    again = start(environment, "whoop_service.seed", "--members", "7")
    output, _ = again.communicate(timeout=60)
    assert json.loads(output.splitlines()[-1])["records_made"] == 0
    assert service.api.get("/v1/members").json() == before


def test_the_pages_of_a_list_have_every_record_once_newest_first(service: Service) -> None:
    seen: list[dict[str, str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = service.api.get(
            "/v1/sleeps", params={"limit": "100", "to": "2026-01-01T00:00:00Z", **cursor}
        ).json()
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len({record["id"] for record in seen}) == MEMBERS * 90
    times = [record["recorded_at"] for record in seen]
    assert times == sorted(times, reverse=True)


def test_a_list_can_be_filtered_by_member_and_time(service: Service) -> None:
    member = service.api.get("/v1/members").json()["items"][-1]["id"]
    week = {"member": member, "from": "2025-03-10T00:00:00Z", "to": "2025-03-17T00:00:00Z"}
    found = service.api.get("/v1/recoveries", params=week).json()["items"]
    assert len(found) == 7
    assert {record["member_id"] for record in found} == {member}
    assert all("2025-03-10" <= record["recorded_at"] < "2025-03-17" for record in found)


def test_a_record_is_created_read_and_deleted(service: Service) -> None:
    created = service.api.post("/v1/members", json={"name": " Ada ", "email": "Ada@Example.com"})
    address = created.headers["location"]
    assert (created.status_code, address) == (201, f"/v1/members/{created.json()['id']}")
    assert (created.json()["name"], created.json()["email"]) == ("Ada", "ada@example.com")
    assert service.api.get(address).json() == created.json()
    assert service.api.post("/v1/members", json={"name": "B", "email": "ada@example.com"}).status_code == 409
    assert service.api.delete(address).status_code == 204
    assert service.api.get(address).status_code == service.api.delete(address).status_code == 404


def test_a_record_of_a_member_that_does_not_exist_is_refused(service: Service) -> None:
    sleep = {
        "member_id": NOBODY,
        "recorded_at": now(),
        "hours_in_bed": 8,
        "hours_asleep": 7,
        "disturbances": 1,
    }
    answer = service.api.post("/v1/sleeps", json=sleep)
    assert (answer.status_code, answer.json()["title"]) == (422, "Unprocessable Entity")


def test_only_a_known_key_is_let_in_and_that_of_a_service_does_not_do_alone(
    service: Service, environment: dict[str, str]
) -> None:
    of_a_service = {"Authorization": f"Bearer {Path(environment['INSIGHTS_KEY_FILE']).read_text()}"}
    for headers in ({}, {"Authorization": "Bearer guess"}, of_a_service):
        assert service.stranger.get("/v1/members", headers=headers).status_code == 401
    assert service.api.get("/v1/members").status_code == 200
    assert service.api.delete(f"/v1/members/{NOBODY}").status_code == 404


def test_a_file_comes_back_as_it_was_and_goes_with_its_member(service: Service) -> None:
    member = a_member(service, "files@example.com")
    address = f"/v1/workouts/{a_workout(service, member)}/attachments"
    content = bytes(range(256)) * 1000
    sent = service.api.post(address, content=content, headers={"Content-Type": "image/png"})
    assert sent.status_code == 201
    back = service.api.get(sent.headers["location"])
    assert (back.content, back.headers["content-type"]) == (content, "image/png")
    assert [item["id"] for item in service.api.get(address).json()] == [sent.json()["id"]]
    assert len(files(service)) == 1
    service.api.delete(f"/v1/members/{member}")
    assert service.api.get(sent.headers["location"]).status_code == 404
    assert files(service) == []


def test_a_file_that_is_refused_leaves_nothing_on_the_volume(service: Service) -> None:
    address = f"/v1/workouts/{a_workout(service, a_member(service, 'refused@example.com'))}/attachments"
    png = {"Content-Type": "image/png"}
    assert service.api.post(address, content=b"0" * (5 * 1024 * 1024 + 1), headers=png).status_code == 413
    assert service.api.post(address, content=b"0", headers={"Content-Type": "nonsense"}).status_code == 422
    assert (
        service.api.post(f"/v1/workouts/{NOBODY}/attachments", content=b"0", headers=png).status_code == 404
    )
    assert files(service) == []


def test_an_export_has_everything_and_says_that_it_is_whole(service: Service) -> None:
    member = service.api.get("/v1/members", params={"to": "2026-01-01T00:00:00Z"}).json()["items"][0]["id"]
    lines = [json.loads(line) for line in service.api.get(f"/v1/members/{member}/export").text.splitlines()]
    kinds = [line["kind"] for line in lines]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "member": 1,
        "recovery": 90,
        "sleep": 90,
        "workout": 90,
        "end": 1,
    }
    assert lines[-1] == {"kind": "end", "records": 271}
    assert service.api.get(f"/v1/members/{NOBODY}/export").status_code == 404


def test_the_health_monitor_compares_every_metric_of_a_member(service: Service) -> None:
    member = service.api.get("/v1/members", params={"to": "2026-01-01T00:00:00Z"}).json()["items"][0]["id"]
    seen = service.api.get(f"/v1/members/{member}/health-monitor").json()
    assert seen["member_id"] == member
    assert seen["days_compared"] > 5 * 70
    for each in seen["deviations"]:
        assert not each["usual_from"] <= each["value"] <= each["usual_to"]
    assert service.api.get(f"/v1/members/{NOBODY}/health-monitor").status_code == 404


def test_created_records_are_counted(service: Service) -> None:
    def count() -> float:
        lines = service.operations.get("/metrics").text.splitlines()
        found = [line for line in lines if line.startswith('records_created_total{kind="member"}')]
        return float(found[0].rpartition(" ")[2]) if found else 0.0

    before = count()
    a_member(service, "counted@example.com")
    service.api.post("/v1/members", json={"name": "B", "email": "counted@example.com"})
    assert count() == before + 1


def test_every_answer_names_replica_release_and_request(service: Service) -> None:
    for answer in (
        service.api.get("/v1/members"),
        service.stranger.get("/v1/nothing"),
        service.stranger.get("/openapi.json"),
    ):
        assert answer.headers["x-version"] == "test"
        assert answer.headers["x-instance"]
        assert answer.headers["x-request-id"]


def test_without_its_database_it_says_so_and_recovers_by_itself(service: Service, postgres: Postgres) -> None:
    docker("pause", postgres.container)
    try:
        answer = service.api.get("/v1/members")
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert answer.elapsed.total_seconds() < 6
        eventually(lambda: not service.ready(), "whoop-service is not ready")
        assert service.operations.get("/livez").status_code == 200
    finally:
        docker("unpause", postgres.container)
    eventually(service.ready, "whoop-service is ready again")
    assert service.api.get("/v1/members").status_code == 200


def test_it_leaves_in_order(service: Service, environment: dict[str, str]) -> None:
    leaving = serve(environment)
    eventually(leaving.ready, "the second replica is ready")
    leaving.process.terminate()
    eventually(lambda: not leaving.ready(), "the second replica is not ready")
    answer = leaving.api.get("/v1/members")
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")
    logs, _ = leaving.process.communicate(timeout=20)
    assert leaving.process.returncode == 0
    assert json.loads(logs.splitlines()[-1])["event"] == "stopped"


def test_it_waits_for_a_database_that_is_not_there_yet(environment: dict[str, str]) -> None:
    early = serve({**environment, "DATABASE_PORT": "1"})
    try:
        eventually(lambda: unavailable(early), "the early replica answers that its database is away")
        assert early.operations.get("/livez").status_code == 200
        assert early.operations.get("/readyz").json() == {"status": "starting"}
        assert early.process.poll() is None
    finally:
        early.process.kill()
        early.process.communicate(timeout=20)


def unavailable(service: Service) -> bool:
    try:
        return service.api.get("/v1/members").status_code == 503
    except httpx.TransportError:
        return False


def test_a_migration_that_cannot_reach_its_database_fails_and_says_so(environment: dict[str, str]) -> None:
    run = start({**environment, "DATABASE_PORT": "1"}, "whoop_service.migrate")
    output, _ = run.communicate(timeout=60)
    assert run.returncode == os.EX_TEMPFAIL, "whoever started it may try again later"
    assert "could not be brought up to date" in output.decode()
