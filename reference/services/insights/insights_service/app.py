"""The application: its parts put together, and what begins and ends with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from insights_service import weekly
from insights_service.records import WhoopRecords
from service_common import fitness, problems
from service_common.health import Health, watch


def build(records: WhoopRecords, health: Health) -> FastAPI:
    """The application of one replica."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch(health, [records]))
        yield
        watching.cancel()
        await records.close()

    app = FastAPI(
        title="insights-service",
        description="A member's week in a few numbers.",
        version="1.0.0",
        lifespan=lifespan,
        responses=problems.DOCUMENTED,
        openapi_url="/v1/insights/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.records = records
    problems.install(app)
    fitness.install(app, health)
    app.include_router(weekly.router)
    return app
