"""What is answered while a service has no copy at all: answers that nobody but the door can give."""

from __future__ import annotations

from readiness.actions.copies import scale_service
from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.answer_headers import HeadersSeen, headed
from readiness.probes.routes import routing_of
from readiness.targets.target import Target

FAILING = range(500, 600)
METHODS = ("GET", "HEAD", "POST")


def look_at_headers_of_failure(target: Target, undo: UndoStack) -> HeadersSeen:
    """Take all copies of a published service away, ask for it until it fails, and give them back."""
    published, own = routing_of(target).published, target.profile.service.name
    route = next((each for each in published if each.service != own), published[0])
    door, platform, patience = target.another_door(), target.platform, target.profile.patience
    step = scale_service(platform, undo, route.service, 0)
    waited = wait_until(
        lambda: door.ask("GET", route.path, timeout=patience.answer),
        lambda answer: answer.status in FAILING,
        patience=patience.change,
    )
    if not waited.happened:
        raise CannotLook(f"without a copy, {route.path} goes on being answered: status {waited.last.status}")
    answers = tuple(headed(door.ask(method, route.path, timeout=patience.answer)) for method in METHODS)
    undo.settle(step)
    return HeadersSeen(examined=len(answers), answers=answers)
