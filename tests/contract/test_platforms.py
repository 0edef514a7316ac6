"""What every platform adapter owes, over Swarm (a small stack of its own) and over Render (a stand-in, which is not Render)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest

from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.targets.platform import Platform
from readiness.targets.render import RenderPlatform
from readiness.targets.render_api import RenderApi
from tests.contract.test_swarm_platform import platform as swarm  # noqa: F401 - a fixture, asked for by name
from tests.render_stand_in import TOKEN, Account, standing_in

SHOP = "shop"


@pytest.fixture
def render() -> Iterator[Platform]:
    """A service of one instance on the stand-in."""
    account = Account()
    shop = account.add_service(SHOP, instances=1)
    account.memory[shop] = [20e6, 30e6]
    with standing_in(account) as url:
        api = RenderApi(url, TOKEN, patience=5)
        yield cast(Platform, RenderPlatform(api, frozenset({SHOP}), owner="", may_change=True))


@pytest.fixture(params=["render", pytest.param("swarm", marks=pytest.mark.docker)])
def platform(request: pytest.FixtureRequest) -> Platform:
    """Each platform in turn, with a service of one copy."""
    return cast(Platform, request.getfixturevalue(request.param))


def test_the_service_is_listed_as_it_is_asked_for_by_name(platform: Platform) -> None:
    assert SHOP in [each.name for each in platform.services()]
    assert platform.service(SHOP).desired == 1
    assert platform.service(SHOP).image


def test_the_deployment_tells_the_service_and_its_copies(platform: Platform) -> None:
    part = next(each for each in platform.deployment() if each.name == SHOP)
    assert (part.kind, part.copies, part.bounds) == ("service", 1, None)
    assert part.settings


def test_a_copy_is_told_with_what_it_runs(platform: Platform) -> None:
    (copy,) = platform.replicas(SHOP)
    assert copy.running
    assert copy.service == SHOP
    assert copy.instance
    assert copy.image_id
    assert copy.created > 0


def test_the_peak_of_every_copy_is_told_in_bytes(platform: Platform) -> None:
    (peak,) = platform.peak_memory(SHOP)
    assert peak.service == SHOP
    assert 1_000_000 < peak.peak < 1_000_000_000


def test_the_number_of_copies_can_be_changed(platform: Platform) -> None:
    platform.scale(SHOP, 2)
    try:
        grown = wait_until(lambda: platform.replicas(SHOP), lambda seen: len(seen) == 2, patience=60)
        assert grown.happened
        assert platform.service(SHOP).desired == 2
    finally:
        platform.scale(SHOP, 1)
        wait_until(lambda: platform.replicas(SHOP), lambda seen: len(seen) == 1, patience=60)


def test_a_service_that_is_not_there_cannot_be_looked_at(platform: Platform) -> None:
    with pytest.raises(CannotLook, match="no service 'nosuch'"):
        platform.service("nosuch")
