"""Connections. The audience is the connection: each login role has a pool of its own."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import Any

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation
from psycopg import Connection
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy import Connection as OrmConnection
from sqlalchemy.exc import DisconnectionError

from hemvist.lending import Lender
from hemvist.pipelined import PipelinedConnection
from hemvist.running import follow
from hemvist.settings import Settings, get_settings

#: Seconds until a server that is not there counts as away.
_CONNECT_SECONDS = 5
#: A server that vanished without a word is noticed after this long, whatever its time limits say.
_ALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


class Audience(StrEnum):
    """The database login role that a piece of work runs as. Rights follow the role."""

    STAFF = "hemvist_staff"
    LANDLORD = "hemvist_landlord"
    WORKER = "hemvist_worker"
    EXCHANGE = "hemvist_exchange"
    OPERATOR = "hemvist_operator"
    #: Deletes what is thinned, and nothing else: see ``hemvist.retention``.
    THINNING = "hemvist_thinning"

    @property
    def short(self) -> str:
        """The name without prefix, as in the settings ``database_url_…``."""
        return self.value.removeprefix("hemvist_")


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Milliseconds after which PostgreSQL stops a statement or a transaction; 0 is never."""

    statement: int
    transaction: int
    idle: int


@lru_cache(maxsize=16)
def time_limits(audience: Audience, *, reading: bool = False) -> TimeLimits:
    """The limits on what ``audience`` does. A worker's task is limited as a whole, by its queue."""
    settings = get_settings()
    if audience in (Audience.WORKER, Audience.THINNING):
        return TimeLimits(settings.task_time_limit * 1000, 0, settings.task_time_limit * 1000)
    statement = settings.read_time_limit if reading else settings.command_time_limit
    return TimeLimits(
        int(statement * 1000),
        int(max(settings.transaction_time_limit, statement) * 1000),
        int(settings.idle_time_limit * 1000),
    )


def normalise(url: str) -> URL:
    """``url`` as SQLAlchemy wants it, over psycopg 3 whichever scheme it was written with."""
    return make_url(url).set(drivername="postgresql+psycopg")


def audience_password(audience: Audience) -> str:
    """The role's password, derived from the secret key: nothing to store, one thing to rotate."""
    return derived_password(get_settings().require("secret_key"), audience)


def derived_password(secret: str, audience: Audience) -> str:
    """The password of ``audience`` that follows from ``secret``."""
    return hmac.new(secret.encode(), f"role:{audience.value}".encode(), hashlib.sha256).hexdigest()


def owner_url() -> URL:
    """The owner's connection: migrations and roles only."""
    return normalise(get_settings().require("database_url"))


def audience_url(audience: Audience) -> URL:
    """Where ``audience`` connects: its own setting, or the owner's server with its own role."""
    own = getattr(get_settings(), f"database_url_{audience.short}")
    if own is not None:
        return normalise(own)
    return owner_url().set(username=audience.value, password=audience_password(audience))


def _connecting(name: str, limits: TimeLimits, *more: str) -> dict[str, Any]:
    settings = get_settings()
    found: dict[str, Any] = {
        "application_name": name,
        "connect_timeout": _CONNECT_SECONDS,
        **_ALIVE,
    }
    if not settings.database_pooled:
        # A transaction sets its own limits; these hold for what asks without one.
        options = (f"statement_timeout={limits.statement}", *more)
        found["options"] = " ".join(f"-c {option}" for option in options)
    if not settings.database_prepared:
        found["prepare_threshold"] = None
    return found


@lru_cache(maxsize=16)
def _engine(url: URL, pool_size: int, audience: str) -> Engine:
    made = follow(
        create_engine(
            url,
            pool_size=pool_size,
            # As many again: a full house of readers keeps nobody from logging in.
            max_overflow=pool_size,
            pool_timeout=get_settings().waiting_limit,
            # An error's text must not quote what was being written.
            hide_parameters=True,
            connect_args=_connecting(audience, time_limits(Audience(audience))),
        )
    )
    event.listen(made, "do_connect", _connect_pipelined)
    event.listen(made, "checkout", _refuse_lost)
    return made


def _connect_pipelined(
    _dialect: Any, _record: Any, args: Sequence[Any], options: Mapping[str, Any]
) -> PipelinedConnection:
    return PipelinedConnection.connect(*args, **options)


def _refuse_lost(connection: PipelinedConnection, _record: Any, _lent: Any) -> None:
    """A connection that died in the pool is replaced, without a round trip to ask it."""
    if connection.lost:
        raise DisconnectionError


def engine(audience: Audience) -> Engine:
    """The pooled engine of ``audience``."""
    return _engine(audience_url(audience), get_settings().database_pool_size, audience.value)


@dataclass(frozen=True, slots=True)
class _Lending:
    """A lender, and the settings that it was made by."""

    settings: Settings
    lender: Lender[Any]

    @property
    def holds(self) -> bool:
        """Whether it is still ours: by the same settings, and on this side of any fork."""
        # The settings are one object for as long as they hold: to compare them costs nothing.
        return self.settings is get_settings() and self.lender.process == os.getpid()


class _Lendings:
    """The lenders of one kind, by audience."""

    def __init__(self, connecting: Callable[[Audience], Lender[Any]]) -> None:
        self._connecting = connecting
        self._known: dict[Audience, _Lending] = {}
        self._lock = Lock()

    def of(self, audience: Audience) -> Lender[Any]:
        """The audience's lender, made when first needed."""
        known = self.known(audience)
        if known is not None:
            return known
        with self._lock:
            known = self.known(audience)
            if known is not None:
                return known
            self._lose(audience)
            made = _Lending(get_settings(), self._connecting(audience))
            self._known[audience] = made
            return made.lender

    def known(self, audience: Audience) -> Lender[Any] | None:
        """The audience's lender, where there is one already."""
        known = self._known.get(audience)
        return known.lender if known is not None and known.holds else None

    def all(self) -> list[tuple[Audience, Lender[Any]]]:
        """Every lender there is."""
        found = ((audience, self.known(audience)) for audience in Audience)
        return [(audience, lender) for audience, lender in found if lender is not None]

    def lose(self) -> None:
        """Close what every lender has."""
        with self._lock:
            for audience in Audience:
                self._lose(audience)

    def _lose(self, audience: Audience) -> None:
        known = self._known.pop(audience, None)
        if known is not None:
            known.lender.close()


def _reading_lender(audience: Audience) -> Lender[Connection[Any]]:
    settings, url = get_settings(), audience_url(audience)
    limits = time_limits(audience, reading=True)
    parts: dict[str, Any] = {
        **url.translate_connect_args(username="user", database="dbname"),
        **url.query,
        # Compiling a plan that looks up rows by index costs more than running it.
        **_connecting(f"{audience.value}_read", limits, "jit=off"),
    }
    # A statement is a transaction of its own: one round trip.
    return Lender(
        lambda: Connection.connect(**parts, autocommit=True),
        2 * settings.database_pool_size,
        settings.waiting_limit,
    )


def _writing_lender(audience: Audience) -> Lender[PipelinedConnection]:
    settings, over = get_settings(), engine(audience)

    def connect() -> PipelinedConnection:
        made = over.raw_connection()
        driver = made.driver_connection
        assert isinstance(driver, PipelinedConnection)
        # From now on the lender's: the engine's pool neither counts nor closes it.
        made.detach()
        driver.orm = OrmConnection(over, connection=made)
        return driver

    return Lender(
        connect,
        2 * settings.database_pool_size,
        settings.waiting_limit,
        lambda connection: connection.lost,
    )


_reading, _writing = _Lendings(_reading_lender), _Lendings(_writing_lender)


def _told_connections(_: CallbackOptions) -> list[Observation]:
    """The connections of each pool, by whether somebody has them."""
    return [
        Observation(count, {"pool": f"{audience.short}_{kind}", "state": state})
        for kind, lendings in (("read", _reading), ("write", _writing))
        for audience, lender in lendings.all()
        for state, count in zip(("used", "idle", "max"), lender.counts(), strict=True)
    ]


metrics.get_meter("hemvist.sql").create_observable_gauge(
    "db.client.connection.count",
    [_told_connections],
    description="Connections of a process by pool: used, idle, and as many as there may be.",
)


def reading_connection(audience: Audience) -> AbstractContextManager[Connection[Any]]:
    """A connection in autocommit for statements that set their tenant themselves.

    It is not asked first whether it is still alive: a caller must be able to do without.
    """
    return _reading.of(audience).lent()


def writing_connection(audience: Audience) -> AbstractContextManager[PipelinedConnection]:
    """A connection for a transaction, with SQLAlchemy's over it (``orm``), which begins it too.

    Whoever borrows it commits or rolls back: it is closed if it is given back in a transaction.
    """
    return _writing.of(audience).lent()


def reading_at_hand(audience: Audience) -> AbstractContextManager[Connection[Any] | None]:
    """``reading_connection`` for an event loop: one that is open and free, or None. Never waits."""
    known = _reading.known(audience)
    # What is sent this way is prepared; without that a thread may as well do it.
    prepared = get_settings().database_prepared
    return nullcontext() if known is None or not prepared else known.at_hand()


def dispose_engines() -> None:
    """Close every pool: after a fork, and between test databases."""
    # The cache is the only holder, so clearing it after closing leaves no pool behind.
    for audience in Audience:
        try:
            engine(audience).dispose()
        except RuntimeError:
            continue
    _engine.cache_clear()
    _reading.lose()
    _writing.lose()
    time_limits.cache_clear()
