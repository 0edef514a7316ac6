"""What the messages about a fault say, and whether the instruction that they lead to is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from readiness.core.observations import Observation
from readiness.targets.door import Door
from readiness.targets.inbox import Message
from readiness.targets.metrics import ActiveAlert

LINK = re.compile(r"[^\s<>()|]+#[\w-]+|https?://[^\s<>()|]+")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True)
class Said:
    """What one message says. `instruction`: what is wrong with the link to it; `secrets`: names of those that it shows."""

    channel: str
    begins: str
    service: bool
    severity: bool
    value: bool
    instruction: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Wordings(Observation):
    """All messages about faults. Examined: messages."""

    said: tuple[Said, ...]


def said_by(message: Message, alerts: Iterable[ActiveAlert], folder: Path, secrets: tuple[str, ...]) -> Said:
    """What a message says of the alerts that it is about."""
    words = message.words
    mine = [each for each in alerts if each.name in words] or list(alerts)
    return Said(
        channel=message.channel,
        begins=(message.subject or message.text)[:80],
        service=all(each.labels.get("service", "\0") in words for each in mine),
        severity=all(each.labels.get("severity", "\0") in words for each in mine),
        value=all(shows(words, each.value) for each in mine),
        instruction=fault_of_instruction(words, folder),
        secrets=secrets,
    )


def shows(words: str, value: str) -> bool:
    """Whether a text shows a number that rounds as the value does; a percentage is one, too."""
    wanted = float(value)
    for found in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", words):
        shown = float(found)
        if any(abs(shown - each) <= max(abs(each) * 0.05, 1e-9) for each in (wanted, wanted * 100)):
            return True
    return False


def fault_of_instruction(words: str, folder: Path) -> str:
    """What is wrong with the links to instructions in a text; "" when one leads to a section that is there."""
    links = [each.rstrip(".,;") for each in LINK.findall(words)]
    faults = [_fault_of_link(each, folder) for each in links]
    if not links:
        return "there is no link"
    return "" if "" in faults else "; ".join(faults)


def _fault_of_link(link: str, folder: Path) -> str:
    where, _, section = link.partition("#")
    if where.startswith(("http://", "https://")):
        answer = Door(where).ask("GET", "", timeout=5)
        text = answer.body.decode(errors="replace") if answer.status == 200 else None
    else:
        file = folder / where
        text = file.read_text(encoding="utf-8") if file.is_file() else None
    if text is None:
        return f"{where} is not there"
    if not section:
        return f"{link} leads to no section"
    return "" if section in sections_of(text) else f"{where} has no section {section}"


def sections_of(text: str) -> Iterator[str]:
    """The names by which sections of a text are linked to: those of its headings, and ids in HTML."""
    for heading in HEADING.findall(text):
        yield re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower()))
    yield from re.findall(r'\bid="([^"]+)"', text)
