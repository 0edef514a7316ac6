"""`python -m readiness.attest add|list|expire`: a person's dated statement about a release, for what no machine can see.

Exit status: 0; 1 when `list` finds a statement that has expired; 2 when something is wrong, all of it at once.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from readiness.config.amendments import add_attestation, attestations_by_file, expire_attestation
from readiness.config.attestations import FOLDER
from readiness.core.errors import ConfigurationError

ROOT = Path(__file__).parents[1]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Do what the arguments ask for and return the exit status."""
    asked = _parser().parse_args(arguments)
    today = datetime.now(UTC).date()
    try:
        match asked.command:
            case "add":
                return _add(asked, root, today)
            case "expire":
                print("\n".join(expire_attestation(root, file, today) for file in asked.files))
                return 0
        return _list(root, today)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m readiness.attest", description=f"Attestations, kept in {FOLDER}."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="keep a statement about a release")
    add.add_argument("line", help="the line of the plan, such as TC6.3.3")
    add.add_argument(
        "--release", required=True, help="what the service answers in X-Version, or its image digest"
    )
    add.add_argument("--statement", required=True, help="what was done or seen")
    add.add_argument("--author", required=True, help="who did it or saw it")
    add.add_argument("--signer", required=True, help="who confirms it; not the author")
    add.add_argument("--until", required=True, help="the last day on which it counts, such as 2026-06-01")
    commands.add_parser("list", help="show all, with what has expired")
    expire = commands.add_parser("expire", help="end statements: they count no longer from today on")
    expire.add_argument(
        "files",
        nargs="+",
        metavar="file",
        help=f"as `list` shows it, such as {FOLDER}/tc6.3.3-2026-03-03.yaml",
    )
    return parser


def _add(asked: argparse.Namespace, root: Path, today: date) -> int:
    fields = {
        "line": asked.line,
        "release": asked.release,
        "statement": asked.statement,
        "author": asked.author,
        "signer": asked.signer,
        "signed_on": today,
        "expires_on": _day(asked.until),
    }
    print(f"Kept in {add_attestation(root, fields)}, for this release until {fields['expires_on']}.")
    return 0


def _list(root: Path, today: date) -> int:
    known = list(attestations_by_file(root))
    for file, each in known:
        state = "EXPIRED" if today > each.expires_on else "not yet" if today < each.signed_on else "counts"
        print(
            f"{state:<8} {file}: {each.line}, release {each.release}, until {each.expires_on}. {each.statement}"
        )
        print(f"{'':<8} by {each.author}, signed by {each.signer} on {each.signed_on}")
    if not known:
        print("Nothing is attested.")
    return int(any(today > each.expires_on for _, each in known))


def _day(text: str) -> date | str:
    """A day; what is none stays text, and is refused with everything else that is wrong."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
