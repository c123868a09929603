"""The web as a process of its own, as it is served, with everything that it writes in a file."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from hemvist_world import PACK, adopt


def serve(address: str, folder: Path, redis_url: str) -> subprocess.Popen[bytes]:
    """The web process, with uvicorn's access log on: it must be silent all the same."""
    port = address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "uvicorn", "hemvist_infra.app:create_app", "--factory"]
    with (folder / "web.log").open("wb") as output:
        return subprocess.Popen(
            [*command, "--port", port, "--log-level", "trace"],
            env={**os.environ, "HEMVIST_REDIS_URL": redis_url},
            stdout=output,
            stderr=output,
        )


def is_ready(address: str) -> bool:
    """Whether the web process serves."""
    try:
        return httpx2.get(f"{address}/health/ready", trust_env=False).status_code == 200
    except httpx2.HTTPError:
        return False


def adopt_once(tenant_id: Any) -> None:
    """The kommun works by its pack, whichever test came first."""
    with suppress(psycopg.errors.UniqueViolation):
        adopt(tenant_id, PACK)
