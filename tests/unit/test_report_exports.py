"""What other programs read: the published schema, JUnit, and the statement that can be signed."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jsonschema import Draft202012Validator

from readiness.config.inventory import EXPECTED_LINES
from readiness.core.errors import CannotLook
from readiness.core.verdicts import Decision
from readiness.report.exports.files import write_all
from readiness.report.exports.junit import junit_of
from readiness.report.exports.schema import FILE, schema_text
from readiness.report.exports.signature import SignatureWrong, sign, signed_statement
from readiness.report.exports.statement import digest_of, statement_of
from readiness.report.ledger import Ledger
from readiness.report.outcomes import Outcome
from tests.report.samples import FOR_EVER, GAP, GOOD_OUTCOMES, ledger, measured, outcome, risk
from tests.report.whole_plan import IMAGE, ROOT, failed, run_of_the_plan, scenario
from tests.report.whole_plan import risk as accepted

FAILED = outcome("TC1.1.2", Outcome.NOT_MET, "Required: none\nObserved: 2 \x1b[31mholes\x1b[0m \x00 & <more>")
LEDGERS = {
    "go": ledger(*GOOD_OUTCOMES),
    "conditional": ledger(outcome("TC1.1.1"), FAILED, risks=(risk("TC1.1.2", until=FOR_EVER),)),
    "failed": ledger(outcome("TC1.1.1"), FAILED),
    "over the limit": ledger(*GOOD_OUTCOMES, budgets=(measured(31),)),
    "nothing": ledger(),
    "open gap": ledger(outcome("TC1.1.1"), outcome("TC1.1.2", gaps=(GAP,))),
    "accepted gap": ledger(
        outcome("TC1.1.1"),
        outcome("TC1.1.2", gaps=(GAP,)),
        risks=(risk("TC1.1.2", gap=GAP.what, until=FOR_EVER),),
    ),
    "problem": ledger(*GOOD_OUTCOMES, problems=("undo failed",)),
    "partial": ledger(*GOOD_OUTCOMES, broken_off="the run was aborted"),
}
every_kind = pytest.mark.parametrize("judged", LEDGERS.values(), ids=LEDGERS.keys())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A run of all 148 lines with one that failed, one that nobody could look at, and one that is accepted."""
    return run_of_the_plan(
        tmp_path_factory.mktemp("results"),
        failed("TC1.1.3"),
        failed("TC4.1.4"),
        scenario("TC2.1.1", Outcome.NOT_MEASURED, "the metrics do not answer"),
        risks=(accepted("TC4.1.4"),),
    )


def problems_with(content: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(json.loads(schema_text())).iter_errors(content)]


def test_the_published_schema_is_the_one_that_the_ledger_follows() -> None:
    Draft202012Validator.check_schema(json.loads(schema_text()))
    assert (ROOT / FILE).read_text() == schema_text(), "To do: python -m readiness.report schema"


@every_kind
def test_every_kind_of_ledger_follows_the_schema(judged: Ledger) -> None:
    assert problems_with(json.loads(judged.as_json())) == []


def test_the_ledger_of_the_whole_plan_follows_the_schema(whole: Ledger) -> None:
    assert problems_with(json.loads(whole.as_json())) == []


def test_what_is_no_ledger_does_not_follow_the_schema(whole: Ledger) -> None:
    content = json.loads(whole.as_json())
    content["decision"] = "PERHAPS"
    del content["lines"][0]["verdict"]
    assert len(problems_with(content)) == 2


def cases(judged: Ledger) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(junit_of(judged))
    return {case.attrib["name"].split(" ")[0]: case for case in root.iter("testcase")}


def test_junit_has_each_line_of_the_plan_once(whole: Ledger) -> None:
    root = ElementTree.fromstring(junit_of(whole))
    names = [case.attrib["name"].split(" ")[0] for case in root.iter("testcase")]
    assert sorted(names) == sorted(EXPECTED_LINES)
    assert root.attrib["tests"] == "148"
    assert len(root.findall("testsuite")) == 12


def test_junit_says_of_each_line_what_the_ledger_says(whole: Ledger) -> None:
    found = cases(whole)
    for line, tag, words in (
        ("TC1.1.3", "failure", "no copy runs without a limit"),
        ("TC2.1.1", "error", "the metrics do not answer"),
        ("TC4.1.4", "skipped", "accepted by Lee until 2026-09-30"),
    ):
        told = found[line].find(tag)
        assert told is not None, line
        assert words in (told.text or "")
    assert [child.tag for child in found["TC1.1.1"]] == ["system-out"]
    assert found["TC1.1.1"].attrib["time"] == "2.500"


@every_kind
def test_junit_is_green_exactly_when_the_release_may_go(judged: Ledger) -> None:
    root = ElementTree.fromstring(junit_of(judged))
    red = int(root.attrib["failures"]) + int(root.attrib["errors"])
    assert (red == 0) is (judged.decision in (Decision.GO, Decision.CONDITIONAL_GO))


def test_junit_counts_what_it_shows(whole: Ledger) -> None:
    root = ElementTree.fromstring(junit_of(whole))
    shown = Counter(child.tag for case in root.iter("testcase") for child in case)
    counted = [root.attrib[key] for key in ("failures", "errors", "skipped")]
    assert counted == [str(shown[key]) for key in ("failure", "error", "skipped")]


def test_junit_survives_colours_and_characters_that_xml_cannot_hold() -> None:
    told = cases(LEDGERS["failed"])["TC1.1.2"].find("failure")
    assert told is not None
    assert told.text == "the claim of TC1.1.2: Required: none\nObserved: 2 holes  & <more>"


@pytest.mark.parametrize(
    ("ends", "risks", "result"),
    [
        ((), (), "PASSED"),
        ((failed("TC1.1.3"),), (accepted("TC1.1.3"),), "WARNED"),
        ((failed("TC1.1.3"),), (), "FAILED"),
    ],
)
def test_the_statement_is_about_the_images_and_says_the_decision(
    tmp_path: Path, ends: Any, risks: Any, result: str
) -> None:
    judged = run_of_the_plan(tmp_path, *ends, risks=risks)
    stated = json.loads((tmp_path / "attestation.json").read_text())
    predicate = stated["predicate"]
    assert stated["_type"] == "https://in-toto.io/Statement/v1"
    assert stated["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert stated["subject"] == [
        {"name": "whoop-service", "digest": {"sha256": IMAGE.removeprefix("sha256:")}}
    ]
    assert predicate["result"] == result
    assert predicate["readiness_ledger"]["digest"]["sha256"] == digest_of(judged)
    tests = [predicate[key] for key in ("passedTests", "warnedTests", "failedTests")]
    assert sorted(line for part in tests for line in part) == sorted(EXPECTED_LINES)


def test_a_run_that_decides_nothing_attests_nothing_and_removes_an_earlier_statement(tmp_path: Path) -> None:
    run_of_the_plan(tmp_path)
    assert (tmp_path / "attestation.json").exists()
    write_all(LEDGERS["partial"], tmp_path)
    assert not (tmp_path / "attestation.json").exists()


def test_without_a_full_image_digest_there_is_no_statement() -> None:
    assert statement_of(LEDGERS["go"]) is None


def key_pair(
    folder: Path, name: str = "release", *, kind: Any = Ed25519PrivateKey.generate
) -> tuple[Path, Path]:
    private = kind()
    paths = folder / f"{name}.key", folder / f"{name}.pub"
    paths[0].write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    paths[1].write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return paths


@pytest.mark.parametrize(
    "kind",
    [Ed25519PrivateKey.generate, lambda: ec.generate_private_key(ec.SECP256R1())],
    ids=["ed25519", "ecdsa"],
)
def test_what_was_signed_is_what_comes_out(tmp_path: Path, kind: Any) -> None:
    private, public = key_pair(tmp_path, kind=kind)
    envelope = sign(b'{"stated": 1}', private)
    assert json.loads(envelope)["payloadType"] == "application/vnd.in-toto+json"
    assert signed_statement(envelope, public) == b'{"stated": 1}'


def test_a_changed_statement_another_key_and_a_broken_envelope_are_refused(tmp_path: Path) -> None:
    private, public = key_pair(tmp_path)
    _, stranger = key_pair(tmp_path, "stranger")
    envelope = json.loads(sign(b'{"stated": 1}', private))
    changed = {**envelope, "payload": "eyJzdGF0ZWQiOiAyfQ=="}
    unsigned = {**envelope, "signatures": []}
    for content, key in ((changed, public), (envelope, stranger), (unsigned, public), ({}, public)):
        with pytest.raises(SignatureWrong):
            signed_statement(json.dumps(content).encode(), key)
    with pytest.raises(SignatureWrong):
        signed_statement(b"no JSON", public)


def test_a_key_that_is_none_says_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "no.key").write_text("no key")
    with pytest.raises(CannotLook, match="openssl genpkey"):
        sign(b"{}", tmp_path / "no.key")
    with pytest.raises(CannotLook, match="openssl pkey"):
        signed_statement(b"{}", tmp_path / "missing.pub")
