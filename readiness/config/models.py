"""What all configuration models share: strictness, words for what is wrong, and the types of their values."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import types
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    JsonValue,
    PlainSerializer,
    SerializationInfo,
    StringConstraints,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import ErrorDetails

from readiness.config.documents import Document, read_document
from readiness.config.inventory import EXPECTED_LINES
from readiness.core.errors import ConfigurationError, Problem
from readiness.core.units import Dimension, parse

LONGEST_DAYS = 366


class StrictModel(BaseModel):
    """A frozen model: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Model = TypeVar("Model", bound=StrictModel)
Loaded = TypeVar("Loaded")


def wrong(what: str, allowed: str) -> ValueError:
    """The error of a validator: what is wrong, and what would be right."""
    return ValueError(f"{what}; allowed: {allowed}")


def read_model(root: Path, file: str, model: type[Model]) -> Model:
    """The file as `model`, all its problems at once in a ConfigurationError."""
    return model_of(root, read_document(root, file), model)


def model_of(root: Path, document: Document, model: type[Model]) -> Model:
    """The content of a document as `model`. Relative paths in it become paths under `root`."""
    try:
        return model.model_validate_json(json.dumps(document.content, default=str), context=root)
    except ValidationError as error:
        found = [_problem(document.file, details, model) for details in error.errors()]
        raise ConfigurationError(found) from error


def together(load: Callable[[], Loaded], problems: Iterable[Problem]) -> Loaded:
    """What `load` returns. ConfigurationError when there are problems already, with those that `load` finds."""
    known = list(problems)
    try:
        loaded = load()
    except ConfigurationError as error:
        reported = {(problem.file, problem.key) for problem in known}
        further = (problem for problem in error.problems if (problem.file, problem.key) not in reported)
        raise ConfigurationError([*known, *further]) from error
    if known:
        raise ConfigurationError(known)
    return loaded


def repeated(file: str, key: str, entries: JsonValue, field: str) -> list[Problem]:
    """A problem for every entry of a list whose `field` an earlier one has, too, whatever else their shape."""
    seen: dict[str, int] = {}
    problems = []
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        value = entry.get(field) if isinstance(entry, dict) else None
        if not isinstance(value, str):
            continue
        first = seen.setdefault(value.casefold(), index)
        if first != index:
            what = f"{value!r} stands at {key}.{first} already"
            problems.append(Problem(file, f"{key}.{index}.{field}", what, "each once"))
    return problems


def same_person(one: str, other: str) -> bool:
    """Whether two names mean one person, however they are written."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def require_an_end(begins: date, ends: date) -> None:
    """Nothing that people say counts for ever: what still holds after a year is said anew."""
    if (ends - begins).days > LONGEST_DAYS:
        raise wrong(
            f"it would count for {(ends - begins).days} days",
            f"at most {LONGEST_DAYS} days; say it anew then",
        )


def _problem(file: str, details: ErrorDetails, model: type[BaseModel]) -> Problem:
    key = ".".join(str(part) for part in details["loc"]) or "file"
    known = ", ".join(_fields_at(model, details["loc"][:-1]))
    match details["type"]:
        case "missing":
            return Problem(file, key, "is missing", f"this key has to be there; the keys here are: {known}")
        case "extra_forbidden":
            return Problem(file, key, "is not a known key", f"one of the keys {known}")
    message = details["msg"].removeprefix("Value error, ")
    what, _, allowed = message.partition("; allowed: ")
    if allowed:
        return Problem(file, key, what, allowed)
    return Problem(
        file, key, f"has a wrong value{_shown(details['input'])}", message.removeprefix("Input should be ")
    )


def _shown(value: object) -> str:
    """A short value for an error message. Long ones are left out: they may be a secret in the wrong place."""
    return f" ({value!r})" if isinstance(value, str | int | float | None) and len(str(value)) <= 20 else ""


def _fields_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model knows at a place: follows fields, list items and mapping values."""
    kinds: list[Any] = [model]
    for part in location:
        kinds = [inner for kind in kinds for inner in _inside(kind, part)]
    return [field for kind in kinds if _is_model(kind) for field in kind.model_fields]


def _inside(kind: Any, part: int | str) -> Iterator[Any]:
    if _is_model(kind):
        field = kind.model_fields.get(part)
        found = (field.annotation,) if field else ()
    else:
        found = get_args(kind)
    for each in found:
        is_choice = get_origin(each) in (Union, types.UnionType)
        yield from get_args(each) if is_choice else (each,)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _line_of_plan(text: str) -> str:
    if text not in EXPECTED_LINES:
        raise wrong(
            f"{text!r} is no line of the plan", "an id of config/plan.yaml, such as TC1.1.1, PC1.1, SC1.1"
        )
    return text


def _seconds(text: object) -> float:
    if not isinstance(text, str):
        raise wrong("a duration without its unit", 'text with a unit, such as "30 seconds", 5m')
    return parse(text, Dimension.DURATION).value


def _under_root(text: Path, info: ValidationInfo) -> Path:
    return Path(info.context) / text if isinstance(info.context, Path) else text


def _relative_to_root(path: Path, info: SerializationInfo) -> str:
    return os.path.relpath(path, info.context) if isinstance(info.context, Path) else str(path)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = (
            parts.scheme in ("http", "https")
            and parts.hostname
            and parts.port != 0
            and "@" not in parts.netloc
        )
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise wrong(
            "is no address of a service",
            "http:// or https://, a host name, perhaps a port and a path; no user, no query",
        )
    return text.rstrip("/")


def _engine_address(text: str, info: ValidationInfo) -> str:
    scheme, _, place = text.partition("://")
    if scheme not in ("unix", "tcp", "ssh") or not place:
        raise wrong("is no address of a container engine", "unix://path, tcp://host:port or ssh://user@host")
    if scheme == "unix" and isinstance(info.context, Path):
        place = str(info.context / place)  # an absolute path stays as it is
    return f"{scheme}://{place}"


def _ip_address(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise wrong(f"{text!r} is no IP address", "an IPv4 or IPv6 address, such as 127.0.0.1") from None
    return text


def _not_empty(items: tuple[Loaded, ...]) -> tuple[Loaded, ...]:
    if not items:
        raise wrong("an empty list", "at least one entry")
    return items


def spelled(pattern: str, allowed: str) -> AfterValidator:
    """A text of which all matches `pattern`; `allowed` says so in words."""

    def matching(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise wrong(f"{text!r} is not spelled rightly", allowed)
        return text

    return AfterValidator(matching)


NotEmpty = AfterValidator(_not_empty)
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, spelled(r"[a-z0-9][a-z0-9_-]*", "small letters and digits, with - and _ between them")]
LineId = Annotated[str, AfterValidator(_line_of_plan)]
Seconds = Annotated[float, BeforeValidator(_seconds)]
ProjectPath = Annotated[Path, AfterValidator(_under_root), PlainSerializer(_relative_to_root)]
Url = Annotated[str, AfterValidator(_url)]
EngineAddress = Annotated[str, AfterValidator(_engine_address)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
UrlPath = Annotated[str, spelled(r"/\S*", "a path that begins with / and has no blanks")]
PathInside = Annotated[
    str, spelled(r"(?!/|(.*/)?\.\.(/|$)).+", "a path inside the folder, without .. and no / at its beginning")
]
