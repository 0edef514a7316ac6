"""Images made for the proof of a scanner: one package with a well-known hole, and one without, of each kind of package."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass

from readiness.probes.image_archive import ImageArchive, keep_archive
from readiness.probes.image_packages import Ecosystem

DEBIAN_RELEASE = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
ALPINE_RELEASE = "ID=alpine\nVERSION_ID=3.18.0\n"


@dataclass(frozen=True)
class Specimen:
    """An image with one package in it. `holed`: whether a scanner must report the package, or must not."""

    ecosystem: Ecosystem
    package: str
    version: str
    holed: bool
    image: ImageArchive


def specimens(ecosystem: Ecosystem, debian_release: str = "") -> tuple[Specimen, ...]:
    """The holed and the sound image of a kind of package. `debian_release`: the /etc/os-release of the Debian ones."""
    release = debian_release or DEBIAN_RELEASE
    match ecosystem:
        case Ecosystem.DEBIAN:
            return tuple(
                _debian(version, holed, release) for version, holed in (("3.0.1-1", True), ("99:1-1", False))
            )
        case Ecosystem.ALPINE:
            return tuple(
                _alpine(version, holed) for version, holed in (("3.0.0-r0", True), ("99.0.0-r0", False))
            )
        case Ecosystem.PYTHON:
            return tuple(
                _python(name, version, holed)
                for name, version, holed in (("urllib3", "1.26.4", True), ("six", "1.17.0", False))
            )


def image_of(files: Mapping[str, str | bytes], *, architecture: str = "amd64") -> ImageArchive:
    """An image whose one layer holds these files, in Docker's archive layout."""
    layer = _tar({path: text.encode() if isinstance(text, str) else text for path, text in files.items()})
    configuration = {
        "architecture": architecture,
        "os": "linux",
        "config": {},
        "history": [{"created_by": "made for the proof of a scanner"}],
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    }
    manifest = [{"Config": "config.json", "RepoTags": ["readiness-specimen:latest"], "Layers": ["layer.tar"]}]
    members = {
        "config.json": json.dumps(configuration).encode(),
        "layer.tar": layer,
        "manifest.json": json.dumps(manifest).encode(),
    }
    return keep_archive([_tar(members)])


def _tar(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _debian(version: str, holed: bool, release: str) -> Specimen:
    status = (
        f"Package: openssl\nStatus: install ok installed\nMaintainer: nobody\nArchitecture: amd64\n"
        f"Version: {version}\nDescription: specimen\n\n"
    )
    files = {"etc/os-release": release, "etc/debian_version": "12.0\n", "var/lib/dpkg/status": status}
    return Specimen(Ecosystem.DEBIAN, "openssl", version, holed, image_of(files))


def _alpine(version: str, holed: bool) -> Specimen:
    record = f"P:openssl\nV:{version}\nA:x86_64\no:openssl\nT:specimen\n\n"
    files = {
        "etc/os-release": ALPINE_RELEASE,
        "etc/alpine-release": "3.18.0\n",
        "lib/apk/db/installed": record,
    }
    return Specimen(Ecosystem.ALPINE, "openssl", version, holed, image_of(files))


def _python(name: str, version: str, holed: bool) -> Specimen:
    folder = f"usr/local/lib/python3.11/site-packages/{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    return Specimen(
        Ecosystem.PYTHON,
        name,
        version,
        holed,
        image_of({f"{folder}/METADATA": metadata, f"{folder}/RECORD": f"{name}.py,,\n"}),
    )
