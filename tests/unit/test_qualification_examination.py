"""How a line is examined: behave runs in a process of its own, and what it leaves undone is never taken for a verdict."""

from pathlib import Path

import pytest

from defects import examination
from defects.examination import examine
from readiness.core.verdicts import Verdict

ROOT = Path(__file__).parents[2]
FEATURE = """
Feature: f
  @TC1.1.1
  Rule: r
    Scenario: The image (all of it) is small
      Given it {ends}
    Scenario: The image is fast
      Given it {ends}
"""
STEPS = """
import time
from behave import given

@given("it ends")
def ends(context): pass

@given("it lasts")
def lasts(context): time.sleep(60)
"""
ENVIRONMENT = """
from pathlib import Path
from readiness.core.verdicts import Decision, Verdict
from readiness.report.ledger import Ledger, LedgerLine, Subject

def before_scenario(context, scenario):
    (Path(context.config.userdata["results"]) / "ran").open("a").write(scenario.name + "\\n")

def after_all(context):
    results = Path(context.config.userdata["results"])
    (results / "undone").write_text(context.config.userdata["target"])
    line = LedgerLine("TC1.1.1", Verdict.PROVEN, "seen", 1, (), (), (), "", "", "")
    ledger = Ledger(Decision.NO_DECISION, Decision.NO_DECISION, "t", Subject({}, "", ""), "", "", (line,), (), problems=PROBLEMS)
    ledger.write(results / "readiness.json")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "features/steps").mkdir(parents=True)
    (tmp_path / "features/steps/it.py").write_text(STEPS)
    (tmp_path / "behave.ini").write_text("[behave]\nformat = nosuch\n")
    return tmp_path


def prepare(project, *, ends="ends", problems="()"):
    (project / "features/a.feature").write_text(FEATURE.format(ends=ends))
    (project / "features/environment.py").write_text(f"PROBLEMS = {problems}\n{ENVIRONMENT}")


def look(project, *scenarios):
    results = project / "results"
    said = []
    return examine("TC1.1.1", "profile", results, scenarios=scenarios, root=project, say=said.append)


def test_the_verdict_is_the_ledgers(project):
    prepare(project)
    examined = look(project)
    assert (examined.verdict, examined.reason, examined.all_met) == (Verdict.PROVEN, "seen", True)
    assert (project / "results/undone").read_text() == "profile"


def test_only_the_named_scenarios_run(project):
    prepare(project)
    look(project, "image (all")
    assert (project / "results/ran").read_text() == "The image (all of it) is small\n"


def test_a_problem_of_the_run_keeps_a_line_from_being_proven(project):
    prepare(project, problems="('undo failed',)")
    examined = look(project)
    assert (examined.verdict, examined.reason, examined.all_met) == (
        Verdict.NOT_VERIFIED,
        "proven, but: undo failed",
        False,
    )


def test_a_run_without_a_ledger_is_not_verified_and_its_last_words_are_told(project):
    prepare(project)
    (project / "features/environment.py").write_text("raise SystemExit('the configuration is wrong')")
    examined = look(project)
    assert examined.verdict is Verdict.NOT_VERIFIED
    assert "the configuration is wrong" in examined.reason
    assert not examined.all_met


def test_the_results_of_an_earlier_run_are_not_taken_for_this_ones(project):
    prepare(project)
    look(project)
    (project / "features/environment.py").write_text("raise SystemExit('no')")
    assert look(project).verdict is Verdict.NOT_VERIFIED


def test_on_an_interrupt_behave_may_undo_what_it_did_before_the_interrupt_goes_on(project, monkeypatch):
    prepare(project, ends="lasts")
    wait, ran = examination.wait_until, project / "results/ran"

    def interrupted(*_, **__):
        monkeypatch.setattr(examination, "wait_until", wait)
        assert wait(ran.exists, bool, patience=20.0).happened
        raise KeyboardInterrupt

    monkeypatch.setattr(examination, "wait_until", interrupted)
    with pytest.raises(KeyboardInterrupt):
        look(project)
    assert (project / "results/undone").exists()
