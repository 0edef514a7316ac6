"""`python -m readiness.report`: draw the report of the last run, let it examine itself, and end with its verdict.

Further commands: `verify` (a report against its evidence), `sign`, `compare` (two runs), `schema`, `install-allure`.
Exit status: 0 for GO and CONDITIONAL GO, for a report that verifies, and for a run that is no worse; 1 otherwise; 2 when there
is nothing to work on, or nothing can be installed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from readiness.core.errors import CannotLook, ConfigurationError
from readiness.report import commands

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for and return the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        return _do(asked)
    except (ConfigurationError, CannotLook) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m readiness.report", description="The report of a readiness run."
    )
    kinds = parser.add_subparsers(
        dest="command", title="commands (without one: draw the report of the last run)"
    )
    verify = kinds.add_parser("verify", help="hold a report against its evidence")
    verify.add_argument(
        "results", type=Path, nargs="?", default=RESULTS, help="its folder (default: results)"
    )
    verify.add_argument("--key", type=Path, help="public key (PEM) of whoever signed it")
    sign = kinds.add_parser("sign", help="sign the statement on the judged images")
    sign.add_argument(
        "results", type=Path, nargs="?", default=RESULTS, help="the folder of the report (default: results)"
    )
    sign.add_argument("--key", type=Path, required=True, help="private key (PEM, without a passphrase)")
    compare = kinds.add_parser("compare", help="hold a run against an earlier one")
    compare.add_argument(
        "before",
        type=Path,
        nargs="?",
        help="the earlier results: a folder, or its readiness.json (default: the run before)",
    )
    compare.add_argument(
        "after", type=Path, nargs="?", default=RESULTS, help="the later results (default: results)"
    )
    compare.add_argument("--output", type=Path, default=RESULTS / "compare.html", help="where the page goes")
    kinds.add_parser("schema", help="write the JSON schema of the ledger")
    kinds.add_parser("install-allure", help="make the Allure report possible on this machine")
    return parser


def _do(asked: argparse.Namespace) -> int:
    match asked.command:
        case "verify":
            return commands.verify_report(asked.results, asked.key)
        case "sign":
            return commands.sign_report(asked.results, asked.key)
        case "compare":
            return commands.compare_runs(ROOT, asked.before, asked.after, asked.output)
        case "schema":
            return commands.write_schema(ROOT)
        case "install-allure":
            return commands.install_allure(ROOT)
    return commands.draw_report(ROOT, RESULTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
