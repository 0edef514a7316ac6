"""What is required of environments beside production, judged on plain facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.config.environments import Declared
from readiness.drills.environments import Stay, Stays
from readiness.matchers.environments import (
    are_described_without_doubt,
    differ_only_as_declared,
    keep_their_own,
    run_the_release,
)
from readiness.matchers.requirement import Requirement
from readiness.matchers.stays import (
    leave_nothing_behind,
    leave_production_alone,
    run_productions_images,
    serve_their_customer,
)
from readiness.probes.environments import Described, Descriptions, ImagesThere, ImageThere
from readiness.targets.platform import Belonging
from tests.unit.deployment_facts import a_copy, an_answer

PRODUCTION = {"shop": "present", "shop: environment LEVEL": "info", "shop: secret key": "/production/key"}
STAGING = {"shop": "present", "shop: environment LEVEL": "info", "shop: secret key": "/staging/key"}
OWN = Declared(
    environments=("staging",), keys=("*: secret *",), own=True, reason="Secrets are each one's own."
)
LEVEL = Declared(environments=("staging",), keys=("shop: environment LEVEL",), reason="Staging says more.")
CONTENT = "sha256:" + "1" * 64


def seen(*complaints: str, without: str = "", **changes: str) -> Descriptions:
    """Production and a staging with changed settings; `__` in a key stands for ": "."""
    changed = {key.replace("__", ": ", 1).replace("_", " "): value for key, value in changes.items()}
    settings = {
        key: value for key, value in {**STAGING, **changed}.items() if not without or without not in key
    }
    services = tuple(key for key in settings if ": " not in key and " " not in key)
    return Descriptions(
        examined=1,
        production=Described("production", (), ("shop",), PRODUCTION),
        others=(Described("staging", complaints, services, settings),),
    )


def words_of(requirement: Requirement, observation: object) -> str:
    """What the requirement says against the observation; "" when it is content."""
    words = StringDescription()
    requirement.describe_mismatch(observation, words)
    assert requirement.matches(observation) is (not str(words))
    return str(words)


def test_a_description_without_complaint_is_in_order() -> None:
    assert words_of(are_described_without_doubt(), seen()) == ""


def test_a_complaint_is_told_with_its_environment() -> None:
    told = words_of(are_described_without_doubt(), seen("the variable A is not set"))
    assert told.startswith(
        "staging: required a description with all values; observed the variable A is not set"
    )


def test_declared_differences_are_in_order() -> None:
    assert words_of(differ_only_as_declared([OWN]), seen()) == ""


def test_an_undeclared_difference_is_told_with_both_values() -> None:
    told = words_of(differ_only_as_declared([OWN]), seen(shop__environment_LEVEL="debug"))
    assert told.startswith("staging, shop: environment LEVEL: required production's info; observed debug")


def test_a_setting_that_is_missing_or_new_is_a_difference() -> None:
    assert "observed nothing" in words_of(differ_only_as_declared([OWN]), seen(without="LEVEL"))
    assert "production's nothing; observed ." in words_of(
        differ_only_as_declared([OWN]), seen(shop__build=".")
    )


def test_a_misspelt_service_is_told_once_with_the_name_that_was_meant() -> None:
    told = words_of(differ_only_as_declared([OWN]), seen(shpo="present", shpo__image="shop:1"))
    assert told.count("To do") == 1
    assert "staging, shpo: required a service that production has" in told
    assert "if shop is meant, spell it so" in told


def test_a_missing_service_is_told_once() -> None:
    told = words_of(differ_only_as_declared([]), seen(without="shop"))
    assert told.startswith("staging, shop: required production's present; observed nothing")
    assert told.count("To do") == 1


def test_a_difference_is_declared_for_the_environments_that_it_names() -> None:
    elsewhere = LEVEL.model_copy(update={"environments": ("development",)})
    changed = seen(shop__environment_LEVEL="debug")
    assert words_of(differ_only_as_declared([OWN, LEVEL]), changed) == ""
    assert words_of(differ_only_as_declared([OWN, elsewhere]), changed) != ""


def test_a_declaration_that_nothing_needs_any_more_is_told() -> None:
    told = words_of(differ_only_as_declared([OWN, LEVEL]), seen())
    assert told.startswith("staging, declared shop: environment LEVEL: required a difference that is there")


def test_secrets_of_its_own_are_in_order_and_one_of_productions_is_not() -> None:
    assert words_of(keep_their_own([OWN, LEVEL]), seen()) == ""
    told = words_of(keep_their_own([OWN]), seen(shop__secret_key="/production/key"))
    assert told.startswith(
        "staging, shop: secret key: required its own; observed production's: /production/key"
    )


def test_having_nothing_is_not_having_ones_own() -> None:
    assert "required something of its own; observed nothing" in words_of(
        keep_their_own([OWN]), seen(without="secret")
    )


IMAGE = ImageThere("staging", "shop", CONTENT, CONTENT, (CONTENT,), built=False, mounted=())


@pytest.mark.parametrize(
    ("image", "told"),
    [
        (IMAGE, ""),
        (replace(IMAGE, reference=f"registry.example/shop@{CONTENT}"), ""),
        (replace(IMAGE, reference="shop:test"), "required an image named by its content; observed shop:test"),
        (replace(IMAGE, reference="sha256:1234"), "required an image named by its content"),
        (replace(IMAGE, id="sha256:2"), "required production's image"),
        (replace(IMAGE, production=(CONTENT, "sha256:2")), "required production's image"),
        (replace(IMAGE, built=True), "required the built release; observed it is built there"),
        (replace(IMAGE, mounted=("/srv/app",)), "observed others are mounted at /srv/app"),
    ],
)
def test_a_stand_in_for_production_runs_its_image_unchanged(image: ImageThere, told: str) -> None:
    words = words_of(run_the_release(), ImagesThere(examined=1, images=(image,)))
    assert told in words
    assert bool(words) is bool(told)


COPY = replace(a_copy("a"), image_id=CONTENT)
CONTAINER = Belonging("container", "staging-shop-1", "shop", CONTENT)
STAY = Stay(
    environment="staging",
    release=True,
    up_after=20.0,
    words="",
    requests=1,
    answers=(an_answer(),),
    there=(CONTAINER, Belonging("volume", "staging-data")),
    in_force={},
    knocks=(),
    sought=(),
    left=(),
    goodbye="",
)
ALL = (serve_their_customer(), run_productions_images(), leave_nothing_behind(), leave_production_alone())


def stays(stay: Stay = STAY, *, after: tuple[object, ...] = (COPY,)) -> Stays:
    return Stays(
        examined=1,
        stays=(stay,),
        in_force={},
        baked=(),
        before=(COPY,),
        after=after,  # type: ignore[arg-type]  # copies only
    )


def test_a_stay_as_it_should_be_is_in_order() -> None:
    assert [words_of(each, stays()) for each in ALL] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("number", "observation", "told"),
    [
        (0, stays(replace(STAY, words="no port is free", answers=())), "observed did not: no port is free"),
        (0, stays(replace(STAY, answers=(an_answer(fault="status 503"),))), "observed status 503"),
        (0, stays(replace(STAY, requests=2)), "observed 1 of 2 requests could be asked"),
        (1, stays(replace(STAY, there=(replace(CONTAINER, image_id="sha256:2"),))), "observed sha256:2"),
        (1, stays(replace(STAY, there=(replace(CONTAINER, service="till"),))), "which it does not have"),
        (
            2,
            stays(replace(STAY, left=(Belonging("volume", "staging-data"),))),
            "observed volume staging-data",
        ),
        (
            2,
            stays(replace(STAY, goodbye="exit status 1")),
            "required can be taken down; observed exit status 1",
        ),
        (3, stays(after=()), "copy a of shop: required still running; observed gone"),
        (3, stays(after=(replace(COPY, restarts=1),)), "required not restarted"),
    ],
)
def test_what_goes_wrong_during_a_stay_is_told(number: int, observation: Stays, told: str) -> None:
    assert told in words_of(ALL[number], observation)


def test_an_environment_that_is_no_stand_in_may_run_other_images() -> None:
    other = replace(STAY, release=False, there=(replace(CONTAINER, image_id="sha256:2"),))
    assert words_of(run_productions_images(), stays(other)) == ""
