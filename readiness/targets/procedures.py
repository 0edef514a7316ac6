"""The operator's own procedures: named commands of the target's profile, run with their timeout and shown while they run."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from readiness.core.errors import CannotLook
from readiness.core.waiting import clock
from readiness.targets.platform import Ran

Show = Callable[[str], None]


def run_command(
    argv: Sequence[str],
    *,
    folder: Path,
    timeout: float,
    environment: Mapping[str, str] | None = None,
    show: Show | None = None,
) -> Ran:
    """Run a command in `folder`; output and errors together. After `timeout` seconds the command and its children are ended.

    Raises CannotLook when the command is not there or does not end in time. A bad exit code is a result, not an error.
    """
    started = clock()
    try:
        process = subprocess.Popen(
            list(argv),
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as problem:
        raise CannotLook(
            f"procedure {argv[0]!r} cannot be started in {folder}: {problem}. Correct it in the target's profile."
        ) from None
    timer = threading.Timer(timeout, os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    lines = []
    try:
        for line in process.stdout or ():
            lines.append(line)
            if show is not None:
                show(line.rstrip("\n"))
        exit_code = process.wait()
    finally:
        ended_in_time = timer.is_alive()
        timer.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    seconds = clock() - started
    if not ended_in_time:
        raise CannotLook(
            f"procedure {' '.join(argv)} did not end within its {timeout:.0f} s and was stopped. "
            f"Last words:\n{''.join(lines[-15:])}"
        )
    return Ran(exit_code, "".join(lines), seconds)
