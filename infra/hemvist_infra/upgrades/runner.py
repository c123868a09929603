"""Brings a database to a migration while people work in it (``hemvist db upgrade``).

One migration at a time, each in its own transaction. Where a lock is not had at once, nobody is made to
wait behind it: the migration is left and tried again. What is done stays done, so a run that was stopped
goes on where it was.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hemvist.errors import HemvistError
from hemvist.migrations import fit
from hemvist.migrations.chain import between, needed_code, schema_at
from hemvist_infra import circle_policies, database, landlord_views
from hemvist_infra.upgrades import indexes
from hemvist_infra.upgrades.held import Lock, Watch

#: Refused for now and not for good: a lock that was not had in time, or two that wait for each other.
_AGAIN = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
#: Seconds between two attempts: the first, and the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run goes about it."""

    #: Seconds for which a lock is waited for, with everybody else behind it.
    lock_wait: float = 0.03
    #: Seconds for which a migration is tried again.
    patience: float = 900.0
    #: Whether the version before goes on serving: what it needs stays.
    serving: bool = True
    #: Whether the views that only the version before read go.
    tidy: bool = False


#: As on a machine where nothing else runs: first starts, tests, a service that is stopped.
ALONE = Manner(lock_wait=5.0, patience=0.0, serving=False, tidy=True)


@dataclass(slots=True)
class Applied:
    """What one step came to."""

    name: str
    seconds: float = 0.0
    attempts: int = 0
    locks: list[Lock] = field(default_factory=list)

    @property
    def longest(self) -> Lock | None:
        """The lock that kept others away longest, attempts that failed counted."""
        return max(self.locks, key=lambda lock: lock.seconds, default=None)

    def __str__(self) -> str:
        lock = self.longest
        tries = "" if self.attempts == 1 else f", at attempt {self.attempts}"
        held = "nobody kept waiting" if lock is None else f"longest lock {lock.seconds * 1000:.0f}"
        return f"{self.name}: {self.seconds:.2f} s{tries}; {held}" + (
            "" if lock is None else f" ms ({lock.table}, {lock.mode})"
        )


def run(
    url: str,
    revision: str = "head",
    *,
    manner: Manner = ALONE,
    say: Say = lambda _: None,
    configured: Callable[[Connection], Config] = database.alembic_config,
) -> list[Applied]:
    """Make the roles, then everything that is missing up to ``revision``; what was done.

    Raises ``HemvistError`` with one line when a lock was not had for as long as ``manner`` says, when
    the database is too far behind to be upgraded beside a version that serves, or when another run
    does not end.
    """
    database.prepare_roles(url)
    done: list[Applied] = []
    with database.migrating_connection(url) as connection:
        config = configured(connection)
        script = ScriptDirectory.from_config(config)
        now = MigrationContext.configure(connection).get_current_revision()
        connection.commit()
        if now is not None and now not in {one.revision for one in script.walk_revisions()}:
            raise HemvistError(
                f"the database has migration {now}, which this version does not know: a newer version"
                " upgraded it, and nothing is to be done"
            )
        if now is None:
            # A first start: nobody is served yet.
            manner = ALONE
        missing = list(between(script, now, revision))
        if missing and database.is_spread(connection):
            # What is made after the tables, policies with sub-selects, Citus does not take.
            raise HemvistError(
                "the tables are spread over many machines: they are migrated as docs/growing.md"
                " says, under After the move"
            )
        connection.commit()
        if manner.serving:
            _refuse_leaps(now, missing)
        if now is None or int(now) < fit.FIRST_RELEASE:
            # Until then a migration could change a column that a view shows.
            landlord_views.drop(connection)
            connection.commit()
        # Before anything is locked: it takes some milliseconds.
        config.attributes["schemas"] = {
            one.revision: schema_at(script, one.revision) for one in missing
        }
        say(f"at {now or 'nothing'}; {len(missing)} to do")
        if manner.serving:
            for one in missing:
                done.append(_step(connection, one, config, manner, say))
        elif missing:
            # In one go: alone there is nobody to make way for.
            work = partial(command.upgrade, config, revision)
            done.append(patiently(connection, f"migrations to {revision}", work, manner, say))
        last = MigrationContext.configure(connection).get_current_revision()
        connection.commit()
        if last is not None and last == script.get_current_head():
            done += _around(connection, manner, say)
            fit.write(connection, schema_at(script, last))
        connection.execute(text("SET synchronous_commit = on"))
        connection.execute(text("SELECT pg_current_xact_id()"))
        connection.commit()
    return [one for one in done if one.attempts]


def _refuse_leaps(now: str | None, missing: list[Script]) -> None:
    for one in missing:
        if now is not None and needed_code(one) > int(now) >= fit.FIRST_RELEASE:
            raise HemvistError(
                f"migration {one.revision} leaves behind versions before {needed_code(one):04d}, and"
                f" the database is at {now}: upgrade to the release between them first, or stop the"
                " service and run hemvist db migrate"
            )


def _step(connection: Connection, one: Script, config: Config, manner: Manner, say: Say) -> Applied:
    return patiently(
        connection,
        f"{one.revision} {one.doc.rstrip('.')}",
        partial(command.upgrade, config, one.revision),
        manner,
        say,
    )


def _around(connection: Connection, manner: Manner, say: Say) -> list[Applied]:
    """What is no migration's text: policies of closed circles, landlords' views, broken indexes."""
    steps = [
        *circle_policies.steps(connection),
        *landlord_views.steps(connection, tidy=manner.tidy),
        *indexes.steps(connection),
    ]
    connection.commit()
    if manner.serving or not steps:
        return [patiently(connection, name, work, manner, say) for name, work in steps]

    def all_of_it() -> None:
        for _, work in steps:
            work()

    return [patiently(connection, "policies and views", all_of_it, manner, say)]


def patiently(
    connection: Connection, name: str, work: Callable[[], None], manner: Manner, say: Say
) -> Applied:
    """Do ``work`` on the connection, again as long as a lock is not had; it is committed then."""
    applied, began = Applied(name), time.monotonic()
    pause = _FIRST_PAUSE
    while True:
        applied.attempts += 1
        connection.execute(text(f"SET lock_timeout = '{round(manner.lock_wait * 1000)}ms'"))
        if manner.serving:
            # Nobody waits at a table for our line of the log to reach the disk; the last one does.
            connection.execute(text("SET synchronous_commit = off"))
        connection.commit()
        watch = Watch()
        # Alone there is nobody to keep waiting, and the first start has thousands of statements.
        with watch.on(connection) if manner.serving else nullcontext():
            try:
                work()
                connection.commit()
            except DBAPIError as refused:
                connection.rollback()
                applied.locks += watch.locks
                if not isinstance(refused.orig, _AGAIN):
                    raise
                applied.locks.append(Lock(name.split()[0], "not had", watch.since_sent))
                if applied.attempts in (1, 10) or applied.attempts % 50 == 0:
                    say(
                        f"{name}: a lock was not had, attempt {applied.attempts}; it is tried again"
                    )
                if time.monotonic() - began > manner.patience:
                    raise HemvistError(
                        f"{name}: a lock was not had in {applied.attempts} attempts; something"
                        " holds a table for long (hemvist db upgrade goes on from here)"
                    ) from None
            else:
                applied.locks += watch.locks
                applied.seconds = time.monotonic() - began
                say(str(applied))
                return applied
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - apart, not secret
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def told(connection: Connection) -> list[str]:
    """Where the database is, in sentences: its migration, what is missing, and whether this code fits."""
    schema = fit.schema_of(connection)
    script = ScriptDirectory.from_config(database.alembic_config(connection))
    now = MigrationContext.configure(connection).get_current_revision()
    said = "" if schema is None else f" ({schema.comment})"
    lines = [
        f"The database has migration {now or 'nothing'}{said}; this code ends at"
        f" {fit.code_revision():04d}."
    ]
    known = {one.revision for one in script.walk_revisions()}
    if now is None or now in known:
        lines += [f"To do: {one.revision} {one.doc}" for one in between(script, now, "head")]
    lines += [
        f"Index {name} is broken: hemvist db upgrade makes it anew."
        for name in indexes.broken(connection)
    ]
    wrong = fit.misfit(schema)
    return [*lines, "This version can work with it." if wrong is None else f"It cannot: {wrong}."]
