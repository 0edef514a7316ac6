"""Opens pages in headless Chromium at several widths and asks a script of each what can be seen."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESKTOP, PHONE = 1280, 390
PATIENCE_MS = 20_000
SHELL = """<!doctype html><meta charset="utf-8"><pre id="seen"></pre>
<script>
const look = async (frame) => {{ const page = frame.contentWindow, doc = frame.contentDocument; {script} }};
const open = (width) => new Promise((done) => {{
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 900; frame.src = {url};
  frame.onload = () => look(frame).then((seen) => done([width, seen]), (error) => done([width, String(error)]));
  document.body.append(frame);
}});
Promise.all([{widths}].map(open)).then((all) => {{
  document.getElementById("seen").textContent = JSON.stringify(Object.fromEntries(all));
}});
</script>"""


def seen_in(
    page: Path, script: str, scratch: Path, widths: tuple[int, ...] = (DESKTOP, PHONE)
) -> dict[int, Any]:
    """What the script (the body of an async function of `page`, the window, and `doc`) returns at each width, in pixels."""
    assert CHROMIUM
    shell = scratch / "shell.html"
    url = json.dumps(page.resolve().as_uri())
    shell.write_text(
        SHELL.format(script=script, url=url, widths=", ".join(map(str, widths))), encoding="utf-8"
    )
    ran = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
            "--host-resolver-rules=MAP * ~NOTFOUND",  # a page that needs somebody else's server fails here
            f"--user-data-dir={scratch / 'profile'}",
            f"--virtual-time-budget={PATIENCE_MS}",
            "--dump-dom",
            shell.resolve().as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=180,
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', ran.stdout, re.DOTALL)
    assert found, f"the browser showed nothing: {ran.stderr[-500:]}"
    assert found[1], "the page did not come to an end in time"
    return {int(width): seen for width, seen in json.loads(html.unescape(found[1])).items()}
