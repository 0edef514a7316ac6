"""The experiment in which every part breaks, on a deployment and a metrics service that are made up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from readiness.config.availability import Availability, GoneAlarm, WatchedElsewhere
from readiness.drills import outages
from readiness.drills.outages import GONE, HANGS, Drill, Outages
from readiness.harness.undo import Journal, UndoStack
from readiness.targets.metrics import AlertRule, Sample

DECLARED = Availability(
    names_by="service",
    alarms=(GoneAlarm(alarm="Down", series="up", ill=0, well=1),),
    apart=("counter",),
    elsewhere=(WatchedElsewhere(service="judge", reason="It judges.", line="TC3.3.1"),),
)


class Deployment:
    """Services that hang or are gone, and a metrics service that names those, but for the ones that nobody looks at."""

    def __init__(self, unseen: tuple[str, ...] = ()) -> None:
        self.names = ("counter", "database", "judge", "service")
        self.unseen = unseen
        self.hanging: set[str] = set()
        self.desired = dict.fromkeys(self.names, 1)
        self.did: list[str] = []

    def services(self) -> tuple[Any, ...]:
        return tuple(SimpleNamespace(name=each) for each in self.names)

    def service(self, name: str) -> Any:
        return SimpleNamespace(desired=self.desired[name])

    def replicas(self, name: str) -> tuple[Any, ...]:
        copy = SimpleNamespace(service=name, id=f"{name}-1", health="healthy")
        return (copy,) * self.desired[name]

    def run_inside(self, *_: object, **__: object) -> None:
        pass

    def signal(self, replica: str, _: str) -> None:
        self.hanging.add(replica.removesuffix("-1"))
        self.did.append(f"freeze {replica}")

    def scale(self, service: str, copies: int) -> None:
        self.desired[service] = copies
        self.did.append(f"{service} = {copies}")

    def thaw(self, service: str, replica: str) -> None:
        self.hanging.discard(service)
        self.did.append(f"thaw {replica}")

    def query(self, _: str) -> tuple[Sample, ...]:
        ill = self.hanging | {name for name, copies in self.desired.items() if not copies}
        return tuple(
            Sample({"alertname": "Down", "service": each, "alertstate": "pending"}, 1.0)
            for each in sorted(ill - set(self.unseen))
        )

    def rules(self) -> tuple[AlertRule, ...]:
        return (AlertRule("Down", "up == 0", 30.0, {}),)


def broken(deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outages:
    monkeypatch.setattr(outages, "QUIET_FOR", {HANGS: 0.0, GONE: 0.0})
    monkeypatch.setattr(outages, "EVERY", 0.01)
    monkeypatch.setattr(outages, "TOLD_WITHIN", 0.1)
    monkeypatch.setattr(outages, "try_rules", lambda *_: ())
    monkeypatch.setattr(outages, "metrics_service", lambda _: "judge")
    table = {
        "thaw_copy": deployment.thaw,
        "scale_service": deployment.scale,
    }
    profile = SimpleNamespace(availability=DECLARED, patience=SimpleNamespace(change=1.0))
    target: Any = SimpleNamespace(name="made up", profile=profile, platform=deployment, metrics=deployment)
    undo = UndoStack(Journal(tmp_path / "journal"), table)
    seen = Drill(target, undo).run()
    assert undo.owed == []
    return seen


def test_every_part_breaks_twice_and_those_that_watch_others_break_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = Deployment()
    seen = broken(deployment, tmp_path, monkeypatch)
    assert {(each.service, each.fault) for each in seen.outages} == {
        (service, fault) for service in ("counter", "database", "service") for fault in (HANGS, GONE)
    }
    assert all(each.alarms == ("Down",) and each.over_after is not None for each in seen.outages)
    assert 30.0 <= seen.slowest < 32.0
    assert deployment.did.index("freeze counter-1") > deployment.did.index("thaw database-1")
    assert deployment.did.index("counter = 0") > deployment.did.index("database = 1")
    assert not any("judge" in each for each in deployment.did)
    assert deployment.desired == dict.fromkeys(deployment.names, 1)


def test_a_part_that_nobody_looks_at_is_found_and_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = Deployment(unseen=("database",))
    seen = broken(deployment, tmp_path, monkeypatch)
    unseen = {(each.service, each.fault) for each in seen.outages if each.seen_after is None}
    assert unseen == {("database", HANGS), ("database", GONE)}
    assert deployment.hanging == set()
    assert deployment.desired["database"] == 1


def test_an_alarm_that_was_on_before_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = Deployment()
    deployment.hanging.add("service")
    monkeypatch.setattr(outages, "QUIET_FIRST", 0.05)
    monkeypatch.setattr(outages, "BACK_WITHIN", 0.05)
    assert broken(deployment, tmp_path, monkeypatch).loud_before == ("service",)
