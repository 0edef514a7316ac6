"""Running a service: the operational listener first, then the API, and an orderly leave."""

from types import FrameType

import structlog
import uvicorn
from starlette.types import ASGIApp

from service_common.health import Health
from service_common.middleware import Observed
from service_common.operations import ANYWHERE, listen
from service_common.settings import ServiceSettings

STOP_SECONDS = 8
"""How long requests that are still running after the drain may take."""

KEEP_ALIVE_SECONDS = 75
"""Longer than the edge keeps an idle connection, so that the edge is the one that closes it."""

_log = structlog.get_logger()


class DrainingServer(uvicorn.Server):
    """Leaves in three steps: says that it is not ready, goes on serving for a while, then stops."""

    def __init__(self, config: uvicorn.Config, health: Health, drain_seconds: float) -> None:
        super().__init__(config)
        self._health = health
        self._drain_seconds = drain_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """First signal: drain. Second: stop at once."""
        if self._health.draining_since is not None:
            self.should_exit = True
        self._health.drain()

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second by the server's loop: the heartbeat, and the end of the drain."""
        self._health.beat()
        return await super().on_tick(counter) or self._health.drained(self._drain_seconds)


def serve(app: ASGIApp, health: Health, settings: ServiceSettings) -> None:
    """Serve until a signal; returns after the last request."""
    listen(health, settings.operations_port)
    config = uvicorn.Config(
        Observed(app, health),
        host=ANYWHERE,
        port=settings.api_port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        headers=[("X-Instance", settings.instance), ("X-Version", settings.release)],
    )
    _log.info("starting")
    DrainingServer(config, health, settings.drain_seconds).run()
    _log.info("stopped")
