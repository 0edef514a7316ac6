"""Errors as `application/problem+json` (RFC 9457): what happened, in words, and nothing of the inside."""

from http import HTTPStatus
from typing import Literal

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

_log = structlog.get_logger()


FieldProblem = dict[Literal["field", "message"], str]
"""One wrong value of a request: where it stands and what is required of it."""


class Problem(BaseModel):
    """The body of every answer that is an error."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldProblem] | None = None


DOCUMENTED: dict[int | str, dict[str, object]] = {
    "default": {
        "description": "A problem (RFC 9457): 401 no valid API key, 403 not allowed to it, 404 no such "
        "thing, 409 exists already, 413 too large, 422 a value is not valid, 503 a dependency is away.",
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    }
}
"""For the OpenAPI document: what every operation answers when it does not do what was asked."""


class ProblemResponse(JSONResponse):
    """A problem as an answer."""

    media_type = "application/problem+json"


class DependencyAway(Exception):
    """Something the service needs does not answer; the caller may try again in `retry_after` seconds."""

    def __init__(self, name: str, retry_after: int = 2) -> None:
        super().__init__(name)
        self.name = name
        self.retry_after = retry_after


def answer(
    request: Request,
    status: int,
    detail: str,
    headers: dict[str, str] | None = None,
    errors: list[FieldProblem] | None = None,
) -> ProblemResponse:
    """Make the answer for one problem."""
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=getattr(request.state, "request_id", ""),
        errors=errors,
    )
    return ProblemResponse(problem.model_dump(exclude_none=True), status, headers)


def install(app: FastAPI) -> None:
    """Answer every error of this application as a problem."""
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(DependencyAway)(_away)
    app.exception_handler(Exception)(_unexpected)


async def _http(request: Request, failure: HTTPException) -> ProblemResponse:
    headers = dict(failure.headers) if failure.headers else None
    return answer(request, failure.status_code, failure.detail, headers)


async def _invalid(request: Request, failure: RequestValidationError) -> ProblemResponse:
    errors: list[FieldProblem] = [
        {"field": ".".join(str(part) for part in error["loc"]), "message": error["msg"]}
        for error in failure.errors()
    ]
    return answer(request, 422, f"{len(errors)} value(s) of the request are not valid.", errors=errors)


async def _away(request: Request, failure: DependencyAway) -> ProblemResponse:
    cause = type(failure.__cause__).__name__ if failure.__cause__ else None
    _log.warning("dependency away", dependency=failure.name, cause=cause)
    detail = f"{failure.name} does not answer at the moment. Try again later."
    return answer(request, 503, detail, {"Retry-After": str(failure.retry_after)})


async def _unexpected(request: Request, _failure: Exception) -> ProblemResponse:
    return answer(request, 500, "The request could not be served. The request id finds it in the logs.")
