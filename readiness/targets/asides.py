"""Volumes of our own on an engine: a copy of what a service keeps, which may be broken without harm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from readiness.core.errors import CannotLook
from readiness.core.waiting import clock
from readiness.targets.asking import already_gone, asking
from readiness.targets.facts import Ran

OURS = {"readiness.project": "harness"}
HERE = "/aside"
PATIENCE = 300


class Asides:
    """The part of an engine's adapter that deals with them."""

    _api: Any
    _inspected: Callable[[str], Mapping[str, Any]]

    def keep_aside(self, replica_id: str, path: str, name: str) -> None:
        """Copy what lies at `path` of a container. CannotLook where that is no volume, or a volume of that name is there."""
        facts = self._inspected(replica_id)
        sources = [
            each["Name"]
            for each in facts["Mounts"]
            if each["Destination"] == path and each["Type"] == "volume"
        ]
        if not sources:
            raise CannotLook(f"{path} of container {replica_id[:12]} is no volume, so it cannot be copied")
        with asking(f"make the volume {name}"):
            if self._api.volumes(filters={"name": f"^{name}$"})["Volumes"]:
                raise CannotLook(f"there is a volume {name} already; remove it first")
            self._api.create_volume(name, labels=OURS)
        binds = [f"{sources[0]}:/original:ro", f"{name}:{HERE}"]
        ran = self._run_once(facts["Image"], ["cp", "-a", "/original/.", HERE], binds)
        if ran.exit_code != 0:
            raise CannotLook(f"volume {sources[0]} could not be copied: {ran.output[-300:]}")

    def change_aside(self, name: str, image: str, argv: Sequence[str]) -> Ran:
        """Run a command over a volume of our own."""
        return self._run_once(image, argv, [f"{name}:{HERE}"])

    def remove_aside(self, name: str) -> None:
        """Remove it, if it carries our label."""
        with asking(f"remove volume {name}"), already_gone():
            if self._api.inspect_volume(name).get("Labels") != OURS:
                raise CannotLook(f"volume {name} was not made by the specification, so it is not removed")
            self._api.remove_volume(name, force=True)

    def _run_once(self, image: str, argv: Sequence[str], binds: Sequence[str]) -> Ran:
        began = clock()
        with asking(f"run {argv[0]!r} over a volume"):
            made = self._api.create_container(
                image, entrypoint=list(argv), user="0", labels=OURS,
                host_config=self._api.create_host_config(binds=list(binds), network_mode="none"),
            )["Id"]  # fmt: skip
            try:
                self._api.start(made)
                code = self._api.wait(made, timeout=PATIENCE)["StatusCode"]
                output = self._api.logs(made).decode("utf-8", "replace")
            finally:
                self._api.remove_container(made, force=True, v=True)
        return Ran(code, output, clock() - began)
