"""What is required of environments beside production: the same settings in force, their own keys, their own records."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.config.environments import Declared
from readiness.drills.environments import Stay, Stays
from readiness.matchers.requirement import Requirement
from readiness.matchers.sameness import (
    be_in_force_as_declared,
    keep_their_own_records,
    let_in_their_own,
    name_no_environment,
    refuse_all_others,
)
from readiness.probes.baked import Baked, names_in
from readiness.probes.crossing import Knock, Sought
from readiness.probes.in_force import settings_in_production, settings_of
from readiness.targets.engine_facts import peak_resident_of, runs_as_of
from readiness.targets.platform import Belonging, ImageFacts, Platform, RunsAs
from tests.unit.deployment_facts import CHECK, a_copy

STAGING, PRODUCTION = "staging", "production"
IN_FORCE = {"shop: environment LEVEL": "info", "shop: user": "7"}
KNOCKS = tuple(
    Knock(door, owner, "partner", "/orders", 200 if door == owner else 401)
    for door in (STAGING, PRODUCTION)
    for owner in (STAGING, PRODUCTION)
)
SOUGHT = tuple(
    Sought(written, sought, "read the order", 200 if written == sought else 404, written == sought)
    for written in (STAGING, PRODUCTION)
    for sought in (STAGING, PRODUCTION)
)
STAY = Stay(
    environment=STAGING,
    release=True,
    up_after=1.0,
    words="",
    requests=1,
    answers=(),
    there=(Belonging("container", "staging-shop-1", "shop", "sha256:1"),),
    in_force=IN_FORCE,
    knocks=KNOCKS,
    sought=SOUGHT,
    left=(),
    goodbye="",
)
LEVEL = Declared(environments=(STAGING,), keys=("shop: environment LEVEL",), reason="Staging says more.")


def stays(stay: Stay = STAY, baked: tuple[Baked, ...] = ()) -> Stays:
    in_force = {**IN_FORCE, "only-in-production: user": "8"}
    return Stays(examined=1, stays=(stay,), in_force=in_force, baked=baked, before=(), after=())


def words_of(requirement: Requirement[Stays], seen: Stays) -> str:
    words = StringDescription()
    requirement.describe_mismatch(seen, words)
    assert requirement.matches(seen) is (not str(words))
    return str(words)


ALL = (
    be_in_force_as_declared(()),
    name_no_environment(),
    let_in_their_own(),
    refuse_all_others(),
    keep_their_own_records(),
)


@pytest.mark.parametrize("requirement", ALL)
def test_an_environment_of_its_own_with_productions_settings_is_in_order(
    requirement: Requirement[Stays],
) -> None:
    assert words_of(requirement, stays()) == ""


@pytest.mark.parametrize("requirement", [each for each in ALL if each is not ALL[1]])
def test_one_that_did_not_come_up_kept_nothing_apart(requirement: Requirement[Stays]) -> None:
    down = replace(STAY, words="no port is free", there=(), in_force={}, knocks=(), sought=())
    assert words_of(requirement, stays(down)).startswith(
        "staging: required comes up; observed did not: no port"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shop: environment LEVEL": "debug"}, "in force, shop: environment LEVEL: required production's info; observed debug"),
        ({"shop: environment MORE": "1"}, "environment MORE: required production's nothing; observed 1"),
        ({"shop: user": ""}, "shop: user: required production's 7; observed nothing"),
    ],
)  # fmt: skip
def test_a_setting_in_force_that_nobody_declared_is_told(change: dict[str, str], said: str) -> None:
    seen = stays(replace(STAY, in_force={**IN_FORCE, **change}))
    assert said in words_of(be_in_force_as_declared(()), seen)


def test_a_declared_one_is_not() -> None:
    seen = stays(replace(STAY, in_force={**IN_FORCE, "shop: environment LEVEL": "debug"}))
    assert words_of(be_in_force_as_declared((LEVEL,)), seen) == ""


def test_a_build_for_one_environment_is_told() -> None:
    baked = Baked("shop", "sha256:1", "setting MODE=production")
    assert "setting MODE=production" in words_of(name_no_environment(), stays(baked=(baked,)))


def with_knock(door: str, owner: str, status: int) -> Stays:
    changed = tuple(
        replace(each, status=status) if (each.door, each.owner) == (door, owner) else each for each in KNOCKS
    )
    return stays(replace(STAY, knocks=changed))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (with_knock(STAGING, STAGING, 401), "staging, /orders, its own partner: required let in; observed status 401"),
        (with_knock(PRODUCTION, PRODUCTION, 503), "its own partner: required let in; observed status 503"),
        (with_knock(PRODUCTION, STAGING, 200), "production, /orders, partner of staging: required refused; observed status 200"),
        (with_knock(STAGING, PRODUCTION, 404), "partner of production: required refused; observed status 404"),
        (with_knock(STAGING, PRODUCTION, 0), "required refused; observed no answer"),
        (stays(replace(STAY, knocks=KNOCKS[:1])), "required a key of production tried; observed none could be had"),
        (stays(replace(STAY, knocks=KNOCKS[:1])), "door of production: required its own key tried; observed none"),
    ],
)  # fmt: skip
def test_wrong_keys_that_open_and_right_ones_that_do_not_are_told(seen: Stays, said: str) -> None:
    assert said in words_of(let_in_their_own(), seen) + words_of(refuse_all_others(), seen)


def with_sought(written: str, sought: str, status: int, *, found: bool) -> Stays:
    changed = tuple(
        replace(each, status=status, found=found)
        if (each.written, each.sought) == (written, sought)
        else each
        for each in SOUGHT
    )
    return stays(replace(STAY, sought=changed))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (with_sought(STAGING, PRODUCTION, 200, found=True), "read the order in production: required not found; observed found"),
        (with_sought(PRODUCTION, STAGING, 200, found=True), "written in production, read the order in staging"),
        (with_sought(STAGING, STAGING, 404, found=False), "required found; observed status 404"),
        (with_sought(STAGING, PRODUCTION, 503, found=False), "required an answer; observed status 503"),
        (with_sought(STAGING, PRODUCTION, 0, found=False), "required an answer; observed no answer"),
        (with_sought(STAGING, PRODUCTION, 401, found=False), "required looked for with its own key"),
        (stays(replace(STAY, sought=SOUGHT[:2])), "required a record of production looked for in staging"),
    ],
)  # fmt: skip
def test_records_that_are_found_elsewhere_or_not_at_home_are_told(seen: Stays, said: str) -> None:
    assert said in words_of(keep_their_own_records(), seen)


def an_image(environment: tuple[str, ...] = (), history: tuple[str, ...] = ()) -> ImageFacts:
    return ImageFacts("sha256:1", 1, (), history, "", CHECK, environment)


NAMES = {"production", "staging"}


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (an_image(("APP_ENV=production", "PATH=/bin")), ["setting APP_ENV=production"]),
        (an_image(("NODE_ENV=production",)), []),
        (an_image(("TITLE=production line",)), []),
        (an_image(history=("RUN |2 TARGET=Staging B=1 /bin/sh -c make",)), ["build argument TARGET=Staging"]),
        (an_image(history=("|1 TARGET=staging /bin/sh -c make",)), ["build argument TARGET=staging"]),
        (an_image(history=("RUN /bin/sh -c echo TARGET=staging",)), []),
    ],
)
def test_names_of_environments_are_found_in_settings_and_build_arguments(
    image: ImageFacts, found: list[str]
) -> None:
    assert list(names_in(image, NAMES)) == found


RUNS = RunsAs("sha256:1", ("serve", "--all"), "7", {"LEVEL": "info", "KEY_PASSWORD": "hunter2"}, 512, 0.5)


def test_settings_in_force_have_the_keys_of_a_description_and_no_secrets() -> None:
    settings = settings_of(RUNS)
    assert settings["deploy resources limits memory"] == "512 bytes"
    assert settings["deploy resources limits cpus"] == "0.5"
    assert settings["command in force"] == '["serve", "--all"]'
    assert settings["environment LEVEL"] == "info"
    assert "hunter2" not in str(settings)


def test_copies_that_disagree_are_all_told() -> None:
    class Engine:
        def replicas(self, _: str) -> tuple[object, ...]:
            return a_copy("a"), a_copy("b")

        def runs_as(self, container: str) -> RunsAs:
            return RUNS if container == "id-a" else replace(RUNS, environment={})

    engine: Platform = Engine()  # type: ignore[assignment]  # only what is asked for
    settings = settings_in_production(engine, ["shop"])
    assert settings["shop: environment LEVEL"] == "(not set) | info"
    assert settings["shop: user"] == "7"


CONTAINER = {
    "Image": "sha256:1",
    "Path": "serve",
    "Args": ["--all"],
    "Config": {"User": "7", "Env": ["LEVEL=info", "HOSTNAME=abc"]},
    "HostConfig": {"Memory": 512, "NanoCpus": 0, "CpuQuota": 50000, "CpuPeriod": 100000},
}


def test_a_container_is_told_as_it_runs() -> None:
    told = runs_as_of(CONTAINER, "LEVEL=debug=1\0HOME=/root\0OWN=made by the program\0")
    assert told == RunsAs("sha256:1", ("serve", "--all"), "7", {"LEVEL": "debug=1"}, 512, 0.5)
    assert runs_as_of(CONTAINER, "").environment == {"LEVEL": ""}
    assert runs_as_of(CONTAINER, None).environment == {"LEVEL": "info"}


def test_the_peaks_of_all_processes_count() -> None:
    assert peak_resident_of("VmHWM:\t  100 kB\nVmHWM:\t   28 kB\nName: x\n") == 128 * 1024
