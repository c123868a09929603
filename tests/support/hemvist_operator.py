"""An operator at an installation with a folder of kommuner of its own: commands, and the web served."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

#: What the page's commands are run with: the project's own programs first.
PROGRAMS = str(Path(sys.executable).parent)


@dataclass(frozen=True)
class Installation:
    """Where an operator stands: a folder to work in, the folder of kommuner, and the address."""

    work: Path
    kommuner: Path
    address: str

    @property
    def settings(self) -> dict[str, str]:
        """The environment of every process."""
        return {
            **os.environ,
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "HEMVIST_TENANTS_DIR": str(self.kommuner),
            "HEMVIST_BASE_URL": self.address,
            "HEMVIST_LOCAL_DIR": str(self.work / "local"),
        }

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a line of shell."""
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.work,
            env=self.settings,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The web process, as it is started anew after a kommun was taken on."""
        port = self.address.rpartition(":")[2]
        with (self.work / "web.log").open("w") as log:
            web = subprocess.Popen(
                (
                    *(sys.executable, "-m", "uvicorn", "hemvist_infra.app:create_app", "--factory"),
                    *("--host", "127.0.0.1", "--port", port, "--no-access-log"),
                ),
                env=self.settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait(web)
            yield
        finally:
            web.terminate()
            web.wait(30)

    def _wait(self, web: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 180
        while time.monotonic() < until:
            assert web.poll() is None, (self.work / "web.log").read_text()
            with suppress(httpx2.HTTPError):
                if httpx2.get(f"{self.address}/health/live", timeout=5).status_code == 200:
                    return
            time.sleep(0.3)
        raise AssertionError("the web does not answer")
