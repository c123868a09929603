"""Connections. The audience is the connection: each login role has a pool of its own."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from typing import Any

from psycopg import Connection, OperationalError
from sqlalchemy import URL, Engine, create_engine, make_url

from hemvist.settings import get_settings


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


@lru_cache(maxsize=16)
def _engine(url: URL, pool_size: int, audience: str) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        # An error's text must not quote what was being written.
        hide_parameters=True,
        connect_args={"application_name": audience, "connect_timeout": 10},
    )


def engine(audience: Audience) -> Engine:
    """The pooled engine of ``audience``."""
    return _engine(audience_url(audience), get_settings().database_pool_size, audience.value)


@lru_cache(maxsize=16)
def _reading_engine(url: URL, pool_size: int, audience: str) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        # A statement is a transaction of its own: one round trip.
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={
            "application_name": f"{audience}_read",
            "connect_timeout": 10,
            # Compiling a plan that looks up rows by index costs more than running it.
            "options": "-c jit=off",
        },
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
