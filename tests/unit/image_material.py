"""Images made in memory for tests: layers of files, deletions, both archive layouts."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence

from readiness.probes.image_archive import ImageArchive, keep_archive

Layer = Mapping[str, str | bytes]
ELF = b"\x7fELF" + bytes(60)
PEM = "-----BEGIN {kind}PRIVATE KEY-----\n" + "A" * 64 + "\n-----END {kind}PRIVATE KEY-----\n"


def tar_of(files: Layer) -> bytes:
    """A tar file; a path whose text begins with -> is a hard link to the path after it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            if isinstance(content, str) and content.startswith("->"):
                member.type, member.linkname = tarfile.LNKTYPE, content[2:]
                tar.addfile(member)
                continue
            body = content.encode() if isinstance(content, str) else content
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return buffer.getvalue()


def docker_archive(
    *layers: Layer, environment: Sequence[str] = (), history: Sequence[str] = ()
) -> ImageArchive:
    """An image as `docker save` writes it."""
    blobs = [tar_of(layer) for layer in layers]
    names = [f"{number}/layer.tar" for number in range(len(blobs))]
    members = dict(zip(names, blobs, strict=True))
    members["config.json"] = _configuration(blobs, environment, history)
    members["manifest.json"] = json.dumps([{"Config": "config.json", "Layers": names}]).encode()
    return keep_archive([tar_of(members)])


def oci_archive(*layers: Layer) -> ImageArchive:
    """An image in an OCI layout with compressed layers, behind an index that also holds a statement about the build."""
    blobs = [tar_of(layer) for layer in layers]
    members: dict[str, bytes] = {}
    configuration = _blob(members, _configuration(blobs, (), ()))
    packed = [_blob(members, gzip.compress(blob)) for blob in blobs]
    manifest = _blob(members, json.dumps({"config": configuration, "layers": packed}).encode())
    statement = _blob(members, json.dumps({"config": configuration, "layers": []}).encode())
    statement["platform"] = {"os": "unknown", "architecture": "unknown"}
    inner = _blob(members, json.dumps({"manifests": [statement, manifest]}).encode())
    members["index.json"] = json.dumps({"manifests": [inner]}).encode()
    return keep_archive([tar_of(members)])


def dpkg_record(name: str, version: str, **fields: str) -> str:
    """One package in the words of dpkg."""
    more = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n{more}\n"


def _blob(members: dict[str, bytes], content: bytes) -> dict[str, object]:
    digest = hashlib.sha256(content).hexdigest()
    members[f"blobs/sha256/{digest}"] = content
    return {"digest": f"sha256:{digest}"}


def _configuration(blobs: list[bytes], environment: Sequence[str], history: Sequence[str]) -> bytes:
    return json.dumps(
        {
            "architecture": "amd64",
            "config": {"Env": list(environment)},
            "history": [{"created_by": command} for command in history],
            "rootfs": {"diff_ids": ["sha256:" + hashlib.sha256(blob).hexdigest() for blob in blobs]},
        }
    ).encode()
