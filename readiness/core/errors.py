"""The two families of errors: a criterion that was not met, and everything that kept us from looking."""

from __future__ import annotations

from dataclasses import dataclass


class CriterionNotMet(AssertionError):
    """We looked, and what we saw does not meet the requirement. `required` and `observed` are sentences for people."""

    def __init__(self, message: str, *, required: str = "", observed: str = "") -> None:
        super().__init__(message)
        self.required = required
        self.observed = observed


class CannotLook(Exception):
    """We could not look, so we know nothing: the check is *not verified*, never passed and never failed."""


class CapabilityMissing(CannotLook):
    """The target does not offer what the check needs; the message is the true reason."""


class NotSteady(CannotLook):
    """The target was not in its steady state before the check, so what the check would see means nothing."""


class SpecificationDrift(CannotLook):
    """A sentence of the specification names a number that differs from its single source in `config/`."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a configuration file: where, what, and what would be right."""

    file: str
    key: str
    wrong: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.wrong}. Allowed: {self.allowed}"


class ConfigurationError(Exception):
    """All problems of the configuration at once. Stops a run before its first scenario with exit status 2."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
