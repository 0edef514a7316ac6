"""Copies on trial and rollouts on Swarm: a service of the stack with some of its settings and secrets changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from readiness.core.errors import CannotLook
from readiness.targets.asking import already_gone, asking
from readiness.targets.engine import LABEL, OURS
from readiness.targets.engine_facts import is_volume, unix_seconds
from readiness.targets.platform import TrialEnd
from readiness.targets.swarm_facts import KEPT_OF_CONTAINER, KEPT_OF_TASK
from readiness.targets.swarm_writings import writings_of

Facts = Mapping[str, Any]

SECRETS = "/run/secrets/"
LAST_LINES = 50
ENDED = frozenset({"complete", "failed", "rejected", "shutdown"})


class SwarmTrials:
    """The part of the Swarm adapter that changes what services are told."""

    _api: Any
    _stack: str
    _declared: Callable[[str], dict[str, Any]]
    _change: Callable[[str, str, Callable[[dict[str, Any]], None]], None]
    _tasks: Callable[[str], list[dict[str, Any]]]
    _container_of: Callable[[Facts], Facts | None]
    logs: Callable[[str, int], str]

    def settings(self, service: str) -> Mapping[str, str]:
        """The environment of a service's declaration."""
        return environment_of(self._declared(service)["Spec"])

    def writings(self) -> Iterator[tuple[str, str]]:
        """What Swarm has in writing about the stack."""
        return writings_of(self._api, self._stack)

    def change_settings(self, service: str, settings: Mapping[str, str | None]) -> None:
        """Update the environment of a service's declaration, and nothing else."""

        def change(spec: dict[str, Any]) -> None:
            container = spec["TaskTemplate"]["ContainerSpec"]
            container["Env"] = changed_environment(container.get("Env") or (), settings)

        self._change(service, f"change the settings {', '.join(settings)} of {service}", change)

    def change_image(self, service: str, image: str) -> None:
        """Update the image of a service's declaration, and nothing else."""

        def change(spec: dict[str, Any]) -> None:
            spec["TaskTemplate"]["ContainerSpec"]["Image"] = image

        self._change(service, f"roll out {image} as {service}", change)

    def update_state(self, service: str) -> str:
        """The state of the last update as Swarm names it."""
        return str((self._declared(service).get("UpdateStatus") or {}).get("State", ""))

    def start_clone(self, service: str, name: str, argv: Sequence[str], *, volume: str = "") -> None:
        """Start a one-copy service from a service's image, limits and restart policy that runs `argv` alone."""
        template = self._declared(service)["Spec"]["TaskTemplate"]
        original = template["ContainerSpec"]
        container = {key: original[key] for key in KEPT_OF_CONTAINER if key in original}
        container |= {"Command": list(argv), "Healthcheck": {"Test": ["NONE"]}}
        if volume:
            container["Mounts"] = [{"Type": "volume", "Target": volume}]
        self._start_our_own(
            service,
            name,
            {key: template[key] for key in KEPT_OF_TASK if key in template},
            container,
        )

    def start_sibling(self, service: str, name: str, *, same_volumes: bool = False) -> None:
        """Start a one-copy service like another, under no alias that visitors know, each volume empty and its own or the same."""
        template = self._declared(service)["Spec"]["TaskTemplate"]
        original = template["ContainerSpec"]
        mounts = [
            {"Type": "volume", "Target": mount["Target"]} if is_volume(mount) and not same_volumes else mount
            for mount in original.get("Mounts") or ()
        ]
        networks = [{"Target": network["Target"]} for network in template.get("Networks") or ()]
        self._start_our_own(service, name, {**template, "Networks": networks}, {**original, "Mounts": mounts})

    def _start_our_own(self, service: str, name: str, task: Facts, container: Facts) -> None:
        template, spec = (
            {**task, "ContainerSpec": {**container, "Labels": OURS}},
            self._declared(service)["Spec"],
        )
        with asking(f"start a copy of service {service} of our own"):
            self._api.create_service(
                template,
                name=name,
                labels=OURS,
                mode={"Replicated": {"Replicas": 1}},
                update_config=spec.get("UpdateConfig"),
                rollback_config=spec.get("RollbackConfig"),
            )

    def start_trial(
        self,
        service: str,
        name: str,
        settings: Mapping[str, str | None],
        secrets: Mapping[str, bytes | None],
    ) -> None:
        """A service of one copy, whose secrets are secrets of Swarm as the original's are."""
        template = self._declared(service)["Spec"]["TaskTemplate"]
        container = {**template["ContainerSpec"], "Labels": OURS}
        container["Env"] = changed_environment(container.get("Env") or (), settings)
        container["Secrets"] = self._trial_secrets(name, container.get("Secrets") or (), secrets)
        container["Mounts"] = [
            {"Type": "volume", "Target": mount["Target"]} if is_volume(mount) else mount
            for mount in container.get("Mounts") or ()
        ]
        networks = [{"Target": each["Target"]} for each in template.get("Networks") or ()]
        task = {
            **template,
            "ContainerSpec": container,
            "Networks": networks,
            "RestartPolicy": {"Condition": "none"},
        }
        with asking(f"start a copy of service {service} on trial"):
            self._api.create_service(task, name=name, labels=OURS, mode={"Replicated": {"Replicas": 1}})

    def _trial_secrets(
        self, name: str, declared: Sequence[Facts], changes: Mapping[str, bytes | None]
    ) -> list[Facts]:
        known = {path_of(each): each for each in declared}
        if changes and not known:
            raise CannotLook("the service has no secret, so it is not known for whom another one would be")
        kept: list[Facts] = [each for path, each in known.items() if path not in changes]
        for number, (path, content) in enumerate(changes.items()):
            if content is None:
                continue
            like = known.get(path, declared[0])
            secret = f"{name}-{number}"
            with asking("make a secret for a trial"):
                made = self._api.create_secret(secret, content, labels=OURS)
            file = {**like["File"], "Name": path.removeprefix(SECRETS)}
            kept.append({**like, "File": file, "SecretID": made["ID"], "SecretName": secret})
        return kept

    def trial_end(self, name: str) -> TrialEnd | None:
        """From the one task of the trial's service, and its container."""
        for task in self._tasks(name):
            if task["Status"]["State"] not in ENDED:
                continue
            container = self._container_of(task)
            if container is None or not container["State"].get("StartedAt", "").startswith("2"):
                return TrialEnd(None, 0.0, str(task["Status"].get("Err", "")))
            state = container["State"]
            # Of a very short life the engine notes the start after the end.
            seconds = max(0.0, unix_seconds(state["FinishedAt"]) - unix_seconds(state["StartedAt"]))
            return TrialEnd(state["ExitCode"], seconds, self.logs(container["Id"], LAST_LINES))
        return None

    def remove_trial(self, name: str) -> None:
        """Remove service and secrets, as far as they carry our own label."""
        with asking(f"remove service {name}"), already_gone():
            found = self._api.inspect_service(name)
            if found["Spec"].get("Labels", {}).get(LABEL) != OURS[LABEL]:
                raise CannotLook(f"service {name} was not made by the specification, so it is not removed")
            self._api.remove_service(found["ID"])
        with asking(f"remove the secrets of {name}"):
            mine = self._api.secrets(filters={"name": f"{name}-", "label": [f"{LABEL}={OURS[LABEL]}"]})
            for each in mine:
                with already_gone():
                    self._api.remove_secret(each["ID"])


def environment_of(spec: Facts) -> Mapping[str, str]:
    """The settings of a service's specification."""
    declared = spec["TaskTemplate"]["ContainerSpec"].get("Env") or ()
    return dict(each.split("=", 1) for each in declared if "=" in each)


def changed_environment(declared: Sequence[str], changes: Mapping[str, str | None]) -> list[str]:
    """The list of NAME=value with some of them changed in their place, taken away (None), or added at the end."""
    kept = [
        each if (name := each.partition("=")[0]) not in changes else f"{name}={changes[name]}"
        for each in declared
        if changes.get(each.partition("=")[0], "") is not None
    ]
    there = {each.partition("=")[0] for each in declared}
    return kept + [
        f"{name}={value}" for name, value in changes.items() if name not in there and value is not None
    ]


def path_of(secret: Facts) -> str:
    """Where a secret of a service's declaration is mounted."""
    name = str(secret["File"]["Name"])
    return name if name.startswith("/") else f"{SECRETS}{name}"
