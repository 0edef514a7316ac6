"""The application: its parts put together, and what begins and ends with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service_common import fitness, problems
from service_common.body_limit import BodyLimit
from service_common.health import Health, watch
from whoop_service import (
    archive,
    attachments,
    cache,
    export,
    health_monitor,
    members,
    recoveries,
    sleeps,
    usage,
    workouts,
)
from whoop_service.attachment_files import AttachmentFiles
from whoop_service.auth import Callers, Gate
from whoop_service.context import Context
from whoop_service.database import Database
from whoop_service.redis_link import RedisLink
from whoop_service.schema import SchemaCheck, ensure
from whoop_service.service_calls import ServiceCalls
from whoop_service.settings import Settings

LARGEST_JSON_BYTES = 64 * 1024


def build(settings: Settings, health: Health) -> FastAPI:
    """The application of one replica. While its database is not there yet, it answers 503."""
    database = Database(settings)
    caching, counting = RedisLink(settings, cache.ANSWER_SECONDS), RedisLink(settings, usage.ANSWER_SECONDS)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await database.open()
        work = asyncio.create_task(_begin(settings, counting, health))
        yield
        work.cancel()
        await database.close()
        await caching.close()
        await counting.close()

    app = FastAPI(
        title="whoop-service",
        description="Recovery, sleep and workout records of athletes.",
        version="1.0.0",
        lifespan=lifespan,
        responses=problems.DOCUMENTED,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.context = Context(database, cache.Cache(caching), AttachmentFiles(settings.attachments_dir))
    app.state.gate = Gate(Callers(database), usage.Usage(counting), ServiceCalls(settings, counting))
    app.add_middleware(BodyLimit, limit=largest_body)
    problems.install(app)
    fitness.install(app, health)
    for module in (members, recoveries, sleeps, workouts, attachments, export, archive, health_monitor):
        app.include_router(module.router)
    return app


def largest_body(path: str) -> int:
    """How many bytes a request to this path may have."""
    return attachments.LARGEST_BYTES if path.endswith("/attachments") else LARGEST_JSON_BYTES


async def _begin(settings: Settings, redis: RedisLink, health: Health) -> None:
    """Migrate when the database is there, then look after readiness until the end."""
    schema = SchemaCheck(settings)
    await ensure(schema)
    await watch(health, [schema, redis])
