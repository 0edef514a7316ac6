"""Lookouts: containers of our own beside copies, from where it is seen whom these copies reach."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from readiness.harness.undo import UndoStack
from readiness.targets.platform import Platform, Replica

LONGEST_STAY = 300  # seconds; a lookout that nobody took away leaves by itself
STAY = ("python3", "-c", f"import threading; threading.Event().wait({LONGEST_STAY})")
AT_ONCE = 4


def post_lookouts(
    platform: Platform, undo: UndoStack, image: str, copies: Iterable[Replica]
) -> dict[str, str]:
    """Start a lookout beside each copy; id of the copy -> id of its lookout. Undo: remove them."""
    names = {copy.id: f"readiness-lookout-{copy.id[:12]}" for copy in copies}
    for name in names.values():
        undo.owe("remove_container", name=name)

    def post(copy: str) -> str:
        platform.remove_container(names[copy])
        return platform.start_beside(copy, image, names[copy], STAY).id

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(names, pool.map(post, names), strict=True))
