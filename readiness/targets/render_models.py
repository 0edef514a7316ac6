"""What Render's API answers, as far as it is read here. Fields that are not named here may come and go.

Source: https://api-docs.render.com, pages list-services, list-instances, list-deploys, get-env-vars-for-service,
list-env-groups, autoscale-service, get-memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

KINDS: Mapping[str, str] = {"cron_job": "job"}


class Answer(BaseModel):
    """Part of an answer: camelCase on the wire, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="ignore")


class Criterion(Answer):
    """One trigger of the autoscaler."""

    enabled: bool = False
    percentage: float = 0


class Criteria(Answer):
    """Both triggers."""

    cpu: Criterion = Criterion()
    memory: Criterion = Criterion()


class Autoscaling(Answer):
    """A service's autoscaler."""

    enabled: bool = False
    min: int = 1
    max: int = 1
    criteria: Criteria = Criteria()


class Disk(Answer):
    """A persistent disk."""

    name: str = ""
    mount_path: str = ""
    size_gb: int = Field(default=0, alias="sizeGB")


class Details(Answer):
    """`serviceDetails`: what depends on the type of the service."""

    plan: str = ""
    region: str = ""
    runtime: str = ""
    env: str = ""
    num_instances: int | None = None
    autoscaling: Autoscaling | None = None
    health_check_path: str = ""
    max_shutdown_delay_seconds: int | None = None
    schedule: str = ""
    disk: Disk | None = None
    env_specific_details: Mapping[str, Any] = Field(default_factory=dict)


class Service(Answer):
    """A service. `suspended` is "suspended" or "not_suspended", `auto_deploy` "yes" or "no"."""

    id: str
    name: str
    type: str
    suspended: str = "not_suspended"
    auto_deploy: str = ""
    image_path: str = ""
    service_details: Details = Details()


class EnvVar(Answer):
    """A variable. The value is a secret until somebody says that it is none; it never becomes part of a text."""

    key: str
    value: str = Field(default="", repr=False)


class Link(Answer):
    """A service that an environment group is linked to."""

    id: str


class EnvGroup(Answer):
    """An environment group; in lists it has no variables."""

    id: str
    name: str
    env_vars: tuple[EnvVar, ...] = ()
    service_links: tuple[Link, ...] = ()


class Instance(Answer):
    """A running instance."""

    id: str
    created_at: str


class DeployedImage(Answer):
    """The image of a deploy."""

    ref: str = ""
    sha: str = ""


class Commit(Answer):
    """The commit of a deploy."""

    id: str = ""


class Deploy(Answer):
    """One release of a service. Only one is `live`."""

    id: str
    status: str
    commit: Commit | None = None
    image: DeployedImage | None = None

    @property
    def content(self) -> str:
        """What was released: the image's digest, or the commit that it was built from."""
        return (self.image.sha if self.image else "") or (self.commit.id if self.commit else "")


class DataStore(Answer):
    """A database or key value instance: `/postgres`, `/key-value`."""

    id: str
    name: str
    plan: str = ""
    region: str = ""
    status: str = ""


class Sample(Answer):
    """One value of a series."""

    value: float


class Label(Answer):
    """One label of a series."""

    field: str
    value: str


class Series(Answer):
    """Values over time. Memory comes in bytes."""

    labels: tuple[Label, ...] = ()
    values: tuple[Sample, ...] = ()

    def label(self, field: str) -> str:
        """The value of a label, "" where there is none."""
        return next((label.value for label in self.labels if label.field == field), "")
