"""Reads what a build with BuildKit says of itself (its plain progress): which steps ran, were cached, or failed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINE = re.compile(r"^#(\d+) (.*)$")
STEP = re.compile(r"^\[[^\]]*\] ")
DONE = re.compile(r"^DONE ([\d.]+)s")
INSTALL_COMMAND = re.compile(
    r"\b(?:pip3?|uv|poetry|pipenv|pdm|npm|pnpm|yarn|apt-get|apt|apk|dnf|yum|conda|mamba|bundle|gem|composer|cargo|go|mvn|gradlew?)\b"
    r"[^&|;]*?\b(?:install|sync|add|ci|fetch|download|dependency:\S+|dependencies)\b[^&|;]*"
)
OWN_CODE_ONLY = re.compile(r"--no-deps|--no-dependencies|--no-index|\binstall(?: -\S+)* \.\S*\s*$")
INSTALL_WORDS = re.compile(
    r"Downloading \S+\.(?:whl|tar\.gz)|Installing collected packages: \S+, \S+"
    r"|^(?:Prepared|Installed) \d+ packages? in|^added \d+ packages|^Setting up \S+ \(|^\(\d+/\d+\) Installing|^Get:\d+ ",
    re.MULTILINE,
)


@dataclass(frozen=True)
class BuildStep:
    """One step of a build: its command, whether it came from the cache, its seconds, whether it installs packages."""

    name: str
    cached: bool
    seconds: float
    error: str
    installs: bool


@dataclass
class _Vertex:
    name: str = ""
    cached: bool = False
    seconds: float = 0.0
    error: str = ""
    output: list[str] = field(default_factory=list)


def read_build(progress: str) -> tuple[BuildStep, ...]:
    """The steps of a build in the order in which they were announced. Empty when the text is no plain BuildKit progress."""
    vertices: dict[str, _Vertex] = {}
    for line in progress.splitlines():
        if found := LINE.match(line):
            _read_line(vertices.setdefault(found[1], _Vertex()), found[2])
    return tuple(_step(vertex) for vertex in vertices.values() if vertex.name)


def _read_line(vertex: _Vertex, text: str) -> None:
    if STEP.match(text) and not vertex.name:
        vertex.name = text
    elif text == "CACHED":
        vertex.cached = True
    elif text.startswith("ERROR"):
        vertex.error = text
    elif done := DONE.match(text):
        vertex.seconds += float(done[1])
    else:
        vertex.output.append(text.partition(" ")[2])


def _step(vertex: _Vertex) -> BuildStep:
    runs = " RUN " in vertex.name
    return BuildStep(
        vertex.name,
        vertex.cached,
        vertex.seconds,
        vertex.error,
        runs and _installs(vertex.name, "\n".join(vertex.output)),
    )


def _installs(command: str, output: str) -> bool:
    """Whether a step installs packages: by its command, or, where a script hides that, by what it printed."""
    commands = [found[0] for found in INSTALL_COMMAND.finditer(command)]
    return any(not OWN_CODE_ONLY.search(each) for each in commands) or bool(INSTALL_WORDS.search(output))
