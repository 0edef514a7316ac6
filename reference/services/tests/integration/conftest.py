"""A real PostgreSQL from the deployment's own image, and a real whoop-service process beside it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

IMAGE = "whoop-postgres:test"
PATIENCE_SECONDS = 60
MEMBERS = 5
_MAKE_CLUSTER_AND_SERVE = """
set -e
export PGDATA=/tmp/cluster
printf '%s' "$PASSWORD" > /tmp/password
initdb --username=whoop --pwfile=/tmp/password --auth-host=scram-sha-256 --no-sync --encoding=UTF8 >/dev/null
echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
exec postgres -k /tmp -c listen_addresses='*' -c fsync=off
"""


def docker(*arguments: str) -> str:
    """Run the engine's client and return what it says."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def eventually(look: Callable[[], bool], what: str) -> None:
    """Wait until something is true."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if look():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE_SECONDS} s: {what}")


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server in a container."""

    container: str
    port: int
    password: str

    def answers(self) -> bool:
        """Whether it accepts connections."""
        where = f"host=127.0.0.1 port={self.port} dbname=postgres user=whoop connect_timeout=2"
        try:
            psycopg.connect(where, password=self.password).close()
        except psycopg.OperationalError:
            return False
        return True


@dataclass(frozen=True)
class Service:
    """A whoop-service process."""

    process: subprocess.Popen[bytes]
    api: httpx.Client
    stranger: httpx.Client
    operations: httpx.Client
    attachments: Path

    def ready(self) -> bool:
        """Whether it says that it is ready."""
        try:
            return self.operations.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False


def why_not() -> str | None:
    """Why there can be no database on this machine; None when there can."""
    if shutil.which("docker") is None:
        return "there is no docker client"
    for look, reason in (
        (("info",), "no engine answers"),
        (("image", "inspect", IMAGE), f"{IMAGE} is not built"),
    ):
        if subprocess.run(["docker", *look], capture_output=True, check=False, timeout=60).returncode:
            return reason
    return None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server with an empty database."""
    if reason := why_not():
        pytest.skip(reason)
    password = secrets.token_hex(16)
    container = docker(
        *("run", "--detach", "--rm", "--label", "readiness.project=embedded", "--publish", "127.0.0.1::5432"),
        *("--tmpfs", "/tmp:mode=1777", "--env", f"PASSWORD={password}"),
        *("--entrypoint", "bash", IMAGE, "-c", _MAKE_CLUSTER_AND_SERVE),
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
        "redis": "unused",
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


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(environment: dict[str, str], *module: str) -> subprocess.Popen[bytes]:
    """Start a Python program of whoop-service."""
    return subprocess.Popen([sys.executable, "-m", *module], env=environment, stdout=subprocess.PIPE)


def serve(environment: dict[str, str]) -> Service:
    """Start whoop-service on free ports."""
    api, operations = free_port(), free_port()
    key = Path(environment["PARTNER_KEY_FILE"]).read_text()
    process = start(
        {**environment, "API_PORT": str(api), "OPERATIONS_PORT": str(operations)}, "whoop_service"
    )
    return Service(
        process,
        httpx.Client(
            base_url=f"http://127.0.0.1:{api}", headers={"Authorization": f"Bearer {key}"}, timeout=15
        ),
        httpx.Client(base_url=f"http://127.0.0.1:{api}", timeout=15),
        httpx.Client(base_url=f"http://127.0.0.1:{operations}", timeout=5),
        Path(environment["ATTACHMENTS_DIR"]),
    )


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
