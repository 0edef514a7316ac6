"""Every region in turn is lost at once, like in a power cut, while customers read and write; then it comes back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from readiness.actions.regions import lose_region, run_for_region
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import Waited, clock, pause, wait_until
from readiness.drills.lookout import Look, Lookout
from readiness.drills.markers import Markers
from readiness.harness.undo import UndoStack, UndoStep
from readiness.probes.regions import Share, regions_of, shares_now
from readiness.targets.journey import Customer, Mark, Served
from readiness.targets.platform import Ran
from readiness.targets.target import Target

BEFORE = 4.0  # seconds of undisturbed service
NO_ANSWER = (0, 502, 503, 504)
AFTER = 6.0  # seconds in which nobody may meet an error any more


@dataclass(frozen=True)
class Loss:
    """The loss of one region: when it `began` (clock), and seconds counted from there.

    `noticed`: the platform knew. `words`: what the operator's takeover said when it did not work, else "". `served`: a customer
    was served again, his whole journey; `trouble`: the last time at which somebody was still waiting for an answer that was
    wrong or did not come, 0.0 when nobody was. `replaced`: the remaining regions ran as many copies of the service as before,
    and some of all that customers need; where `complete` is false that did not happen, and it is when we stopped looking.
    """

    region: str
    began: float
    noticed: float
    words: str
    served: bool
    trouble: float
    replaced: float
    complete: bool
    visits: tuple[Served, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Returned:
    """A region after its return: what was acknowledged before, during and after its absence and is `gone`, and who runs where."""

    region: str
    words: str
    marks: int
    gone: tuple[Served, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True)
class RegionLosses(Observation):
    """All losses and returns, in their order. Examined: answers to customers, and what they wrote."""

    service: str
    losses: tuple[Loss, ...]
    returns: tuple[Returned, ...]

    @property
    def longest_trouble(self) -> float:
        """Seconds after which the last customer's trouble ended, at the worst loss; one that did not end counts as watched."""
        return max(each.trouble for each in self.losses)

    @property
    def slowest_replacement(self) -> float:
        """Seconds until the remaining regions had the copies that were lost, at the worst loss."""
        return max(each.replaced for each in self.losses)


def lose_every_region(target: Target, undo: UndoStack) -> RegionLosses:
    """Lose each region that serves customers, one after the other; none while the former is not back."""
    losses: list[Loss] = []
    returns: list[Returned] = []
    for region in regions_of(target).serving:
        loss, returned = _lose_and_return(target, undo, region)
        losses.append(loss)
        returns.append(returned)
        if returned.words:
            break
    examined = sum(len(loss.visits) for loss in losses) + sum(each.marks for each in returns)
    return RegionLosses(
        examined=examined,
        service=target.profile.service.name,
        losses=tuple(losses),
        returns=tuple(returns),
    )


def _lose_and_return(target: Target, undo: UndoStack, region: str) -> tuple[Loss, Returned]:
    with Markers(target) as customers, Lookout(lambda: shares_now(target)) as lookout:
        pause(BEFORE)
        desired = target.platform.service(target.profile.service.name).desired
        began = clock()
        step, lost = lose_region(target, undo, regions_of(target), region)
        if lost.exit_code != 0:
            raise CannotLook(f"region {region} could not be taken away: {last_words(lost)}")
        loss = _watch(target, customers, lookout, region, began, desired)
        returned = _give_back(target, undo, step, customers, region)
    return loss, returned


def _watch(
    target: Target, customers: Markers, lookout: Lookout, region: str, began: float, desired: int
) -> Loss:
    """From the loss until customers are served, copies are replaced, and nobody met an error for some seconds."""
    regions, patience = regions_of(target), target.profile.patience.change
    noticed = wait_until(lambda: _is_noticed(target, region), bool, patience=patience, since=began)
    taken_over = run_for_region(target, regions.take_over, region)
    customer = Customer(target, fresh_connections=True, door=target.another_door())
    served = wait_until(customer.is_served, bool, patience=patience, every=0.5)
    customer.clean_up()
    service = target.profile.service.name
    replaced = wait_until(
        lambda: next(
            (
                look
                for look in lookout.looks
                if look.at >= began and is_complete(look, region, service, desired)
            ),
            None,
        ),
        bool,
        patience=patience,
    )
    pause(AFTER)
    ended = clock()
    visits = tuple(
        each for each in customers.served if began <= each.asked + each.seconds and each.asked < ended
    )
    return Loss(
        region=region,
        began=began,
        noticed=noticed.seconds,
        words="" if taken_over.exit_code == 0 else last_words(taken_over),
        served=served.happened,
        trouble=trouble_after(began, visits) if served.happened else ended - began,
        replaced=(replaced.last.at if replaced.last else ended) - began,
        complete=replaced.happened,
        visits=visits,
        looks=lookout.looks,
    )


def _give_back(target: Target, undo: UndoStack, step: UndoStep, customers: Markers, region: str) -> Returned:
    failed, patience = undo.settle(step), target.profile.patience.change
    spread = wait_until(
        lambda: shares_now(target),
        lambda shares: all(share.copies for share in shares),
        patience=0 if failed else patience,
    )
    customers.stop()
    customer = Customer(target, fresh_connections=True, door=target.another_door())
    served = wait_until(customer.is_served, bool, patience=patience, every=0.5)
    customer.clean_up()
    acknowledged = [mark for mark in customers.marks if mark.acknowledged] if served.happened else []
    return Returned(
        region=region,
        words="; ".join(each.error for each in failed)
        or ("" if served.happened else "customers are not served"),
        marks=len(acknowledged),
        gone=tuple(each for mark in acknowledged for each in _gone(target, customers, mark)),
        shares=spread.last,
    )


def _gone(target: Target, customers: Markers, mark: Mark) -> tuple[Served, ...]:
    """What of a mark is not found; who gets no answer at all asks again, for what is lost stays lost."""
    waited: Waited[tuple[Served, ...]] = wait_until(
        lambda: customers.find(mark),
        lambda answers: all(each.status not in NO_ANSWER for each in answers),
        patience=target.profile.patience.answer,
        every=0.5,
    )
    return tuple(each for each in waited.last if not each.right)


def _is_noticed(target: Target, region: str) -> bool:
    nodes = target.platform.nodes(regions_of(target).label)
    return not any(node.ready for node in nodes if node.place == region)


def is_complete(look: Look, lost: str, service: str, desired: int) -> bool:
    """Whether the other regions run as many copies of the service as before, and at least one of all that is to be everywhere."""
    elsewhere: Counter[str] = Counter()
    for share in look.shares:
        elsewhere[share.service] += share.copies if share.region != lost else 0
    return all(elsewhere.values()) and elsewhere[service] >= desired


def trouble_after(began: float, visits: tuple[Served, ...]) -> float:
    """Seconds from `began` until the last wrong or missing answer was given up."""
    return max((each.asked + each.seconds - began for each in visits if not each.right), default=0.0)


def last_words(ran: Ran) -> str:
    """The end of what a command said."""
    return f"exit status {ran.exit_code}: " + "\n".join(ran.output.splitlines()[-5:])
