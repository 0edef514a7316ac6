"""`python -m readiness.risks add|list|expire`: what is known to be missing and is released all the same, for a time.

Exit status: 0; 1 when `list` finds a risk that has expired or is stale; 2 when something is wrong, all of it at once.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from readiness.config.amendments import add_risk, expire_risk
from readiness.config.risks import FILE, AcceptedRisk, load_accepted_risks
from readiness.core.errors import ConfigurationError
from readiness.report.ledger import Ledger

ROOT = Path(__file__).parents[1]
SOON = 14


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Do what the arguments ask for and return the exit status."""
    asked = _parser().parse_args(arguments)
    today = datetime.now(UTC).date()
    try:
        match asked.command:
            case "add":
                return _add(asked, root, today)
            case "expire":
                return _expire(asked, root, today)
        return _list(root, today)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m readiness.risks", description=f"Accepted risks, kept in {FILE}."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="accept a line, or a gap beside a proven one, as it is, for a time")
    add.add_argument("id", help="a short name, such as alerts-by-text-message")
    add.add_argument("--line", required=True, help="the line of the plan, such as TC3.3.1")
    add.add_argument(
        "--gap", help="the thing beside a proven line that could not be looked at, in the words of the report"
    )
    add.add_argument("--owner", required=True, help="who mends it")
    add.add_argument("--approver", required=True, help="who may decide to release without it; not the owner")
    add.add_argument("--reason", required=True, help="why it may be released all the same")
    add.add_argument("--until", required=True, help="the last day on which it counts, such as 2026-04-15")
    commands.add_parser("list", help="show all, with what has expired, ends soon, or is not needed any more")
    expire = commands.add_parser("expire", help="end acceptances: they count no longer from today on")
    expire.add_argument("ids", nargs="*", metavar="id")
    expire.add_argument(
        "--stale", action="store_true", help="all that the last run found to be not needed any more"
    )
    return parser


def _add(asked: argparse.Namespace, root: Path, today: date) -> int:
    fields = {
        "id": asked.id,
        "line": asked.line,
        **({"gap": asked.gap} if asked.gap else {}),
        "owner": asked.owner,
        "approver": asked.approver,
        "reason": asked.reason,
        "accepted_on": today,
        "expires_on": _day(asked.until),
    }
    risk = add_risk(root, fields)
    print(
        f"Accepted until {risk.expires_on}: {risk.id} on {risk.line}. With it the decision is at best CONDITIONAL GO."
    )
    return 0


def _list(root: Path, today: date) -> int:
    known = load_accepted_risks(root)
    stale = _stale(root)
    for risk in known:
        gap = f" ({risk.gap})" if risk.gap else ""
        print(
            f"{_state(risk, today, stale):<16} {risk.id}: {risk.line}{gap}, until {risk.expires_on}. {risk.reason}"
        )
        print(f"{'':<16} owner {risk.owner}, approved by {risk.approver} on {risk.accepted_on}")
    if not known:
        print("No risks are accepted.")
    return int(any(_state(risk, today, stale) in ("EXPIRED", "STALE") for risk in known))


def _expire(asked: argparse.Namespace, root: Path, today: date) -> int:
    ids = list(dict.fromkeys([*asked.ids, *(sorted(_stale(root)) if asked.stale else ())]))
    if not ids:
        print("Nothing to end: name risks, or say --stale after a run that found some.")
    for risk_id in ids:
        print(expire_risk(root, risk_id, today))
    return 0


def _state(risk: AcceptedRisk, today: date, stale: set[str]) -> str:
    if today > risk.expires_on:
        return "EXPIRED"
    if risk.id in stale:
        return "STALE"
    if today < risk.accepted_on:
        return "not yet in force"
    left = (risk.expires_on - today).days
    return f"{left} days left" if left <= SOON else "in force"


def _stale(root: Path) -> set[str]:
    """The risks that the last run found to be not needed any more; none when there is no ledger of it."""
    try:
        ledger = Ledger.read(root / "results" / "readiness.json")
    except ConfigurationError:
        return set()
    return {each.risk.id for each in ledger.accepted_risks if each.state == "stale"}


def _day(text: str) -> date | str:
    """A day; what is none stays text, and is refused with everything else that is wrong."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
