"""The course of a qualification: each line as it is, then each of its cases, then the deployment as it was."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from defects.cases import Case, LineCases
from defects.examination import Examined
from defects.outcomes import GOOD, CaseResult, Outcome, judge
from defects.scores import CleanResult
from readiness.core.errors import CannotLook
from readiness.core.verdicts import Verdict
from readiness.core.waiting import clock

Say = Callable[[str], None]
Examine = Callable[[str, Path | None, str, tuple[str, ...]], Examined]
Keep = Callable[[LineCases, CleanResult, tuple[CaseResult, ...]], None]
CLEAN = "clean"
REASON_LINES = 4
REASON_WIDTH = 300


class Seeds(Protocol):
    """What puts cases into the target and takes them out again."""

    def seed(self, case: Case) -> Path: ...

    def restore(self) -> None: ...


@dataclass(frozen=True)
class Qualification:
    """What a qualification needs. `examine` is asked with line, profile (None: the target's own), name of the results and
    scenarios; `keep` is called after each case with all that is known of the line.
    """

    seeds: Seeds
    examine: Examine
    keep: Keep
    say: Say

    def qualify(self, line: LineCases) -> bool:
        """Try a line with all its selected cases; True when it is proven as it is and every case came out as it should."""
        clean = self._without_defect(line)
        done: tuple[CaseResult, ...] = ()
        self.keep(line, clean, done)
        for case in line.cases:
            if clean.verdict == Verdict.PROVEN:
                result = self._with(line.id, case)
            else:
                reason = f"the line is {clean.verdict} without a defect, so its failing would show nothing"
                result = CaseResult.of(case, Outcome.NOT_RUN, reason)
            done = (*done, result)
            self._tell(line.id, result)
            self.keep(line, clean, done)
        self.seeds.restore()
        return all(result.outcome in GOOD for result in done)

    def _without_defect(self, line: LineCases) -> CleanResult:
        self.seeds.restore()
        self.say(f"{line.id} without a defect: examining")
        examined = self.examine(line.id, None, CLEAN, ())
        because = _because(examined.verdict is not Verdict.PROVEN, examined.reason)
        self.say(f"{line.id} without a defect: {examined.verdict} in {examined.seconds:.0f} s{because}")
        return CleanResult(str(examined.verdict), examined.reason, round(examined.seconds, 1))

    def _with(self, line: str, case: Case) -> CaseResult:
        started = clock()
        self.say(f"{line}/{case.name} ({case.kind}): seeding")
        try:
            profile = self.seeds.seed(case)
        except CannotLook as reason:
            self.seeds.restore()
            return CaseResult.of(case, Outcome.NOT_SEEDED, str(reason), clock() - started)
        self.say(f"{line}/{case.name} ({case.kind}): examining")
        examined = self.examine(line, profile, case.name, case.scenarios)
        return CaseResult.of(case, judge(case, examined), examined.reason, clock() - started)

    def _tell(self, line: str, result: CaseResult) -> None:
        because = _because(result.outcome is not Outcome.QUIET, result.reason)
        self.say(f"{line}/{result.name} ({result.kind}): {result.outcome} in {result.seconds:.0f} s{because}")


def _because(shown: bool, reason: str) -> str:
    lines = reason.strip().splitlines()[:REASON_LINES] if shown else []
    return "".join(f"\n          {textwrap.shorten(line, REASON_WIDTH)}" for line in lines)
