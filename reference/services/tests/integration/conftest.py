"""A real PostgreSQL from the deployment's own image, and a real whoop-service process beside it."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import (
    IMAGE,
    MAKE_CLUSTER_AND_SERVE,
    MEMBERS,
    Postgres,
    Service,
    docker,
    eventually,
    free_port,
    serve,
    start,
    why_not,
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server with an empty database."""
    if reason := why_not():
        pytest.skip(reason)
    password = secrets.token_hex(16)
    container = docker(
        *("run", "--detach", "--rm", "--label", "readiness.project=embedded", "--publish", "127.0.0.1::5432"),
        *("--tmpfs", "/tmp:mode=1777", "--env", f"PASSWORD={password}"),
        *("--entrypoint", "bash", IMAGE, "-c", MAKE_CLUSTER_AND_SERVE),
    )
    try:
        port = int(docker("port", container, "5432").splitlines()[0].rpartition(":")[2])
        server = Postgres(container, port, password)
        eventually(server.answers, "PostgreSQL accepts connections")
        yield server
    finally:
        docker("rm", "--force", container)


@pytest.fixture(scope="session")
def environment(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the processes of whoop-service are told. No Redis: everything must work without it."""
    directory = tmp_path_factory.mktemp("service")
    (directory / "attachments").mkdir()
    for name, value in {
        "database": postgres.password,
        "redis": "nobody-asks-for-it",
        "partner": secrets.token_hex(32),
        "insights": secrets.token_hex(32),
    }.items():
        (directory / name).write_text(value)
    root = Path(__file__).parents[2]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(str(root / part) for part in ("common", "whoop")),
        "DATABASE_HOST": "127.0.0.1",
        "DATABASE_PORT": str(postgres.port),
        "DATABASE_NAME": "postgres",
        "DATABASE_USER": "whoop",
        "DATABASE_PASSWORD_FILE": str(directory / "database"),
        "REDIS_HOST": "127.0.0.1",
        "REDIS_PORT": str(free_port()),
        "REDIS_PASSWORD_FILE": str(directory / "redis"),
        "PARTNER_KEY_FILE": str(directory / "partner"),
        "INSIGHTS_KEY_FILE": str(directory / "insights"),
        "ATTACHMENTS_DIR": str(directory / "attachments"),
        "DRAIN_SECONDS": "1",
        "RELEASE": "test",
    }


@pytest.fixture(scope="session")
def service(environment: dict[str, str]) -> Iterator[Service]:
    """A whoop-service that is ready, with a small set of records."""
    service = serve(environment)
    try:
        eventually(service.ready, "whoop-service is ready")
        assert start(environment, "whoop_service.seed", "--members", str(MEMBERS)).wait(60) == 0
        yield service
    finally:
        service.process.terminate()
        service.process.communicate(timeout=20)
