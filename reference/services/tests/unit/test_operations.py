"""The operational listener answers on a thread of its own, whatever the API does."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import service_common
from service_common.health import Health
from service_common.operations import listen


@pytest.fixture
def operations(health: Health) -> Iterator[httpx.Client]:
    listener = listen(health, 0, "127.0.0.1")
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.server_address[1]}") as client:
        yield client
    listener.shutdown()
    listener.server_close()


def test_a_healthy_process_is_alive_and_ready(operations: httpx.Client) -> None:
    assert operations.get("/livez").status_code == 200
    assert operations.get("/readyz").json() == {"status": "ready", "problems": {}}


def test_a_draining_process_is_not_ready_but_alive_and_measured(
    operations: httpx.Client, health: Health
) -> None:
    health.drain()
    assert operations.get("/readyz").status_code == 503
    assert operations.get("/livez").status_code == 200
    assert operations.get("/metrics").status_code == 200


def test_a_missing_database_is_named(operations: httpx.Client, health: Health) -> None:
    health.required_problems = {"PostgreSQL": "OperationalError"}
    answer = operations.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {"PostgreSQL": "OperationalError"}


def test_metrics_are_in_the_text_format_of_prometheus(operations: httpx.Client) -> None:
    answer = operations.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "# TYPE active_connections gauge" in answer.text
    assert "# TYPE http_requests_total counter" in answer.text
    assert "# TYPE response_time_seconds histogram" in answer.text


def test_looking_is_not_counted_as_traffic(operations: httpx.Client) -> None:
    operations.get("/readyz")
    counted = [
        line for line in operations.get("/metrics").text.splitlines() if line.startswith("http_requests")
    ]
    assert not [line for line in counted if "readyz" in line or "metrics" in line]


def test_nothing_else_is_there(operations: httpx.Client) -> None:
    assert operations.get("/v1/members").status_code == 404
    assert operations.post("/livez").status_code == 501


@pytest.mark.parametrize(("alive", "status"), [(True, 0), (False, 1)])
def test_the_health_check_of_the_image_is_liveness(
    health: Health, tmp_path: Path, alive: bool, status: int
) -> None:
    if not alive:
        health.heartbeat = -1000.0
    listener = listen(health, 0, "127.0.0.1")
    check = tmp_path / "live.py"
    source = Path(service_common.__path__[0], "live.py").read_text()
    check.write_text(source.replace("8001", str(listener.server_address[1])))
    outcome = subprocess.run([sys.executable, "-I", "-S", str(check)], check=False, timeout=10)
    listener.shutdown()
    listener.server_close()
    assert outcome.returncode == status
