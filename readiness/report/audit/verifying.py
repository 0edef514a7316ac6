"""Verifies a report that somebody was given: evidence, judgement, pages, and the signature where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from readiness.config.inventory import EXPECTED_LINES
from readiness.report.audit.copies import copy_problems, link_problems
from readiness.report.audit.discrepancy import Discrepancy
from readiness.report.audit.evidence import evidence_problems
from readiness.report.audit.numbers import number_problems
from readiness.report.audit.recount import recount_problems
from readiness.report.exports import signature, statement
from readiness.report.exports.files import LEDGER
from readiness.report.ledger import Ledger

UNSIGNED = (
    "nobody's signature was checked: whoever can write all files of a report can make them agree. "
    "Give the signer's public key with --key"
)


@dataclass(frozen=True)
class Verification:
    """What was found wrong, and what could not be looked at."""

    ledger: Ledger
    problems: tuple[Discrepancy, ...]
    unseen: tuple[str, ...]


def verify(
    results: Path, key: Path | None = None, expected: tuple[str, ...] = EXPECTED_LINES
) -> Verification:
    """Verify the report in a folder; `key` is the signer's public key (PEM).

    ConfigurationError when there is no ledger that can be read, CannotLook when the key is none.
    """
    ledger = Ledger.read(results / LEDGER)
    problems = [
        *recount_problems(ledger, expected),
        *number_problems(ledger),
        *evidence_problems(ledger, results),
        *copy_problems(ledger, results),
        *(wrong for page in ("signoff.html", "lines.html") for wrong in _links(results / page)),
        *(_signature_problems(ledger, results, key) if key else ()),
    ]
    if (results / LEDGER).read_bytes() != ledger.as_json():
        problems.append(
            Discrepancy(LEDGER, "the file as it was written", "the same content, written otherwise")
        )
    return Verification(ledger, tuple(problems), () if key else (UNSIGNED,))


def _links(page: Path) -> list[Discrepancy]:
    return list(link_problems(page)) if page.is_file() else []


def _signature_problems(ledger: Ledger, results: Path, key: Path) -> list[Discrepancy]:
    envelope = results / signature.NAME
    if not envelope.is_file():
        return [Discrepancy(signature.NAME, "a signed statement", "no such file")]
    try:
        signed = signature.signed_statement(envelope.read_bytes(), key)
    except signature.SignatureWrong as error:
        return [Discrepancy(signature.NAME, f"the signature of the holder of {key.name}", str(error))]
    if signed != statement.statement_of(ledger):
        return [
            Discrepancy(signature.NAME, "a signed statement on this very ledger", "one on something else")
        ]
    return []
