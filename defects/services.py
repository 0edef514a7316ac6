"""The services of the stack as the engine keeps them: changed as an operator would, and brought back to what they were."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import docker
import requests

from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.targets.procedures import run_command

Spec = Mapping[str, Any]
ALL_AT_ONCE = {"Parallelism": 0, "Delay": 0, "Monitor": 1_000_000_000, "FailureAction": "continue"}
NOT_OF_A_TASK = ("Runtime", "Placement")  # a task does not repeat the one, and is not renewed for the other
GONE = ("complete", "shutdown", "failed", "rejected", "remove", "orphaned")


class Services(Protocol):
    """What seeding needs of a platform's services, by their full names."""

    def spec(self, service: str) -> Spec | None: ...

    def update(self, service: str, args: Iterable[str]) -> None: ...

    def bring_to(self, service: str, spec: Spec) -> None: ...

    def take_copy_off(self, service: str, network: str) -> None: ...

    def remove_images(self, repository: str) -> None: ...


class SwarmServices:
    """Services of one Swarm by their full names. `patience`: seconds that a change may need to show; `engine`: the address of a
    manager's engine, this machine's where it is "".
    """

    def __init__(self, patience: float, engine: str = "") -> None:
        self._patience = patience
        self._environment = {"DOCKER_HOST": engine} if engine else {}

    @cached_property
    def _api(self) -> Any:
        """The engine's own API, contacted when it is first asked for."""
        try:
            return docker.from_env(environment={**os.environ, **self._environment}).api
        except docker.errors.DockerException as error:
            raise CannotLook(f"the container engine does not answer, is it running? {error}") from error

    def spec(self, service: str) -> Spec | None:
        """The whole specification of a service as the engine has it; None where there is no such service."""
        found = self._found(service)
        return None if found is None else found["Spec"]

    def update(self, service: str, args: Iterable[str]) -> None:
        """Change a service by `docker service update` and wait until every copy runs as it says."""
        argv = ["docker", "service", "update", "--quiet", "--detach", *args, service]
        ran = run_command(argv, folder=Path.cwd(), timeout=self._patience, environment=self._environment)
        changed = self.spec(service)
        if ran.exit_code != 0 or changed is None:
            raise CannotLook(f"{' '.join(argv)}: {ran.output.strip()}")
        self.bring_to(service, changed)

    def bring_to(self, service: str, spec: Spec) -> None:
        """Give a service exactly this specification, all copies at once instead of one by one, and wait for them.

        A service that is no more is left alone. CannotLook when the copies do not come up in time.
        """
        if self.spec(service) is None:
            return
        self._post(service, {**spec, "UpdateConfig": {**(spec.get("UpdateConfig") or {}), **ALL_AT_ONCE}})
        waited = wait_until(
            lambda: self._unsettled(service, spec), lambda off: not off, patience=self._patience, every=0.5
        )
        self._post(service, spec)
        if not waited.happened:
            raise CannotLook(f"service {service}: not as wanted after {waited.seconds:.0f} s: {waited.last}")

    def take_copy_off(self, service: str, network: str) -> None:
        """Take one running copy of a service off a network. The platform does not notice, and starts nothing anew."""
        tasks = self._api.tasks(filters={"service": service, "desired-state": "running"})
        try:
            container = tasks[0]["Status"]["ContainerStatus"]["ContainerID"]
            self._api.disconnect_container_from_network(container, network)
        except (LookupError, docker.errors.APIError) as error:
            raise CannotLook(f"no copy of {service} can be taken off network {network}: {error}") from error

    def remove_images(self, repository: str) -> None:
        """Remove every tag of a repository."""
        for image in self._api.images(name=repository):
            for tag in image["RepoTags"] or ():
                self._api.remove_image(tag, force=True)

    def _found(self, service: str) -> dict[str, Any] | None:
        try:
            return self._api.inspect_service(service)  # type: ignore[no-any-return]  # the stubs know no shape
        except docker.errors.NotFound:
            return None
        except (docker.errors.APIError, requests.RequestException) as error:
            raise CannotLook(f"the engine does not tell about service {service}: {error}") from error

    def _post(self, service: str, spec: Spec) -> None:
        """The engine's own update call: the SDK's would make a new specification of the parts that it knows."""
        answer = wait_until(
            lambda: self._try_post(service, spec), lambda said: said != "out of sequence", patience=30.0
        )
        if answer.last:
            raise CannotLook(f"service {service}: the engine refuses its specification: {answer.last}")

    def _try_post(self, service: str, spec: Spec) -> str:
        """ "" when accepted; "out of sequence" when Swarm itself changed the service in between, so that we try again."""
        found = self._found(service)
        if found is None:
            return "there is no such service"
        url = f"{self._api.base_url}/v{self._api.api_version}/services/{found['ID']}/update"
        answer = self._api.post(url, params={"version": found["Version"]["Index"]}, json=spec)
        if answer.ok:
            return ""
        return "out of sequence" if "out of sequence" in answer.text else str(answer.text)

    def _unsettled(self, service: str, spec: Spec) -> str:
        now = self.spec(service) or {}
        if now.get("TaskTemplate") != spec["TaskTemplate"]:
            return "the platform took the change back"
        return unsettled(spec, self._api.tasks(filters={"service": service}))


def unsettled(spec: Spec, tasks: Iterable[Mapping[str, Any]]) -> str:
    """What is not yet as wanted, in words; "" when all copies run as `spec` says and no other is left."""
    meant = [task for task in tasks if task["DesiredState"] == "running"]
    leaving = [task for task in tasks if task not in meant and task["Status"]["State"] not in GONE]
    running = [task for task in meant if task["Status"]["State"] == "running" and _runs_as(spec, task)]
    copies = spec["Mode"].get("Replicated", {}).get("Replicas", len(meant))
    if len(running) == len(meant) == copies and not leaving:
        return ""
    others = {
        str(task["Status"].get("Err") or task["Status"]["State"]) for task in meant if task not in running
    }
    words = "".join(f"; {other}" for other in sorted(others))
    return (
        f"{len(running)} of {copies} copies run as wanted, {len(leaving)} former ones are still there{words}"
    )


def _runs_as(spec: Spec, task: Mapping[str, Any]) -> bool:
    template, own = spec["TaskTemplate"], task["Spec"]
    return all(own.get(key) == template.get(key) for key in {*own, *template} if key not in NOT_OF_A_TASK)
