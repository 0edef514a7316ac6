"""The release under acceptance: whether it runs at all."""

from __future__ import annotations

from readiness.core.errors import NotSteady
from readiness.targets.target import Target


def require_running(target: Target) -> None:
    """NotSteady when the target runs no copy of the service, for then there is nothing to look at."""
    service = target.profile.service.name
    if not target.platform.replicas(service):
        raise NotSteady(f"The target {target.name} runs no copy of {service}. Bring it up, then look again.")
