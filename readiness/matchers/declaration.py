"""What is required of a deployment against its description, and of a description against what was agreed on."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.blueprint import VARIABLE, WRITTEN_SECRET
from readiness.config.declaration import Offer
from readiness.config.notations import mark
from readiness.core.budgets import Budgets
from readiness.core.deployments import Part
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.declaration import Blueprints, Compared, Peaks

NOTHING = "nothing"
SCALING = ("fewest_replicas", "most_replicas", "processor_scaling_threshold", "memory_scaling_threshold")
BY_HAND = "deploy what is described, or describe what was changed"


def run_as_described() -> Requirement[Compared]:
    """Every part that is described runs as it is described, and no other runs."""

    def find(seen: Compared) -> Iterator[Violation]:
        running = {part.name: part for part in seen.running}
        for part in seen.described:
            if part.name in running:
                yield from _differences(part, running[part.name])
            else:
                yield Violation(part.name, f"a {part.kind} as described", "it does not run", BY_HAND)
        for name in sorted(running.keys() - {part.name for part in seen.described}):
            yield Violation(name, "only what is described", "it runs, and nobody described it", BY_HAND)

    return requires("every part runs as it is described, and nothing else runs", find)


def _differences(described: Part, running: Part) -> Iterator[Violation]:
    for what, wanted, found in (
        ("image", described.image, running.image),
        ("plan", described.plan, running.plan),
        ("region", described.region, running.region),
        ("health check path", described.health_path, running.health_path),
    ):
        by_hand = what == "health check path" and bool(found)  # Render has none unless somebody says so
        if wanted != found and (wanted or by_hand):
            yield Violation(f"{described.name}, {what}", wanted or NOTHING, found or NOTHING, BY_HAND)
    if described.bounds != running.bounds:
        yield Violation(f"{described.name}, bounds", str(described.bounds), str(running.bounds), BY_HAND)
    yield from _copies(described, running)
    unwritten = {f"{VARIABLE}{name}" for name in described.secrets}
    for key in sorted((described.settings.keys() | running.settings.keys()) - unwritten):
        wanted, found = described.settings.get(key, ""), running.settings.get(key, "")
        if found not in (wanted, mark(wanted)):
            yield Violation(f"{described.name}, {key}", wanted or NOTHING, found or NOTHING, BY_HAND)


def _copies(described: Part, running: Part) -> Iterator[Violation]:
    if running.copies is None:
        return
    where = f"{described.name}, number of copies"
    if described.bounds:
        if not described.bounds.least <= running.copies <= described.bounds.most:
            yield Violation(where, str(described.bounds), str(running.copies), BY_HAND)
    elif described.copies is not None and described.copies != running.copies:
        yield Violation(where, str(described.copies), str(running.copies), BY_HAND)


def have_all_their_secrets() -> Requirement[Compared]:
    """Whatever is described without its value has one where it runs."""

    def find(seen: Compared) -> Iterator[Violation]:
        running = {part.name: part for part in seen.running}
        for part in seen.described:
            there = running[part.name].secrets if part.name in running else {}
            for name in part.secrets:
                if not there.get(name):
                    observed = "it is not there" if name not in there else "it is empty, or cannot be read"
                    remedy = "give it a value on the platform, and have the part started again"
                    yield Violation(f"{part.name}, {name}", "a value where it runs", observed, remedy)

    return requires("whatever is described without its value has one where it runs", find)


def keep_to_the_offer(offer: Offer) -> Requirement[Blueprints]:
    """Plans and regions are those that were agreed on, and each agreed region is used."""

    def find(seen: Blueprints) -> Iterator[Violation]:
        for blueprint in seen.blueprints:
            for part in blueprint.parts:
                where = f"{blueprint.file}, {part.name}"
                if offer.plan(part.plan, part.kind) is None:
                    plans = ", ".join(plan.name for plan in offer.plans if part.kind in plan.kinds)
                    yield Violation(
                        f"{where}, plan", plans or "no such part", part.plan, "take one that was agreed on"
                    )
                if part.region not in offer.places:
                    places = ", ".join(f"{place} ({plan})" for place, plan in offer.places.items())
                    yield Violation(f"{where}, region", places, part.region, "take one that was agreed on")
            used = {part.region for part in blueprint.parts if part.kind == "service"}
            for place in offer.places.keys() - used:
                wanted = f"a service in {place} ({offer.places[place]})"
                yield Violation(
                    blueprint.file, wanted, f"services in {', '.join(sorted(used))}", "describe one there"
                )

    return requires(f"plans and regions are those agreed on ({offer.source})", find)


def scale_within_budgets(budgets: Budgets) -> Requirement[Blueprints]:
    """Every service that is described for a platform that scales does so within the budgets of replicas and thresholds."""
    least, most, processor, memory = (budgets.by_id(each).limit.value for each in SCALING)

    def find(seen: Blueprints) -> Iterator[Violation]:
        agreed = f"{least:g} to {most:g} copies, processor {processor * 100:g} %, memory {memory * 100:g} %"
        for blueprint in seen.blueprints:
            for part in blueprint.parts:
                if part.kind != "service":
                    continue
                bounds = part.bounds
                if bounds is None or not (
                    least <= bounds.least <= bounds.most <= most
                    and bounds.processor == processor * 100
                    and bounds.memory == memory * 100
                ):
                    yield Violation(
                        f"{blueprint.file}, {part.name}, scaling",
                        agreed,
                        str(bounds or NOTHING),
                        "scale it as was agreed on",
                    )

    return requires("every service scales within the bounds that were agreed on", find)


def write_no_secret() -> Requirement[Blueprints]:
    """No description holds a secret's value."""

    def find(seen: Blueprints) -> Iterator[Violation]:
        for blueprint in seen.blueprints:
            for part in blueprint.parts:
                for key, value in part.settings.items():
                    if value.startswith(WRITTEN_SECRET):
                        remedy = "write sync: false in its place, replace the secret, and take it out of the history"
                        yield Violation(
                            f"{blueprint.file}, {part.name}, {key}",
                            "a name without its value",
                            "a value",
                            remedy,
                        )

    return requires("secrets are named in the description, and not written there", find)


def were_all_measured() -> Requirement[Peaks]:
    """Of every measured service at least one copy was measured, and each has a limit or a plan to be measured by."""

    def find(seen: Peaks) -> Iterator[Violation]:
        for service in seen.without:
            yield Violation(service, "at least one copy", "none runs", "bring it up")

    return requires("every service was measured", find)


def largest_share(seen: Peaks, offer: Offer) -> float:
    """The largest share of its limit, or of a plan of its service, that any copy ever used. Infinite where it has neither."""
    shares = [0.0]
    for peak in seen.peaks:
        bought = (offer.plan(plan, "service") for service, plan in seen.plans if service == peak.service)
        sizes = [plan.memory_bytes for plan in bought if plan] + [peak.limit] * bool(peak.limit)
        shares.append(peak.peak / min(sizes) if sizes else float("inf"))
    return max(shares)
