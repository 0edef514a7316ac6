"""The typed state of one scenario: what was observed, what was judged on it, what could not be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from readiness.config.regions import Unproven
from readiness.core.budgets import Budget, Budgets
from readiness.core.errors import CannotLook, CriterionNotMet
from readiness.core.observations import Observation
from readiness.core.verdicts import Gap
from readiness.drills.rehearsals import Rehearsals
from readiness.harness.evidence import Evidence
from readiness.harness.undo import UndoFailure, UndoStack
from readiness.targets.target import Target

Seen = TypeVar("Seen", bound=Observation)


@dataclass(frozen=True)
class Measurement:
    """A value judged against a budget, in the base unit of the budget's dimension."""

    budget: Budget
    value: float

    def __str__(self) -> str:
        return f"measured {self.budget.observed(self.value)}, required {self.budget.sentence()}"


@dataclass
class World:
    """Everything a step may touch: it notes one observation or requires one judgement."""

    target: Target
    evidence: Evidence
    undo: UndoStack
    budgets: Budgets
    rehearsals: Rehearsals
    measurements: list[Measurement] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    judgements: int = 0
    step_note: str = ""
    _noted: dict[type[Observation], Observation] = field(default_factory=dict)
    _judged: set[type[Observation]] = field(default_factory=set)

    def note(self, observation: Observation) -> None:
        """Keep an observation as evidence; some later step must judge it."""
        self._noted[type(observation)] = observation
        self._judged.discard(type(observation))
        self.evidence.keep(type(observation).__name__, observation)

    def seen(self, kind: type[Seen]) -> Seen:
        """The observation of this kind that an earlier step noted."""
        if kind not in self._noted:
            raise CannotLook(
                f"no step of this scenario observed {kind.__name__}, so there is nothing to judge"
            )
        return self._noted[kind]  # type: ignore[return-value]  # kept under its own type by note()

    def judge(self, observation: Seen, matcher: Matcher[Seen]) -> None:
        """Require the observation to match; an observation of nothing cannot be judged."""
        self._examine(observation)
        required = str(StringDescription().append_description_of(matcher))
        if not matcher.matches(observation):
            mismatch = StringDescription()
            matcher.describe_mismatch(observation, mismatch)
            observed = str(mismatch)
            raise CriterionNotMet(
                f"Required: {required}\nObserved: {observed}", required=required, observed=observed
            )
        self.step_note = f"examined {observation.examined}"

    def measure(self, observation: Observation, value: float, budget: Budget, where: str = "") -> None:
        """Require a value of the observation to meet a budget, and record it for the criteria table.

        `where` says, for a reader of a failure, what made the value what it is.
        """
        self._examine(observation)
        measurement = Measurement(budget, value)
        self.measurements.append(measurement)
        self.step_note = str(measurement)
        if not budget.met_by(value):
            measured = budget.observed(value) + (f"; {where}" if where else "")
            raise CriterionNotMet(
                f"Required: {budget.name} {budget.sentence()} (source: {budget.source})\nObserved: {measured}",
                required=budget.sentence(),
                observed=measured,
            )

    def gap(self, what: str, reason: str) -> None:
        """Say that something beside the judged could not be looked at; it blocks GO unless someone accepts it."""
        self.gaps.append(Gap(what, reason))

    def admit(self, declared: Iterable[Unproven]) -> None:
        """Note as gaps what the profile itself says of the target's limits."""
        for each in declared:
            self.gap(each.what, each.reason)

    def take_note(self) -> str:
        """What the step that just ended measured or examined, once."""
        note, self.step_note = self.step_note, ""
        return note

    def require_judged(self, undone: Sequence[UndoFailure] = ()) -> None:
        """At the end of a scenario: everything observed was judged, and everything changed was undone."""
        if undone:
            raise CannotLook(
                "the target is left changed: " + "; ".join(f"{each.step}: {each.error}" for each in undone)
            )
        if self.unjudged:
            raise CannotLook(
                f"observed but never judged: {', '.join(self.unjudged)}. Add a Then that can fail."
            )

    @property
    def examined(self) -> int:
        """How many things the judgements of this scenario rest on."""
        return sum(self._noted[kind].examined for kind in self._judged)

    @property
    def unjudged(self) -> tuple[str, ...]:
        """Observations that no step judged: a hole in the scenario."""
        return tuple(kind.__name__ for kind in self._noted if kind not in self._judged)

    def _examine(self, observation: Observation) -> None:
        kind = type(observation)
        if self._noted.get(kind) is not observation:
            raise CannotLook(f"{kind.__name__} was judged without having been noted as evidence")
        if observation.examined < 1:
            raise CannotLook(f"{kind.__name__}: nothing was examined, so nothing can be judged")
        self._judged.add(kind)
        self.judgements += 1


def context_world(context: Any) -> World:
    """The scenario's state from behave's context."""
    world = context.world
    assert isinstance(world, World)
    return world
