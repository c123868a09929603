"""One look at everything. A part that cannot be looked at keeps nobody from the others."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog

from hemvist import restored
from hemvist.clock import real_now
from hemvist.settings import get_settings
from hemvist_infra.backups.store import Store
from hemvist_infra.watching import broker, kommuner, server
from hemvist_infra.watching.seen import Backups, Broker, Seen
from hemvist_workers import signs

log = structlog.get_logger("hemvist.watch")

_WEB_SECONDS = 5
PartT = TypeVar("PartT")


def look() -> Seen:
    """Look at everything now. Takes seconds where something does not answer; raises nothing."""
    began, failed = time.perf_counter(), dict[str, str]()

    def part(name: str, look_at: Callable[[], PartT]) -> PartT | None:
        try:
            return look_at()
        except Exception as error:
            # The kind alone: what an error says may quote what was asked.
            failed[name] = type(error).__name__
            log.warning("look_failed", part=name, exc_info=error)
            return None

    def missed(tenant_id: UUID, error: Exception) -> None:
        failed["kommuner"] = type(error).__name__
        log.warning("look_failed", part="kommun", tenant_id=str(tenant_id), exc_info=error)

    queue = part("broker", _broker)
    figures = part("server", server.look)
    # Where it does not answer at all, nothing more is asked of it.
    away = part("database", _ask) is None
    return Seen(
        at=real_now(),
        web=part("web", _web),
        database=not away,
        broker=queue,
        server=figures,
        held=None if away else part("restored", _held),
        kommuner=None if away else part("kommuner", lambda: kommuner.look(missed)),
        clearing=None if away else part("clearing", kommuner.look_at_clearings),
        backups=part("backups", _backups),
        took=time.perf_counter() - began,
        failed=failed,
    )


def _web() -> bool:
    address = f"{get_settings().base_url.rstrip('/')}/health/ready"
    try:
        with urllib.request.urlopen(address, timeout=_WEB_SECONDS) as answer:  # noqa: S310 - the operator's own setting
            return int(answer.status) == 200
    except OSError:
        return False


def _broker() -> Broker:
    with signs.connected() as client:
        return broker.look(client)


def _ask() -> bool:
    restored.restored_as()
    return True


def _held() -> bool:
    return restored.restored_as() is not None


def _backups() -> Backups | None:
    folder: Path | None = get_settings().backup_folder
    return None if folder is None else look_at_backups(Store(folder))


def look_at_backups(store: Store) -> Backups:
    """How old they are. Raises ``BackupProblem`` for what cannot be read."""
    bases, received, now = store.bases(), store.received(), real_now()
    return Backups(
        base=(now - bases[-1].done).total_seconds() if bases else None,
        log=(now - received.at).total_seconds() if received else None,
    )
