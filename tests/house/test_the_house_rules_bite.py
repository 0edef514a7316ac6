"""Each home-made house rule catches what it is for and leaves alone what only looks like it."""

from __future__ import annotations

import pytest

from tests.house.test_code import (
    MACHINE_PATH,
    PACKAGE_HOST,
    PINNED,
    requirements,
    silenced_without_reason,
    sleeps,
)
from tests.house.test_rooms import imported


@pytest.mark.parametrize(
    "line", ["import time; time.sleep(1)", "from time import sleep", "await asyncio.sleep(1)"]
)
def test_sleeps_are_seen(line: str) -> None:
    text = f"import asyncio\nasync def f():\n    {line}\n"
    assert sleeps(text) == [3]


@pytest.mark.parametrize(
    "remark", ["type: ignore", "type: ignore[attr-defined]", "noqa", "noqa: E501", "type: ignore # why"]
)
def test_silencing_without_code_and_reason_is_seen(remark: str) -> None:
    assert silenced_without_reason(f"x = 1  # {remark}")


@pytest.mark.parametrize(
    "remark",
    [
        "type: ignore[attr-defined]  # behave has no types",
        "noqa: S101  # a test asserts",
        "noqa: S101 - as before",
    ],
)
def test_silencing_with_code_and_reason_is_allowed(remark: str) -> None:
    assert not silenced_without_reason(f"x = 1  # {remark}")


@pytest.mark.parametrize("asked", ["requests", "requests>=2", "requests~=2.0", "requests==2.*"])
def test_loose_requirements_are_seen(asked: str) -> None:
    assert not all(PINNED.fullmatch(line) for line in requirements(asked))


def test_comments_options_and_hashes_are_no_requirements() -> None:
    text = (
        "# why\n-r other.txt\nuvicorn[standard]==0.30.1 \\\n    --hash=sha256:abc\nrequests==2.34.2  # http\n"
    )
    assert requirements(text) == ["uvicorn[standard]==0.30.1", "requests==2.34.2"]
    assert all(PINNED.fullmatch(line) for line in requirements(text))


@pytest.mark.parametrize("first", ["deb", "security", "registry-1", "registry", "files", "archive"])
def test_hosts_of_registries_are_seen(first: str) -> None:
    host = ".".join((first, "example", "org"))
    assert PACKAGE_HOST.search(f"FROM https://{host}/x")


@pytest.mark.parametrize(
    "text",
    ["registry.py is a file", "the security of an org", "target.packages.all", "http://localhost:8080"],
)
def test_words_that_only_look_like_hosts_are_left_alone(text: str) -> None:
    assert not PACKAGE_HOST.search(text)


@pytest.mark.parametrize("top", ["home", "work", "Users"])
def test_paths_of_machines_are_seen(top: str) -> None:
    assert MACHINE_PATH.search(f"cd /{top}/ann/project")


@pytest.mark.parametrize(
    "text", ["see docs/work/plan", "/var/lib/whoop", "/".join(("", "root", ".ssh")), "https://host/home/page"]
)
def test_other_paths_are_left_alone(text: str) -> None:
    assert not MACHINE_PATH.search(text)


def test_imports_are_seen_wherever_they_stand() -> None:
    text = "import a.b\nfrom c.d import e\ndef f():\n    from g import h\nfrom . import i\n"
    assert sorted(imported(text)) == ["a", "c", "g"]
