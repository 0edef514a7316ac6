"""`python -m whoop_logs collect|keep|search`: the three programs of this image."""

from __future__ import annotations

import sys

from whoop_logs import collecting, keeping, serving

PROGRAMS = {"collect": collecting.main, "keep": keeping.main, "search": serving.main}

if __name__ == "__main__":
    if sys.argv[1:] not in ([name] for name in PROGRAMS):
        print(f"usage: python -m whoop_logs {'|'.join(PROGRAMS)}", file=sys.stderr)
        raise SystemExit(64)
    PROGRAMS[sys.argv[1]]()
