"""Shared by the unit tests, none of which needs anything but Python."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service_common.health import Health
from service_common.logs import Identity, configure


@pytest.fixture
def anyio_backend() -> str:
    """The services run on asyncio."""
    return "asyncio"


@pytest.fixture(autouse=True)
def logs() -> None:
    """Logs are JSON on whatever is the standard output."""
    configure(Identity("whoop-service", "replica-1", "abc"), "INFO")


@pytest.fixture
def health() -> Health:
    """A process that has just begun to work: its loop turns and nothing is missing."""
    health = Health(required_problems={})
    health.beat()
    return health


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """An environment in which whoop-service can start."""
    password = tmp_path / "password"
    password.write_text("hunter2-hunter2\n")
    settings = {
        "DATABASE_HOST": "localhost",
        "DATABASE_NAME": "whoop",
        "DATABASE_USER": "whoop",
        "DATABASE_PASSWORD_FILE": str(password),
        "REDIS_HOST": "localhost",
        "REDIS_PORT": "1",
        "REDIS_PASSWORD_FILE": str(password),
        "ATTACHMENTS_DIR": str(tmp_path),
        "WHOOP_URL": "http://whoop-service:8000",
        "SERVICE_KEY_FILE": str(password),
        "SIGNING_KEY_FILE": str(password),
        "INSIGHTS_SIGNING_KEY_FILE": str(password),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    yield monkeypatch
