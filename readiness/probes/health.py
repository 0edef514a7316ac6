"""The health check of the service under acceptance, as it is in force."""

from __future__ import annotations

from readiness.core.errors import CannotLook
from readiness.targets.platform import HealthCheck
from readiness.targets.target import Target


def health_check_in_force(target: Target) -> HealthCheck:
    """The health check; CannotLook when it may take longer to notice something than we have the patience to look."""
    service, patience = target.profile.service.name, target.profile.patience.change
    check = target.platform.health_check(service)
    if check.detection_seconds > patience:
        raise CannotLook(
            f"the health check of service {service} may take {check.detection_seconds:.0f} s to notice something, and we look "
            f"for {patience:.0f} s. Let it look more often, or raise patience.change in the profile of {target.name}."
        )
    return check
