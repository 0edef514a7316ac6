"""Somebody signs in with an application, as it should be and with each thing wrong that can be."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from readiness.actions.people import Person, sign_in_of
from readiness.core.errors import CannotLook
from readiness.targets.door import Answer
from readiness.targets.target import Target

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SENT_BACK = (302, 303)
OK = 200


@dataclass(frozen=True)
class Given:
    """What the application is given: access token, what renews it, and for how many seconds it is told that it is good."""

    access: str
    renewal: str
    seconds: float


class Application:
    """An application as it is used by one person: asks for codes and tokens at the door."""

    def __init__(self, target: Target, person: Person) -> None:
        self._target, self._person = target, person
        self._declared = sign_in_of(target)
        self._door = target.another_door()
        self.verifier = secrets.token_urlsafe(48)

    @property
    def redirect_uri(self) -> str:
        """Where it is answered."""
        return str(self._declared.redirect_uri)

    def asks(self, **changed: str | None) -> dict[str, str]:
        """The parameters with which it asks for a code, some of them changed; None takes one away."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._person.app,
            "redirect_uri": self.redirect_uri,
            "state": secrets.token_urlsafe(16),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **changed,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def opens_page(self, asked: Mapping[str, str]) -> Answer:
        """The answer to somebody who is sent to the page on which people sign in."""
        return self._door.ask("GET", f"{self._declared.authorize}?{urlencode(asked)}")

    def signs_in(self, asked: Mapping[str, str], password: str | None = None) -> Answer:
        """The answer when the person signs in there."""
        form = self._declared.form
        words = {form.person: self._person.email, form.password: password or self._person.password}
        return self._post(self._declared.authorize, {**asked, **words})

    def code(self) -> str:
        """A code, the right way. CannotLook when it is not given: then being refused would mean nothing."""
        asked = self.asks()
        page, answer = self.opens_page(asked), self.signs_in(asked)
        told = sent_back(answer, self.redirect_uri)
        if page.status != OK or "code" not in told or told.get("state") != asked["state"]:
            raise CannotLook(
                f"nobody can sign in: the page has status {page.status}, signing in {answer.status} {answer.error}"
            )
        return told["code"]

    def redeems(self, code: str, **changed: str | None) -> Given | None:
        """What a code gives, some of what goes with it changed; None when it is refused."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._person.app,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **changed,
        }
        return self._tokens({name: value for name, value in asked.items() if value is not None})

    def renews(self, token: str, app: str = "") -> Given | None:
        """What a renewal gives; None when it is refused."""
        return self._tokens(
            {"grant_type": "refresh_token", "refresh_token": token, "client_id": app or self._person.app}
        )

    def comes_in(self) -> Given:
        """Sign in the right way. CannotLook when that does not work."""
        given = self.redeems(self.code())
        if given is None:
            raise CannotLook("a code that was just given is refused, so nobody can sign in")
        return given

    def signs_out(self, token: str) -> int:
        """The status of the answer when the application gives its sign-in back."""
        return self._post(self._declared.revoke, {"token": token, "client_id": self._person.app}).status

    def _tokens(self, asked: Mapping[str, str]) -> Given | None:
        answer = self._post(self._declared.token, asked)
        if answer.status in (400, 401):
            return None
        told = answer.json()
        try:
            return Given(told["access_token"], told["refresh_token"], float(told["expires_in"]))
        except (TypeError, KeyError, ValueError):
            raise CannotLook(
                f"tokens are neither given nor refused: status {answer.status} {answer.error}"
            ) from None

    def _post(self, path: str, words: Mapping[str, str]) -> Answer:
        return self._door.ask("POST", path, body=urlencode(words).encode(), headers=FORM)


def sent_back(answer: Answer, redirect_uri: str) -> dict[str, str]:
    """What the application is told at the address that it registered; nothing when it is not sent there."""
    there = answer.headers.get("Location", "")
    if answer.status not in SENT_BACK or there.partition("?")[0] != redirect_uri:
        return {}
    return dict(parse_qsl(urlsplit(there).query))
