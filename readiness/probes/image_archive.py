"""An exported image: its configuration and its layers, each as it is stored, with what later layers hide still inside."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from readiness.core.errors import CannotLook


@dataclass(frozen=True)
class Layout:
    """Where an archive keeps the image: the member with its configuration and those with its layers, base first."""

    configuration: str
    layers: tuple[str, ...]


@dataclass(frozen=True)
class ImageConfiguration:
    """What an image says of itself: environment (NAME=value), the commands that made it, its processor architecture."""

    environment: tuple[str, ...]
    history: tuple[str, ...]
    architecture: str


class ImageArchive:
    """An image in a tar file: Docker's archive layout, or an OCI layout, layers plain or compressed with gzip."""

    def __init__(self, path: Path, *, owner: Any = None) -> None:
        self.path = path
        self._owner = owner  # keeps a temporary file for as long as this archive is in use
        with self._open() as archive:
            self._layout = _layout(archive, path)
            content = _read_json(archive, self._layout.configuration)
        self.configuration = _configuration(content)
        self.diff_ids: tuple[str, ...] = tuple(content.get("rootfs", {}).get("diff_ids", ()))

    @property
    def layer_count(self) -> int:
        """The number of layers."""
        return len(self._layout.layers)

    @contextmanager
    def layer(self, index: int) -> Iterator[tarfile.TarFile]:
        """One layer, opened as the tar file that it is. CannotLook where it is compressed in a way that we cannot read."""
        name = self._layout.layers[index]
        with self._open() as archive:
            try:
                with tarfile.open(fileobj=archive.extractfile(name)) as layer:
                    yield layer
            except tarfile.ReadError as problem:
                raise CannotLook(
                    f"Layer {index + 1} of the image in {self.path} cannot be read ({name}): {problem}"
                ) from problem

    @contextmanager
    def _open(self) -> Iterator[tarfile.TarFile]:
        try:
            with tarfile.open(self.path) as archive:
                yield archive
        except (OSError, tarfile.ReadError, KeyError) as problem:
            raise CannotLook(f"The exported image {self.path} cannot be read: {problem}") from problem


def keep_archive(chunks: Iterable[bytes]) -> ImageArchive:
    """An exported image, kept in a temporary file until nobody uses it any more."""
    file = NamedTemporaryFile(prefix="readiness-image-", suffix=".tar")  # noqa: SIM115  # closed with the archive that owns it
    for chunk in chunks:
        file.write(chunk)
    file.flush()
    return ImageArchive(Path(file.name), owner=file)


def _layout(archive: tarfile.TarFile, path: Path) -> Layout:
    names = set(archive.getnames())
    if "manifest.json" in names:
        manifest = _read_json(archive, "manifest.json")[0]
        return Layout(manifest["Config"], tuple(manifest["Layers"]))
    if "index.json" in names:
        return _oci_layout(archive, _read_json(archive, "index.json"))
    raise CannotLook(
        f"{path} is no image that we can read: required manifest.json (Docker) or index.json (OCI), there is neither"
    )


def _oci_layout(archive: tarfile.TarFile, index: Any) -> Layout:
    for entry in index["manifests"]:
        document = _read_json(archive, _blob(entry))
        if "manifests" in document:
            return _oci_layout(archive, document)
        if entry.get("platform", {}).get("os") != "unknown":  # "unknown" marks statements about the build
            return Layout(_blob(document["config"]), tuple(map(_blob, document["layers"])))
    raise CannotLook("The exported image's index names no image")


def _blob(descriptor: Any) -> str:
    return "blobs/" + str(descriptor["digest"]).replace(":", "/")


def _read_json(archive: tarfile.TarFile, name: str) -> Any:
    member = archive.extractfile(name)
    if member is None:
        raise CannotLook(f"The exported image holds {name}, but not as a file")
    return json.load(member)


def _configuration(content: Any) -> ImageConfiguration:
    history = tuple(step.get("created_by", "") for step in content.get("history") or ())
    environment = tuple((content.get("config") or {}).get("Env") or ())
    return ImageConfiguration(environment, history, content.get("architecture", ""))
