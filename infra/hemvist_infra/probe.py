"""Whether the one process of a container lives: ``python -m hemvist_infra.probe [ROLE [PORT]]``.

Imports nothing of Hemvist's: a probe that is asked every few seconds must cost next to nothing. The role
is web, watch, worker or beat. Web is asked whether it can serve, the watch whether it answers; worker and
beat sign in ``HEMVIST_RUN_DIR`` while they work. Without a role it is the one that has signed there, else
web. Status 1, and a line, when it does not live.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from pathlib import Path

#: Seconds after which who has not signed does not live. Longer than a broker's short absence.
SILENT = 120.0
_ANSWERS = 5.0
#: Where those answer that are asked.
_ASKED = {"web": (8000, "/health/ready"), "watch": (8090, "/health/live")}


def main(arguments: list[str]) -> int:
    """0 when it lives."""
    folder = Path(os.environ.get("HEMVIST_RUN_DIR") or "/nowhere")
    signed = [one for one in ("worker", "beat") if (folder / f"hemvist-{one}.alive").exists()]
    role = arguments[0] if arguments else (*signed, "web")[0]
    asked = _ASKED.get(role)
    port = int(arguments[1]) if len(arguments) > 1 else 0
    told = (
        _answer(port or asked[0], asked[1]) if asked else _signed(folder / f"hemvist-{role}.alive")
    )
    if told:
        print(f"{role}: {told}", file=sys.stderr)
    return 1 if told else 0


def _answer(port: int, path: str) -> str:
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWERS)
    try:
        there.request("GET", path)
        status = there.getresponse().status
    except OSError as error:
        return str(error)
    finally:
        there.close()
    return "" if status == 200 else f"answers {status}"


def _signed(file: Path) -> str:
    try:
        silent = time.time() - file.stat().st_mtime
    except OSError as error:
        return str(error)
    return "" if silent < SILENT else f"has not signed for {silent:.0f} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
