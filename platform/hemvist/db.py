"""Connections. The audience is the connection: each login role has a pool of its own."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from psycopg import Connection, OperationalError
from sqlalchemy import URL, Engine, create_engine, make_url

from hemvist.running import follow
from hemvist.settings import get_settings

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
    if audience is Audience.WORKER:
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
    secret = get_settings().require("secret_key").encode()
    return hmac.new(secret, f"role:{audience.value}".encode(), hashlib.sha256).hexdigest()


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
    # A transaction sets its own limits; these hold for what asks without one.
    options = (f"statement_timeout={limits.statement}", *more)
    return {
        "application_name": name,
        "connect_timeout": _CONNECT_SECONDS,
        "options": " ".join(f"-c {option}" for option in options),
        **_ALIVE,
    }


@lru_cache(maxsize=16)
def _engine(url: URL, pool_size: int, audience: str) -> Engine:
    return follow(
        create_engine(
            url,
            pool_size=pool_size,
            # As many again: a full house of readers keeps nobody from logging in.
            max_overflow=pool_size,
            pool_timeout=get_settings().waiting_limit,
            pool_pre_ping=True,
            # An error's text must not quote what was being written.
            hide_parameters=True,
            connect_args=_connecting(audience, time_limits(Audience(audience))),
        )
    )


def engine(audience: Audience) -> Engine:
    """The pooled engine of ``audience``."""
    return _engine(audience_url(audience), get_settings().database_pool_size, audience.value)


@lru_cache(maxsize=16)
def _reading_engine(url: URL, pool_size: int, audience: str) -> Engine:
    limits = time_limits(Audience(audience), reading=True)
    return follow(
        create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=get_settings().waiting_limit,
            # A statement is a transaction of its own: one round trip.
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            # Compiling a plan that looks up rows by index costs more than running it.
            connect_args=_connecting(f"{audience}_read", limits, "jit=off"),
        )
    )


@contextmanager
def reading_connection(audience: Audience) -> Iterator[Connection[Any]]:
    """A connection in autocommit for statements that set their tenant themselves.

    It is not asked first whether it is still alive: a caller must be able to do without.
    """
    pool = _reading_engine(
        audience_url(audience), get_settings().database_pool_size, audience.value
    )
    lent = pool.raw_connection()
    try:
        connection: Any = lent.driver_connection
        yield connection
        if connection.broken:
            lent.invalidate()
    except OperationalError:
        lent.invalidate()
        raise
    finally:
        lent.close()


def dispose_engines() -> None:
    """Close every pool: after a fork, and between test databases."""
    # The cache is the only holder, so clearing it after closing leaves no pool behind.
    for audience in Audience:
        try:
            engine(audience).dispose()
            url = audience_url(audience)
            _reading_engine(url, get_settings().database_pool_size, audience.value).dispose()
        except RuntimeError:
            break
    _engine.cache_clear()
    _reading_engine.cache_clear()
    time_limits.cache_clear()
