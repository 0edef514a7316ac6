"""The service under acceptance: its image, how that is built, its operational port, what it depends on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from readiness.config.models import Name, PathInside, ProjectPath, StrictModel, Text, UrlPath


class Build(StrictModel):
    """How the image is built. `dockerfile` and `source_to_touch` are relative to `context`.

    `source_to_touch` is a file of the service's own code: a small change in it stands for any small change.
    `trial_settings` (NAME=value) are what a copy needs to come up alone, on no network, and to call itself healthy.
    """

    context: ProjectPath
    dockerfile: PathInside
    source_to_touch: PathInside
    base_images: tuple[Text, ...] = ()
    trial_settings: tuple[Text, ...] = ()


class Health(StrictModel):
    """The operational port inside the container, and the paths on it."""

    port: Annotated[int, Field(ge=1, le=65535)]
    liveness: UrlPath
    readiness: UrlPath
    metrics: UrlPath


class Dependency(StrictModel):
    """A service of the platform that this one uses. Without a required one it cannot answer.

    `beside`: services that it needs itself, such as one that tells it who may log in; they are in every copy of the deployment.
    """

    service: Name
    required: bool = True
    beside: tuple[Name, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The service and those beside it."""
        return (self.service, *self.beside)


class Service(StrictModel):
    """The service under acceptance. What is left out, the target does not offer.

    `port`: where its copies serve customers, inside the container. `scratch`: service -> paths at which its copies, or those of
    a dependency, may write into their own container: nothing there is worth keeping.
    """

    name: Name
    image: Text
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    scratch: Mapping[Name, tuple[Text, ...]] = Field(default_factory=dict)
    build: Build | None = None
    health: Health | None = None
    dependencies: tuple[Dependency, ...] = ()
