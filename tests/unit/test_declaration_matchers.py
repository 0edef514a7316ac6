"""What is required of blueprints, of the number of copies, of their memory, and of the health check that is described."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.config.blueprint import port_of, read_blueprint
from readiness.config.budgets import load_budgets
from readiness.config.declaration import Declaration, load_offer
from readiness.core.deployments import Bounds, PeakMemory
from readiness.drills.health_path import Asked, HealthPaths
from readiness.matchers.counting import be_as_many_as_described, work_and_be_the_described_image
from readiness.matchers.declaration import (
    keep_to_the_offer,
    largest_share,
    scale_within_budgets,
    were_all_measured,
    write_no_secret,
)
from readiness.matchers.health_path import call_a_cut_off_copy_unhealthy, call_working_copies_healthy
from readiness.matchers.requirement import Requirement
from readiness.probes.counting import CopySeen, Count, Counted
from readiness.probes.declaration import Blueprint, Blueprints, Peaks
from tests.unit.config_project import SHIPPED, Project, only_problem_of, project_in

RENDER = "reference/render.yaml"
SECOND = 1_000_000_000


def words_of(requirement: Requirement[Any], observation: Any) -> str:
    """What the requirement says against the observation; "" when it is content."""
    words = StringDescription()
    requirement.describe_mismatch(observation, words)
    assert requirement.matches(observation) is (not str(words))
    return str(words)


def shipped_blueprint() -> Blueprints:
    return Blueprints(examined=1, blueprints=(Blueprint(RENDER, False, read_blueprint(SHIPPED, RENDER)),))


def offer_of(root: Path) -> Any:
    declaration = Declaration.model_validate_json(
        '{"offer": "config/policies/cloud.yaml", "running": {"format": "render", "file": "render.yaml"}}',
        context=root,
    )
    return load_offer(root, declaration)


def test_the_shipped_blueprint_is_what_was_agreed_on() -> None:
    seen, offer, budgets = shipped_blueprint(), offer_of(SHIPPED), load_budgets(SHIPPED)
    parts = {part.name: part for part in seen.blueprints[0].parts}
    assert words_of(keep_to_the_offer(offer), seen) == ""
    assert words_of(scale_within_budgets(budgets), seen) == ""
    assert words_of(write_no_secret(), seen) == ""
    unwritten = {"DATABASE_HOST", "DATABASE_PASSWORD", "REDIS_HOST", "REDIS_PASSWORD", "INSIGHTS_SIGNING_KEY"}
    assert set(parts["whoop-service"].secrets) == unwritten
    assert (port_of(parts["whoop-service"]), parts["whoop-service"].health_path) == (8000, "/health")
    assert offer.places == {"virginia": "us-east-1", "oregon": "us-west-2"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("plan: starter #", "plan: free #", "whoop-service, plan: required starter, standard; observed free"),
        ("region: virginia", "region: us-east-1", "required virginia (us-east-1), oregon (us-west-2); observed us-east-1"),
        ("maxInstances: 10", "maxInstances: 40", "scaling: required 1 to 10 copies"),
        ("targetCPUPercent: 70", "targetCPUPercent: 90", "observed 1 to 10 copies (processor 90 %, memory 80 %)"),
        ("sync: false\n\n", "value: hunter2-hunter2\n\n", "INSIGHTS_SIGNING_KEY: required a name without its value"),
        ("value: INFO", "value: postgres://whoop:s3cretword@db/whoop", "LOG_LEVEL: required a name without"),
    ],
)  # fmt: skip
def test_what_was_not_agreed_on_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    project = project_in(tmp_path)
    project.write(RENDER, (SHIPPED / RENDER).read_text(encoding="utf-8"))
    project.change(RENDER, old, new)
    seen = Blueprints(examined=1, blueprints=(Blueprint(RENDER, False, read_blueprint(tmp_path, RENDER)),))
    words = [
        words_of(each, seen)
        for each in (
            keep_to_the_offer(offer_of(SHIPPED)),
            scale_within_budgets(load_budgets(SHIPPED)),
            write_no_secret(),
        )
    ]
    assert said in "\n".join(words)
    assert "hunter2" not in "\n".join(words)


def test_a_region_that_nothing_is_described_for_is_told() -> None:
    (blueprint,) = shipped_blueprint().blueprints
    east = tuple(part for part in blueprint.parts if part.region == "virginia")
    seen = Blueprints(examined=1, blueprints=(replace(blueprint, parts=east),))
    assert "required a service in oregon (us-west-2)" in words_of(keep_to_the_offer(offer_of(SHIPPED)), seen)


@pytest.mark.parametrize("text", ["services: 3", "services: [{name: a}]", "services: []"])
def test_a_file_that_is_no_blueprint_is_told(tmp_path: Path, text: str) -> None:
    Project(tmp_path).write("render.yaml", text)
    assert only_problem_of(lambda: read_blueprint(tmp_path, "render.yaml")).file == "render.yaml"


def test_the_largest_share_is_that_of_the_smallest_thing_that_holds_it() -> None:
    peak = PeakMemory("shop", "a", 400_000_000, 1 << 30, "its start")
    seen = Peaks(
        examined=1,
        peaks=(peak, replace(peak, peak=1)),
        without=(),
        plans=(("shop", "starter"), ("other", "standard")),
    )
    assert largest_share(seen, offer_of(SHIPPED)) == 400 / 512
    unlimited = replace(seen, peaks=(replace(peak, limit=0),), plans=())
    assert largest_share(unlimited, offer_of(SHIPPED)) == float("inf")
    assert words_of(were_all_measured(), seen) == ""
    assert "none runs" in words_of(were_all_measured(), replace(seen, without=("shop",)))


def count_of(*copies: CopySeen, described: int | None = 2, bounds: Bounds | None = None) -> Count:
    return Count(examined=1, counted=(Counted("shop", described, bounds, 2, copies, "shop:1", "sha256:1"),))


GOOD = CopySeen("a", "healthy", "sha256:1", 200)


@pytest.mark.parametrize(
    ("seen", "in_order"),
    [
        (count_of(GOOD, GOOD), True),
        (count_of(GOOD), False),
        (count_of(GOOD, GOOD, GOOD), False),
        (count_of(GOOD, GOOD, GOOD, bounds=Bounds(2, 4)), True),
        (count_of(GOOD, bounds=Bounds(2, 4)), False),
        (count_of(GOOD, GOOD, described=None), True),
        (count_of(GOOD, described=None), False),
        (count_of(described=0), False),
    ],
)
def test_the_number_of_copies_is_the_described_one(seen: Count, in_order: bool) -> None:
    assert be_as_many_as_described().matches(seen) is in_order


@pytest.mark.parametrize(
    ("copy", "said"),
    [
        (GOOD, ""),
        (replace(GOOD, health="", answered=None), ""),
        (replace(GOOD, health="starting"), "required healthy; observed starting"),
        (replace(GOOD, answered=0), "required ready; observed no answer"),
        (replace(GOOD, answered=503), "required ready; observed status 503"),
        (replace(GOOD, image_id="sha256:2"), "required the image that is described (shop:1, sha256:1)"),
    ],
)
def test_every_copy_that_counts_works(copy: CopySeen, said: str) -> None:
    words = words_of(work_and_be_the_described_image(), count_of(copy))
    assert said in words
    assert bool(said) is bool(words)


def paths_of(*, copies: int = 200, elsewhere: int = 404, cut_off: tuple[int, ...] = (503,)) -> HealthPaths:
    asked = Asked(8000, "/health", ("render.yaml, shop",), (("a", copies),), elsewhere, cut_off)
    return HealthPaths(examined=1, asked=(asked,))


def test_a_health_check_that_tells_is_in_order() -> None:
    for seen in (paths_of(), paths_of(cut_off=(0,)), paths_of(cut_off=(0, 503))):
        assert call_working_copies_healthy().matches(seen)
        assert call_a_cut_off_copy_unhealthy().matches(seen)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (paths_of(copies=404), "copy a: required an answer with status 200; observed status 404"),
        (paths_of(copies=0), "observed no answer"),
        (paths_of(cut_off=(200,)), "required no good answer from a copy that reaches nothing it needs"),
        (paths_of(cut_off=(301, 503)), "observed status 301"),
        (paths_of(elsewhere=200), "any path is answered with status 200"),
    ],
)
def test_a_health_check_that_tells_nothing_is_told(seen: HealthPaths, said: str) -> None:
    words = words_of(call_working_copies_healthy(), seen) + words_of(call_a_cut_off_copy_unhealthy(), seen)
    assert said in words
