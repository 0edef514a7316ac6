"""What counts as caught and as quiet, how a run goes through its cases, and what is kept of it."""

import json
from pathlib import Path

import pytest

from defects.cases import LineCases
from defects.examination import Examined
from defects.outcomes import CaseResult, Outcome, judge
from defects.page import page
from defects.runner import Qualification
from defects.scores import CleanResult, Scores, read, score_line, with_line, write
from readiness.core.errors import CannotLook, ConfigurationError
from readiness.core.verdicts import Verdict
from readiness.report.qualification import read_scores
from tests.unit.qualification_fakes import case_of

CLEAN = CleanResult("proven", "5 scenarios met", 41.0)


def case(name, kind="defect", **more):
    return case_of(name, kind, **{"change": {"image": {"patch": "RUN x"}}, **more})


def saw(verdict, *, all_met=None, reason="because"):
    return Examined(verdict, reason, verdict is Verdict.PROVEN if all_met is None else all_met, 3.0)


@pytest.mark.parametrize(
    ("kind", "examined", "outcome"),
    [
        ("defect", saw(Verdict.FAILED), Outcome.CAUGHT),
        ("defect", saw(Verdict.PROVEN), Outcome.MISSED),
        ("defect", saw(Verdict.NOT_VERIFIED), Outcome.NOT_MEASURED),
        ("defect", saw(Verdict.ACCEPTED_RISK), Outcome.NOT_MEASURED),
        ("decoy", saw(Verdict.PROVEN), Outcome.QUIET),
        ("decoy", saw(Verdict.FAILED), Outcome.FALSE_ALARM),
        ("decoy", saw(Verdict.NOT_VERIFIED), Outcome.NOT_MEASURED),
        ("decoy", saw(Verdict.NOT_VERIFIED, all_met=True), Outcome.NOT_MEASURED),
        ("decoy", saw(Verdict.PROVEN, all_met=False), Outcome.NOT_MEASURED),
    ],
)
def test_only_a_failed_line_is_a_caught_defect_and_only_a_proven_one_a_quiet_decoy(kind, examined, outcome):
    assert judge(case("one", kind), examined) is outcome


@pytest.mark.parametrize(
    ("kind", "examined", "outcome"),
    [
        ("defect", saw(Verdict.FAILED), Outcome.CAUGHT),
        ("defect", saw(Verdict.NOT_VERIFIED, all_met=True), Outcome.MISSED),
        ("decoy", saw(Verdict.NOT_VERIFIED, all_met=True), Outcome.QUIET),
        ("decoy", saw(Verdict.NOT_VERIFIED, all_met=False), Outcome.NOT_MEASURED),
    ],
)
def test_where_a_case_names_its_scenarios_proven_means_that_all_of_them_met(kind, examined, outcome):
    assert judge(case("one", kind, scenarios=("small",)), examined) is outcome


class Seeds:
    def __init__(self, refuses=()):
        self.done = []
        self.refuses = refuses

    def seed(self, case):
        self.done.append(f"seed {case.name}")
        if case.name in self.refuses:
            raise CannotLook("the build broke")
        return Path(case.name)

    def restore(self):
        self.done.append("restore")


def run(line, verdicts, refuses=()):
    """Qualify a line; `verdicts` by name of the results. Returns (all good?, seeds, results by case, said)."""
    seeds, said, kept = Seeds(refuses), [], []

    def examine(_line, _profile, name, _scenarios):
        seeds.done.append(f"examine {name}")
        return saw(verdicts[name])

    good = Qualification(seeds, examine, lambda *what: kept.append(what), said.append).qualify(line)
    return good, seeds, kept, said


LINE = LineCases(id="TC1.1.1", cases=(case("fat"), case("thin", "decoy")))


def test_a_line_is_examined_as_it_is_then_with_each_case_then_restored():
    good, seeds, kept, said = run(
        LINE, {"clean": Verdict.PROVEN, "fat": Verdict.FAILED, "thin": Verdict.PROVEN}
    )
    assert good
    assert seeds.done == [
        "restore", "examine clean", "seed fat", "examine fat", "seed thin", "examine thin", "restore",
    ]  # fmt: skip
    assert [len(results) for _, _, results in kept] == [0, 1, 2], "what is known is kept after each case"
    assert any("TC1.1.1/fat (defect): caught" in words and "because" in words for words in said)


def test_where_the_line_is_not_proven_without_a_defect_nothing_counts():
    good, seeds, kept, _ = run(LINE, {"clean": Verdict.FAILED})
    assert not good
    assert seeds.done == ["restore", "examine clean", "restore"]
    assert [result.outcome for result in kept[-1][2]] == [Outcome.NOT_RUN, Outcome.NOT_RUN]


def test_a_case_that_cannot_be_seeded_is_a_miss_and_the_next_one_starts_clean():
    verdicts = {"clean": Verdict.PROVEN, "thin": Verdict.PROVEN}
    good, seeds, kept, _ = run(LINE, verdicts, refuses=("fat",))
    assert not good
    assert seeds.done[2:5] == ["seed fat", "restore", "seed thin"]
    assert kept[-1][2][0].outcome is Outcome.NOT_SEEDED
    assert kept[-1][2][0].reason == "the build broke"


def test_one_missed_defect_spoils_the_result():
    good, *_ = run(LINE, {"clean": Verdict.PROVEN, "fat": Verdict.PROVEN, "thin": Verdict.PROVEN})
    assert not good


def result(case, outcome):
    return CaseResult.of(case, outcome, "the check\nsaid so", 12.34)


def scored(*results, line=LINE):
    return score_line(line, CLEAN, results, date="2026-01-02", commit="abc")


def test_a_case_that_did_not_run_never_counts_as_good():
    score = scored(result(LINE.cases[0], Outcome.CAUGHT))
    assert (score.defects, score.caught, score.decoys, score.false_alarms) == (1, 1, 1, 1)
    assert score.cases[1].outcome is Outcome.NOT_RUN


def test_a_later_result_replaces_the_earlier_one_of_the_same_case():
    fat = LINE.cases[0]
    assert scored(result(fat, Outcome.MISSED), result(fat, Outcome.CAUGHT)).caught == 1


def test_a_run_of_one_line_keeps_the_results_of_the_others(tmp_path):
    other = LineCases(id="TC1.1.2", cases=(case("holes"),))
    order = ("TC1.1.1", "TC1.1.2")
    scores = with_line(Scores(), scored(result(other.cases[0], Outcome.CAUGHT), line=other), order)
    scores = with_line(scores, scored(), order)
    path = tmp_path / "results/qualification.json"
    write(scores, path)
    assert [line.id for line in read((tmp_path / "nosuch", path)).lines] == ["TC1.1.1", "TC1.1.2"]
    assert read((path,)) == scores
    assert (scores.defects, scores.caught, scores.decoys, scores.false_alarms) == (2, 1, 1, 1)


def test_a_line_whose_cases_are_gone_goes_too():
    scores = with_line(Scores(), scored(), ("TC1.1.1",))
    assert (
        with_line(scores, scored(line=LineCases(id="TC1.1.2", cases=())), ("TC1.1.2",)).lines[0].id
        == "TC1.1.2"
    )


def test_the_file_has_the_keys_that_others_rely_on(tmp_path):
    path = tmp_path / "qualification.json"
    write(with_line(Scores(), scored(result(LINE.cases[0], Outcome.CAUGHT)), ("TC1.1.1",)), path)
    content = json.loads(path.read_text())
    assert content["schema"] == 1
    line = content["lines"][0]
    assert {"id", "defects", "caught", "decoys", "false_alarms", "cases"} <= line.keys()
    assert {"name": "fat", "kind": "defect", "outcome": "caught", "seconds": 12.3}.items() <= line["cases"][
        0
    ].items()
    assert read_scores(path)[0].caught == 1, "the sign-off page reads the same file"


def test_a_broken_results_file_is_told_with_what_to_do(tmp_path):
    path = tmp_path / "qualification.json"
    path.write_text('{"schema": 1, "lines": 3}')
    with pytest.raises(ConfigurationError, match=r"qualification\.json: lines: .* delete it to start anew"):
        read((path,))


def test_the_page_shows_every_case_with_its_outcome_and_the_rates():
    alien = case("alien", change=None, cannot_seed="needs two machines")
    line = LineCases(id="TC1.1.1", cases=(*LINE.cases, alien))
    results = (result(line.cases[0], Outcome.CAUGHT), result(line.cases[1], Outcome.FALSE_ALARM))
    text = page(with_line(Scores(), scored(*results, line=line), ("TC1.1.1",)))
    assert "**1 of 1 seeded defects caught** (true-positive rate 100 %)" in text
    assert "**0 of 1 decoys left alone** (false-positive rate 100 %)" in text
    assert "| fat | defect | about fat \\| and more | caught | the check said so | 12 |" in text
    assert "| thin | decoy | about thin \\| and more | **false alarm** | the check said so | 12 |" in text
    assert "- alien: about alien \\| and more Not seeded: needs two machines" in text
    assert "2026-01-02 | `abc`" in text


def test_the_page_of_nothing_claims_nothing():
    assert "unknown: none was tried" in page(Scores())


def test_the_page_in_docs_is_the_page_of_the_numbers_beside_it():
    docs = Path(__file__).parents[2] / "docs"
    assert (docs / "qualification.md").read_text(encoding="utf-8") == page(
        read((docs / "qualification.json",))
    )
