"""The project's own files, as git sees them: what is tracked or new, nothing that is ignored."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """All files of the project, relative to its root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(Path(name) for name in set(listed.split("\0")) if name and (ROOT / name).is_file()))


def python_files(*rooms: str) -> list[Path]:
    """The Python files in these top-level directories or of these names; of all, when none is named."""
    return [path for path in files() if path.suffix == ".py" and (not rooms or path.parts[0] in rooms)]


def text_of(path: Path) -> str:
    """The text of a file; bytes that are no text are passed over."""
    return (ROOT / path).read_text(encoding="utf-8", errors="ignore")


def lines_with(paths: list[Path], wrong: Callable[[str], object]) -> list[str]:
    """`file:line: text` of every line for which `wrong(line)` is true."""
    assert paths, "a check that looked at nothing must not pass"
    return [
        f"{path}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if wrong(line)
    ]
