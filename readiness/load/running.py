"""A load in a process of its own, as seen by who asked for it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from readiness.core.errors import CannotLook
from readiness.load.results import Result, Second, Total, from_line
from readiness.load.spec import Spec

ROOT = Path(__file__).parents[2]
LONGEST_END = 30.0  # seconds, beside the time that an answer may take


class RunningLoad:
    """A load that has begun. Leaving the block ends it; `end` gives its result."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._seen: list[Second | Total] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "readiness.load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> RunningLoad:
        assert self._process.stdin is not None
        self._reader.start()
        self._process.stdin.write(f"{self._spec.to_json()}\n")
        self._process.stdin.flush()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def seconds(self) -> tuple[Second, ...]:
        """The seconds that are over."""
        return tuple(each for each in self._seen if isinstance(each, Second))

    def wait(self) -> Result:
        """The result, when everything has been sent and answered."""
        return self._result(sum(stage.seconds for stage in self._spec.stages))

    def end(self) -> Result:
        """Send nothing more, wait for what is open, and give the result."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._result(0.0)

    def _result(self, seconds: float) -> Result:
        self._reader.join(seconds + self._spec.timeout + LONGEST_END)
        total = next((each for each in self._seen if isinstance(each, Total)), None)
        if total is None:
            self._stop()
            raise CannotLook(
                f"the load engine ended without a result (exit status {self._process.returncode}); its words are above"
            )
        return Result(self.seconds, total)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._seen.append(from_line(line))

    def _stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(self._spec.timeout + LONGEST_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
