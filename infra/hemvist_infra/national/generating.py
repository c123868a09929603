"""The whole generation: lives, kommuner side by side, then keys, indexes and figures."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.managers import SyncManager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from hemvist.clock import today
from hemvist.errors import HemvistError
from hemvist.settings import get_settings
from hemvist_infra.database import administrator_url
from hemvist_infra.national import bulk
from hemvist_infra.national.filling import Filling
from hemvist_infra.national.folder import write_folder
from hemvist_infra.national.guidelines import first_day, in_force_since
from hemvist_infra.national.kommuner import kommuner
from hemvist_infra.national.lives import planned_lives
from hemvist_infra.national.living import molds_of
from hemvist_infra.national.molds import Mold
from hemvist_infra.national.plan import AUDIT_ROWS, HOUSEHOLDS, KommunPlan, plan

#: Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]
_MOST_LIVES, _FEWEST_LIVES = 240, 40


@dataclass(frozen=True, slots=True)
class Size:
    """What to generate. Audit rows follow the households where they are not given."""

    kommuner: int = 290
    households: int = HOUSEHOLDS
    seed: int = 1
    audit_rows: int | None = None

    @property
    def audit(self) -> int:
        """Audit rows in all."""
        if self.audit_rows is not None:
            return self.audit_rows
        return self.households * AUDIT_ROWS // HOUSEHOLDS


@dataclass(frozen=True, slots=True)
class Report:
    """What is there: rows of each table, bytes of each with its indexes, seconds of each step."""

    rows: dict[str, int]
    bytes: dict[str, int]
    seconds: dict[str, float]


def generate(size: Size, folder: Path, progress: Progress, jobs: int | None = None) -> Report:
    """Fill the database of HEMVIST_DATABASE_URL and write the kommuner's files to ``folder``.

    What was stopped goes on; what is there whole stays. Raises ``HemvistError`` in production,
    where other kommuner of the same codes are, or data of another size, seed or day.
    """
    if get_settings().environment == "production":
        raise HemvistError("national data are for measuring, never for production")
    try:
        listed = kommuner(size.kommuner, size.households, size.seed)
    except ValueError as wrong:
        raise HemvistError(str(wrong)) from None
    url, day, clock = administrator_url(), today(), _Clock()
    parameters = {**asdict(size), "audit_rows": size.audit, "day": day.isoformat()}
    with bulk.owner(url) as connection:
        there = bulk.begin(connection, parameters)
        bulk.refuse_others(connection, [kommun.code for kommun in listed], set(there))
        missing = [kommun for kommun in listed if kommun.code not in there]
        if missing:
            lives = planned_lives(
                _lives(size.households), size.seed, first_day(day), in_force_since(), day
            )
            molds = molds_of(url, lives, lambda done, of: progress("lives", done, of))
            clock.lap("lives")
            plans = plan(listed, molds, size.households, size.audit, size.seed)
            left = [one for one in plans if one.kommun.code not in there]
            _fill(url, left, molds, size.seed, day, jobs or os.cpu_count() or 1, progress)
            clock.lap("rows")
        for done, _ in enumerate(bulk.finish(connection)):
            progress("keys and indexes", done, 0)
        clock.lap("keys and indexes")
        report = Report(_rows(connection), _bytes(connection), clock.laps)
    write_folder(folder, listed, size.seed)
    return report


def _lives(households: int) -> int:
    return min(max(households // 100, _FEWEST_LIVES), _MOST_LIVES)


def _fill(
    url: str,
    plans: list[KommunPlan],
    molds: list[Mold],
    seed: int,
    day: date,
    jobs: int,
    progress: Progress,
) -> None:
    """Kommuner side by side, the largest first, each in a transaction of its own."""
    # A forked child would share our connections; a spawned one begins with nothing.
    context = get_context("spawn")
    total = sum(one.audit_rows for one in plans) + sum(
        count
        for one in plans
        for at in one.molds
        for table, count in molds[at].rows.items()
        if table != "audit_entries"
    )
    with (
        context.Manager() as manager,
        ProcessPoolExecutor(
            jobs, mp_context=context, initializer=_start, initargs=(url, molds, seed, day)
        ) as pool,
    ):
        queue = _queue(manager)
        order = sorted(plans, key=lambda one: -one.kommun.households)
        running = [pool.submit(_fill_one, one, queue) for one in order]
        for done in _told(running, queue):
            progress("rows", done, total)


def _queue(manager: SyncManager) -> Queue[int]:
    return manager.Queue()


def _told(running: list[Future[None]], queue: Queue[int]) -> Iterator[int]:
    """How many rows are written in all, until every kommun is there. Raises what one raised."""
    done, left = 0, set(running)
    try:
        while left:
            try:
                done += queue.get(timeout=0.5)
                yield done
            except Empty:
                pass
            for future in [one for one in left if one.done()]:
                future.result()
                left.discard(future)
    finally:
        for future in left:
            future.cancel()


_given: dict[str, Any] = {}


def _start(url: str, molds: list[Mold], seed: int, day: date) -> None:
    _given.update(url=url, molds=molds, seed=seed, day=day)


def _fill_one(one: KommunPlan, queue: Queue[int]) -> None:
    told = 0

    def written(rows: int) -> None:
        nonlocal told
        queue.put(rows - told)
        told = rows

    with bulk.owner(_given["url"]) as connection:
        filling = Filling(connection, one, _given["molds"], _given["seed"], _given["day"])
        filling.fill(written)


def _rows(connection: Any) -> dict[str, int]:
    rows: Counter[str] = Counter()
    for (chunk,) in connection.execute("SELECT rows FROM hemvist_load.chunk"):
        rows.update(chunk)
    return dict(sorted(rows.items(), key=lambda item: -item[1]))


def _bytes(connection: Any) -> dict[str, int]:
    return {
        table: connection.execute("SELECT pg_total_relation_size(%s)", [table]).fetchone()[0]
        for table in _rows(connection)
    }


class _Clock:
    """Seconds of each step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        """The step ``name`` is over."""
        now = time.monotonic()
        self.laps[name], self._last = now - self._last, now
