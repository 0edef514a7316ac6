"""The command itself: what stops it before anything is examined or written."""

import shutil
from pathlib import Path

import pytest

from defects import __main__ as command
from readiness.harness.lock import TargetLock

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The shipped configuration, features, sources and cases in a folder of their own, and no examination at all."""
    for name in ("config", "features", "defects", "reference/services"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".venv", "__pycache__", ".*_cache")
        )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_qualify", lambda *_: pytest.fail("something was examined"))
    return tmp_path


@pytest.mark.parametrize("name", ["local", "qualification"])
def test_while_another_run_is_at_work_nothing_is_tried_and_nothing_is_written(project, capsys, name):
    lock = TargetLock(project / ".readiness/locks" / f"{name}.lock")
    try:
        assert command.main([]) == 3
    finally:
        lock.release()
    assert "another run" in capsys.readouterr().err.lower()
    assert not (project / "results").exists()
    assert not (project / "docs").exists()


def test_a_line_without_cases_is_a_wrong_command(project, capsys):
    assert command.main(["TC9.9.9"]) == 2
    assert "nothing to try is called 'TC9.9.9'" in capsys.readouterr().err
    assert not (project / "docs").exists()


@pytest.mark.usefixtures("project")
def test_a_list_shows_the_cases_and_touches_nothing(capsys):
    assert command.main(["--list", "TC1.1.1"]) == 0
    assert "TC1.1.1/key-in-a-lower-layer (defect): " in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_with_nothing_seeded_there_is_nothing_to_restore():
    assert command.main(["--restore"]) == 0
