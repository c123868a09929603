"""A probe is told what is missing, and nothing more."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hemvist_infra.web import health
from hemvist_testing import forget_settings


@pytest.fixture
def client() -> TestClient:
    """A client of the health routes alone."""
    app = FastAPI(
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    )
    app.include_router(health.router)
    return TestClient(app)


@pytest.fixture
def changed(database: str, valkey: str) -> Iterator[dict[str, str]]:
    """Settings that a test may change."""
    names = ("HEMVIST_DATABASE_URL", "HEMVIST_REDIS_URL")
    kept = {name: os.environ[name] for name in names}
    yield kept
    os.environ.update(kept)
    forget_settings()


def test_ready_when_both_answer(client: TestClient, database: str, valkey: str) -> None:
    assert client.get("/health/ready").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("name", "value", "missing"),
    [
        ("HEMVIST_REDIS_URL", "redis://:a-secret@127.0.0.1:1/0", ["broker"]),
        (
            "HEMVIST_DATABASE_URL",
            "postgresql://u:a-secret@127.0.0.1:1/x",  # not-secret: nobody's
            ["database"],
        ),
    ],
)
def test_what_does_not_answer_is_named_without_secrets(
    client: TestClient, changed: dict[str, str], name: str, value: str, missing: list[str]
) -> None:
    os.environ[name] = value
    forget_settings()
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "missing": missing}
    assert client.get("/health/live").status_code == 200


def test_however_many_ask_it_looks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def slow() -> list[str]:
        looks.append(1)
        time.sleep(0.1)
        return ["broker"]

    monkeypatch.setattr(health, "_missing", slow)

    async def ask_many() -> list[int]:
        answers = await asyncio.gather(*(health.ready() for _ in range(50)))
        # And anew for who comes later.
        return [*(one.status_code for one in answers), (await health.ready()).status_code]

    assert asyncio.run(ask_many()) == [503] * 51
    assert len(looks) == 2


def test_one_who_goes_away_takes_nobodys_answer_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_missing", lambda: time.sleep(0.1) or [])

    async def one_goes() -> int:
        gone = asyncio.ensure_future(health.ready())
        stays = asyncio.ensure_future(health.ready())
        await asyncio.sleep(0.02)
        gone.cancel()
        return (await stays).status_code

    assert asyncio.run(one_goes()) == 200
