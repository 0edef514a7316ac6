"""Redis as a cache of member records. Without Redis everything works, only slower."""

import asyncio
import time
from uuid import UUID

import structlog
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from service_common.settings import read_secret
from whoop_service.settings import Settings

KEPT_SECONDS = 5
ANSWER_SECONDS = 0.25
"""A cache that is slower than this is no help."""

AVOIDED_SECONDS = 1.0
"""After an error Redis is left alone for so long, so that requests do not all wait for it."""

REQUESTS = Counter("cache_requests", "Look-ups in the cache.", ["result"])

_log = structlog.get_logger()


class Cache:
    """Member records as JSON, for a few seconds; deleted when the member is. Never raises."""

    name = "Redis"
    required = False

    def __init__(self, settings: Settings) -> None:
        self._avoid_until = 0.0
        self._redis = Redis(
            host=settings.redis_host,
            port=settings.redis_port,
            password=read_secret(settings.redis_password_file),
            socket_connect_timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
            max_connections=20,
        )

    async def read(self, member: UUID, client: str | None) -> bytes | None:
        """The member's record, when it is known as one that this client may see (None: all clients')."""
        found = await self._ask("GET", _key(member, client))
        if time.monotonic() >= self._avoid_until:
            REQUESTS.labels("hit" if found else "miss").inc()
        return found if isinstance(found, bytes) else None

    async def keep(self, member: UUID, client: str | None, record: bytes) -> None:
        """Keep the member's record for KEPT_SECONDS."""
        await self._ask("SET", _key(member, client), record, "EX", KEPT_SECONDS)

    async def forget(self, member: UUID, client: str) -> None:
        """Drop the member's record; should Redis be away, it runs out by itself."""
        await self._ask("DEL", _key(member, client), _key(member, None))

    async def check(self) -> str | None:
        """Readiness: shown, but not required. Raises RedisError, OSError or TimeoutError."""
        async with asyncio.timeout(1):
            await self._redis.execute_command("PING")
        return None

    async def close(self) -> None:
        """Close every connection."""
        await self._redis.aclose()

    async def _ask(self, *command: str | bytes | int) -> object:
        if time.monotonic() < self._avoid_until:
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._redis.execute_command(*command)
        except (RedisError, OSError, TimeoutError) as failure:
            self._avoid_until = time.monotonic() + AVOIDED_SECONDS
            REQUESTS.labels("error").inc()
            _log.warning("cache away", cause=type(failure).__name__)
            return None


def _key(member: UUID, client: str | None) -> str:
    return f"member:{client or '*'}:{member}"
