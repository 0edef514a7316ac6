"""A report is verified against its evidence: whoever changes one thing is found out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.core.verdicts import Decision
from readiness.report.__main__ import main
from readiness.report.audit.copies import link_problems
from readiness.report.audit.numbers import number_problems
from readiness.report.audit.recount import recount, recount_problems
from readiness.report.audit.verifying import verify
from readiness.report.exports.files import write_all
from readiness.report.ledger import Ledger
from readiness.report.outcomes import Outcome
from tests.report.samples import FOR_EVER, GAP, PLAN, attestation, ledger, measured, outcome
from tests.report.samples import risk as small_risk
from tests.report.whole_plan import failed, risk, run_of_the_plan, scenario
from tests.unit.test_report_exports import LEDGERS, key_pair

EXHIBIT = "evidence/features-tc1-1-1-feature-3/01-seen.json"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a CONDITIONAL GO, as it was written."""
    results = tmp_path_factory.mktemp("sound")
    run_of_the_plan(results, failed("TC1.1.3"), risks=(risk("TC1.1.3"),))
    return results


@pytest.fixture
def report(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "results")


def rewrite(report: Path, change: Change, *, pages: bool = False) -> None:
    """Change the ledger's content; with `pages`, make everything else from the changed ledger, as a careful forger would."""
    content = json.loads((report / "readiness.json").read_text())
    change(content)
    (report / "readiness.json").write_text(json.dumps(content))
    if pages:
        write_all(Ledger.read(report / "readiness.json"), report)


def found(report: Path) -> str:
    return "\n".join(map(str, verify(report).problems))


def test_a_report_as_it_was_written_is_verified(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(report).problems == ()
    assert main(["verify", str(report)]) == 0
    said = capsys.readouterr().out
    assert "VERIFIED: CONDITIONAL GO for local" in said
    assert "148 lines judged again" in said
    assert "nobody's signature was checked" in said


@pytest.mark.parametrize("judged", LEDGERS.values(), ids=LEDGERS.keys())
def test_every_kind_of_ledger_follows_from_itself(judged: Ledger) -> None:
    assert list(recount_problems(judged, PLAN.ids)) == []
    assert recount(judged) == judged


def test_changed_evidence_is_found(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (report / EXHIBIT).write_text('{"seen": 4}')
    (problem,) = verify(report).problems
    assert problem.where == EXHIBIT
    assert "SHA-256" in problem.required
    assert main(["verify", str(report)]) == 1
    assert "NOT TO BE TRUSTED: 1 thing wrong" in capsys.readouterr().out


def test_missing_evidence_is_found(report: Path) -> None:
    (report / EXHIBIT).unlink()
    problems = verify(report).problems
    assert {problem.where for problem in problems} == {EXHIBIT, "lines.html"}


def test_evidence_that_no_scenario_left_is_found(report: Path) -> None:
    (report / "evidence" / "late.json").write_text("{}")
    (problem,) = verify(report).problems
    assert (problem.where, problem.observed) == ("evidence/late.json", "a file that no scenario put there")


def test_evidence_that_lies_elsewhere_is_not_taken(report: Path, tmp_path: Path) -> None:
    shutil.move(report / EXHIBIT, tmp_path / "elsewhere.json")
    (report / EXHIBIT).symlink_to(tmp_path / "elsewhere.json")
    assert "leads out of them" in found(report)


def set_decision(content: dict[str, Any]) -> None:
    content["decision"] = "GO"


def set_decision_without_risks(content: dict[str, Any]) -> None:
    content["decision_without_risks"] = "GO"


def set_verdict(content: dict[str, Any]) -> None:
    line = next(each for each in content["lines"] if each["id"] == "TC1.1.3")
    line["verdict"] = "proven"


def drop_line(content: dict[str, Any]) -> None:
    content["lines"] = [each for each in content["lines"] if each["id"] != "TC1.1.3"]


def double_line(content: dict[str, Any]) -> None:
    content["lines"].append(content["lines"][0])


def drop_risk(content: dict[str, Any]) -> None:
    content["accepted_risks"] = []


def set_met(content: dict[str, Any]) -> None:
    content["budgets"][0]["measured"] = 99


def set_reason(content: dict[str, Any]) -> None:
    content["lines"][0]["reason"] = "9 scenarios met, 900 things examined"


def hide_exhibit(content: dict[str, Any]) -> None:
    content["exhibits"] = content["exhibits"][1:]


def set_measured_time(content: dict[str, Any]) -> None:
    content["steps"][0]["measured"] = 0.1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (set_decision, "readiness.json: decision"),
        (set_decision_without_risks, "decision_without_risks"),
        (set_verdict, "lines: TC1.1.3: verdict"),
        (drop_line, "missing: TC1.1.3"),
        (double_line, "149 lines"),
        (drop_risk, "lines: TC1.1.3: verdict"),
        (set_met, "budgets: container_startup"),
        (set_reason, "lines: TC1.1.1: reason"),
        (hide_exhibit, "readiness.json: exhibits"),
        (set_measured_time, "steps: PH1.1: measured"),
    ],
)
def test_a_changed_ledger_does_not_follow_even_when_all_pages_agree_with_it(
    report: Path, change: Change, where: str
) -> None:
    rewrite(report, change, pages=True)
    assert where in found(report)


@pytest.mark.parametrize(
    "page", ["signoff.html", "signoff.md", "lines.html", "comment.md", "junit.xml", "attestation.json"]
)
def test_a_changed_or_missing_page_is_found(report: Path, page: str) -> None:
    content = (report / page).read_text()
    (report / page).write_text(content.replace("CONDITIONAL GO", "GO"))
    assert f"{page}: required what the ledger says" in found(report)
    (report / page).unlink()
    assert f"{page}: required the page made from the ledger; observed no such file" in found(report)


def test_a_ledger_that_cannot_be_read_is_no_report(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(report, lambda content: content.pop("lines"))
    assert main(["verify", str(report)]) == 2
    assert "lines: Field required" in capsys.readouterr().err


def test_a_signed_report_is_the_signers_and_nobody_elses(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = key_pair(tmp_path)
    _, stranger = key_pair(tmp_path, "stranger")
    assert main(["sign", str(report), "--key", str(private)]) == 0
    assert main(["verify", str(report), "--key", str(public)]) == 0
    assert "signature was checked" not in capsys.readouterr().out
    assert main(["verify", str(report), "--key", str(stranger)]) == 1


def test_a_forger_who_makes_everything_agree_lacks_the_signature(report: Path, tmp_path: Path) -> None:
    private, public = key_pair(tmp_path)
    main(["sign", str(report), "--key", str(private)])
    envelope = (report / "attestation.dsse.json").read_bytes()
    run_of_the_plan(report)
    assert verify(report).problems == ()
    assert "no such file" in str(verify(report, public).problems)
    (report / "attestation.dsse.json").write_bytes(envelope)
    (problem,) = verify(report, public).problems
    assert problem.required == "a signed statement on this very ledger"


def test_what_does_not_verify_is_not_signed(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(report, set_decision)
    assert main(["sign", str(report), "--key", str(key_pair(tmp_path)[0])]) == 2
    assert "not signed: readiness.json: decision" in capsys.readouterr().err
    assert not (report / "attestation.dsse.json").exists()


def test_links_lead_somewhere_and_stay_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<a href="there.txt">1</a><a href="#place">2</a><p id="place"></p>'
        '<a href="gone.txt">3</a><a href="#nowhere">4</a><img src="https://example.org/x.png">'
    )
    (tmp_path / "there.txt").write_text("here")
    wrong = [problem.observed for problem in link_problems(tmp_path / "page.html")]
    assert wrong == ["gone.txt: no such file", "#nowhere: no such place", "https://example.org/x.png"]


def test_no_number_stands_without_unit_and_limit() -> None:
    bad = measured(12)
    changed = {"unit": "", "required": "30", "observed": "12", "line": "XX"}
    judged = ledger(budgets=tuple(type(bad)(**{**vars(bad), key: value}) for key, value in changed.items()))
    assert [problem.observed for problem in number_problems(judged)] == ["''", "'30'", "'12'", "XX"]


def test_a_report_of_the_whole_plan_is_verified_whatever_it_says(tmp_path: Path) -> None:
    judged = run_of_the_plan(
        tmp_path,
        failed("TC1.1.3"),
        scenario("TC2.1.1", Outcome.NOT_MEASURED, "the metrics do not answer"),
        scenario("TC3.1.1", Outcome.SKIPPED, "the target offers no metrics"),
        scenario("TC6.3.3", Outcome.SKIPPED, "no such drill"),
    )
    assert judged.decision is Decision.NO_GO
    assert verify(tmp_path).problems == ()


def test_attestations_and_gaps_are_judged_again_as_well() -> None:
    judged = ledger(
        outcome("TC1.1.1", gaps=(GAP,)),
        outcome("TC1.1.2"),
        risks=(small_risk("TC1.1.1", gap=GAP.what, until=FOR_EVER),),
    )
    without = {**{name: getattr(judged, name) for name in judged.__dataclass_fields__}, "attestations": ()}
    wrong = [problem.where for problem in recount_problems(Ledger(**without), PLAN.ids)]
    assert attestation("TC6.3.3").statement in next(
        line.reason for line in judged.lines if line.id == "TC6.3.3"
    )
    assert "readiness.json: decision" in wrong
    assert "readiness.json: lines: TC6.3.3: verdict" in wrong
