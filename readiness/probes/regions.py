"""Regions: which copies run where, and whether each of the addresses behind the public name serves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from readiness.config.regions import Regions
from readiness.core.errors import CapabilityMissing
from readiness.core.observations import Observation
from readiness.targets.journey import Customer, Served
from readiness.targets.target import Target


@dataclass(frozen=True)
class Share:
    """How many running copies of a service a region has."""

    region: str
    service: str
    copies: int


@dataclass(frozen=True)
class Entrance:
    """One address behind the public name: how it answered a customer's journey of `requests` requests."""

    place: int
    requests: int
    answers: tuple[Served, ...]


@dataclass(frozen=True, kw_only=True)
class RegionsAtRest(Observation):
    """What every region has, of the services that are to be everywhere, and how every address serves. Examined: both."""

    shares: tuple[Share, ...]
    entrances: tuple[Entrance, ...]


def regions_of(target: Target) -> Regions:
    """The regions that the profile names. CapabilityMissing where it names none."""
    if target.profile.regions is None:
        raise CapabilityMissing(f"The profile of {target.name} names no regions (regions).")
    return target.profile.regions


def look_at_regions(target: Target) -> RegionsAtRest:
    """Count copies by region, and walk a customer's journey through each address, with no way to the others."""
    shares = shares_now(target)
    entrances = tuple(_enter(target, place) for place in range(len(target.doors())))
    return RegionsAtRest(
        examined=len(shares) + sum(len(each.answers) for each in entrances),
        shares=shares,
        entrances=entrances,
    )


def shares_now(target: Target) -> tuple[Share, ...]:
    """The copies that every serving region has now, also where it has none."""
    regions = regions_of(target)
    counted = Counter((each.place, each.service) for each in target.platform.placements(regions.label))
    return tuple(
        Share(region, service, counted[region, service])
        for region in regions.serving
        for service in regions.everywhere
    )


def _enter(target: Target, place: int) -> Entrance:
    customer = Customer(target, fresh_connections=True, door=target.doors()[place])
    answers = tuple(customer.walk())
    customer.clean_up()
    return Entrance(place + 1, len(target.profile.journey), answers)
