"""The application: its parts put together, and what begins and ends with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service_common import problems
from service_common.health import Health, watch
from whoop_service import attachments, export, members, recoveries, sleeps, workouts
from whoop_service.attachment_files import AttachmentFiles
from whoop_service.auth import Callers
from whoop_service.cache import Cache
from whoop_service.context import Context
from whoop_service.database import Database
from whoop_service.schema import SchemaCheck, ensure
from whoop_service.settings import Settings

LARGEST_BODY_BYTES = 64 * 1024
"""Of a request in JSON; attachments have a limit of their own."""

_ERRORS: dict[int | str, dict[str, object]] = {
    status: {"model": problems.Problem, "description": meaning, "content": {"application/problem+json": {}}}
    for status, meaning in {
        401: "No valid API key.",
        403: "The API key may not do this.",
        404: "There is no such thing.",
        422: "A value is not valid.",
        503: "A dependency is away; try again later.",
    }.items()
}


def build(settings: Settings, health: Health) -> FastAPI:
    """The application of one replica. While its database is not there yet, it answers 503."""
    database, cache = Database(settings), Cache(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await database.open()
        work = asyncio.create_task(_begin(settings, cache, health))
        yield
        work.cancel()
        await database.close()
        await cache.close()

    app = FastAPI(
        title="whoop-service",
        description="Recovery, sleep and workout records of athletes.",
        version="1.0.0",
        lifespan=lifespan,
        responses=_ERRORS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=LARGEST_BODY_BYTES,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.context = Context(database, cache, AttachmentFiles(settings.attachments_dir))
    app.state.callers = Callers(database)
    problems.install(app)
    for module in (members, recoveries, sleeps, workouts, attachments, export):
        app.include_router(module.router)
    return app


async def _begin(settings: Settings, cache: Cache, health: Health) -> None:
    """Migrate when the database is there, then look after readiness until the end."""
    schema = SchemaCheck(settings)
    await ensure(schema)
    await watch(health, [schema, cache])
