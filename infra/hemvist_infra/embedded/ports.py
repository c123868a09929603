"""Ports on this machine."""

from __future__ import annotations

import socket
from pathlib import Path

from hemvist_infra.embedded.problem import ServerProblem

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on ``port`` of ``host`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections are only waiting to be forgotten is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """A port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, setting: str, host: str = LOOPBACK) -> int:
    """``port`` when it is free. Raises ``ServerProblem`` naming it and the ``setting`` otherwise."""
    if not is_free(port, host):
        raise ServerProblem(
            f"Port {port} on {host} is taken. Stop what uses it, or choose another with {setting}."
        )
    return port


def to_try(asked: int | None, setting: str, kept: Path) -> list[int]:
    """The port asked for, or else last time's (written in ``kept``) and a few others.

    A few, since somebody may take a port between our look and the server's.
    """
    if asked is not None:
        return [require_free(asked, setting)]
    last = kept.read_text() if kept.exists() else ""
    first = [int(last)] if last.isdigit() and is_free(int(last)) else []
    return [*first, any_free(), any_free()]
