"""A walk through every layer of an image: each file that is shipped, also those that a later layer deletes or replaces."""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePosixPath

from readiness.probes.image_archive import ImageArchive, ImageConfiguration, keep_archive
from readiness.targets.platform import Platform

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
READ_AT_MOST = 64 * 1024 * 1024
PRIVATE_KEY = re.compile(
    rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----\r?\n(?:[A-Za-z-]+: .*\r?\n|\r?\n)*[A-Za-z0-9+/=]{32,}"
)
PUTTY_KEY = re.compile(rb"^PuTTY-User-Key-File-\d")
URL_PASSWORD = re.compile(rb"https?://[^/\s:@\"']+:[^/\s@\"']+@")
METADATA = re.compile(
    r"(?:.*/)?(?:var/lib/dpkg/(?:status|status\.d/[^/]+|info/[^/]+\.list)|lib/apk/db/installed|lib/os-release|etc/os-release"
    r"|[^/]+\.(?:dist|egg)-info/(?:METADATA|PKG-INFO|RECORD|installed-files\.txt|direct_url\.json))"
)


class Mark(StrEnum):
    """What a file's content shows it to be."""

    PROGRAM = "program"
    PRIVATE_KEY = "private key"
    URL_PASSWORD = "password in a URL"


@dataclass(frozen=True)
class File:
    """One file in one layer. `path` without a leading slash; `hidden_by` is the later layer that deletes or replaces it."""

    path: str
    layer: int
    size: int
    digest: str
    marks: frozenset[Mark] = frozenset()
    hidden_by: int | None = None


@dataclass(frozen=True)
class ImageWalk:
    """Everything in an image. Layers count from 1, the base. `texts`: the package records that are visible at the end."""

    files: tuple[File, ...]
    layer_ids: tuple[str, ...]
    configuration: ImageConfiguration
    texts: Mapping[str, str]

    @property
    def visible(self) -> tuple[File, ...]:
        """The files that a container of this image sees."""
        return tuple(file for file in self.files if file.hidden_by is None)

    @property
    def total_bytes(self) -> int:
        """What is shipped: the files of all layers."""
        return sum(file.size for file in self.files)

    @property
    def hidden_bytes(self) -> int:
        """What is shipped and cannot be seen: files that a later layer deletes or replaces."""
        return sum(file.size for file in self.files if file.hidden_by is not None)

    def layer_bytes(self, layer: int) -> int:
        """The bytes of one layer, counted from 1."""
        return sum(file.size for file in self.files if file.layer == layer)


@dataclass(frozen=True)
class _Export:
    """An image to export. An id stands for one content for ever, wherever it is exported from."""

    image_id: str
    platform: Platform = field(compare=False)


@lru_cache(maxsize=3)
def _keep(export: _Export) -> ImageArchive:
    return keep_archive(export.platform.export_image(export.image_id))


def forget_images() -> None:
    """Let the next look at an image export and walk it anew: for a stopwatch that must see the whole work."""
    _keep.cache_clear()
    walk.cache_clear()


def exported(platform: Platform, image_id: str) -> ImageArchive:
    """The image with this id as an archive, exported once."""
    return _keep(_Export(image_id, platform))


def walked(platform: Platform, image_id: str) -> ImageWalk:
    """The walk through the image with this id."""
    return walk(exported(platform, image_id))


@lru_cache(maxsize=8)
def walk(archive: ImageArchive) -> ImageWalk:
    """Open every layer, the base first, and note every file in it; once for each archive. CannotLook for an unreadable layer."""
    hidden: list[File] = []
    visible: dict[str, File] = {}
    texts: dict[str, str] = {}
    for index in range(archive.layer_count):
        with archive.layer(index) as tar:
            layer = _read_layer(tar, index + 1)
        for path in layer.hidden_of(visible):
            hidden.append(replace(visible.pop(path), hidden_by=index + 1))
            texts.pop(path, None)
        visible.update(layer.files)
        texts.update(layer.texts)
    return ImageWalk((*hidden, *visible.values()), archive.diff_ids, archive.configuration, texts)


@dataclass
class _Layer:
    """One layer while it is read: files and other entries it brings, paths it deletes, directories it empties."""

    files: dict[str, File] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    emptied: set[str] = field(default_factory=set)

    def hidden_of(self, paths: Iterable[str]) -> list[str]:
        """Those of an earlier layer's files that cannot be seen any more."""
        gone, folders = self.replaced | self.deleted, self.replaced | self.deleted | self.emptied
        return [
            path
            for path in paths
            if path in gone or any(str(above) in folders for above in PurePosixPath(path).parents)
        ]


def _read_layer(tar: tarfile.TarFile, number: int) -> _Layer:
    layer = _Layer()
    for member, path in _entries(tar):
        folder, name = str(PurePosixPath(path).parent), PurePosixPath(path).name
        if name == OPAQUE:
            layer.emptied.add(folder)
        elif name.startswith(WHITEOUT):
            layer.deleted.add(str(PurePosixPath(folder) / name.removeprefix(WHITEOUT)))
        elif not member.isdir():
            layer.replaced.add(path)
            _read_entry(tar, member, path, number, layer)
    return layer


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, str]]:
    for member in tar:
        yield member, _plain(member.name)


def _plain(name: str) -> str:
    return str(PurePosixPath("/", name)).lstrip("/")


def _read_entry(tar: tarfile.TarFile, member: tarfile.TarInfo, path: str, number: int, layer: _Layer) -> None:
    if member.islnk() and _plain(member.linkname) in layer.files:
        layer.files[path] = replace(layer.files[_plain(member.linkname)], path=path, size=0)
    elif member.isreg():
        stream = tar.extractfile(member)
        content = stream.read(READ_AT_MOST) if stream else b""
        layer.files[path] = File(
            path, number, member.size, hashlib.sha256(content).hexdigest(), marks_of(content)
        )
        if METADATA.fullmatch(path):
            layer.texts[path] = content.decode("utf-8", "replace")


def marks_of(content: bytes) -> frozenset[Mark]:
    """What the content shows. A private key counts only with key material: programs that handle keys hold the mere headline."""
    marks = {
        Mark.PROGRAM: content.startswith(b"\x7fELF"),
        Mark.PRIVATE_KEY: (b"PRIVATE KEY-----" in content and PRIVATE_KEY.search(content))
        or PUTTY_KEY.match(content),
        Mark.URL_PASSWORD: len(content) < 65536 and b"@" in content and URL_PASSWORD.search(content),
    }
    return frozenset(mark for mark, shown in marks.items() if shown)
