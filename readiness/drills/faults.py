"""What can be wrong in what a service is told: one thing at a time. Pure: nothing is started."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from readiness.config.placeholders import filled
from readiness.config.settings import MARK, Setting, ToldService

NOTHING_WRONG = "nothing"
MISSING, NO_FILE, EMPTY, MALFORMED, WRONG_TYPE, LINE_BREAK = (
    "missing",
    "naming a file that is not there",
    "empty",
    "malformed",
    "of the wrong type",
    "followed by a line break",
)
HARMLESS = frozenset({LINE_BREAK, NOTHING_WRONG})  # a copy may bear it: then it has to work


@dataclass(frozen=True)
class Fault:
    """One thing wrong in what a service is told: variables that change (None is taken away), or the content of a setting's file.

    `hidden`: what must not be shown to anybody.
    """

    setting: str
    kind: str
    settings: Mapping[str, str | None] = field(default_factory=dict)
    content: bytes | None = None
    hidden: tuple[str, ...] = ()


def faults_of(told: ToldService, now: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator[Fault]:
    """First what may be left out is left out; then everything that can be wrong, one thing at a time.

    `now`: the settings in force; `secrets`: path of each secret file -> its content.
    """
    optional: dict[str, str | None] = {
        each.name: None for each in told.settings if not each.required and each.name in now
    }
    yield Fault(", ".join(optional), NOTHING_WRONG, optional)
    for setting in told.settings:
        if setting.required:
            yield Fault(setting.name, MISSING, {setting.name: None})
            yield Fault(setting.name, EMPTY, {setting.name: ""})
        if setting.file and setting.name not in now and not setting.required:
            continue  # there is no file of which another one could be made
        if setting.file:
            yield from _file_faults(setting, now.get(setting.name, ""), secrets)
        else:
            yield from _value_faults(setting, now.get(setting.name, ""))


def with_secrets(fault: Fault, secrets: Mapping[str, str]) -> Fault:
    """The same fault; whatever is wrong, no secret of the service may be shown for it."""
    return replace(fault, hidden=(*fault.hidden, *(each.strip() for each in secrets.values())))


def _value_faults(setting: Setting, value: str) -> Iterator[Fault]:
    for kind, example in ((MALFORMED, setting.malformed), (WRONG_TYPE, setting.wrong_type)):
        if example is not None:
            mark = uuid.uuid4().hex
            yield Fault(
                setting.name, kind, {setting.name: str(filled(example, {MARK: mark}))}, hidden=(mark,)
            )
    if setting.required:
        yield Fault(setting.name, LINE_BREAK, {setting.name: f"{value}\n"})


def _file_faults(setting: Setting, path: str, secrets: Mapping[str, str]) -> Iterator[Fault]:
    content, mark = secrets[path].rstrip("\n"), uuid.uuid4().hex
    malformed = str(filled(setting.malformed, {MARK: mark}))
    folder = path.rpartition("/")[0] or "/"
    yield Fault(setting.name, NO_FILE, {setting.name: f"{folder}/{uuid.uuid4().hex}"})
    yield Fault(setting.name, f"{EMPTY} in its file", content=b"\n")
    yield Fault(setting.name, MALFORMED, content=malformed.encode(), hidden=(mark,))
    yield Fault(setting.name, WRONG_TYPE, {setting.name: folder})
    yield Fault(setting.name, LINE_BREAK, content=f"{content}\n".encode(), hidden=(content,))
