"""An in-toto statement: this release, by its image digests, was tested with this result. For registries and admission rules.

Statement v1 with the test-result predicate v0.1. Beside the predicate's own fields it names the ledger by its digest, so
that who trusts the statement can trust the ledger, and with it all the evidence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from readiness.core.verdicts import Decision, Verdict
from readiness.report.ledger import Ledger, LedgerLine

NAME = "attestation.json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
RESULTS = {
    Decision.GO: "PASSED",
    Decision.CONDITIONAL_GO: "WARNED",
    Decision.NO_GO: "FAILED",
}
SHA256_DIGITS = 64


def statement_of(ledger: Ledger) -> bytes | None:
    """The statement as JSON (UTF-8), or nothing: a run that decides nothing, or that saw no image, attests nothing."""
    subjects = list(_subjects(ledger))
    if ledger.decision not in RESULTS or not subjects:
        return None
    predicate = {
        "result": RESULTS[ledger.decision],
        "configuration": list(_configuration(ledger)),
        "passedTests": [line.id for line in ledger.lines if _kind(line) == "passed"],
        "warnedTests": [line.id for line in ledger.lines if _kind(line) == "warned"],
        "failedTests": [line.id for line in ledger.lines if _kind(line) == "failed"],
        "readiness_decision": ledger.decision,
        "readiness_decisionWithoutRisks": ledger.decision_without_risks,
        "readiness_target": ledger.target,
        "readiness_finishedOn": ledger.finished,
        "readiness_ledger": {"name": "readiness.json", "digest": {"sha256": digest_of(ledger)}},
    }
    statement = {"_type": STATEMENT, "subject": subjects, "predicateType": PREDICATE, "predicate": predicate}
    return json.dumps(statement, indent=2, ensure_ascii=False).encode() + b"\n"


def digest_of(ledger: Ledger) -> str:
    """The SHA-256 (hex) of the ledger's file."""
    return hashlib.sha256(ledger.as_json()).hexdigest()


def _subjects(ledger: Ledger) -> Iterator[dict[str, Any]]:
    for name, digests in ledger.subject.images.items():
        for digest in digests.split():
            value = digest.split("@")[-1].removeprefix("sha256:")
            if len(value) == SHA256_DIGITS:
                yield {"name": name, "digest": {"sha256": value}}


def _configuration(ledger: Ledger) -> Iterator[dict[str, Any]]:
    yield {"name": "configuration", "digest": {"sha256": ledger.subject.configuration}}
    commit, *changed = ledger.subject.commit.split(" ", 1)
    if commit != "unknown":
        annotations = {"annotations": {"state": changed[0]}} if changed else {}
        yield {"name": "specification", "digest": {"gitCommit": commit}, **annotations}


def _kind(line: LedgerLine) -> str:
    if line.verdict in (Verdict.FAILED, Verdict.NOT_VERIFIED) or any(
        not gap.accepted_by for gap in line.gaps
    ):
        return "failed"
    return "warned" if line.verdict is Verdict.ACCEPTED_RISK or line.gaps else "passed"
