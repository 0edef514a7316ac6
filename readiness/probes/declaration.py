"""What a deployment is described to be, and what the platform says that it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from readiness.config.blueprint import read_blueprint
from readiness.config.declaration import OUTPUT, Declaration, Described, Scaled
from readiness.config.stack import SECRET, read_stack
from readiness.core.deployments import Bounds, Part, PeakMemory
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.targets.platform import Platform
from readiness.targets.procedures import run_command
from readiness.targets.target import Target

SECRETS = "/run/secrets"
AT_ONCE = 4
SETTING = "environment "


@dataclass(frozen=True, kw_only=True)
class Compared(Observation):
    """The description of what should run here, and what the platform says. Examined: facts of the description."""

    described: tuple[Part, ...]
    running: tuple[Part, ...]


@dataclass(frozen=True)
class Blueprint:
    """One description: where it was read, whether it is of what runs here, and what it says."""

    file: str
    here: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Blueprints(Observation):
    """All descriptions for platforms where plans are bought. Examined: parts."""

    blueprints: tuple[Blueprint, ...]


@dataclass(frozen=True, kw_only=True)
class Peaks(Observation):
    """The most memory that each copy had, and the plans of the same services in blueprints: service -> names of plans."""

    peaks: tuple[PeakMemory, ...]
    without: tuple[str, ...]
    plans: tuple[tuple[str, str], ...]


def declaration_of(target: Target) -> Declaration:
    """How the target is described. CapabilityMissing where the profile does not say it."""
    declaration = target.profile.declaration
    if declaration is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how the deployment is described (declaration)."
        )
    return declaration


def compare_with_what_runs(target: Target) -> Compared:
    """Have the deployment described, and ask the platform for the same facts."""
    declaration = declaration_of(target)
    described = read_description(target, declaration.running)
    running = tuple(_with_values(target.platform, part) for part in target.platform.deployment())
    examined = sum(1 + len(part.settings) + len(part.secrets) for part in described)
    return Compared(
        examined=examined,
        described=with_bounds(described, declaration.scaled),
        running=with_bounds(running, declaration.scaled),
    )


def read_blueprints(target: Target) -> Blueprints:
    """Read what is described in files. CapabilityMissing where nothing is: then there is no plan to be bought."""
    declaration = declaration_of(target)
    found = tuple(
        Blueprint(
            file_name(target.root, each.file), each is declaration.running, read_description(target, each)
        )
        for each in (declaration.running, *declaration.elsewhere)
        if each.file
    )
    if not found:
        raise CapabilityMissing(
            f"The profile of {target.name} names no description in which plans are bought (declaration.elsewhere)."
        )
    return Blueprints(examined=sum(len(each.parts) for each in found), blueprints=found)


def measure_peaks(target: Target) -> Peaks:
    """Ask the platform for the most memory that each copy of the measured services had."""
    declaration = declaration_of(target)
    measured = declaration.measured or (target.profile.service.name,)
    peaks = {service: target.platform.peak_memory(service) for service in measured}
    sources = (declaration.running, *declaration.elsewhere)
    bought = [part for each in sources if each.file for part in read_description(target, each)]
    plans = tuple((part.name, part.plan) for part in bought if part.name in measured and part.plan)
    found = tuple(peak for each in peaks.values() for peak in each)
    return Peaks(
        examined=len(found),
        peaks=found,
        without=tuple(service for service, each in peaks.items() if not each),
        plans=plans,
    )


def read_description(target: Target, described: Described) -> tuple[Part, ...]:
    """Read a blueprint's file, or have a description written and read it."""
    if described.file:
        return read_blueprint(target.root, file_name(target.root, described.file))
    assert described.describe is not None, "the profile was checked"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "description"
        procedure = described.describe
        ran = run_command(
            procedure.argv(**{OUTPUT: str(file)}), folder=target.root, timeout=procedure.timeout
        )
        if ran.exit_code != 0 or not file.is_file():
            words = " ".join(ran.output.strip().splitlines()[-5:])
            raise CannotLook(
                f"the deployment cannot be described: {' '.join(procedure.command)} ended with exit status "
                f"{ran.exit_code}: {words}"
            )
        try:
            return read_stack(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CannotLook(f"the description of the deployment cannot be read: {error}") from error


def with_bounds(parts: tuple[Part, ...], scaled: tuple[Scaled, ...]) -> tuple[Part, ...]:
    """The parts, those that an autoscaler looks after with its bounds. CannotLook where its settings do not tell them."""
    known = {part.name: part for part in parts}
    for each in scaled:
        scaler, service = known.get(each.by), known.get(each.service)
        if scaler is not None and service is not None:
            known[each.service] = replace(service, bounds=_bounds(scaler, each))
    return tuple(known.values())


def _bounds(scaler: Part, scaled: Scaled) -> Bounds:
    def number(name: str | None) -> float | None:
        text = scaler.settings.get(f"{SETTING}{name}", "") if name else ""
        try:
            return float(text) if text else None
        except ValueError:
            return None

    least, most = number(scaled.least), number(scaled.most)
    if least is None or most is None:
        raise CannotLook(
            f"the settings of {scaler.name} do not tell its bounds ({scaled.least}, {scaled.most}). "
            "Are the names in declaration.scaled of the profile right?"
        )
    return Bounds(int(least), int(most), number(scaled.processor), number(scaled.memory))


def _with_values(platform: Platform, part: Part) -> Part:
    """The part, with whether each secret has a value in every copy; told already where the platform tells it."""
    unknown = {name: _place(part, name) for name, has_value in part.secrets.items() if has_value is None}
    if not unknown:
        return part
    copies = platform.replicas(part.name)
    looks = [(name, copy.id, path) for name, path in unknown.items() for copy in copies]

    def has_value(look: tuple[str, str, str]) -> bool:
        return bool((platform.read_inside(look[1], look[2]) or "").strip())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        seen = [(look[0], there) for look, there in zip(looks, pool.map(has_value, looks), strict=True)]
    values = {name: all(there for other, there in seen if other == name) for name, _ in seen}
    return replace(part, secrets={**part.secrets, **values})


def _place(part: Part, name: str) -> str:
    """Where in a copy a secret lies."""
    assert f"{SECRET}{name}" in part.settings, "every secret of a stack comes from somewhere"
    return name if name.startswith("/") else f"{SECRETS}/{name}"


def file_name(root: Path, file: Path | None) -> str:
    """A file of the project by its path in it."""
    assert file is not None, "only called for files"
    return str(file.relative_to(root) if file.is_relative_to(root) else file)
