"""Holds the evidence on disk against the hashes in the ledger: nothing changed, nothing missing, nothing slipped in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from readiness.report.audit.discrepancy import Discrepancy
from readiness.report.ledger import Ledger

FOLDER = "evidence"


def evidence_problems(ledger: Ledger, results: Path) -> Iterator[Discrepancy]:
    """Every exhibit that is not the one that was judged, and every file among them that no scenario put there."""
    known = {exhibit.path: exhibit.sha256 for exhibit in ledger.exhibits}
    for path, digest in known.items():
        file = results / path
        if not file.resolve().is_relative_to(results.resolve()):
            yield Discrepancy(path, "a path below the results", "a path that leads out of them")
        elif not file.is_file():
            yield Discrepancy(path, "the evidence that was judged", "no such file")
        elif (seen := hashlib.sha256(file.read_bytes()).hexdigest()) != digest:
            yield Discrepancy(
                path, f"the content that was judged, SHA-256 {digest[:12]}…", f"SHA-256 {seen[:12]}…"
            )
    for file in sorted((results / FOLDER).rglob("*")):
        path = file.relative_to(results).as_posix()
        if not file.is_dir() and path not in known:
            yield Discrepancy(
                path, "no file that the ledger does not know", "a file that no scenario put there"
            )
