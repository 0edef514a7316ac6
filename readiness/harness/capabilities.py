"""Which capabilities a target offers, found out once per run, with the true reason where it does not."""

from __future__ import annotations

from collections.abc import Callable

from readiness.actions.shares import shares_of
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.drills.break_in import inbox_of, watching_of
from readiness.drills.calibration import meters_of
from readiness.drills.capacity import metrics_service, warnings_of
from readiness.drills.database_trouble import database_meters_of
from readiness.drills.log_writers import logs_of
from readiness.drills.outages import availability_of
from readiness.drills.reach import reach_of
from readiness.drills.release_traffic import releases_of
from readiness.drills.renewal import certificates_of
from readiness.drills.taking_away import taking_away_of
from readiness.drills.telling import on_call_of
from readiness.probes.sizes import autoscaling_of
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


def _declaration(target: Target) -> None:
    if target.profile.declaration is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how the deployment is described (declaration)."
        )


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


def _exposure(target: Target) -> None:
    if target.profile.exposure is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what strangers may see (exposure)."
        )


def _routing(target: Target) -> None:
    if target.profile.routing is None:
        raise CapabilityMissing(f"The profile of {target.name} does not name the published routes (routing).")


def _certificates(target: Target) -> None:
    certificates_of(target)


def _reach(target: Target) -> None:
    reach_of(target)


def _watching(target: Target) -> None:
    watching_of(target)
    inbox_of(target)


def _logs(target: Target) -> None:
    logs_of(target)


def _meters(target: Target) -> None:
    meters_of(target)


def _database_meters(target: Target) -> None:
    database_meters_of(target)


def _availability(target: Target) -> None:
    availability_of(target)
    metrics_service(target)


def _warnings(target: Target) -> None:
    warnings_of(target)
    metrics_service(target)


def _alerting(target: Target) -> None:
    on_call_of(target)
    inbox_of(target)
    target.metrics.rules()


def _metrics(target: Target) -> None:
    target.metrics.rules()


def _entrusted(target: Target) -> None:
    profile = target.profile
    there = {
        "entrusted": profile.entrusted,
        "database": profile.database,
        "service.port": profile.service.port,
    }
    missing = [key for key, value in there.items() if value is None]
    if missing:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what customers entrust to the service, and what keeps it "
            f"({', '.join(missing)})."
        )


def _dependencies(target: Target) -> None:
    service = target.profile.service
    there = {"service.dependencies": service.dependencies, "service.health": service.health}
    missing = [key for key, value in there.items() if not value]
    if missing:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say on what the service depends, and where a copy tells that it is ready "
            f"({', '.join(missing)})."
        )


def _redeployment(target: Target) -> None:
    target.procedure("take_down")
    target.procedure("up")


def _autoscaling(target: Target) -> None:
    autoscaling_of(target)


def _access(target: Target) -> None:
    if target.profile.access is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say who may use the API (access).")
    for name in ("issue_key", "revoke_key", "remove_client"):
        target.procedure(name)


def _shares(target: Target) -> None:
    _access(target)
    shares_of(target)
    for name in ("agree_quota", "book_usage", "forgive_guesses"):
        target.procedure(name)


def _service_calls(target: Target) -> None:
    if not target.profile.service_calls:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how its services call each other (service_calls)."
        )
    _connections(target)


def _stores(target: Target) -> None:
    target.procedure("dump_stores")


def _taking_away(target: Target) -> None:
    taking_away_of(target)
    for name in ("admit", "bring_in"):
        target.procedure(name)


def _regions(target: Target) -> None:
    regions = target.profile.regions
    if regions is None:
        raise CapabilityMissing(f"The profile of {target.name} names no regions (regions).")
    there = {node.place for node in target.platform.nodes(regions.label) if node.ready}
    missing = [region for region in regions.serving if region not in there]
    if missing:
        raise CapabilityMissing(
            f"No node of {target.name} that is ready has the label {regions.label}={missing[0]} (regions.serving)."
        )


def _releases(target: Target) -> None:
    releases_of(target)
    for look in (_image_build, _entrusted, _metrics):
        look(target)
    for name in ("deploy", "deploy_watched", "rollback", "smoke"):
        target.procedure(name)


def _secrets(target: Target) -> None:
    if not target.profile.secrets:
        raise CapabilityMissing(f"The profile of {target.name} does not say what is secret (secrets).")


def _sinks(target: Target) -> None:
    if not target.profile.sinks or target.profile.alerts is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where people read about it (sinks, alerts)."
        )


def _database_roles(target: Target) -> None:
    database = target.profile.database
    if database is None or not database.roles or database.log_in is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say who may log in to the database (database.roles, log_in)."
        )


def _settings(target: Target) -> None:
    if not target.profile.told or target.profile.service.health is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what the services must be told (told), or where a copy tells that it "
            "is ready (service.health)."
        )


LOOKS: dict[str, Callable[[Target], None]] = {
    "door": _door,
    "containers": _containers,
    "image_build": _image_build,
    "declaration": _declaration,
    "environments": _environments,
    "connections": _connections,
    "exposure": _exposure,
    "routing": _routing,
    "certificates": _certificates,
    "reach": _reach,
    "watching": _watching,
    "logs": _logs,
    "meters": _meters,
    "database_meters": _database_meters,
    "availability": _availability,
    "warnings": _warnings,
    "alerting": _alerting,
    "metrics": _metrics,
    "entrusted": _entrusted,
    "dependencies": _dependencies,
    "redeployment": _redeployment,
    "autoscaling": _autoscaling,
    "access": _access,
    "shares": _shares,
    "service_calls": _service_calls,
    "stores": _stores,
    "taking_away": _taking_away,
    "regions": _regions,
    "releases": _releases,
    "secrets": _secrets,
    "sinks": _sinks,
    "database_roles": _database_roles,
    "settings": _settings,
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
