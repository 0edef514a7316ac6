"""The robot that tries each release: whether it notices what is broken on the customer's way, and leaves nothing behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.drills.release_traffic import releases_of
from readiness.drills.releasing import one_image
from readiness.probes.faulty_door import (
    ANOTHER_RELEASE,
    NO_CONTENT,
    TOO_LATE,
    WRONG_STATUS,
    Fault,
    Kind,
    Passed,
    faulty_door,
)
from readiness.targets.target import Target

AT_ONCE = 3
GONE = (404, 410)
LAST_LINES = 3


@dataclass(frozen=True)
class Trial:
    """One trial by the robot. `fault`: what was broken, "" for nothing. `left`: paths of what it made and did not remove."""

    fault: str
    content: bool
    seconds: float
    words: str
    left: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Robot(Observation):
    """All trials, the first at a door where nothing is broken. Examined: requests that the robot sent, and trials.

    `met`: copies that answered it there; `copies`: those that ran; `releases`: what the answers named; `image`: what the copies
    run.
    """

    trials: tuple[Trial, ...]
    met: tuple[str, ...]
    copies: tuple[str, ...]
    releases: tuple[str, ...]
    image: str

    @property
    def seconds(self) -> float:
        """How long the trial at the sound door took."""
        return self.trials[0].seconds


def try_the_robot(target: Target) -> Robot:
    """Let it try the release at a sound door, and then at one for each thing that it saw there, with that thing broken."""
    image = one_image(target)
    copies = tuple(sorted(copy.instance for copy in target.platform.replicas(target.profile.service.name)))
    first, passed = _try(target, None)
    if not passed:
        raise CannotLook(
            f"the robot sent nothing to the door that it was given (procedure smoke): {first.words}"
        )
    with ThreadPoolExecutor(AT_ONCE) as pool:
        others = [pool.submit(_try, target, each) for each in faults_for([each.kind for each in passed])]
    trials = (first, *(each.result()[0] for each in others))
    return Robot(
        examined=len(passed) + len(trials),
        trials=trials,
        met=tuple(sorted({each.instance for each in passed})),
        copies=copies,
        releases=tuple(sorted({each.release for each in passed})),
        image=image,
    )


def faults_for(kinds: list[Kind]) -> list[Fault]:
    """Everything that can be broken of what the robot asks for. What makes something is not emptied: nobody knew what it made."""
    each = list(dict.fromkeys(kinds))
    found = [Fault(WRONG_STATUS, kind) for kind in each]
    found += [Fault(NO_CONTENT, kind) for kind in each if kind.method == "GET" and kind.status == 200]
    found += [Fault(TOO_LATE, kind) for kind in each if kind.method == "GET" and kind.status == 200][:1]
    return [*found, Fault(ANOTHER_RELEASE)]


def _try(target: Target, fault: Fault | None) -> tuple[Trial, list[Passed]]:
    header = releases_of(target).version
    with faulty_door(target.another_door(), fault, header) as door:
        ran = target.run_procedure("smoke", door=door.url, ca=str(door.ca))
        passed = list(door.passed)
    words = " ".join(ran.output.splitlines()[-LAST_LINES:])
    left = _left(target, [each.made for each in passed if each.made])
    return Trial(str(fault or ""), ran.exit_code == 0, ran.seconds, words, left), passed


def _left(target: Target, made: list[str]) -> tuple[str, ...]:
    """What is still there of what was made; it is removed, the last first."""
    identity = next(each.identity for each in target.profile.journey if each.identity)
    headers, door = target.headers(identity), target.another_door()
    left = tuple(path for path in made if door.ask("GET", path, headers=headers).status not in GONE)
    for path in reversed(left):
        door.ask("DELETE", path, headers=headers)
    return left
