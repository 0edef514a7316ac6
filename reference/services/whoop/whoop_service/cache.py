"""Redis as a cache of member records. Without Redis everything works, only slower."""

from uuid import UUID

from prometheus_client import Counter

from whoop_service.redis_link import RedisAway, RedisLink

KEPT_SECONDS = 5

ANSWER_SECONDS = 0.25
"""A cache that is slower than this is no help."""

REQUESTS = Counter("cache_requests", "Look-ups in the cache.", ["result"])


class Cache:
    """Member records as JSON, for a few seconds; deleted when the member is. Never raises."""

    def __init__(self, redis: RedisLink) -> None:
        self._redis = redis

    async def read(self, member: UUID, client: str | None) -> bytes | None:
        """The member's record, when it is known as one that this client may see (None: all clients')."""
        try:
            found = await self._redis.ask("GET", _key(member, client))
        except RedisAway:
            REQUESTS.labels("error").inc()
            return None
        REQUESTS.labels("hit" if found else "miss").inc()
        return found if isinstance(found, bytes) else None

    async def keep(self, member: UUID, client: str | None, record: bytes) -> None:
        """Keep the member's record for KEPT_SECONDS."""
        await self._tell("SET", _key(member, client), record, "EX", KEPT_SECONDS)

    async def forget(self, member: UUID, client: str) -> None:
        """Drop the member's record; should Redis be away, it runs out by itself."""
        await self._tell("DEL", _key(member, client), _key(member, None))

    async def _tell(self, *command: str | bytes | int) -> None:
        try:
            await self._redis.ask(*command)
        except RedisAway:
            REQUESTS.labels("error").inc()


def _key(member: UUID, client: str | None) -> str:
    return f"member:{client or '*'}:{member}"
