"""Regions: what a profile must say of them, what counts as a takeover, and what is required after a loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from readiness.config.target import load_target
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.drills.lookout import Look, Lookout
from readiness.drills.regions import Loss, RegionLosses, Returned, is_complete, trouble_after
from readiness.harness.capabilities import LOOKS
from readiness.matchers import regions as required
from readiness.probes.regions import Entrance, RegionsAtRest, Share
from readiness.report.losses import picture_of_losses
from readiness.targets.target import Target
from tests.unit.config_project import SHIPPED, Project, only_problem_of, project_in
from tests.unit.deployment_facts import an_answer

CLUSTER = "config/targets/local-cluster.yaml"
EVEN = tuple(Share(region, service, 1) for region in ("east", "west") for service in ("shop", "edge"))
IN_THE_WEST = (
    Share("east", "shop", 0),
    Share("east", "edge", 0),
    Share("west", "shop", 2),
    Share("west", "edge", 1),
)
RIGHT = an_answer()
WRONG = an_answer(status=503, fault="status 503 instead of 200")
AT_REST = RegionsAtRest(
    examined=6, shares=EVEN, entrances=(Entrance(1, 1, (RIGHT,)), Entrance(2, 1, (RIGHT,)))
)
LOSS = Loss(
    "east", 0.5, 4.0, "", True, 9.0, 12.0, True, (RIGHT, WRONG), (Look(0.0, EVEN), Look(13.0, IN_THE_WEST))
)
RETURNED = Returned("east", "", 20, (), EVEN)
LOSSES = RegionLosses(examined=42, service="shop", losses=(LOSS,), returns=(RETURNED,))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def test_the_clusters_profile_names_its_engines_and_both_addresses_of_its_door() -> None:
    target = load_target(SHIPPED, "local-cluster")

    assert target.platform.engines[0] == f"unix://{SHIPPED}/reference/.state/cluster/witness/docker.sock"
    assert target.door.addresses == ("127.0.10.1", "127.0.10.2")
    assert target.regions is not None
    assert target.regions.lose.argv(region="us-east-1")[-1] == "us-east-1"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("serving: [us-east-1, us-west-2]", "serving: [us-east-1, us-east-1]", "regions.serving"),
        ('lose, "{region}"]', 'lose, "{image}"]', "regions.lose"),
        ('return, "{region}"]', "return]", "regions.give_back"),
        ("everywhere: [whoop-service", "everywhere: [whoops", "file"),
        (
            "unix://reference/.state/cluster/witness/docker.sock",
            "reference/docker.sock",
            "platform.engines.0",
        ),
    ],
)
def test_a_profile_with_regions_that_make_no_sense_is_refused(
    project: Project, old: str, new: str, key: str
) -> None:
    project.change(CLUSTER, old, new)

    assert only_problem_of(lambda: load_target(project.root, "local-cluster")).key == key


def test_a_target_without_regions_says_so() -> None:
    with pytest.raises(CapabilityMissing, match="names no regions"):
        LOOKS["regions"](Target(load_target(SHIPPED, "local"), SHIPPED))


def test_regions_at_rest_have_copies_and_doors() -> None:
    assert required.have_what_customers_need().matches(AT_REST)
    assert required.let_customers_in_everywhere().matches(AT_REST)


def test_more_copies_in_one_region_than_in_another_are_no_fault() -> None:
    assert required.have_what_customers_need().matches(
        replace(AT_REST, shares=(replace(EVEN[0], copies=5), *EVEN[1:]))
    )


def test_a_region_without_a_copy_is_a_fault() -> None:
    assert not required.have_what_customers_need().matches(replace(AT_REST, shares=IN_THE_WEST))


@pytest.mark.parametrize(
    "entrances",
    [
        (Entrance(1, 1, (RIGHT,)),),
        (Entrance(1, 1, (RIGHT,)), Entrance(2, 1, (WRONG,))),
        (Entrance(1, 1, (RIGHT,)), Entrance(2, 2, (RIGHT,))),
    ],
    ids=["one address", "a wrong answer", "half a journey"],
)
def test_every_door_serves_the_whole_journey(entrances: tuple[Entrance, ...]) -> None:
    assert not required.let_customers_in_everywhere().matches(replace(AT_REST, entrances=entrances))


def test_a_region_takes_over_when_it_runs_what_was_lost() -> None:
    assert is_complete(Look(0.0, IN_THE_WEST), "east", "shop", 2)
    assert not is_complete(Look(0.0, EVEN), "east", "shop", 2), "a copy is missing"
    without_edge = (*IN_THE_WEST[:3], replace(IN_THE_WEST[3], copies=0))
    assert not is_complete(Look(0.0, without_edge), "east", "shop", 2), "nobody lets customers in"


def test_a_good_loss_and_return_meet_everything() -> None:
    for matcher in (
        required.are_taken_over(),
        required.lose_nothing_acknowledged(),
        required.take_part_again(),
    ):
        assert matcher.matches(LOSSES)


@pytest.mark.parametrize(
    "loss",
    [replace(LOSS, words="exit status 1: no"), replace(LOSS, served=False), replace(LOSS, complete=False)],
)
def test_no_takeover_is_a_fault(loss: Loss) -> None:
    assert not required.are_taken_over().matches(replace(LOSSES, losses=(LOSS, loss)))


@pytest.mark.parametrize("returned", [replace(RETURNED, gone=(WRONG,)), replace(RETURNED, marks=0)])
def test_what_was_acknowledged_must_be_there_and_something_must_have_been(returned: Returned) -> None:
    assert not required.lose_nothing_acknowledged().matches(replace(LOSSES, returns=(RETURNED, returned)))


@pytest.mark.parametrize(
    "returned", [replace(RETURNED, words="exit status 1"), replace(RETURNED, shares=IN_THE_WEST)]
)
def test_a_region_that_stays_empty_after_its_return_is_a_fault(returned: Returned) -> None:
    assert not required.take_part_again().matches(replace(LOSSES, returns=(returned,)))


def test_trouble_ends_when_the_last_wrong_answer_was_given_up() -> None:
    late = replace(WRONG, asked=20.0, seconds=10.0)

    assert trouble_after(5.0, (late, WRONG, RIGHT)) == 25.0
    assert trouble_after(0.0, (RIGHT,)) == 0.0


def test_the_worst_loss_counts() -> None:
    seen = replace(LOSSES, losses=(LOSS, replace(LOSS, trouble=30.0, replaced=8.0)))

    assert (seen.longest_trouble, seen.slowest_replacement) == (30.0, 12.0)


def test_the_timeline_is_a_picture() -> None:
    assert picture_of_losses(LOSSES).startswith(b"\x89PNG")


def test_the_lookout_sees_nothing_while_the_platform_is_silent() -> None:
    answers = iter([EVEN, CannotLook("no leader"), IN_THE_WEST])

    def look() -> tuple[Share, ...]:
        answer = next(answers, EVEN)
        if isinstance(answer, CannotLook):
            raise answer
        return answer

    with Lookout(look) as lookout:
        wait_until(lambda: lookout.looks, lambda looks: len(looks) >= 2, patience=10)

    assert [each.shares for each in lookout.looks[:2]] == [EVEN, IN_THE_WEST]
