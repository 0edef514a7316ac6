"""Render's REST API: one session, pages by cursor, its errors in words, its rate limit obeyed.

Facts from https://api-docs.render.com, pages pagination and rate-limiting: `limit` is 1 to 100, each
entry of a list brings its own `cursor`, and the next page is asked for with the last one; an error is `{"id", "message"}`; GET
is limited to 400 a minute and deploys to 10 a minute per service; beyond that the answer is 429, and `Ratelimit-Reset` says
when the window ends (in Unix seconds; the example there shows seconds from now, so both are understood). `Retry-After`, where
a proxy sends it, counts first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import time
from typing import Any, TypeVar

import requests
from pydantic import ValidationError

from readiness.core.errors import CannotLook
from readiness.core.waiting import pause
from readiness.targets.render_models import Answer

PAGE = 100
MOST_PAGES = 100
TRIES = 5
LONGEST_WAIT = 60.0  # seconds; the documented window is a minute
UNIX_TIME_FROM = 1_000_000_000
Shape = TypeVar("Shape", bound=Answer)
Parameters = Mapping[str, str | int]


class RenderApi:
    """A client of one account. `token` is kept in the session's header and nowhere else. Times in seconds."""

    def __init__(self, url: str, token: str, *, patience: float) -> None:
        self._url = url.rstrip("/")
        self._patience = patience
        self._session = requests.Session()
        self._session.trust_env = False  # the environment must not decide whom the token is given to
        self._session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})

    def get(self, path: str, shape: type[Shape], **parameters: str | int) -> Shape:
        """One thing."""
        return self._shaped(path, self._ask("GET", path, parameters=parameters), shape)

    def list(self, path: str, key: str, shape: type[Shape], **parameters: str | int) -> Iterator[Shape]:
        """All things of a list, page by page; `key` is what an entry calls its thing beside its cursor."""
        cursor: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = self._ask("GET", path, parameters={**parameters, "limit": PAGE, **cursor})
            entries = page if isinstance(page, list) else None
            if entries is None:
                raise CannotLook(f"Render's API answered {path} with something that is no list of things")
            for entry in entries:
                yield self._shaped(path, entry.get(key) if isinstance(entry, dict) else None, shape)
            following = entries[-1].get("cursor") if entries else None
            if len(entries) < PAGE or not following:
                return
            if following == cursor.get("cursor"):
                raise CannotLook(f"Render's API gave the page of {path} at cursor {following} twice")
            cursor = {"cursor": following}
        raise CannotLook(f"Render's API lists more than {MOST_PAGES * PAGE} things under {path}")

    def plain_list(self, path: str, shape: type[Shape], **parameters: str | int) -> tuple[Shape, ...]:
        """A list that has no pages (instances, metrics)."""
        found = self._ask("GET", path, parameters=parameters)
        if not isinstance(found, list):
            raise CannotLook(f"Render's API answered {path} with something that is no list")
        return tuple(self._shaped(path, each, shape) for each in found)

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        """Ask for a change."""
        self._ask(method, path, body=body)

    def _ask(self, method: str, path: str, *, parameters: Parameters = {}, body: Any = None) -> Any:  # noqa: B006 - read only
        what = f"{method} {path}"
        for left in reversed(range(TRIES)):
            try:
                answer = self._session.request(
                    method, self._url + path, params=dict(parameters), json=body, timeout=self._patience,
                    allow_redirects=False,
                )  # fmt: skip
            except requests.RequestException as problem:
                raise CannotLook(
                    f"Render's API at {self._url} did not answer {what}: {type(problem).__name__}"
                ) from problem
            if answer.status_code != requests.codes.too_many_requests or not left:
                break
            pause(min(LONGEST_WAIT, _wait_of(answer.headers)))
        if not answer.ok or answer.is_redirect:
            raise CannotLook(
                f"Render's API refused {what} with status {answer.status_code}: {_words_of(answer)}"
            )
        return _json_of(answer) if answer.content else None

    def _shaped(self, path: str, content: Any, shape: type[Shape]) -> Shape:
        try:
            return shape.model_validate(content)
        except ValidationError as error:
            places = ", ".join(".".join(map(str, each["loc"])) or "the whole" for each in error.errors())
            raise CannotLook(
                f"Render's API answered {path} in a form that is not the documented one ({shape.__name__}: {places})"
            ) from None


def _wait_of(headers: Mapping[str, str]) -> float:
    """How long to wait before the next try, in seconds."""
    for name in ("Retry-After", "Ratelimit-Reset"):
        text = headers.get(name, "")
        if text.isdigit():
            number = float(text)
            return max(0.0, number - time()) if number >= UNIX_TIME_FROM else number
    return 1.0


def _words_of(answer: requests.Response) -> str:
    """What the error says of itself."""
    content = _json_of(answer)
    words = content.get("message") if isinstance(content, dict) else None
    return str(words or "without a word")


def _json_of(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
