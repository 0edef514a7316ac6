"""Requests of our other services: each is signed by the service whose key it shows, and comes once."""

from fastapi import HTTPException, Request

from service_common.problems import DependencyAway
from service_common.settings import read_secret
from service_common.signing import MAX_AGE, Verifier
from whoop_service.redis_link import RedisAway, RedisLink
from whoop_service.settings import Settings

INSIGHTS = "insights-service"
REMEMBERED_SECONDS = 2 * int(MAX_AGE.total_seconds())


class ServiceCalls:
    """Verifies signatures and remembers their nonces, in Redis for all replicas; without it none gets in."""

    def __init__(self, settings: Settings, redis: RedisLink) -> None:
        self._redis = redis
        files = (settings.insights_signing_key_file, settings.insights_former_key_file)
        self._verifiers = {INSIGHTS: [Verifier(INSIGHTS, read_secret(file)) for file in files if file]}

    async def require_signature(self, request: Request, service: str) -> None:
        """Raises HTTPException (401) unless this service signed the request a moment ago and it is new."""
        parts = await _parts_of(request)
        nonces = (each.nonce_of(*parts) for each in self._verifiers.get(service, ()))
        nonce = next(filter(None, nonces), None)
        if nonce is None or not await self._is_new(f"nonce:{service}:{nonce}"):
            raise HTTPException(401, f"A request of {service} must be signed by it, and come once.")

    async def _is_new(self, name: str) -> bool:
        try:
            return bool(await self._redis.ask("SET", name, "1", "NX", "EX", REMEMBERED_SECONDS))
        except RedisAway as away:
            raise DependencyAway(RedisLink.name) from away


async def _parts_of(request: Request) -> tuple[str, str, dict[str, str], bytes]:
    """Method, address, headers and body as they were sent."""
    path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
    url = f"http://{request.headers.get('host', '')}{path}" + (f"?{query}" if query else "")
    headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
    return request.method, url, headers, await request.body()
