"""Small habits of writing that all reports share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def count(number: int, noun: str) -> str:
    """ "1 line", "2 lines"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def compact(ids: Iterable[str], order: Sequence[str]) -> str:
    """Ids as ranges of what follows each other in the plan: "TC1.2.1–TC1.3.4, TC2.1.1"."""
    wanted = set(ids)
    known = set(order)
    runs: list[list[str]] = []
    previous = ""
    for line_id in [*order, *sorted(wanted - known)]:
        if line_id in wanted:
            if runs and runs[-1][-1] == previous and previous and line_id in known:
                runs[-1].append(line_id)
            else:
                runs.append([line_id])
        previous = line_id
    return ", ".join(_range(run) for run in runs)


def short_digests(digests: str) -> str:
    """The first twelve characters of each of some digests, without the name of the algorithm."""
    return " ".join(digest.split("@")[-1].removeprefix("sha256:")[:12] for digest in digests.split())


def time_told(seconds: float) -> str:
    """A time as people say it: "42 s", "3 min 7 s", "4 h", "1 h 30 min"."""
    whole = round(seconds)
    if 0 < seconds < 1:
        return "less than 1 s"
    if whole < 60:
        return f"{whole} s"
    small, large, units = (
        (whole % 60, whole // 60, ("min", "s"))
        if whole < 3600
        else (whole % 3600 // 60, whole // 3600, ("h", "min"))
    )
    return f"{large} {units[0]}" + (f" {small} {units[1]}" if small else "")


def plain_text(text: str) -> str:
    """The text without characters that no XML file may hold, such as the colours of a terminal."""
    return UNPRINTABLE.sub("", COLOUR.sub("", text))


def one_line(text: str, longest: int = 200) -> str:
    """A text of several lines as one, cut where it grows too long for a table."""
    joined = "; ".join(line.strip() for line in text.splitlines() if line.strip())
    return joined if len(joined) <= longest else f"{joined[: longest - 1].rstrip()}…"


def _range(run: list[str]) -> str:
    return f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run)
