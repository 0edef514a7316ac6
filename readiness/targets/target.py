"""A deployment under test as the specification sees it: its profile, its front door, its platform, its operator's procedures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from readiness.config.procedures import Procedure
from readiness.config.target import PlatformKind
from readiness.config.target import Target as Profile
from readiness.core.errors import CapabilityMissing
from readiness.core.observations import Observation
from readiness.targets.door import Door
from readiness.targets.metrics import Metrics
from readiness.targets.platform import Platform, Ran
from readiness.targets.procedures import Show, run_command
from readiness.targets.render import RenderPlatform
from readiness.targets.render_api import RenderApi
from readiness.targets.swarm import SwarmPlatform
from readiness.targets.wire import Wire

Drilled = TypeVar("Drilled", bound=Observation)


class Target:
    """One deployment under test. Nothing is contacted before it is asked for."""

    def __init__(self, profile: Profile, root: Path) -> None:
        self.profile = profile
        self.root = root
        self._drilled: dict[type[Observation], Observation] = {}

    @property
    def name(self) -> str:
        """The name of the profile."""
        return self.profile.name

    @cached_property
    def door(self) -> Door:
        """The public address."""
        return self.another_door()

    def another_door(self) -> Door:
        """The public address, for a visitor with connections of his own."""
        return self._door_at(self.profile.door.addresses)

    def doors(self) -> tuple[Door, ...]:
        """One door for each address behind the public name, without a way to the others."""
        return tuple(self._door_at((address,)) for address in self.profile.door.addresses)

    def door_beginning_at(self, place: int) -> Door:
        """The public address, for a visitor who tries the address at this place of their list first."""
        addresses = self.profile.door.addresses
        turn = place % max(1, len(addresses))
        return self._door_at((*addresses[turn:], *addresses[:turn]))

    def _door_at(self, addresses: tuple[str, ...]) -> Door:
        door = self.profile.door
        return Door(
            door.url, address=next(iter(addresses), ""), alternatives=addresses[1:], ca=str(door.ca or "")
        )

    @property
    def wire(self) -> Wire:
        """The public address, below HTTP."""
        door = self.profile.door
        return Wire(door.url, address=str(door.address or ""), ca=str(door.ca or ""))

    @cached_property
    def platform(self) -> Platform:
        """What runs the containers. CapabilityMissing where the profile offers only public addresses."""
        if self.profile.platform.kind is PlatformKind.NONE:
            raise CapabilityMissing(
                f"The target {self.name} offers public addresses only (platform kind: none), "
                "so what runs behind them cannot be seen."
            )
        if self.profile.platform.kind is PlatformKind.RENDER:
            return self._render()
        return SwarmPlatform(str(self.profile.platform.stack), self.profile.platform.engines)

    def _render(self) -> Platform:
        platform = self.profile.platform
        assert platform.api is not None, "the profile was checked"
        api = RenderApi(platform.api.url, platform.api.secret.read(), patience=self.profile.patience.answer)
        render = RenderPlatform(
            api,
            frozenset(platform.services.values()),
            owner=platform.api.owner or "",
            may_change=self.profile.allows.disruption,
        )
        return cast(Platform, render)  # what it does not offer, it says when it is asked

    def once(self, kind: type[Drilled], drill: Callable[[], Drilled]) -> Drilled:
        """What a drill saw: it is run by the first who asks, and the others are told the same. It must undo what it does."""
        if kind not in self._drilled:
            self._drilled[kind] = drill()
        return self._drilled[kind]  # type: ignore[return-value]  # kept under its own type

    @cached_property
    def metrics(self) -> Metrics:
        """The metrics service. CapabilityMissing where the profile names none."""
        if self.profile.metrics is None:
            raise CapabilityMissing(f"The profile of {self.name} names no metrics service (metrics.url).")
        return Metrics(self.profile.metrics.url)

    def headers(self, identity: str) -> dict[str, str]:
        """The request header that proves an identity of the profile. CapabilityMissing when its secret cannot be had."""
        proof = self.profile.identities[identity]
        return {proof.header: proof.header_value()}

    def procedure(self, name: str) -> Procedure:
        """A procedure of the operator. CapabilityMissing where the profile has none of this name."""
        procedure: Procedure | None = getattr(self.profile.procedures, name)
        if procedure is None:
            raise CapabilityMissing(
                f"The target {self.name} offers no procedure {name!r} (config/targets/{self.name}.yaml: procedures.{name})."
            )
        return procedure

    def run_procedure(self, name: str, *, show: Show | None = None, **placeholders: str) -> Ran:
        """Run a procedure of the operator from the project's root; its exit code is part of the result."""
        procedure = self.procedure(name)
        return run_command(
            procedure.argv(**placeholders), folder=self.root, timeout=procedure.timeout, show=show
        )
