"""What a copy of a stack shares with it, and what it must not."""

from __future__ import annotations

from typing import Any

import pytest

from readiness.core.errors import CannotLook
from readiness.targets.swarm_copy import copied_mount, copied_template, refuse_strangers

LABELS = {"readiness.project": "harness", "com.docker.stack.namespace": "copy"}
TEMPLATE = {
    "ContainerSpec": {
        "Image": "shop:1",
        "Env": ["DATABASE_HOST=keeper"],
        "Labels": {"com.docker.stack.namespace": "shop"},
        "Secrets": [{"SecretID": "s1"}],
        "Mounts": [
            {
                "Type": "volume",
                "Source": "shop_goods",
                "Target": "/goods",
                "VolumeOptions": {"DriverConfig": {"Name": "nfs"}},
            }
        ],
    },
    "RestartPolicy": {"MaxAttempts": 3},
    "Networks": [{"Target": "n1", "Aliases": ["shop"]}],
}


def test_what_cannot_be_changed_is_shared_and_all_else_is_its_own() -> None:
    copy = copied_template(TEMPLATE, "copy", LABELS, {"n1": "m1"})
    container = copy["ContainerSpec"]
    assert copy["RestartPolicy"] == {"MaxAttempts": 3}
    assert (container["Image"], container["Env"], container["Secrets"]) == (
        "shop:1",
        ["DATABASE_HOST=keeper"],
        [{"SecretID": "s1"}],
    )
    assert copy["Networks"] == [{"Target": "m1", "Aliases": ["shop"]}]
    assert container["Labels"] == LABELS
    assert container["Mounts"] == [
        {
            "Type": "volume",
            "Source": "copy_shop_goods",
            "Target": "/goods",
            "VolumeOptions": {"Labels": LABELS},
        }
    ]
    assert TEMPLATE["ContainerSpec"]["Labels"] == {"com.docker.stack.namespace": "shop"}, (
        "the stack's is untouched"
    )


@pytest.mark.parametrize(
    ("mount", "source"),
    [
        ({"Type": "volume", "Target": "/var/cache/shop"}, "copy_var-cache-shop"),
        ({"Type": "bind", "Source": "/srv/goods", "Target": "/goods"}, "copy_srv-goods"),
        (
            {"Type": "volume", "Source": "goods.{{.Task.Slot}}", "Target": "/goods"},
            "copy_goods.{{.Task.Slot}}",
        ),
    ],
)
def test_whatever_could_be_written_becomes_an_empty_volume_of_its_own(
    mount: dict[str, Any], source: str
) -> None:
    copied = copied_mount(mount, "copy", LABELS)
    assert (copied["Type"], copied["Source"], copied["Target"]) == ("volume", source, mount["Target"])


@pytest.mark.parametrize(
    "mount",
    [
        {"Type": "tmpfs", "Target": "/tmp"},
        {"Type": "bind", "Source": "/etc/ssl", "Target": "/etc/ssl", "ReadOnly": True},
    ],
)
def test_what_is_empty_or_only_read_stays(mount: dict[str, Any]) -> None:
    assert copied_mount(mount, "copy", LABELS) == mount


@pytest.mark.parametrize(
    "mount",
    [
        {"Type": "bind", "Source": "/var/run/docker.sock", "Target": "/engine", "ReadOnly": True},
        {"Type": "cluster", "Source": "shared", "Target": "/goods"},
    ],
)
def test_a_service_with_a_hand_on_the_machine_is_not_copied(mount: dict[str, Any]) -> None:
    with pytest.raises(CannotLook, match="a copy of it must not have"):
        refuse_strangers({"shop": {"TaskTemplate": {"ContainerSpec": {"Mounts": [mount]}}}})
