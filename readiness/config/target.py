"""The profile of a target, `config/targets/NAME.yaml`: everything the specification knows of a deployment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, model_validator

from readiness.config.access import Access
from readiness.config.autoscaling import Autoscaling
from readiness.config.certificates import Certificates
from readiness.config.connections import Connections
from readiness.config.declaration import Declaration
from readiness.config.documents import Document, read_document
from readiness.config.doors import Door
from readiness.config.environments import Environments
from readiness.config.exposure import Exposure
from readiness.config.journey import JourneyRequest, saved_before_used
from readiness.config.keeping import Database, Entrusted
from readiness.config.kept import KeptSecret
from readiness.config.models import (
    EngineAddress,
    LineId,
    Name,
    ProjectPath,
    Seconds,
    StrictModel,
    Text,
    Url,
    model_of,
    together,
    wrong,
)
from readiness.config.monitoring import Monitoring
from readiness.config.procedures import Procedures
from readiness.config.reach import Reach
from readiness.config.regions import Regions
from readiness.config.releases import Releases
from readiness.config.routing import Routing
from readiness.config.secrets import Identity, SecretReference, literal_secrets
from readiness.config.service import Service
from readiness.config.service_calls import ServiceCall
from readiness.config.settings import ToldService
from readiness.config.sinks import Sink
from readiness.config.taking_away import TakingAway
from readiness.core.errors import ConfigurationError, Problem

FOLDER = "config/targets"
EXAMPLE = ".example"


class PlatformKind(StrEnum):
    """What runs the target. NONE: we see public addresses and nothing behind them."""

    SWARM = "swarm"
    RENDER = "render"
    NONE = "none"


class Api(StrictModel):
    """A platform's API. `owner`: the workspace that is meant, where the token sees several."""

    url: Url
    secret: SecretReference
    owner: Text | None = None


class Platform(StrictModel):
    """The platform, the name of the stack on it or its API, and its services by role (api, edge, database …).

    `engines`: where the engines of its nodes are reached, first the one that is asked about the whole; none: this machine's.
    """

    kind: PlatformKind
    stack: Name | None = None
    engines: tuple[EngineAddress, ...] = ()
    api: Api | None = None
    services: Mapping[Name, Name] = Field(default_factory=dict)

    @model_validator(mode="after")
    def fits_its_kind(self) -> Platform:
        """A stack and services where there is a platform, and only there."""
        if self.kind is PlatformKind.SWARM and not (self.stack and self.services):
            raise wrong("a swarm without its stack or its services", "stack: NAME and services: {role: name}")
        if self.kind is PlatformKind.RENDER and (self.stack or not (self.api and self.services)):
            raise wrong(
                "Render without its API or its services",
                "api: {url, secret} and services: {role: name}, no stack",
            )
        if self.kind is PlatformKind.NONE and (self.stack or self.services):
            raise wrong("a stack or services on no platform", "kind: swarm, or neither stack nor services")
        if self.kind is not PlatformKind.RENDER and self.api:
            raise wrong("an API that this kind of platform does not have", "kind: render, or no api")
        return self


class Endpoint(StrictModel):
    """An address for operators (metrics, alerts, inbox)."""

    url: Url


class Allows(StrictModel):
    """What may be done to the target besides reading. Nothing, unless it says so."""

    load: bool = False
    disruption: bool = False


class Patience(StrictModel):
    """How long we look, in seconds; never what we judge by.

    `answer` is for one request, `change` for the effect of an act to show, `steady` for the target to be at rest.
    """

    answer: Seconds = 10.0
    change: Seconds = 180.0
    steady: Seconds = 120.0


class Scanner(StrictModel):
    """Which vulnerability scanner to use first, and the list of accepted findings."""

    prefer: Literal["trivy", "snyk", "offline"] | None = None
    ignore_file: ProjectPath | None = None


class NotApplicable(StrictModel):
    """A plan line that makes no sense for this target, why, and who says so. Every report shows it."""

    line: LineId
    reason: Text
    declared_by: Text


class Target(Monitoring):
    """One deployment under test. Durations are seconds, paths absolute, secrets references.

    `bring_up`: a run starts with the procedure `up`, which does nothing where the deployment is up already.
    """

    name: Name
    title: Text
    bring_up: bool = False
    platform: Platform
    door: Door
    service: Service
    journey: Annotated[tuple[JourneyRequest, ...], AfterValidator(saved_before_used)] = ()
    identities: Mapping[Name, Identity] = Field(default_factory=dict)
    metrics: Endpoint | None = None
    alerts: Endpoint | None = None
    inbox: Endpoint | None = None
    declaration: Declaration | None = None
    exposure: Exposure | None = None
    environments: Environments | None = None
    connections: Connections | None = None
    routing: Routing | None = None
    certificates: Certificates | None = None
    reach: Reach | None = None
    database: Database | None = None
    entrusted: Entrusted | None = None
    taking_away: TakingAway | None = None
    autoscaling: Autoscaling | None = None
    access: Access | None = None
    regions: Regions | None = None
    releases: Releases | None = None
    service_calls: tuple[ServiceCall, ...] = ()
    told: tuple[ToldService, ...] = ()
    secrets: tuple[KeptSecret, ...] = ()
    sinks: tuple[Sink, ...] = ()
    procedures: Procedures = Procedures()
    allows: Allows = Allows()
    patience: Patience = Patience()
    time_compression: Mapping[Name, Annotated[float, Field(gt=1)]] = Field(default_factory=dict)
    scanner: Scanner = Scanner()
    security_exceptions: ProjectPath | None = None
    not_applicable: tuple[NotApplicable, ...] = ()

    @model_validator(mode="after")
    def refers_to_what_it_declares(self) -> Target:
        """Dependencies are services of the platform, and the journey uses declared identities."""
        services = tuple(self.platform.services.values())
        named = {
            "the service depends on": {each.service for each in self.service.dependencies},
            "what is entrusted is kept by": {self.database.service} if self.database else set(),
            "every region has": set(self.regions.everywhere) if self.regions else set(),
            "settings are told to": {each.service for each in self.told},
        }
        for words, names in named.items():
            strangers = names - set(services)
            if strangers:
                raise wrong(
                    f"{words} {', '.join(sorted(strangers))}",
                    f"platform.services: {', '.join(services) or 'none'}",
                )
        requests = (
            *self.journey,
            *(self.entrusted.requests if self.entrusted else ()),
            *((self.autoscaling.load,) if self.autoscaling else ()),
            *((self.taking_away.owner, self.taking_away.record) if self.taking_away else ()),
        )
        unknown = {request.identity for request in requests if request.identity} - set(self.identities)
        if unknown:
            raise wrong(
                f"requests use the identities {', '.join(sorted(unknown))}",
                f"identities: {', '.join(self.identities) or 'none'}",
            )
        known = {each.name for each in self.secrets}
        strangers = {each.logs_in_with for each in self.database.roles} - known if self.database else set()
        if strangers:
            raise wrong(
                f"roles log in with {', '.join(sorted(strangers))}", f"secrets: {', '.join(known) or 'none'}"
            )
        self._fit_autoscaling()
        self._fit_environments()
        return self

    def _fit_autoscaling(self) -> None:
        """Who decides, and who measures, are services of the platform."""
        services = tuple(self.platform.services.values())
        named = {self.autoscaling.decided_by, self.autoscaling.measured_by} if self.autoscaling else set()
        if named - set(services):
            raise wrong(
                f"autoscaling names {', '.join(sorted(named - set(services)))}",
                f"platform.services: {', '.join(services) or 'none'}",
            )

    def _fit_environments(self) -> None:
        """Every other environment knows who takes the journey there, and is not the target itself."""
        travellers = {request.identity for request in self.journey if request.identity}
        for name, each in self.environments.others.items() if self.environments else ():
            missing = travellers - set(each.identities)
            if missing:
                raise wrong(
                    f"environment {name} has no identity {', '.join(sorted(missing))} for the journey",
                    f"environments.others.{name}.identities: {', '.join(sorted(travellers))}",
                )
            if each.door.url == self.door.url or each.project == self.platform.stack:
                raise wrong(f"environment {name} is the target itself", "a door.url and a project of its own")


def load_target(root: Path, name: str, environment: Mapping[str, str] = os.environ) -> Target:
    """The target of that name, or of the profile file that `name` leads to (anything that ends in `.yaml`).

    `{env: NAME}` in the profile, outside `secret`, becomes the variable's value.
    """
    elsewhere = name.endswith(".yaml")
    file = name if elsewhere else f"{FOLDER}/{name}.yaml"
    there = target_names(root)
    if not elsewhere and name not in there:
        known = ", ".join(there) or f"none: {FOLDER} holds no profile"
        raise ConfigurationError([Problem(FOLDER, "target", f"there is no target named {name!r}", known)])
    document = read_document(root, file)
    problems = list(literal_secrets(file, document.content))
    content = {
        key: _from_environment(file, value, key, environment, problems)
        for key, value in document.content.items()
    }
    if not elsewhere and content.get("name") != name:
        problems.append(Problem(file, "name", "differs from the name of the file", name))
    return together(lambda: model_of(root, Document(file, content), Target), problems)


def target_names(root: Path) -> tuple[str, ...]:
    """The names of the targets that have a profile; an example (`NAME.example.yaml`) is none before it is copied."""
    return tuple(
        sorted(path.stem for path in (root / FOLDER).glob("*.yaml") if not path.stem.endswith(EXAMPLE))
    )


def _from_environment(
    file: str, value: JsonValue, key: str, environment: Mapping[str, str], problems: list[Problem]
) -> JsonValue:
    """The value with every `{env: NAME}` replaced; a variable that is not set becomes a problem."""
    match value:
        case {"env": str(variable), **others} if not others and not key.endswith("secret"):
            if not environment.get(variable):
                problems.append(
                    Problem(
                        file, key, f"the environment variable {variable} is not set", f"export {variable}=…"
                    )
                )
            return environment.get(variable, "")
        case dict():
            return {
                name: _from_environment(file, each, f"{key}.{name}", environment, problems)
                for name, each in value.items()
            }
        case list():
            return [
                _from_environment(file, each, f"{key}.{index}", environment, problems)
                for index, each in enumerate(value)
            ]
    return value
