"""Render's API as the specification uses it, over a stand-in that is not Render (tests/render_stand_in.py)."""

from __future__ import annotations

from collections.abc import Iterator
from time import time

import pytest

from readiness.config.notations import mark
from readiness.config.target import PlatformKind, load_target
from readiness.core.deployments import Bounds
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import clock
from readiness.targets.render import RenderPlatform
from readiness.targets.render_api import RenderApi
from readiness.targets.render_models import Service
from readiness.targets.target import Target
from tests.render_stand_in import TOKEN, Account, standing_in
from tests.unit.config_project import SHIPPED

EXAMPLE = "config/targets/render.example.yaml"


@pytest.fixture
def account() -> Account:
    account = Account()
    shop = account.add_service(
        "shop",
        autoscaling={
            "enabled": True,
            "min": 1,
            "max": 10,
            "criteria": {
                "cpu": {"enabled": True, "percentage": 70},
                "memory": {"enabled": False, "percentage": 80},
            },
        },
    )
    account.add_service("stranger")
    account.variables[shop] = {"LEVEL": "info", "KEY": "k3y-of-the-shop"}
    account.groups.append(
        {
            "id": "evg-1",
            "name": "common",
            "ownerId": "tea-1",
            "envVars": [{"key": "LEVEL", "value": "debug"}, {"key": "PORT", "value": "8000"}],
            "serviceLinks": [{"id": shop, "name": "shop", "type": "web_service"}],
        }
    )
    account.databases.append(
        {"id": "dpg-1", "name": "store", "plan": "basic-1gb", "region": "virginia", "status": "available"}
    )
    account.memory[shop] = [100.0, 300.0, 200.0]
    return account


@pytest.fixture
def url(account: Account) -> Iterator[str]:
    with standing_in(account) as address:
        yield address


def platform_at(
    url: str, *, token: str = TOKEN, owner: str = "tea-1", may_change: bool = False
) -> RenderPlatform:
    api = RenderApi(url, token, patience=5)
    return RenderPlatform(api, frozenset({"shop", "store"}), owner=owner, may_change=may_change)


def test_only_the_deployment_s_own_services_are_seen(url: str) -> None:
    assert [each.name for each in platform_at(url).services()] == ["shop"]
    assert [each.name for each in platform_at(url).deployment()] == ["shop", "store"]


def test_a_service_is_told_in_the_words_of_every_platform(url: str) -> None:
    shop, store = platform_at(url).deployment()
    assert (shop.plan, shop.region, shop.health_path, shop.copies) == ("starter", "virginia", "/health", 2)
    assert shop.bounds == Bounds(1, 10, processor=70, memory=None)
    assert shop.settings["variable LEVEL"] == mark("info"), "its own go before those of its groups"
    assert shop.settings["variable PORT"] == mark("8000")
    assert shop.secrets == {"LEVEL": True, "PORT": True, "KEY": True}
    assert (store.kind, store.plan) == ("database", "basic-1gb")


def test_no_value_of_a_variable_is_ever_told(account: Account, url: str) -> None:
    account.variables["srv-0000"]["EMPTY"] = " "
    (shop, _) = platform_at(url).deployment()
    assert "k3y-of-the-shop" not in repr(shop)
    assert (shop.secrets["KEY"], shop.secrets["EMPTY"]) == (True, False)


def test_copies_are_the_instances_and_run_the_live_release(url: str) -> None:
    copies = platform_at(url).replicas("shop")
    assert [copy.instance for copy in copies] == ["srv-0000-0", "srv-0000-1"]
    assert {copy.image_id for copy in copies} == {"c0ffee2"}


def test_peaks_are_the_largest_values_of_each_instance(url: str) -> None:
    assert [peak.peak for peak in platform_at(url).peak_memory("shop")] == [300, 300]


def test_a_suspended_service_has_no_copies(account: Account, url: str) -> None:
    account.services[0]["suspended"] = "suspended"
    assert platform_at(url).deployment()[0].copies == 0
    assert platform_at(url).service("shop").desired == 0


def test_long_lists_come_page_by_page(account: Account, url: str) -> None:
    account.variables["srv-0000"] |= {f"V{number}": "x" for number in range(250)}
    api = RenderApi(url, TOKEN, patience=5)
    assert len(list(api.list("/services", "service", Service))) == 2
    assert len(platform_at(url).deployment()[0].secrets) == 253
    assert sum("/env-vars?" in each for each in account.asked) == 3


def test_a_rate_limit_is_waited_for(account: Account, url: str) -> None:
    account.limited = 2
    assert platform_at(url).services()
    account.limited, account.retry_after = 1, "1"
    began = clock()
    assert platform_at(url).services()
    assert clock() - began >= 1.0


def test_a_rate_limit_that_does_not_end_is_told(account: Account, url: str) -> None:
    account.limited = 1000
    with pytest.raises(CannotLook, match="refused GET /services with status 429: rate limit exceeded"):
        platform_at(url).services()


@pytest.mark.parametrize("reset", [lambda: "0", lambda: str(int(time()))], ids=["from now", "Unix time"])
def test_the_end_of_the_window_is_understood_either_way(account: Account, url: str, reset: object) -> None:
    account.limited, account.retry_after = 1, reset()  # type: ignore[operator]  # one of the two above
    began = clock()
    assert platform_at(url).services()
    assert clock() - began < 5


def test_what_the_api_refuses_is_told_in_its_own_words(url: str) -> None:
    with pytest.raises(CannotLook, match="status 401: unauthorized") as refusal:
        platform_at(url, token="rnd_another").services()
    assert "rnd_another" not in str(refusal.value)


def test_an_api_that_does_not_answer_is_told() -> None:
    with pytest.raises(CannotLook, match="did not answer GET /services"):
        platform_at("http://127.0.0.1:9/v1").services()


def test_an_answer_of_another_form_is_told(account: Account, url: str) -> None:
    del account.services[0]["name"]
    with pytest.raises(CannotLook, match=r"not the documented one \(Service: name\)"):
        platform_at(url).services()


def test_another_workspace_is_not_looked_at(url: str) -> None:
    with pytest.raises(CannotLook, match="knows no service 'shop'"):
        platform_at(url, owner="tea-2").service("shop")


def test_nothing_is_changed_where_that_is_not_allowed(account: Account, url: str) -> None:
    for change in (lambda p: p.scale("shop", 3), lambda p: p.rollback("shop"), lambda p: p.renew("shop")):
        with pytest.raises(CapabilityMissing, match="does not allow disruption"):
            change(platform_at(url))
    assert [each for each in account.asked if not each.startswith("GET")] == []


def test_what_is_allowed_is_asked_for(account: Account, url: str) -> None:
    platform = platform_at(url, may_change=True)
    platform.scale("shop", 3)
    assert len(platform.replicas("shop")) == 3
    platform.autoscale("shop", Bounds(2, 4, processor=60))
    assert platform.deployment()[0].bounds == Bounds(2, 4, processor=60)
    platform.rollback("shop")
    assert account.deploys["srv-0000"][0]["trigger"] == "rollback"
    assert account.deploys["srv-0000"][0]["commit"]["id"] == "c0ffee1"
    platform.deploy("shop", "registry.example/shop:2")
    assert platform.service("shop").update_state == "updating"
    platform.renew("shop")
    assert account.asked[-1] == "POST /v1/services/srv-0000/restart"


def test_what_render_does_not_show_is_a_capability_that_is_missing(url: str) -> None:
    with pytest.raises(CapabilityMissing, match="Render's API has no way to run inside"):
        platform_at(url).run_inside("srv-0000-0", ["true"], timeout=1)


def test_the_example_is_a_profile_that_works(url: str) -> None:
    profile = load_target(SHIPPED, EXAMPLE, {"RENDER_API_KEY": TOKEN})
    assert profile.platform.kind is PlatformKind.RENDER
    assert profile.platform.api is not None
    assert (profile.allows.load, profile.allows.disruption) == (False, False)
    api = profile.platform.api.model_copy(update={"url": url})
    platform = profile.platform.model_copy(update={"api": api})
    target = Target(profile.model_copy(update={"platform": platform}), SHIPPED)
    with pytest.raises(CapabilityMissing, match="RENDER_API_KEY"):
        target.platform.services()
