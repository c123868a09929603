"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable
from weakref import WeakKeyDictionary

import redis
import structlog
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hemvist.db import Audience, engine
from hemvist.migrations import fit
from hemvist.settings import get_settings

router = APIRouter(prefix="/health", include_in_schema=False)
log = structlog.get_logger("hemvist.health")


@router.get("/live")
async def live() -> dict[str, str]:
    """The process answers. Nothing else is asked: a restart mends no database."""
    return {"status": "ok"}


#: What is being looked for just now: probes are not rationed, so all who ask meanwhile share it.
_looking: WeakKeyDictionary[AbstractEventLoop, asyncio.Task[list[str]]] = WeakKeyDictionary()


@router.get("/ready")
async def ready() -> Response:
    """200 when database and broker answer and the tables fit this version; else 503 naming what does not.

    Tables that are newer than this version are no hindrance: it goes on serving while it is replaced.
    """
    loop = asyncio.get_running_loop()
    looking = _looking.get(loop)
    if looking is None or looking.done():
        looking = _looking[loop] = loop.create_task(_look())
    # One of those who wait may go away: the others wait on.
    missing = await asyncio.shield(looking)
    if missing:
        return JSONResponse({"status": "unavailable", "missing": missing}, 503)
    return JSONResponse({"status": "ok"})


async def _look() -> list[str]:
    # A thread of its own: the others may all be busy with those who are served.
    return await to_thread.run_sync(_missing, limiter=CapacityLimiter(1))


def _missing() -> list[str]:
    checks = {"database": _check(_database), "broker": _check(_broker)}
    if checks["database"]:
        checks["schema"] = _check(_schema)
    missing = sorted(name for name, works in checks.items() if not works)
    if missing:
        log.warning("not_ready", missing=missing)
    return missing


def _check(probe: Callable[[], None]) -> bool:
    try:
        probe()
    except (SQLAlchemyError, redis.RedisError, RuntimeError, OSError):
        return False
    return True


def _database() -> None:
    with engine(Audience.STAFF).connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 2000"))
        connection.execute(text("SELECT 1 FROM tenants LIMIT 1"))


def _schema() -> None:
    with engine(Audience.STAFF).connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 2000"))
        wrong = fit.misfit(fit.schema_of(connection))
    if wrong is not None:
        log.warning("schema_does_not_fit", why=wrong)
        raise RuntimeError(wrong)


def _broker() -> None:
    with redis.Redis.from_url(
        get_settings().require("redis_url"), socket_timeout=2, socket_connect_timeout=2
    ) as client:
        client.ping()
