"""Where a container's files lie, and what it wrote beside its mounts, on what a kernel and an engine say."""

from __future__ import annotations

import pytest

from readiness.targets.stores import mount_points, own_changes, store_of

TABLE = r"""
2095 2295 0:590 / / ro,relatime master:87 - overlay overlay rw,lowerdir=/l
2727 2095 0:624 / /tmp rw,nosuid - tmpfs tmpfs rw,size=65536k
2845 2095 254:0 /volumes/goods/_data /var/lib/shop rw,relatime master:6 - ext4 /dev/vda rw
2846 2095 0:599 /x /run/secrets/door\040key ro,relatime - tmpfs tmpfs ro
"""
POINTS = mount_points(TABLE)
ANONYMOUS = "f" * 64
GOODS = {"Type": "volume", "Name": "goods", "Source": "/volumes/goods/_data", "Destination": "/var/lib/shop"}
DECLARED = {"Type": "volume", "Source": "goods", "Target": "/var/lib/shop"}


def test_every_mount_is_known_by_its_path_and_kind() -> None:
    assert POINTS == {
        "/": "overlay",
        "/tmp": "tmpfs",
        "/var/lib/shop": "ext4",
        "/run/secrets/door key": "tmpfs",
    }


def test_a_volume_that_the_service_declares_outlives_the_container() -> None:
    store = store_of("/var/lib/shop/15/main", POINTS, [GOODS], [DECLARED])
    assert (store.kind, store.name, store.outlives) == ("a volume", "goods", True)


@pytest.mark.parametrize(
    ("path", "mount", "declared", "kind"),
    [
        ("/var/lib/other", GOODS, DECLARED, "the container's own layer"),
        ("/var/lib/shopping", GOODS, DECLARED, "the container's own layer"),
        ("/tmp/data", GOODS, DECLARED, "memory"),
        ("/var/lib/shop", {**GOODS, "Name": ANONYMOUS}, {**DECLARED, "Source": ""}, "an anonymous volume"),
        (
            "/var/lib/shop",
            {**GOODS, "Name": "shop.1.x"},
            {**DECLARED, "Source": "{{.Task.Name}}"},
            "a volume",
        ),
        ("/var/lib/shop", {**GOODS, "Name": ANONYMOUS}, {}, "an anonymous volume"),
    ],
)
def test_whatever_the_next_copy_is_not_given_does_not_outlive_this_one(
    path: str, mount: dict[str, str], declared: dict[str, str], kind: str
) -> None:
    store = store_of(path, POINTS, [mount], [declared])
    assert (store.kind, store.outlives) == (kind, False)


def test_a_volume_in_memory_is_memory() -> None:
    points = {**POINTS, "/var/lib/shop": "tmpfs"}
    assert not store_of("/var/lib/shop", points, [GOODS], [DECLARED]).outlives


def test_what_the_engine_makes_for_mounts_is_no_change_of_the_container() -> None:
    paths = ("/run", "/run/secrets", "/run/secrets/door key", "/var", "/var/tmp", "/var/tmp/started", "/tmp")
    changes = [{"Path": path, "Kind": 0} for path in paths]
    assert own_changes(changes, POINTS) == ("/var/tmp/started",)


def test_a_file_that_was_removed_is_a_change() -> None:
    assert own_changes([{"Path": "/etc/motd", "Kind": 2}], POINTS) == ("/etc/motd",)
