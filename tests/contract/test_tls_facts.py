"""The facts of the encrypted door are those that testssl.sh (Debian) finds at the same place."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from readiness.probes.bad_door import bad_door
from readiness.probes.encryption import PROTOCOLS, WEAKNESSES, Encryption, encryption_at
from readiness.targets.wire import Wire

TESTSSL = shutil.which("testssl") or shutil.which("testssl.sh")
THEIR_NAMES = {
    "SSLv2": "SSL 2.0",
    "SSLv3": "SSL 3.0",
    "TLS1": "TLS 1.0",
    "TLS1_1": "TLS 1.1",
    "TLS1_2": "TLS 1.2",
    "TLS1_3": "TLS 1.3",
}
pytestmark = pytest.mark.skipif(
    TESTSSL is None, reason="testssl.sh is not installed (Debian: apt-get install testssl.sh)"
)


def seen_by_testssl(wire: Wire, folder: Path) -> dict[str, str]:
    """The finding of each of its looks, by its id."""
    file = folder / "testssl.json"
    options = ["--quiet", "--warnings", "off", "--ip", wire.address, "--jsonfile", str(file)]
    looks = ["--protocols", "--server-defaults"]
    subprocess.run(
        [str(TESTSSL), *options, *looks, f"{wire.host}:{wire.port}"],
        capture_output=True,
        timeout=300,
        check=False,
    )
    return {each["id"].split(" ")[0]: each["finding"] for each in json.loads(file.read_text())}


def agree(ours: Encryption, theirs: dict[str, str]) -> None:
    accepted = {protocol for protocol, _ in ours.accepted}
    offered = {THEIR_NAMES[each] for each in THEIR_NAMES if theirs.get(each, "").startswith("offered")}
    assert accepted == offered
    leaf = ours.chains[0][0]
    assert leaf.serial.lstrip("0") == theirs["cert_serialNumber"].replace(":", "").upper().lstrip("0")
    assert f"{leaf.key} {leaf.key_bits}" in theirs["cert_keySize"]


def test_testssl_sees_the_same_at_a_bad_door(tmp_path: Path) -> None:
    with bad_door() as bad:
        wire = Wire(f"https://localhost:{bad.port}", address=bad.address, ca=str(bad.ca))
        agree(encryption_at(wire, {*PROTOCOLS.values(), *WEAKNESSES}), seen_by_testssl(wire, tmp_path))


@pytest.mark.docker
def test_testssl_sees_the_same_at_the_embedded_deployments_door(tmp_path: Path) -> None:
    ca = Path(__file__).parents[2] / "reference/.state/ca.pem"
    wire = Wire("https://whoop.localhost:8443", address="127.0.0.1", ca=str(ca))
    agree(encryption_at(wire, {*PROTOCOLS.values(), *WEAKNESSES}), seen_by_testssl(wire, tmp_path))
