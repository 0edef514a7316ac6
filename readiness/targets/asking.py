"""How an engine is asked: what it refuses becomes CannotLook, and nobody waits for it without end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import requests
from docker.errors import APIError, DockerException, NotFound

from readiness.core.errors import CannotLook


def ended_within(seconds: float, what: str, act: Callable[[], bytes]) -> bytes:
    """What `act` returns; CannotLook when it does not return in time. The engine's client has no time limit of its own here."""
    future: Future[bytes] = Future()

    def run() -> None:
        try:
            future.set_result(act())
        except Exception as problem:  # noqa: BLE001 - raised again by the waiting thread
            future.set_exception(problem)

    threading.Thread(target=run, daemon=True).start()
    try:
        return future.result(seconds)
    except TimeoutError:
        raise CannotLook(
            f"The container engine was asked to {what}, and it did not end within {seconds:.0f} s."
        ) from None


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Everything that the engine refuses or leaves unanswered becomes CannotLook with what was asked and why not."""
    try:
        yield
    except APIError as problem:
        raise CannotLook(
            f"The container engine refused to {what}: {problem.explanation or problem}"
        ) from problem
    except (DockerException, requests.RequestException) as problem:
        raise CannotLook(
            f"The container engine did not answer when asked to {what}: {problem}. Is it running, and may this user reach it?"
        ) from problem


@contextmanager
def already_gone() -> Iterator[None]:
    """What is not there any more needs no removal."""
    try:
        yield
    except NotFound:
        return
