"""Which scanners are used: the preferred one, a complete one that is installed, or else those that need no service."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from readiness.config.target import Scanner as Preference
from readiness.core.errors import CapabilityMissing
from readiness.scanners.debian import DebianSuite
from readiness.scanners.pip_audit import PipAudit
from readiness.scanners.report import Scanner
from readiness.scanners.security_suite import security_suite
from readiness.scanners.snyk import Snyk
from readiness.scanners.trivy import Trivy


@dataclass(frozen=True)
class Choice:
    """The scanners that are used together, and why others are not."""

    scanners: tuple[Scanner, ...]
    passed_over: tuple[str, ...]


def choose(preference: Preference) -> Choice:
    """The scanners for a target. CapabilityMissing with every reason where there is none that can get its data."""
    return _choose(preference.prefer or "")


def require_scanner(preference: Preference) -> None:
    """CapabilityMissing where no scanner can be used."""
    choose(preference)


def forget_choice() -> None:
    """Let the next choice look for scanners and fetch their data anew."""
    _choose.cache_clear()
    security_suite.cache_clear()


@lru_cache
def _choose(prefer: str) -> Choice:
    complete: list[Scanner] = (
        [] if prefer == "offline" else sorted((Trivy(), Snyk()), key=lambda scanner: scanner.name != prefer)
    )
    passed_over: list[str] = []
    for scanner in complete:
        reason = scanner.unavailable()
        if not reason:
            return Choice((scanner,), tuple(passed_over))
        passed_over.append(reason)
    reasons = {scanner: scanner.unavailable() for scanner in (DebianSuite(), PipAudit())}
    passed_over += filter(None, reasons.values())
    usable = tuple(scanner for scanner, reason in reasons.items() if not reason)
    if not usable:
        raise CapabilityMissing(
            f"No vulnerability scanner can be used here: {'; '.join(passed_over)}. Install trivy or snyk."
        )
    return Choice(usable, tuple(passed_over))
