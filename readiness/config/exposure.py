"""What a deployment shows to strangers: its private paths, who may come in, and what must not be seen from outside."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from readiness.config.models import Name, NotEmpty, StrictModel, Text, UrlPath, read_model, wrong

FILE = "config/policies/exposure.yaml"


class ApiDescription(StrictModel):
    """Where a copy of a service tells its API as an OpenAPI document: a port and path inside the container."""

    service: Name
    port: Annotated[int, Field(ge=1, le=65535)]
    path: UrlPath


class Exposure(StrictModel):
    """The API of the services that customers reach, by their own descriptions; `private`: readings that need a key.

    `request_id`: the header by which an answer is found again in the logs. `meant`: paths of the policy that this deployment
    publishes on purpose. `accounts`: everybody who may come in, by the names that the procedure `accounts` prints.
    """

    descriptions: Annotated[tuple[ApiDescription, ...], NotEmpty]
    private: Annotated[tuple[UrlPath, ...], NotEmpty]
    request_id: Text
    meant: tuple[UrlPath, ...] = ()
    accounts: tuple[Text, ...] = ()


class Inside(StrictModel):
    """A trace of the inside that no answer may show: a regular expression, and an example that it must find."""

    name: Text
    pattern: Text
    example: Text

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern, re.IGNORECASE | re.MULTILINE)

    @model_validator(mode="after")
    def finds_its_example(self) -> Self:
        try:
            found = re.search(self.pattern, self.example, re.IGNORECASE | re.MULTILINE)
        except re.error as error:
            raise wrong(
                f"{self.name}: no regular expression ({error})", "a pattern of Python's re"
            ) from error
        if not found:
            raise wrong(f"{self.name}: does not find its own example", "a pattern that does")
        return self


class Demonstration(StrictModel):
    """An account that products are delivered or shown with. Without `user`, the password is tried as a key as well."""

    user: str = ""
    key: Text


class ExposurePolicy(StrictModel):
    """What strangers must not see, and with what they must not come in."""

    inside: Annotated[tuple[Inside, ...], NotEmpty]
    headers: Annotated[tuple[Inside, ...], NotEmpty]
    developers: Annotated[tuple[UrlPath, ...], NotEmpty]
    demonstrations: Annotated[tuple[Demonstration, ...], NotEmpty]
    demonstration_names: Text

    @cached_property
    def is_demonstration(self) -> re.Pattern[str]:
        """Finds names of accounts for demonstrations and tests."""
        return re.compile(self.demonstration_names, re.IGNORECASE)


def load_exposure(root: Path) -> ExposurePolicy:
    """The policy. ConfigurationError with all problems at once."""
    return read_model(root, FILE, ExposurePolicy)
