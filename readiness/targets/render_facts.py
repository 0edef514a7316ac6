"""What Render's API says of a service, in the words of `readiness.core.deployments`. Pure: nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readiness.config.blueprint import VARIABLE, same_path
from readiness.config.notations import mark
from readiness.core.deployments import Bounds, Part
from readiness.targets import render_models as models

PATHS = ("dockerfilePath", "dockerContext")


def part_of(
    service: models.Service,
    own: Sequence[models.EnvVar],
    of_groups: Sequence[models.EnvVar],
    instances: Sequence[models.Instance],
) -> Part:
    """A service as it runs: its own variables go before those of its groups, as Render has it.

    Which of their values are secrets is not told, so none is shown: each is a mark, to be compared with another.
    """
    variables = {each.key: each.value for each in (*of_groups, *own)}
    details = service.service_details
    return Part(
        name=service.name,
        kind=models.KINDS.get(service.type, "service"),
        image=service.image_path,
        plan=details.plan,
        region=details.region,
        health_path=details.health_check_path,
        copies=0 if service.suspended == "suspended" else len(instances),
        bounds=bounds_of(details.autoscaling),
        settings=dict(_settings(service))
        | {f"{VARIABLE}{key}": mark(value) for key, value in variables.items()},
        secrets={key: bool(value.strip()) for key, value in variables.items()},
    )


def bounds_of(autoscaling: models.Autoscaling | None) -> Bounds | None:
    """The autoscaler's bounds, None where it is off."""
    if autoscaling is None or not autoscaling.enabled:
        return None
    criteria = autoscaling.criteria
    return Bounds(
        autoscaling.min,
        autoscaling.max,
        criteria.cpu.percentage if criteria.cpu.enabled else None,
        criteria.memory.percentage if criteria.memory.enabled else None,
    )


def _settings(service: models.Service) -> Iterator[tuple[str, str]]:
    details = service.service_details
    yield "automatic releases", "no" if service.auto_deploy == "no" else "yes"
    yield "runtime", details.runtime or details.env
    if details.max_shutdown_delay_seconds is not None:
        yield "time to shut down", f"{details.max_shutdown_delay_seconds} s"
    if details.schedule:
        yield "schedule", details.schedule
    if details.disk:
        yield "disk", f"{details.disk.name} at {details.disk.mount_path}, {details.disk.size_gb} GB"
    for name, value in details.env_specific_details.items():
        if isinstance(value, str) and value:
            yield name, same_path(value) if name in PATHS else " ".join(value.split())
