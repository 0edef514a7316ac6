"""Secrets in a target profile are references: how one is read, and how a secret in the wrong place is noticed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue, model_validator

from readiness.config.models import ProjectPath, StrictModel, Text, wrong
from readiness.config.placeholders import placeholders_in
from readiness.core.errors import CapabilityMissing, Problem

SECRET_KEY = re.compile(
    r"secret|password|passwd|token|(?:api|private|service|signing)_?key(?!_?id)|authorization|credential",
    re.IGNORECASE,
)
SECRET_SHAPE = re.compile(
    r"-----BEGIN|://[^/\s:@]+:[^/\s@]+@|\b(?:AKIA|gh[pousr]_|glpat-|xox[abpr]-|sk_|eyJ)[A-Za-z0-9_-]{8}"
    r"|\b(?:Bearer|Basic)\s+[A-Za-z0-9+/=._-]{12}|(?<![A-Za-z0-9/:@_-])(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[A-Za-z0-9+=_-]{28,}"
)
REFERENCE = "a reference: {file: path of a secret file} or {env: NAME of an environment variable}"


class SecretReference(StrictModel):
    """Where a secret is kept: in a file, or in an environment variable."""

    file: ProjectPath | None = None
    env: Text | None = None

    @model_validator(mode="after")
    def names_one_place(self) -> SecretReference:
        """Either a file or a variable."""
        if (self.file is None) == (self.env is None):
            raise wrong("names no place, or two", REFERENCE)
        return self

    def read(self, environment: Mapping[str, str] = os.environ) -> str:
        """The secret, without surrounding blanks. CapabilityMissing when it is not where the profile says."""
        if self.file is not None:
            try:
                value = self.file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise CapabilityMissing(
                    f"The secret file {self.file} cannot be read: {error.strerror}."
                ) from error
        else:
            value = environment.get(self.env or "", "").strip()
        if not value:
            raise CapabilityMissing(
                f"The secret that the target profile refers to is empty or not set: {self.place}."
            )
        return value

    @property
    def place(self) -> str:
        """Where the secret is kept, in words."""
        return f"file {self.file}" if self.file else f"environment variable {self.env}"


class Identity(StrictModel):
    """Someone whom the service knows: the request header that proves it, and where its secret is kept."""

    header: Text = "Authorization"
    scheme: Text | None = None
    secret: SecretReference

    def header_value(self, environment: Mapping[str, str] = os.environ) -> str:
        """What to send in `header`. CapabilityMissing when the secret cannot be had."""
        return self.with_secret(self.secret.read(environment))

    def with_secret(self, secret: str) -> str:
        """What to send in `header` with this secret."""
        return f"{self.scheme} {secret}" if self.scheme else secret


def literal_secrets(file: str, content: JsonValue, key: str = "") -> Iterator[Problem]:
    """A problem for every text that looks like a secret itself; the problem never shows the text."""
    match content:
        case dict():
            for name, value in content.items():
                yield from literal_secrets(file, value, f"{key}.{name}".lstrip("."))
        case list():
            for index, value in enumerate(content):
                yield from literal_secrets(file, value, f"{key}.{index}".lstrip("."))
        case str() if SECRET_SHAPE.search(content) or _is_named_as_secret(key, content):
            yield Problem(file, key, "looks like a secret itself", REFERENCE)


def _is_named_as_secret(key: str, content: str) -> bool:
    """Whether the key says that its text is a secret; what a journey makes or saves on its way is none."""
    names = key.split(".")
    return bool(SECRET_KEY.search(names[-1])) and "save" not in names and not placeholders_in(content)
