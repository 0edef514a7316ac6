"""A deployment on Render, seen through its REST API. What runs inside an instance cannot be seen from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness.core.deployments import Bounds, Part, PeakMemory
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import clock
from readiness.targets import render_models as models
from readiness.targets.engine_facts import unix_seconds
from readiness.targets.platform import Replica, Service
from readiness.targets.render_api import RenderApi
from readiness.targets.render_facts import part_of

WORKING = frozenset(
    {"created", "queued", "build_in_progress", "pre_deploy_in_progress", "update_in_progress"}
)
LIVE = "live"
STALE_AFTER = 2.0  # seconds; one look asks for the same list several times
STORES: Mapping[str, tuple[str, str]] = {
    "database": ("/postgres", "postgres"),
    "cache": ("/key-value", "keyValue"),
}


class RenderPlatform:
    """The part of the platform protocol that Render's API offers; whatever else is asked for raises CapabilityMissing.

    `owner`: the workspace (tea-… or usr-…), where the account has several. `names`: the services that belong to this
    deployment. Nothing is changed unless `may_change`.
    """

    def __init__(self, api: RenderApi, names: frozenset[str], *, owner: str, may_change: bool) -> None:
        self._api = api
        self._names = names
        self._owner = {"ownerId": owner} if owner else {}
        self._may_change = may_change
        self._listed: tuple[float, tuple[models.Service, ...]] = (0.0, ())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise CapabilityMissing(
            f"Render's API has no way to {name.replace('_', ' ')}: it shows services, instances and their numbers, "
            "and does not let anybody into an instance or its image."
        )

    def services(self) -> tuple[Service, ...]:
        """The services of this deployment that are meant to run for ever."""
        return tuple(self._service(each) for each in self._all() if each.type not in models.KINDS)

    def service(self, name: str) -> Service:
        """One service as Render has it."""
        return self._service(self._found(name))

    def replicas(self, service: str) -> tuple[Replica, ...]:
        """The instances of a service that run now."""
        found = self._found(service)
        content = self._content(found)
        return tuple(
            Replica(
                id=each.id,
                service=service,
                task=each.id,
                image_id=content,
                instance=each.id,
                created=unix_seconds(each.created_at),
                running=True,
                health="",
                restarts=0,
            )
            for each in self._instances(found)
        )

    def deployment(self) -> tuple[Part, ...]:
        """Everything that Render says of the deployment's services and of the data stores of that name."""
        groups = self._groups()
        parts = [
            part_of(each, self._variables(each), groups.get(each.id, ()), self._instances(each))
            for each in self._all()
        ]
        for kind, (path, key) in STORES.items():
            parts += [
                Part(each.name, kind, plan=each.plan, region=each.region, settings={"status": each.status})
                for each in self._api.list(path, key, models.DataStore, **self._owner)
                if each.name in self._names
            ]
        return tuple(parts)

    def peak_memory(self, service: str) -> tuple[PeakMemory, ...]:
        """The largest value of each instance's memory series of the last hour; its limit is the plan's."""
        found = self._found(service)
        series = self._api.plain_list(
            "/metrics/memory", models.Series, resource=found.id, resolutionSeconds=30
        )
        return tuple(
            PeakMemory(
                service,
                each.label("instance"),
                round(max(value.value for value in each.values)),
                0,
                "one hour ago",
            )
            for each in series
            if each.values
        )

    def scale(self, service: str, copies: int) -> None:
        """Ask for a number of instances; returns at once."""
        self._change("POST", service, "scale", {"numInstances": copies})

    def autoscale(self, service: str, bounds: Bounds) -> None:
        """Set the autoscaler; a target that is None is switched off."""
        criteria = {
            name: {"enabled": value is not None, "percentage": round(value or 0)}
            for name, value in (("cpu", bounds.processor), ("memory", bounds.memory))
        }
        body = {"enabled": True, "min": bounds.least, "max": bounds.most, "criteria": criteria}
        self._change("PUT", service, "autoscaling", body)

    def renew(self, service: str) -> None:
        """Ask for every instance to be replaced by a new one of the same kind."""
        self._change("POST", service, "restart", {})

    def deploy(self, service: str, image: str) -> None:
        """Release an image of a service that is deployed from a registry."""
        self._change("POST", service, "deploys", {"imageUrl": image})

    def rollback(self, service: str) -> None:
        """Go back to the release before the live one. CannotLook where there is none."""
        deploys = self._deploys(self._found(service))
        former = next((each for each in deploys if each.status == "deactivated"), None)
        if former is None:
            raise CannotLook(f"Render remembers no release of {service} before the one that is live")
        self._change("POST", service, "rollback", {"deployId": former.id})

    def _change(self, method: str, service: str, what: str, body: Mapping[str, Any]) -> None:
        if not self._may_change:
            raise CapabilityMissing(
                f"The target does not allow disruption (profile: allows.disruption is false), so {what} of {service} "
                "is not asked of Render."
            )
        self._api.send(method, f"/services/{self._found(service).id}/{what}", body)
        self._listed = (0.0, ())

    def _all(self) -> tuple[models.Service, ...]:
        at, found = self._listed
        if not found or clock() - at > STALE_AFTER:
            listed = self._api.list("/services", "service", models.Service, **self._owner)
            found = tuple(sorted((each for each in listed if each.name in self._names), key=lambda s: s.name))
            self._listed = (clock(), found)
        return found

    def _found(self, name: str) -> models.Service:
        for each in self._all():
            if each.name == name:
                return each
        raise CannotLook(
            f"Render knows no service {name!r} in this account. Are platform.services and platform.api of the profile right?"
        )

    def _service(self, found: models.Service) -> Service:
        deploys = self._deploys(found)
        copies = found.service_details.num_instances
        return Service(
            name=found.name,
            image=found.image_path or self._content(found),
            desired=0 if found.suspended == "suspended" else 1 if copies is None else copies,
            memory_limit=0,
            cpu_limit=0.0,
            update_state="updating" if deploys and deploys[0].status in WORKING else "",
        )

    def _deploys(self, service: models.Service) -> tuple[models.Deploy, ...]:
        """Newest first."""
        return tuple(self._api.list(f"/services/{service.id}/deploys", "deploy", models.Deploy))

    def _content(self, service: models.Service) -> str:
        return next((each.content for each in self._deploys(service) if each.status == LIVE), "")

    def _instances(self, service: models.Service) -> tuple[models.Instance, ...]:
        return self._api.plain_list(f"/services/{service.id}/instances", models.Instance)

    def _variables(self, service: models.Service) -> tuple[models.EnvVar, ...]:
        return tuple(self._api.list(f"/services/{service.id}/env-vars", "envVar", models.EnvVar))

    def _groups(self) -> dict[str, tuple[models.EnvVar, ...]]:
        """Id of a service -> the variables that it gets from environment groups."""
        found: dict[str, tuple[models.EnvVar, ...]] = {}
        for each in self._api.list("/env-groups", "envGroup", models.EnvGroup, **self._owner):
            group = self._api.get(f"/env-groups/{each.id}", models.EnvGroup)
            for link in group.service_links:
                found[link.id] = (*found.get(link.id, ()), *group.env_vars)
        return found
