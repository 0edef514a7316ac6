"""A key is revoked while its holder goes on asking: when does the last copy stop serving him?"""

from __future__ import annotations

from collections.abc import Callable

from readiness.actions.keys import Key, revoke_key
from readiness.core.errors import CannotLook
from readiness.core.waiting import clock, wait_until
from readiness.targets.door import Answer
from readiness.targets.target import Target

PATIENCE = 20.0
EVERY = 0.25

Ask = Callable[[], Answer]


def revoke_and_watch(
    target: Target, key: Key, ask: Ask, served: int, copies_behind: Callable[[str], frozenset[str]]
) -> float:
    """Seconds from the end of the procedure that revokes the key to the last time that a copy answered it with `served`.

    PATIENCE when it was served to the end. CannotLook when not every copy was asked after that.
    """
    revoke_key(target, key)
    began = clock()
    last = 0.0
    refused: set[str] = set()

    def look() -> bool:
        nonlocal last
        answer = ask()
        if answer.status == served:
            last = clock() - began
            refused.clear()
        elif answer.status:
            refused.add(answer.instance)
        return copies_behind(answer.instance) <= refused

    waited = wait_until(look, bool, patience=PATIENCE, every=EVERY)
    if waited.happened:
        return last
    if not refused:
        return PATIENCE
    raise CannotLook(f"within {PATIENCE:.0f} s only {', '.join(sorted(refused))} answered the revoked key")
