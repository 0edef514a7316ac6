"""Timelines of releases for readers of the report: latency, which release answered, healthy copies, and errors."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.drills.bad_releases import BadReleases
from readiness.drills.release_traffic import TrafficSeen
from readiness.drills.releasing import Release
from readiness.drills.sizing import Phase
from readiness.report.timelines import Line, Panel, timeline


def picture_of_a_release(seen: Release) -> bytes:
    """Through the release and back. PNG."""
    title = f"{seen.examined} requests through a release and back, {seen.traffic.failed} failed"
    return picture_of_traffic(title, seen.traffic, seen.phases)


def picture_of_bad_releases(seen: BadReleases) -> bytes:
    """Through each bad release that customers met, and its way back. PNG."""
    title = f"{seen.traffic.requests} requests through {len(seen.phases)} bad releases, {seen.traffic.failed} failed"
    return picture_of_traffic(title, seen.traffic, seen.phases)


def picture_of_traffic(title: str, traffic: TrafficSeen, phases: Sequence[Phase]) -> bytes:
    """Latency, answers by release, healthy copies and errors over one axis of seconds. PNG."""
    began = traffic.looks[0].at
    answered = [each for each in traffic.seconds if each.answered]
    releases = list(dict.fromkeys(name for each in traffic.seconds for name in each.releases))
    panels = (
        Panel(
            "latency, ms",
            (
                Line("median", tuple((each.at - began, 1000 * each.p50) for each in answered)),
                Line("95 of 100 below", tuple((each.at - began, 1000 * each.p95) for each in answered)),
            ),
            10,
        ),
        Panel(
            "answers per second, by release",
            tuple(
                Line(
                    name or "(none)",
                    tuple((each.at - began, each.releases.get(name, 0)) for each in traffic.seconds),
                    steps=True,
                )
                for name in releases
            ),
            5,
        ),
        Panel(
            "healthy copies",
            (Line("", tuple((each.at - began, len(each.healthy)) for each in traffic.looks), steps=True),),
            3,
        ),
        Panel(
            "failed requests per second",
            (
                Line(
                    "",
                    tuple((each.at - began, sum(each.errors.values())) for each in traffic.seconds),
                    steps=True,
                ),
            ),
            1,
        ),
    )
    shown = tuple(Phase(each.name, each.began - began, each.ended - began) for each in phases)
    return timeline(title, panels, shown)
