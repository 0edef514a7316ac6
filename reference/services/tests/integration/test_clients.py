"""Clients of whoop-service and their keys: what each may do, and whose records it finds."""

import httpx
import pytest
from running import Service, start

pytestmark = pytest.mark.docker

ALL = "records:read,records:write,records:export"


def keys(environment: dict[str, str], *arguments: str) -> str:
    run = start(environment, "whoop_service.keys", *arguments)
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 0
    return output.decode().strip()


def files_of(service: Service) -> list[str]:
    return [path.name for path in service.attachments.rglob("*") if path.is_file()]


def as_client(service: Service, key: str) -> httpx.Client:
    return httpx.Client(base_url=service.stranger.base_url, headers={"Authorization": f"Bearer {key}"})


def test_what_belongs_to_another_client_is_not_there(service: Service, environment: dict[str, str]) -> None:
    gym = as_client(service, keys(environment, "issue", "gym", "gym-1", ALL))
    club = as_client(service, keys(environment, "issue", "club", "club-1", ALL))
    ada = {"name": "Ada", "email": "ada@gym.example"}
    address = gym.post("/v1/members", json=ada).headers["location"]
    member = address.rpartition("/")[2]
    workout: dict[str, str | int] = {
        "member_id": member,
        "recorded_at": "2025-03-01T07:00:00Z",
        "sport": "rowing",
    }
    workout |= {"strain": 12, "average_heart_rate": 120}
    training = gym.post("/v1/workouts", json=workout).headers["location"]
    png = {"Content-Type": "image/png"}
    file = gym.post(f"{training}/attachments", content=b"0", headers=png).headers["location"]
    for path in (address, f"{address}/export", training, f"{training}/attachments", file):
        assert (path, gym.get(path).status_code, club.get(path).status_code) == (path, 200, 404)
    for path in (file, training, address):
        assert (path, club.delete(path).status_code) == (path, 404)
    assert club.post(f"{training}/attachments", content=b"0", headers=png).status_code == 404
    assert club.post("/v1/workouts", json=workout).status_code == 422
    assert club.get("/v1/workouts", params={"member": member}).json()["items"] == []
    assert club.post("/v1/members", json=ada).status_code == 201
    assert [each["email"] for each in club.get("/v1/members").json()["items"]] == [ada["email"]]
    assert len(gym.get("/v1/workouts").json()["items"]) == 1
    for client in ("gym", "club"):
        keys(environment, "remove", client)
    assert files_of(service) == []


def test_a_key_ends_when_it_is_revoked_and_when_its_time_is_over(
    service: Service, environment: dict[str, str]
) -> None:
    short = as_client(service, keys(environment, "issue", "gym", "short", ALL, "--seconds", "0.1"))
    revoked = as_client(service, keys(environment, "issue", "gym", "revoked", ALL))
    reader = as_client(service, keys(environment, "issue", "gym", "reader", "records:read"))
    keys(environment, "revoke", "revoked")
    asked = [each.get("/v1/members").status_code for each in (short, revoked, reader)]
    assert asked == [401, 401, 200]
    assert reader.post("/v1/members", json={}).status_code == 403
    keys(environment, "remove", "gym")
