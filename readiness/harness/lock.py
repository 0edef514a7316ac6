"""One run at a time on one target."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from readiness.core.errors import CannotLook


class TargetLock:
    """A lock file held for the life of the process; the system frees it even when the process is killed."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise CannotLook(
                f"Another run (process {owner}) is at work on this target. Wait for its end: two runs at once "
                f"would judge each other's disturbances. Lock: {path}"
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let the next run in."""
        self._file.close()
