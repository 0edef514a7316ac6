"""Redis, which may be away: nobody waits for it long, and after an error it is left alone for a while."""

import asyncio
import time

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from service_common.settings import read_secret
from whoop_service.settings import RedisSettings

AVOIDED_SECONDS = 1.0
"""After an error Redis is left alone for so long, so that requests do not all wait for it."""

MOST_CONNECTIONS = 20
"""Of one replica; who comes when all are in use waits for one."""

_log = structlog.get_logger()


class RedisAway(Exception):
    """Redis does not answer, or did not a moment ago."""


class RedisLink:
    """Connections of one replica; after `answer_seconds` Redis is away. Readiness does not require it."""

    name = "Redis"
    required = False

    def __init__(self, settings: RedisSettings, answer_seconds: float) -> None:
        self._avoid_until = 0.0
        self._answer_seconds = answer_seconds
        connections = BlockingConnectionPool(
            host=settings.redis_host,
            port=settings.redis_port,
            password=read_secret(settings.redis_password_file),
            socket_connect_timeout=answer_seconds,
            socket_timeout=answer_seconds,
            retry=Retry(NoBackoff(), 0),
            max_connections=MOST_CONNECTIONS,
            timeout=answer_seconds,
        )
        self._redis = Redis.from_pool(connections)

    async def ask(self, *command: str | bytes | int) -> object:
        """The answer to a command. Raises RedisAway."""
        if time.monotonic() < self._avoid_until:
            raise RedisAway
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await self._redis.execute_command(*command)
        except (RedisError, OSError, TimeoutError) as failure:
            self._avoid_until = time.monotonic() + AVOIDED_SECONDS
            _log.warning("Redis away", cause=type(failure).__name__)
            raise RedisAway from failure

    async def check(self) -> str | None:
        """For readiness. Raises RedisError, OSError or TimeoutError."""
        async with asyncio.timeout(1):
            await self._redis.execute_command("PING")
        return None

    async def close(self) -> None:
        """Close every connection."""
        await self._redis.aclose()
