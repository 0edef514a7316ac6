"""The environments beside production: how each is described, brought up and used, and where it may differ from production."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from readiness.config.doors import Door
from readiness.config.models import Name, NotEmpty, ProjectPath, StrictModel, Text, read_model, wrong
from readiness.config.placeholders import placeholders_in
from readiness.config.procedures import Procedure
from readiness.config.secrets import Identity
from readiness.core.errors import ConfigurationError, Problem

OUTPUT = "output"


class Environment(StrictModel):
    """One environment beside production, on the same engine.

    `describe` writes its whole description, variables filled in, into the file `{output}`. `project` is the name under which
    its containers, volumes and networks are known. `release`: it stands in for production, so it runs production's images.
    """

    project: Name
    describe: Procedure
    up: Procedure
    down: Procedure
    door: Door
    identities: Mapping[Name, Identity] = Field(default_factory=dict)
    release: bool = False


class Environments(StrictModel):
    """Production's own description, the other environments by name, and the lists of declared differences."""

    production: Procedure
    others: Annotated[Mapping[Name, Environment], Field(min_length=1)]
    declared: Annotated[tuple[ProjectPath, ...], NotEmpty]

    @model_validator(mode="after")
    def keeps_them_apart(self) -> Self:
        """Every description is written somewhere, and no two environments share a name of their own or a door."""
        for name, procedure in self.descriptions:
            if placeholders_in(list(procedure.command)) != {OUTPUT}:
                raise wrong(f"the description of {name} is written nowhere", f"a command with {{{OUTPUT}}}")
        for what, values in (
            ("project", [each.project for each in self.others.values()]),
            ("door", [each.door.url for each in self.others.values()]),
        ):
            if len(set(values)) < len(values):
                raise wrong(f"two environments have the same {what}", f"a {what} of its own for each")
        return self

    @property
    def descriptions(self) -> tuple[tuple[str, Procedure], ...]:
        """Name and describing procedure of each environment, production first."""
        return (
            ("production", self.production),
            *((name, each.describe) for name, each in self.others.items()),
        )


class Declared(StrictModel):
    """A difference from production that is meant.

    `keys` are shell patterns on the keys of a description, such as "edge: environment *". `own`: here the environment must
    differ, for what it shares with production there (secrets, addresses) is production's.
    """

    environments: Annotated[tuple[Name, ...], NotEmpty]
    keys: Annotated[tuple[Text, ...], NotEmpty]
    own: bool = False
    reason: Text

    def covers(self, environment: str, key: str) -> bool:
        """Whether this entry speaks of a key of an environment."""
        return environment in self.environments and any(fnmatchcase(key, pattern) for pattern in self.keys)


class DeclaredDifferences(StrictModel):
    """The content of one list."""

    differences: tuple[Declared, ...]


def load_declared_differences(root: Path, environments: Environments) -> tuple[Declared, ...]:
    """All declared differences. ConfigurationError when a list is wrong, or speaks of an environment that there is not."""
    entries: list[Declared] = []
    problems = []
    for file in environments.declared:
        name = _named(root, file)
        for index, entry in enumerate(read_model(root, name, DeclaredDifferences).differences):
            entries.append(entry)
            for stranger in set(entry.environments) - set(environments.others):
                wrong_name = f"there is no environment {stranger!r}"
                key = f"differences.{index}.environments"
                problems.append(Problem(name, key, wrong_name, ", ".join(environments.others)))
    if problems:
        raise ConfigurationError(problems)
    return tuple(entries)


def _named(root: Path, file: Path) -> str:
    return str(file.relative_to(root) if file.is_relative_to(root) else file)
