"""A real browser without a screen: opens a page and tells what a person would see. Chromium, by its debugging pipe."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

from readiness.core.errors import CannotLook, CapabilityMissing

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ANSWERS_IN = 30.0
WIDTH, HEIGHT = 1400, 1250
HAND_OVER = """
import fcntl, os, sys
commands, answers = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(commands, 3)
os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""  # a browser reads commands from descriptor 3 and writes answers to 4


def find_browser() -> str:
    """The browser of this machine. CapabilityMissing where there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise CapabilityMissing(
        "No browser is installed here that runs without a screen (Debian: apt-get install chromium-headless-shell)."
    )


class Browser:
    """One browser with one page. CannotLook when it does not answer."""

    def __init__(self) -> None:
        self._program = find_browser()
        self._answers: Queue[dict[str, Any]] = Queue()
        self._number = 0
        self._session = ""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, self._out = os.pipe()
        back, to_write = os.pipe()
        self._in = os.fdopen(back, "rb")
        command = [
            self._program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            f"--user-data-dir={self._folder.name}", f"--window-size={WIDTH},{HEIGHT}", "--remote-debugging-pipe", "about:blank",
        ]  # fmt: skip
        handed_over = [sys.executable, "-c", HAND_OVER, str(to_read), str(to_write), *command]
        self._process = subprocess.Popen(
            handed_over, pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(to_read)
        os.close(to_write)
        threading.Thread(target=self._read, daemon=True).start()
        page = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._ask("Target.attachToTarget", {"targetId": page, "flatten": True})["sessionId"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        self._folder.cleanup()

    def go(self, url: str) -> None:
        """Open a page; returns when the server has begun to answer. CannotLook when it does not."""
        told = self._ask("Page.navigate", {"url": url})
        if told.get("errorText"):
            raise CannotLook(f"the browser cannot open {url}: {told['errorText']}")

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        told = self._ask("Runtime.evaluate", {"expression": script, "returnByValue": True})
        if "exceptionDetails" in told:
            raise CannotLook(
                f"the page does not bear to be looked at: {told['exceptionDetails'].get('text')}"
            )
        return told["result"].get("value")

    def picture(self) -> bytes:
        """What is on the screen. PNG."""
        return base64.b64decode(self._ask("Page.captureScreenshot", {"format": "png"})["data"])

    def _ask(self, method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        try:
            os.write(self._out, json.dumps(asked).encode() + b"\0")
            while (told := self._answers.get(timeout=ANSWERS_IN)).get("id") != self._number:
                pass
        except (OSError, Empty) as problem:
            raise CannotLook(
                f"the browser {Path(self._program).name} does not answer to {method}"
            ) from problem
        if "error" in told:
            raise CannotLook(f"the browser refuses {method}: {told['error'].get('message')}")
        result: dict[str, Any] = told["result"]
        return result

    def _read(self) -> None:
        rest = b""
        while chunk := os.read(self._in.fileno(), 65536):
            *whole, rest = (rest + chunk).split(b"\0")
            for each in whole:
                self._answers.put(json.loads(each))
