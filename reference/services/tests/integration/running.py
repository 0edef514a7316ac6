"""A database and a whoop-service that really run, and patience with them."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

IMAGE = "whoop-postgres:test"

PATIENCE_SECONDS = 60

MEMBERS = 5

MAKE_CLUSTER_AND_SERVE = """
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
