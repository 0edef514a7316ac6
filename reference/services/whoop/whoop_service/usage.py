"""What every client used lately, counted in Redis for all replicas together, against what was agreed.

A window (a minute, an hour, a day) is counted in slices of a sixtieth, so that no span of its length ever
holds more than was agreed. Redis' own clock counts, and one script looks and counts at once: replicas cannot
disagree.
"""

import time
from dataclasses import dataclass

from whoop_service.redis_link import RedisAway, RedisLink

ANSWER_SECONDS = 2.0
"""Longer than a busy machine takes: without Redis each replica counts alone, and lets more through."""

WINDOWS = (60, 3600, 86400)
"""Seconds: a minute, an hour, a day."""

GUESSES_PER_MINUTE = 300
"""Unknown keys from one address in a minute, after which it is not looked at further ones."""

ATTEMPTS_PER_MINUTE = 10
"""Wrong passwords of one person in a minute, after which none is looked at."""

TRUSTED_SECONDS = 86400
"""An address that showed a good key may go on using it for so long, whatever else comes from there."""

COUNT = """
local now = tonumber(redis.call('TIME')[1]) - tonumber(ARGV[1])
local amount, wait = tonumber(ARGV[2]), 0
for i, key in ipairs(KEYS) do
  local window, limit = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
  local width, used, slices = window / 60, 0, {}
  local present, found = math.floor(now / width), redis.call('HGETALL', key)
  for j = 1, #found, 2 do
    local slice = tonumber(found[j])
    if present - slice > 60 then
      redis.call('HDEL', key, found[j])
    else
      used = used + tonumber(found[j + 1])
      slices[#slices + 1] = {slice, tonumber(found[j + 1])}
    end
  end
  if limit > 0 and used >= limit then
    table.sort(slices, function (a, b) return a[1] < b[1] end)
    for _, each in ipairs(slices) do
      used = used - each[2]
      if used < limit then
        wait = math.max(wait, (each[1] + 61) * width - now)
        break
      end
    end
  end
end
if wait > 0 or amount == 0 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  local window = tonumber(ARGV[2 * i + 1])
  redis.call('HINCRBY', key, math.floor(now / (window / 60)), amount)
  redis.call('EXPIRE', key, window + window / 60)
end
return 0
"""
"""KEYS: one hash per window. ARGV: seconds ago, amount, then per window its seconds and its limit (0: none).

Returns 0, or the seconds after which it may be tried again; then nothing was counted. Amount 0 only looks.
"""


@dataclass(frozen=True)
class Quota:
    """Requests per minute, per hour and per day; None: as many as they like."""

    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None

    @property
    def limits(self) -> tuple[int | None, ...]:
        """In the order of WINDOWS."""
        return (self.per_minute, self.per_hour, self.per_day)


UNLIMITED = Quota()


class Usage:
    """Counts requests by client, wrong keys by address. Without Redis every replica counts minutes alone."""

    def __init__(self, redis: RedisLink) -> None:
        self._redis = redis
        self._own: dict[str, int] = {}
        self._own_minute = 0

    async def take(self, client: str, quota: Quota) -> int:
        """Count one request; 0 when it was agreed, otherwise seconds to wait."""
        if not any(quota.limits):
            return 0
        alone = self._take_here(client, quota.per_minute)
        try:
            return await self._ask(command(client, quota))
        except RedisAway:
            return alone

    async def is_guessing(self, address: str, key: bytes) -> int:
        """Seconds to wait when too many wrong keys came from there, unless this one was good before."""
        guesses = command(_guesses(address), Quota(GUESSES_PER_MINUTE), 0)
        try:
            wait = await self._ask(guesses)
            return wait if wait and not await self._redis.ask("EXISTS", _trust(address, key)) else 0
        except RedisAway:
            return 0

    async def attempts_wait(self, person: str) -> int:
        """Seconds to wait when too many wrong passwords of a person came, wherever from; else 0."""
        try:
            return await self._ask(command(_attempts(person), Quota(ATTEMPTS_PER_MINUTE), 0))
        except RedisAway:
            return 0

    async def note_attempt(self, person: str) -> None:
        """A wrong password of a person came."""
        await self.take(_attempts(person), Quota(ATTEMPTS_PER_MINUTE))

    async def note_guess(self, address: str) -> int:
        """A key that nobody has came from this address; seconds to wait when it was one too many, else 0."""
        return await self.take(_guesses(address), Quota(GUESSES_PER_MINUTE))

    async def trust(self, address: str, key: bytes) -> None:
        """A good key came from this address."""
        try:
            await self._redis.ask("SET", _trust(address, key), "1", "EX", TRUSTED_SECONDS)
        except RedisAway:
            return

    async def _ask(self, words: list[str | int]) -> int:
        wait = await self._redis.ask(*words)
        return wait if isinstance(wait, int) else 0

    def _take_here(self, client: str, limit: int | None) -> int:
        now = int(time.time())
        if now // 60 != self._own_minute:
            self._own, self._own_minute = {}, now // 60
        self._own[client] = self._own.get(client, 0) + 1
        return 60 - now % 60 if limit and self._own[client] > limit else 0


def command(client: str, quota: Quota, amount: int = 1) -> list[str | int]:
    """The command for Redis that counts (or with amount 0 only looks) in the windows that have a limit."""
    windows = [(window, limit) for window, limit in zip(WINDOWS, quota.limits, strict=True) if limit]
    keys = [_use(window, client) for window, _ in windows]
    return ["EVAL", COUNT, len(keys), *keys, 0, amount, *(number for each in windows for number in each)]


def bookings(client: str, amount: int, ago: int) -> list[list[str | int]]:
    """The commands for Redis that count requests which were made some seconds ago, whatever the limits."""
    return [
        ["EVAL", COUNT, 1, _use(window, client), ago, amount, window, 0] for window in WINDOWS if ago < window
    ]


def _use(window: int, client: str) -> str:
    return f"use:{window}:{client}"


def _guesses(address: str) -> str:
    return f"guesses from {address}"


def _attempts(person: str) -> str:
    return f"passwords of {person}"


def _trust(address: str, key: bytes) -> str:
    return f"good:{address}:{key.hex()}"
