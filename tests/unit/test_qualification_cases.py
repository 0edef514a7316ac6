"""Case files of seeded defects and decoys: what is wrong in them is told at once, and a run gets what it asks for."""

from pathlib import Path

import pytest
import yaml

from defects.cases import load_cases, on_target, select
from defects.fitting import misfits
from readiness.config.target import load_target
from readiness.core.errors import ConfigurationError
from tests.unit.qualification_fakes import FakeServices, FakeTarget

ROOT = Path(__file__).parents[2]
DEFECT = {
    "name": "one",
    "kind": "defect",
    "wrong": "it is broken",
    "change": {"image": {"patch": "RUN true"}},
}
FEATURE = """
Feature: f
  @TC1.1.1
  Rule: r
    Scenario: The image is small
      Given nothing
"""


def write(root, line, name, **changes):
    path = root / "defects" / line / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {key: value for key, value in {**DEFECT, "name": name, **changes}.items() if value is not None}
    path.write_text(yaml.safe_dump(content))


def problems_of(root):
    with pytest.raises(ConfigurationError) as caught:
        load_cases(root)
    return [(problem.file, problem.key, problem.wrong) for problem in caught.value.problems]


def chosen(root, *only):
    return [f"{line.id}/{case.name}" for line in select(load_cases(root), only) for case in line.cases]


@pytest.fixture
def three(tmp_path):
    write(tmp_path, "TC1.1.1", "fat")
    write(tmp_path, "TC1.1.2", "holes")
    write(tmp_path, "TC1.2.1", "typo")
    return tmp_path


def test_without_words_everything_is_tried(three):
    assert chosen(three) == ["TC1.1.1/fat", "TC1.1.2/holes", "TC1.2.1/typo"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("TC1.1.2", ["TC1.1.2/holes"]),
        ("TC1.1", ["TC1.1.1/fat", "TC1.1.2/holes"]),
        ("TC1", ["TC1.1.1/fat", "TC1.1.2/holes", "TC1.2.1/typo"]),
        ("TC1.2.1/typo", ["TC1.2.1/typo"]),
    ],
)
def test_a_word_asks_for_a_line_a_test_case_a_section_or_one_case(three, word, expected):
    assert chosen(three, word) == expected


def test_a_line_is_not_asked_for_by_the_first_digits_of_its_number(three):
    write(three, "TC1.1.1", "other")
    with pytest.raises(ConfigurationError, match=r"'TC1\.1\.'.*TC1\.1\.1, TC1\.1\.2, TC1\.2\.1"):
        chosen(three, "TC1.1.")


def test_every_unknown_word_is_told_and_nothing_runs(three):
    with pytest.raises(ConfigurationError) as caught:
        chosen(three, "TC1.1.1", "TC9.9.9", "TC1.1.1/nosuch")
    assert [problem.wrong for problem in caught.value.problems] == [
        "nothing to try is called 'TC9.9.9'",
        "nothing to try is called 'TC1.1.1/nosuch'",
    ]


def test_a_folder_without_cases_is_an_error_and_not_a_success(tmp_path):
    with pytest.raises(ConfigurationError, match="there is no case"):
        chosen(tmp_path)


def test_cases_that_roll_out_an_image_come_last_and_together(tmp_path):
    write(tmp_path, "TC1.1.1", "a-image")
    write(
        tmp_path, "TC1.1.1", "b-service", change={"service": {"name": "web", "args": ["--limit-memory", "0"]}}
    )
    write(tmp_path, "TC1.1.1", "c-sources", change={"sources": {"files": {"x": {"append": "y"}}}})
    write(tmp_path, "TC1.1.1", "d-profile", change={"profile": {"set": {"service.image": "other"}}})
    assert [name.partition("/")[2] for name in chosen(tmp_path)] == [
        "d-profile",
        "b-service",
        "a-image",
        "c-sources",
    ]


def test_a_case_is_tried_on_the_target_that_it_names():
    lines = on_target(load_cases(ROOT), "local-cluster")

    assert [line.id for line in lines] == ["RM1.1"]
    assert "RM1.1" not in [line.id for line in on_target(load_cases(ROOT), "local")]


def test_a_defect_that_cannot_be_seeded_is_known_but_not_tried(tmp_path):
    write(tmp_path, "TC1.1.1", "fat")
    write(tmp_path, "TC1.1.1", "alien", change=None, cannot_seed="needs a second machine")
    (line,) = load_cases(tmp_path)
    assert [case.name for case in line.unseedable] == ["alien"]
    assert chosen(tmp_path) == ["TC1.1.1/fat"]


def test_all_wrong_files_are_told_at_once(tmp_path):
    write(tmp_path, "TC1.1.1", "unknown-key", changes={})
    write(tmp_path, "TC1.1.1", "no-change", change=None)
    write(tmp_path, "TC1.1.1", "no-sentence", wrong=None)
    write(
        tmp_path,
        "TC1.1.1",
        "two-releases",
        change={"image": {"patch": "x"}, "sources": {"files": {"a": {"append": "b"}}}},
    )
    write(tmp_path, "TC1.1.1", "no-kind", kind="fault")
    write(tmp_path, "TC7.1.1", "no-line")
    found = problems_of(tmp_path)
    assert ("defects/TC1.1.1/unknown-key.yaml", "changes", "is not a known key") in found
    assert {file.split("/")[-1] for file, _, _ in found} == {
        f"{name}.yaml"
        for name in ("unknown-key", "no-change", "no-sentence", "two-releases", "no-kind", "no-line")
    }


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"image": {}},
        {"image": {"patch": "RUN x", "dockerfile": "FROM scratch"}},
        {"image": {"patch": "RUN x", "deploy": False, "release": False}},
        {"sources": {"files": {}}},
        {"sources": {"files": {"a": {"append": "x", "write": "y"}}}},
        {"service": {"name": "web", "args": []}},
        {"profile": {"files": {"a": "b"}}},
    ],
)
def test_a_change_that_changes_nothing_or_two_things_at_once_is_refused(tmp_path, change):
    write(tmp_path, "TC1.1.1", "one", change=change)
    assert len(problems_of(tmp_path)) == 1


def test_the_name_in_a_file_is_the_name_of_the_file(tmp_path):
    write(tmp_path, "TC1.1.1", "fat")
    (tmp_path / "defects/TC1.1.1/fat.yaml").rename(tmp_path / "defects/TC1.1.1/thin.yaml")
    assert problems_of(tmp_path) == [
        ("defects/TC1.1.1/thin.yaml", "name", "differs from the name of the file")
    ]


def test_a_case_that_no_longer_fits_the_project_is_told_before_anything_is_touched(tmp_path):
    target = FakeTarget(tmp_path, FakeServices())
    (tmp_path / "sources/web").mkdir(parents=True)
    (tmp_path / "sources/web/app.py").write_text("now")
    (tmp_path / "features").mkdir()
    (tmp_path / "features/a.feature").write_text(FEATURE)
    files = {
        "sources/web/app.py": {"replace": ["old", "new"]},
        "sources/gone.py": {"append": "x"},
        "elsewhere/a.py": {"append": "x"},
    }
    write(
        tmp_path, "TC1.1.1", "stale", change={"sources": {"files": files}}, scenarios=["is small", "is fast"]
    )
    write(
        tmp_path, "TC1.1.1", "astray", change={"service": {"name": "database", "args": ["--replicas", "0"]}}
    )
    found = {
        problem.key: problem.wrong for problem in misfits(tmp_path, target.profile, load_cases(tmp_path))
    }
    assert found == {
        "scenarios.1": "no scenario of the line has 'is fast' in its name",
        "change.sources.files.sources/web/app.py": "the file does not hold 'old'",
        "change.sources.files.sources/gone.py": "there is no such file",
        "change.sources.files.elsewhere/a.py": "is not in the build's context",
        "change.service.name": "the target has no service 'database'",
    }


def test_every_line_that_is_qualified_has_two_defects_and_a_decoy_that_fit_the_project():
    lines = load_cases(ROOT)
    assert lines
    for target in {case.target for line in lines for case in line.cases}:
        assert not misfits(ROOT, load_target(ROOT, target), on_target(lines, target))
    for line in lines:
        kinds = [case.kind for case in line.seedable]
        assert kinds.count("defect") >= 2, line.id
        assert kinds.count("decoy") >= 1, line.id
