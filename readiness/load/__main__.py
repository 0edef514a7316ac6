"""The engine's process: sends what standard input describes until it is all sent, or until standard input is closed."""

from __future__ import annotations

import sys
import threading

from readiness.core.waiting import clock
from readiness.load.results import line_of
from readiness.load.schedule import due_times
from readiness.load.sending import Sender
from readiness.load.spec import Spec
from readiness.load.tally import Tally

LONGEST_WAIT = 0.05


def main() -> None:
    """Read the description, send, print a line for each second and one for all."""
    spec = Spec.from_json(sys.stdin.readline())
    leave = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=[leave], daemon=True).start()
    _Load(spec, leave).run()


def _wait_for_the_end(leave: threading.Event) -> None:
    """Whoever asked for the load closes standard input when it is to end, or ends itself."""
    sys.stdin.read()
    leave.set()


class _Load:
    """One load from its beginning to its end."""

    def __init__(self, spec: Spec, leave: threading.Event) -> None:
        self._spec = spec
        self._leave = leave
        self._began = clock()
        self._tally = Tally(self._began, spec.largest_lag)
        self._sender = Sender(spec, self._tally)
        self._told = self._began

    def run(self) -> None:
        """Send everything that is due; then wait for what is still open."""
        for offset in due_times(self._spec.stages):
            self._work_until(self._began + offset)
            if self._leave.is_set():
                break
            self._sender.send(self._began + offset)
        self._finish()

    def _work_until(self, due: float) -> None:
        while not self._leave.is_set():
            left = due - clock()
            self._sender.work(min(max(0.0, left), LONGEST_WAIT))
            self._tell()
            if left <= 0:
                return

    def _finish(self) -> None:
        until = clock() + self._spec.timeout
        while self._sender.in_flight and clock() < until:
            self._sender.work(LONGEST_WAIT)
            self._tell()
        self._sender.give_up()
        ended = clock()
        print(line_of(self._tally.close_second(ended, 0)))
        print(line_of(self._tally.total(ended)), flush=True)

    def _tell(self) -> None:
        """Print the second that is over, once a second."""
        now = clock()
        if now - self._told >= 1.0:
            print(line_of(self._tally.close_second(now, self._sender.in_flight)), flush=True)
            self._told = now


if __name__ == "__main__":
    main()
