"""Seeding: the undo is in the journal before the act, and the deployment goes back to exactly what it was."""

from contextlib import nullcontext

import pytest
import yaml

from defects.seeding import Seeder
from defects.undoing import FOLDER, undo_stack
from readiness.config.target import load_target
from readiness.core.errors import CannotLook
from tests.unit.qualification_fakes import PROFILE, FakeServices, FakeTarget, case_of

BACK = "bring shop_web to web:test, 512M"


def case(name="one", **change):
    return case_of(name, change=change)


IMAGE = {"patch": "RUN true"}
SERVICE = {"name": "web", "args": ["--limit-memory", "0"]}


@pytest.fixture
def services():
    return FakeServices()


@pytest.fixture
def target(tmp_path, services):
    (tmp_path / "sources/web/__pycache__").mkdir(parents=True)
    (tmp_path / "sources/web/Dockerfile").write_text("FROM base\nRUN good\n")
    (tmp_path / "sources/web/app.py").write_text("old\n")
    return FakeTarget(tmp_path, services)


@pytest.fixture
def undo(tmp_path, services):
    return undo_stack(tmp_path, "local", services)


@pytest.fixture
def seeder(target, services, undo):
    return Seeder(target, PROFILE, services, undo, nullcontext, lambda _: None)


def profile_of(path):
    return yaml.safe_load(path.read_text())


def test_an_image_is_made_from_the_release_deployed_and_named_as_the_release(seeder, target, services):
    profile = seeder.seed(case(image=IMAGE))
    assert target.built[0]["recipe"] == "FROM web:test\nRUN true\n"
    assert services.done == ["deploy readiness-seeded:one"]
    assert profile_of(profile)["service"]["image"] == "readiness-seeded:one"
    assert profile.name == "local.yaml"


def test_restoring_goes_back_to_the_former_specification_before_it_removes_the_image(
    seeder, services, undo, tmp_path
):
    seeder.seed(case(image=IMAGE))
    seeder.restore()
    assert services.done[1:] == [BACK, "remove images readiness-seeded"]
    assert not undo.owed
    assert not list((tmp_path / FOLDER).iterdir())


def test_an_image_that_is_not_the_release_is_deployed_under_the_untouched_profile(seeder, services):
    profile = seeder.seed(case(image={**IMAGE, "release": False}))
    assert services.done == ["deploy readiness-seeded:one"]
    assert profile_of(profile) == PROFILE


def test_an_image_that_is_not_deployed_leaves_the_service_alone(seeder, services):
    profile = seeder.seed(case(image={**IMAGE, "deploy": False}))
    assert services.done == []
    assert profile_of(profile)["service"]["image"] == "readiness-seeded:one"


def test_an_image_that_the_operator_would_refuse_is_deployed_directly(seeder, services):
    seeder.seed(case(image={**IMAGE, "directly": True}))
    assert services.done == ["update shop_web --no-resolve-image --image readiness-seeded:one"]


def test_between_two_images_there_is_no_way_back_and_the_end_is_the_first_specification(seeder, services):
    seeder.seed(case("one", image=IMAGE))
    seeder.seed(case("two", image=IMAGE))
    seeder.restore()
    assert services.done == [
        "deploy readiness-seeded:one",
        "deploy readiness-seeded:two",
        BACK,
        "remove images readiness-seeded",
    ]


def test_a_changed_service_is_restored_before_the_next_case(seeder, services):
    seeder.seed(case("one", service=SERVICE))
    seeder.seed(case("two", image=IMAGE))
    assert services.done == ["update shop_web --limit-memory 0", BACK, "deploy readiness-seeded:two"]


def test_an_image_and_a_service_change_are_undone_by_one_way_back(seeder, services):
    seeder.seed(case(image=IMAGE, service=SERVICE))
    seeder.restore()
    assert [done for done in services.done if done.startswith("bring")] == [BACK]


def test_a_killed_runner_leaves_a_journal_from_which_the_next_one_restores(
    seeder, services, target, tmp_path
):
    seeder.seed(case(service=SERVICE))
    Seeder(
        target, PROFILE, services, undo_stack(tmp_path, "local", services), nullcontext, lambda _: None
    ).restore()
    assert services.done[-1] == BACK


def test_the_undo_is_owed_before_the_act(seeder, services, undo):
    services.refuses = {"update"}
    with pytest.raises(CannotLook, match="refused"):
        seeder.seed(case(service=SERVICE))
    assert [step.does for step in undo.owed] == ["remove_folder", "restore_service"]


def test_what_cannot_be_restored_is_told_and_stays_owed(seeder, services, undo):
    seeder.seed(case(service=SERVICE))
    services.refuses = {"bring"}
    with pytest.raises(CannotLook, match=r"the target is left changed.*\n.*refused"):
        seeder.restore()
    assert [step.does for step in undo.owed] == ["restore_service"]


def test_a_build_that_fails_means_that_the_case_could_not_be_seeded(seeder, target):
    target.fails = {"build"}
    with pytest.raises(CannotLook, match="'build' ended with exit status 1:\nbuild went wrong"):
        seeder.seed(case(image=IMAGE))


def test_a_release_that_the_procedure_takes_back_is_put_in_past_it(seeder, services, target):
    target.fails = {"deploy"}
    seeder.seed(case("slow", image=IMAGE))
    assert services.done == ["update shop_web --no-resolve-image --image readiness-seeded:slow"]
    services.refuses = {"update"}
    with pytest.raises(CannotLook, match="refused"):
        seeder.seed(case("slow", image=IMAGE))


def test_sources_are_changed_in_a_copy_that_the_profile_points_to(seeder, target, tmp_path):
    change = {"sources/web/Dockerfile": {"replace": ["good", "bad"]}, "sources/web/new.py": {"write": "x"}}
    profile = profile_of(seeder.seed(case(sources={"files": change})))
    context = tmp_path / FOLDER / "case/context"
    assert profile["service"]["build"]["context"] == str(context)
    assert target.built[0]["recipe"] == "FROM base\nRUN bad\n"
    assert (context / "web/new.py").read_text() == "x"
    assert not (context / "web/__pycache__").exists()
    assert (tmp_path / "sources/web/Dockerfile").read_text() == "FROM base\nRUN good\n"


def test_sources_may_be_changed_without_a_new_release(seeder, services, target):
    change = {"sources/web/app.py": {"append": "more\n"}}
    profile = profile_of(seeder.seed(case(sources={"files": change, "deploy": False})))
    assert profile["service"]["image"] == "web:test"
    assert services.done == target.built == []


def test_a_profile_is_changed_by_dotted_keys_with_files_of_its_own(seeder, tmp_path):
    change = {
        "set": {"scanner.ignore_file": "{case}/accepted.yaml", "journey.0.path": "/none"},
        "remove": ["service.build"],
        "files": {"accepted.yaml": "findings: []\n"},
    }
    profile = profile_of(seeder.seed(case(profile=change)))
    folder = tmp_path / FOLDER / "case"
    assert profile["scanner"] == {"ignore_file": str(folder / "accepted.yaml")}
    assert profile["journey"][0]["path"] == "/none"
    assert "build" not in profile["service"]
    assert (folder / "accepted.yaml").read_text() == "findings: []\n"
    assert PROFILE["journey"][0]["path"] == "/items"


def test_a_key_that_the_profile_does_not_have_cannot_be_removed(seeder):
    with pytest.raises(CannotLook, match="no place for a value"):
        seeder.seed(case(profile={"remove": ["service.nosuch"]}))


def test_the_profile_of_a_case_is_a_valid_one_whatever_the_case_is_called(seeder, tmp_path):
    sources = {"files": {"sources/web/app.py": {"append": "x"}}}
    path = seeder.seed(case("a-long-name-of-2-words-and-some-digits-1234567890", sources=sources))
    profile = load_target(tmp_path, str(path))
    assert profile.name == "local"
    assert profile.service.build.context.is_dir()


def test_a_copy_that_was_taken_off_a_network_is_replaced_afterwards(seeder, services):
    seeder.seed(case(one_copy={"service": "web", "off_network": "data"}))
    seeder.restore()
    assert services.done == ["take a copy of shop_web off shop_data", "update shop_web --force"]


def test_the_replacement_is_owed_before_a_copy_is_taken_off_a_network(seeder, services, undo):
    services.refuses.add("take")
    with pytest.raises(CannotLook):
        seeder.seed(case(one_copy={"service": "web", "off_network": "data"}))
    assert "renew_service" in [step.does for step in undo.owed]
