"""Where a container's files lie, from what the engine and the kernel say of its mounts. Pure: nobody is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from readiness.targets.platform import Store

Facts = Mapping[str, Any]

IN_MEMORY = frozenset({"tmpfs", "ramfs"})
ANONYMOUS = re.compile(r"[0-9a-f]{64}")
OCTAL = re.compile(r"\\([0-7]{3})")


def mount_points(table: str) -> dict[str, str]:
    """Path -> kind of file system of everything that `/proc/self/mountinfo` tells is mounted."""
    points = {}
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        columns = left.split()
        if len(columns) > 4 and right:
            points[OCTAL.sub(lambda code: chr(int(code[1], 8)), columns[4])] = right.split()[0]
    return points


def store_of(
    path: str, points: Mapping[str, str], mounts: Iterable[Facts], declared: Iterable[Facts]
) -> Store:
    """Where the files at `path` lie. `mounts` are the container's own, `declared` those of its service."""
    place = _nearest(path, points)
    mount = next((each for each in mounts if each["Destination"].rstrip("/") == place.rstrip("/")), None)
    if points.get(place) in IN_MEMORY:
        return Store(path, "memory", place, outlives=False)
    if mount is None:
        return Store(path, "the container's own layer", place, outlives=False)
    name = mount.get("Name") or mount.get("Source", "")
    given_again = any(
        each.get("Target", "").rstrip("/") == place.rstrip("/") and each.get("Source") == name
        for each in declared
    )
    kind = f"an anonymous {mount['Type']}" if ANONYMOUS.fullmatch(name) else f"a {mount['Type']}"
    return Store(path, kind, name, outlives=given_again)


def _nearest(path: str, points: Mapping[str, str]) -> str:
    """The mount point that a path lies on."""
    places = [path, *(str(parent) for parent in PurePosixPath(path).parents)]
    return next((place for place in places if place in points), "/")


def own_changes(changes: Sequence[Facts], points: Iterable[str]) -> tuple[str, ...]:
    """The paths that a container changed in its own layer: without mount points, which the engine makes, and what leads there.

    A folder that is only named because something in it changed is left out.
    """
    mounted = set(points)
    paths = {str(each["Path"]) for each in changes} - mounted
    leading = {str(parent) for path in paths | mounted for parent in PurePosixPath(path).parents}
    return tuple(sorted(paths - leading))
