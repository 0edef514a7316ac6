"""The packages that an image says it holds, read from the records that package tools leave, with the files of each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.parser import HeaderParser
from enum import StrEnum
from pathlib import PurePosixPath

from debian.deb822 import Deb822

from readiness.probes.image_walk import ImageWalk

BINARY_REBUILD = re.compile(r"\+b\d+$")


class Ecosystem(StrEnum):
    """A kind of package."""

    DEBIAN = "Debian"
    ALPINE = "Alpine"
    PYTHON = "Python"


@dataclass(frozen=True)
class Package:
    """One package. `source` and `source_version`: what it was built from (Debian). `local`: built from the user's own sources.

    `files` are paths in the image, written as in a system whose /bin, /sbin and /lib are links into /usr.
    """

    ecosystem: Ecosystem
    name: str
    version: str
    source: str = ""
    source_version: str = ""
    architecture: str = ""
    local: bool = False
    files: frozenset[str] = field(default=frozenset(), repr=False)


def packages_of(walk: ImageWalk) -> tuple[Package, ...]:
    """All packages that the image's final state has records of."""
    return (*_debian(walk), *_alpine(walk), *_python(walk))


def in_one_tree(path: str) -> str:
    """The path in a system whose /bin, /sbin and /lib are links into /usr, as today's are: records still use the old names."""
    path = path.lstrip("/")
    return f"usr/{path}" if re.match(r"(bin|sbin|lib|lib32|lib64|libx32)/", path) else path


def _debian(walk: ImageWalk) -> Iterator[Package]:
    for path, text in walk.texts.items():
        if path == "var/lib/dpkg/status" or (
            path.startswith("var/lib/dpkg/status.d/") and not path.endswith(".md5sums")
        ):
            for record in Deb822.iter_paragraphs(text.encode(), use_apt_pkg=False):
                if record.get("Status", "install ok installed").endswith(" installed"):
                    yield _debian_package(walk, record)


def _debian_package(walk: ImageWalk, record: Deb822) -> Package:
    name, architecture = str(record["Package"]), str(record.get("Architecture", ""))
    lists = [f"var/lib/dpkg/info/{name}.list", f"var/lib/dpkg/info/{name}:{architecture}.list"]
    files = {in_one_tree(line) for file in lists for line in walk.texts.get(file, "").splitlines()}
    sums = walk.texts.get(f"var/lib/dpkg/status.d/{name}.md5sums", "")
    files |= {in_one_tree(line.split(maxsplit=1)[1]) for line in sums.splitlines() if " " in line}
    version = str(record["Version"])
    source, _, source_version = str(record.get("Source", name)).partition(" ")
    source_version = source_version.strip("()") or BINARY_REBUILD.sub("", version)
    return Package(
        Ecosystem.DEBIAN, name, version, source, source_version, architecture, files=frozenset(files)
    )


def _alpine(walk: ImageWalk) -> Iterator[Package]:
    for path, text in walk.texts.items():
        if not path.endswith("lib/apk/db/installed"):
            continue
        for block in text.split("\n\n"):
            lines = [(line[:1], line[2:]) for line in block.splitlines() if line[1:2] == ":"]
            fields = dict(lines)
            if fields.get("P"):
                yield Package(
                    Ecosystem.ALPINE,
                    fields["P"],
                    fields["V"],
                    fields.get("o", ""),
                    files=frozenset(_alpine_files(lines)),
                )


def _alpine_files(lines: Sequence[tuple[str, str]]) -> Iterator[str]:
    folder = ""
    for key, value in lines:
        folder = value if key == "F" else folder
        if key == "R":
            yield in_one_tree(f"{folder}/{value}")


def _python(walk: ImageWalk) -> Iterator[Package]:
    for path, text in walk.texts.items():
        folder, file = PurePosixPath(path).parent, PurePosixPath(path).name
        if file in ("METADATA", "PKG-INFO") and folder.suffix in (".dist-info", ".egg-info"):
            headers = HeaderParser().parsestr(text)
            if headers["Name"] and headers["Version"]:
                local = f"{folder}/direct_url.json" in walk.texts
                files = frozenset(_recorded(walk, folder))
                yield Package(Ecosystem.PYTHON, headers["Name"], headers["Version"], local=local, files=files)


def _recorded(walk: ImageWalk, folder: PurePosixPath) -> Iterator[str]:
    rows = csv.reader(walk.texts.get(f"{folder}/RECORD", "").splitlines())
    for row in rows:
        yield _joined(folder.parent, row[0]) if row else ""
    for line in walk.texts.get(f"{folder}/installed-files.txt", "").splitlines():
        yield _joined(folder, line)


def _joined(folder: PurePosixPath, relative: str) -> str:
    parts: list[str] = []
    for part in PurePosixPath("/", folder, relative).parts[1:]:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return in_one_tree("/".join(parts))
