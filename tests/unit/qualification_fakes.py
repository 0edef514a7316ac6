"""Stand-ins for what qualification works on: a platform's services and an operator's procedures, kept in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from defects.cases import Case
from readiness.config.target import Target as Profile
from readiness.core.errors import CannotLook
from readiness.targets.platform import Ran
from readiness.targets.procedures import Show
from readiness.targets.target import Target

PROFILE: dict[str, Any] = {
    "name": "local",
    "title": "A target of tests",
    "platform": {"kind": "swarm", "stack": "shop", "services": {"api": "web"}},
    "door": {"url": "https://shop.example", "ready": {"path": "/"}},
    "service": {
        "name": "web",
        "image": "web:test",
        "build": {"context": "sources", "dockerfile": "web/Dockerfile", "source_to_touch": "web/app.py"},
    },
    "journey": [{"name": "look", "path": "/items", "expect_status": 200}],
    "procedures": {
        "build": {"command": ["build", "{context}", "{dockerfile}", "{tag}"], "timeout": "1m"},
        "deploy": {"command": ["deploy", "{image}"], "timeout": "1m"},
    },
}


def case_of(name: str, kind: str = "defect", **content: Any) -> Case:
    """A case as its file would have it; a value of None is left out."""
    sentence = {"wrong" if kind == "defect" else "healthy": f"about {name} | and more"}
    given = {"name": name, "kind": kind, **sentence, **content}
    return Case.model_validate_json(
        json.dumps({key: value for key, value in given.items() if value is not None})
    )


class FakeServices:
    """One service, `shop_web`; `done` lists what was done to it, newest last."""

    def __init__(self) -> None:
        self.current: dict[str, Any] = {"image": "web:test", "limit": "512M"}
        self.done: list[str] = []
        self.refuses: set[str] = set()

    def spec(self, service: str) -> dict[str, Any] | None:
        return dict(self.current) if service == "shop_web" else None

    def update(self, service: str, args: Iterable[str]) -> None:
        self._do(f"update {service} {' '.join(args)}")
        self.current = {**self.current, "limit": "changed"}

    def bring_to(self, service: str, spec: Any) -> None:
        self._do(f"bring {service} to {spec['image']}, {spec['limit']}")
        self.current = dict(spec)

    def take_copy_off(self, service: str, network: str) -> None:
        self._do(f"take a copy of {service} off {network}")

    def remove_images(self, repository: str) -> None:
        self._do(f"remove images {repository}")

    def _do(self, what: str) -> None:
        if what.split()[0] in self.refuses:
            raise CannotLook(f"refused: {what}")
        self.done.append(what)


class FakeTarget(Target):
    """A target whose procedures act on the fake services; a procedure in `fails` ends with status 1."""

    def __init__(self, root: Path, services: FakeServices) -> None:
        super().__init__(Profile.model_validate_json(json.dumps(PROFILE), context=root), root)
        self._services = services
        self.fails: set[str] = set()
        self.built: list[dict[str, str]] = []

    def run_procedure(self, name: str, *, show: Show | None = None, **placeholders: str) -> Ran:
        if show:
            show(name)
        if name in self.fails:
            return Ran(1, f"{name} went wrong", 0.1)
        if name == "build":
            self.built.append(
                {**placeholders, "recipe": Path(placeholders["dockerfile"]).read_text(encoding="utf-8")}
            )
        else:
            self._services.done.append(f"{name} {placeholders['image']}")
            self._services.current = {**self._services.current, "image": placeholders["image"]}
        return Ran(0, "", 0.1)
