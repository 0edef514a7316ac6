"""Which capabilities a target offers, found out once per run, with the true reason where it does not."""

from __future__ import annotations

from collections.abc import Callable

from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.drills.exposure import exposure_of
from readiness.drills.renewal import certificates_of
from readiness.scanners.choice import require_scanner
from readiness.targets.capabilities import KNOWN
from readiness.targets.target import Target


def _door(target: Target) -> None:
    ready = target.profile.door.ready
    answer = target.door.ask("GET", ready.path, timeout=target.profile.patience.answer)
    if answer.status != ready.status:
        seen = answer.error or f"status {answer.status}"
        raise CapabilityMissing(
            f"The front door {target.door.url}{ready.path} does not answer as it should: {seen}, required {ready.status}."
        )


def _containers(target: Target) -> None:
    target.platform.services()


def _image_build(target: Target) -> None:
    build = target.profile.service.build
    if build is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how the image is built (service.build)."
        )
    if not (build.context / build.dockerfile).is_file():
        raise CapabilityMissing(
            f"The sources of the image are not here: {build.context / build.dockerfile} is missing."
        )
    target.procedure("build")


def _advisories(target: Target) -> None:
    require_scanner(target.profile.scanner)


def _environments(target: Target) -> None:
    if target.profile.environments is None:
        raise CapabilityMissing(
            f"The profile of {target.name} names no environment beside production (environments)."
        )


def _connections(target: Target) -> None:
    if target.profile.connections is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say which part may talk to which (connections)."
        )


def _routing(target: Target) -> None:
    if target.profile.routing is None:
        raise CapabilityMissing(f"The profile of {target.name} does not name the published routes (routing).")


def _certificates(target: Target) -> None:
    certificates_of(target)


def _exposure(target: Target) -> None:
    exposure_of(target)


def _metrics(target: Target) -> None:
    target.metrics.rules()


LOOKS: dict[str, Callable[[Target], None]] = {
    "door": _door,
    "containers": _containers,
    "image_build": _image_build,
    "environments": _environments,
    "connections": _connections,
    "routing": _routing,
    "certificates": _certificates,
    "exposure": _exposure,
    "metrics": _metrics,
    "advisories": _advisories,
}
assert LOOKS.keys() == KNOWN.keys(), "every known capability is looked for"


class Capabilities:
    """What one target offers; each capability is looked for when it is first asked for."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._missing: dict[str, str] = {}

    def missing(self, name: str) -> str:
        """Why the target does not offer the capability; "" when it does. KeyError for a name that is not known."""
        if name not in self._missing:
            self._missing[name] = self._look(name)
        return self._missing[name]

    def _look(self, name: str) -> str:
        try:
            LOOKS[name](self._target)
        except CannotLook as reason:
            return str(reason)
        return ""
