"""A scenario runs only where its safety level is allowed and what it needs is there; else it says why not."""

import pytest

from readiness.config.target import Allows
from readiness.core.errors import SpecificationDrift
from readiness.harness.safety import why_not


class Offers:
    """A target that lacks some capabilities."""

    def __init__(self, **missing):
        self._missing = missing

    def missing(self, name):
        return self._missing.get(name, "")


READ_ONLY = Allows()
EVERYTHING = Allows(load=True, disruption=True)


def test_reading_is_always_allowed():
    assert why_not(["TC1.1.1", "readonly"], READ_ONLY, Offers()) == ""


@pytest.mark.parametrize(("level", "key"), [("load", "allows.load"), ("disruptive", "allows.disruption")])
def test_more_than_reading_only_where_the_target_says_so(level, key):
    assert key in why_not([level], READ_ONLY, Offers())
    assert why_not([level], EVERYTHING, Offers()) == ""


def test_a_missing_capability_is_the_reason():
    assert (
        why_not(["readonly", "needs.containers"], EVERYTHING, Offers(containers="no engine")) == "no engine"
    )


@pytest.mark.parametrize("tags", [[], ["readonly", "disruptive"]])
def test_a_scenario_without_exactly_one_safety_level_never_runs(tags):
    with pytest.raises(SpecificationDrift, match="exactly one of @readonly, @load, @disruptive"):
        why_not(tags, EVERYTHING, Offers())
