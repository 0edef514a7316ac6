"""The programs in an image and the packages that they belong to, counted without any scanner's help."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from readiness.config.policies import Unseen, Vulnerabilities
from readiness.core.verdicts import Gap
from readiness.probes.image_packages import Package, in_one_tree, packages_of
from readiness.probes.image_walk import File, ImageWalk, Mark


@dataclass(frozen=True)
class Program:
    """One program or library, and the packages that claim it."""

    path: str
    owners: tuple[Package, ...]


@dataclass(frozen=True)
class Inventory:
    """What runs from an image: programs, and all package records. `gaps`: those that scanners do not see."""

    programs: tuple[Program, ...]
    packages: tuple[Package, ...]
    gaps: tuple[Gap, ...]


def take_inventory(walk: ImageWalk, policy: Vulnerabilities) -> Inventory:
    """Every native program and library, every Python module among installed packages, and what the policy counts besides."""
    packages = packages_of(walk)
    owners: dict[str, list[Package]] = {}
    for package in packages:
        for path in package.files:
            owners.setdefault(path, []).append(package)
    programs = tuple(
        Program(file.path, tuple(owners.get(in_one_tree(file.path), ()))) for file in _programs(walk, policy)
    )
    outside = {
        each.path
        for each in programs
        if not each.owners and any(e.match(each.path) for e in policy.unpackaged)
    }
    gaps = (
        *_gaps(policy.unpackaged, outside),
        *_gaps(policy.bundled, {each.path for each in programs if each.owners}),
    )
    return Inventory(tuple(each for each in programs if each.path not in outside), packages, gaps)


def _gaps(entries: Iterable[Unseen], paths: Collection[str]) -> Iterator[Gap]:
    for entry in entries:
        count = sum(entry.match(path) for path in paths)
        if count:
            yield Gap(entry.what, f"{count} programs in the image. {entry.reason}")


def _programs(walk: ImageWalk, policy: Vulnerabilities) -> Iterator[File]:
    folders = {
        path.rsplit("/", 2)[0]
        for path in walk.texts
        if path.endswith((".dist-info/METADATA", ".egg-info/PKG-INFO"))
    }
    for file in walk.visible:
        module = file.path.endswith(".py") and (
            "-packages/" in file.path or any(file.path.startswith(f"{each}/") for each in folders)
        )
        if module or Mark.PROGRAM in file.marks or policy.also_programs.match(file.path):
            yield file
