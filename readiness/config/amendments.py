"""Changes what people said (accepted risks, attestations) in its files, with all comments kept. Nothing wrong is ever written."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from readiness.config import risks
from readiness.config.attestations import FOLDER, Attestation, load_attestations
from readiness.config.configuration import attestation_problems
from readiness.config.documents import document_of, read_document
from readiness.config.models import model_of, together
from readiness.config.plan import Disposition, load_plan
from readiness.config.risks import AcceptedRisk, load_accepted_risks, risks_in
from readiness.core.errors import ConfigurationError, Problem

Fields = Mapping[str, str | date]
WIDTH = 110
ONE_DAY = timedelta(days=1)


def add_risk(root: Path, fields: Fields) -> AcceptedRisk:
    """Accept a risk. ConfigurationError with all that is wrong with it (or with the file), and nothing is written."""
    document, entries = _open_risks(root)
    entries.append(dict(fields))
    if len(entries) == 1:
        entries.fa.set_block_style()
    line = str(fields.get("line", ""))
    text = _text(document)
    kept = together(
        lambda: risks_in(root, document_of(risks.FILE, text)), _of_the_plan(root, risks.FILE, line)
    )
    _write(root / risks.FILE, text)
    return kept[-1]


def expire_risk(root: Path, risk_id: str, today: date) -> str:
    """End a risk's acceptance before `today`, and say what was done. One that never counted a whole day is taken out."""
    known = {risk.id: risk for risk in load_accepted_risks(root)}
    if risk_id not in known:
        allowed = ", ".join(known) or "none, for no risk is accepted"
        raise ConfigurationError([Problem(risks.FILE, "risks", f"there is no risk {risk_id!r}", allowed)])
    risk = known[risk_id]
    if risk.expires_on < today:
        return f"{risk_id} expired on {risk.expires_on} already"
    document, entries = _open_risks(root)
    index = next(place for place, entry in enumerate(entries) if entry["id"] == risk_id)
    if risk.accepted_on >= today:
        del entries[index]
        done = f"{risk_id} was taken out: it began on {risk.accepted_on} and never counted"
    else:
        entries[index]["expires_on"] = today - ONE_DAY
        done = f"{risk_id} counts no longer: it expired on {today - ONE_DAY}"
    _checked(root, risks.FILE, _text(document), risks_in)
    return done


def add_attestation(root: Path, fields: Fields) -> str:
    """Keep a statement in a file of its own, named after its line and day, and return that file's path.

    ConfigurationError with all that is wrong with it, and nothing is written.
    """
    line = str(fields.get("line", ""))
    file = _free_name(root, f"{FOLDER}/{line.lower() or 'statement'}-{fields.get('signed_on', 'undated')}")
    text = _text(dict(fields))
    together(
        lambda: model_of(root, document_of(file, text), Attestation),
        _of_the_plan(root, file, line, attested=True),
    )
    _write(root / file, text)
    return file


def attestations_by_file(root: Path) -> Iterator[tuple[str, Attestation]]:
    """All attestations with the files they are in. ConfigurationError with every problem of all files."""
    load_attestations(root)
    for path in sorted((root / FOLDER).glob("*.yaml")):
        file = f"{FOLDER}/{path.name}"
        yield file, model_of(root, read_document(root, file), Attestation)


def expire_attestation(root: Path, file: str, today: date) -> str:
    """End a statement before `today`, and say what was done. One that never counted a whole day is taken out with its file."""
    known = dict(attestations_by_file(root))
    if file not in known:
        allowed = ", ".join(known) or "none, for nothing is attested"
        raise ConfigurationError([Problem(FOLDER, "file", f"there is no attestation {file!r}", allowed)])
    stated = known[file]
    if stated.expires_on < today:
        return f"{file} expired on {stated.expires_on} already"
    if stated.signed_on >= today:
        (root / file).unlink()
        return f"{file} was taken out: it was signed for {stated.signed_on} and never counted"
    document = _yaml().load((root / file).read_text(encoding="utf-8"))
    document["expires_on"] = today - ONE_DAY
    _checked(root, file, _text(document), lambda base, read: model_of(base, read, Attestation))
    return f"{file} counts no longer: it expired on {today - ONE_DAY}"


def _of_the_plan(root: Path, file: str, line_id: str, *, attested: bool = False) -> Iterator[Problem]:
    """What the plan has against a statement on this line."""
    plan = load_plan(root)
    line = next((each for each in plan.lines if each.id == line_id), None)
    if line is None:
        return
    if line.disposition is Disposition.COMPUTED:
        yield Problem(file, "line", f"{line_id} is computed from other lines", ", ".join(line.rolls_up))
    elif attested:
        yield from attestation_problems(plan, line_id)


def _open_risks(root: Path) -> tuple[Any, Any]:
    load_accepted_risks(root)
    document = _yaml().load((root / risks.FILE).read_text(encoding="utf-8"))
    return document, document["risks"]


def _checked(root: Path, file: str, text: str, check: Callable[[Path, Any], object]) -> None:
    check(root, document_of(file, text))
    _write(root / file, text)


def _free_name(root: Path, stem: str) -> str:
    number = 1
    while (root / (file := f"{stem}{f'-{number}' if number > 1 else ''}.yaml")).exists():
        number += 1
    return file


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _text(document: Any) -> str:
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
