"""`/health` on the port of the API, for platforms that ask that port only. The edge does not lead there."""

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from service_common.health import Health


def install(app: FastAPI, health: Health) -> None:
    """Answer 200 while this replica is fit to serve, otherwise 503. Not part of the published API."""

    @app.get("/health", include_in_schema=False)
    async def read_fitness() -> JSONResponse:
        fitness = health.fitness()
        return JSONResponse(fitness.body, 200 if fitness.healthy else 503, {"Cache-Control": "no-store"})
