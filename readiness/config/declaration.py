"""How a deployment is described for its platform, what may be bought there, and what an autoscaler may change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import field_validator, model_validator

from readiness.config.models import (
    Name,
    NotEmpty,
    ProjectPath,
    StrictModel,
    Text,
    read_model,
    wrong,
)
from readiness.config.placeholders import placeholders_in
from readiness.config.procedures import Procedure
from readiness.core.units import Dimension, parse

OUTPUT = "output"


class Described(StrictModel):
    """One description: a blueprint's file (`render`), or what a command writes into the file `{output}` (`compose`)."""

    format: Literal["compose", "render"]
    file: ProjectPath | None = None
    describe: Procedure | None = None

    @model_validator(mode="after")
    def fits_its_format(self) -> Self:
        if self.format == "render" and (self.file is None or self.describe):
            raise wrong("a blueprint without its file", "file: path of render.yaml")
        if self.format == "compose" and (
            self.file or not self.describe or placeholders_in(list(self.describe.command)) != {OUTPUT}
        ):
            raise wrong("nothing writes the description", f"describe: a command with {{{OUTPUT}}}")
        return self


class Scaled(StrictModel):
    """A service whose number of copies an autoscaler changes: a service `by` whose settings of these names are its bounds."""

    service: Name
    by: Name
    least: Text
    most: Text
    processor: Text | None = None
    memory: Text | None = None


class Declaration(StrictModel):
    """`running` describes what runs on this target; `elsewhere` describes the same service for other platforms.

    `offer` is the list of what may be bought; `scaled`, who changes the number of copies of whom; `measured`, the services
    whose memory has to fit what was bought (none named: the service under acceptance).
    """

    offer: ProjectPath
    running: Described
    elsewhere: tuple[Described, ...] = ()
    scaled: tuple[Scaled, ...] = ()
    measured: tuple[Name, ...] = ()

    @field_validator("elsewhere")
    @classmethod
    def are_blueprints(cls, described: tuple[Described, ...]) -> tuple[Described, ...]:
        """Only files can be read without the platform that they are for."""
        if any(each.file is None for each in described):
            raise wrong("a description for elsewhere that is no file", "format: render, file: …")
        return described


class Region(StrictModel):
    """A region of the plan, and what the platform calls the place where it lies."""

    plan: Text
    platform: Text
    reason: Text


class Plan(StrictModel):
    """Something that may be bought, for which kinds of parts, and its memory where that counts."""

    name: Text
    kinds: Annotated[tuple[Literal["service", "job", "database", "cache"], ...], NotEmpty]
    memory: Text

    @field_validator("memory")
    @classmethod
    def is_a_size(cls, text: str) -> str:
        """A size with its unit."""
        parse(text, Dimension.SIZE)
        return text

    @property
    def memory_bytes(self) -> int:
        """Its memory."""
        return int(parse(self.memory, Dimension.SIZE).value)


class Offer(StrictModel):
    """The regions and plans that were agreed on, and the source of that."""

    source: Text
    regions: Annotated[tuple[Region, ...], NotEmpty]
    plans: Annotated[tuple[Plan, ...], NotEmpty]

    def plan(self, name: str, kind: str) -> Plan | None:
        """The agreed plan of this name for parts of this kind."""
        return next((each for each in self.plans if each.name == name and kind in each.kinds), None)

    @property
    def places(self) -> Mapping[str, str]:
        """What the platform calls a region -> what the plan calls it."""
        return {each.platform: each.plan for each in self.regions}


class Offers(StrictModel):
    """The content of the file: what is agreed on per platform."""

    render: Offer


def load_offer(root: Path, declaration: Declaration) -> Offer:
    """What may be bought. ConfigurationError with all problems at once."""
    file = declaration.offer
    name = str(file.relative_to(root) if file.is_relative_to(root) else file)
    return read_model(root, name, Offers).render
