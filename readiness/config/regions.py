"""Regions: where a deployment has copies, so that another place serves customers when one is lost."""

from __future__ import annotations

from pydantic import field_validator

from readiness.config.models import Name, StrictModel, Text, wrong
from readiness.config.placeholders import placeholders_in
from readiness.config.procedures import Procedure

REGION = "region"


class Unproven(StrictModel):
    """Something that would be lost with a region, or is not like production here, and why. Every report shows it as a gap."""

    what: Text
    reason: Text


class Regions(StrictModel):
    """The regions that serve customers, by the value of a node's `label`. Nodes of other values vote, and serve nobody.

    `everywhere`: services that have copies in every serving region. `lose` takes all of a region's nodes away at once,
    `take_over` is what the operator does then, `give_back` brings the region back into service.
    """

    label: Text
    serving: tuple[Name, ...]
    everywhere: tuple[Name, ...]
    lose: Procedure
    take_over: Procedure
    give_back: Procedure
    unproven: tuple[Unproven, ...] = ()

    @field_validator("serving")
    @classmethod
    def are_several(cls, serving: tuple[str, ...]) -> tuple[str, ...]:
        """One region alone has nobody to take over."""
        if len(set(serving)) < 2:
            raise wrong("fewer than two regions", "at least two, each once")
        return serving

    @field_validator("lose", "take_over", "give_back")
    @classmethod
    def names_the_region(cls, procedure: Procedure) -> Procedure:
        """The command says which region is meant, and has no other placeholder."""
        found = placeholders_in(list(procedure.command))
        if found != {REGION}:
            raise wrong(
                f"the command has the placeholders {', '.join(sorted(found)) or 'none'}", f"{{{REGION}}}"
            )
        return procedure
