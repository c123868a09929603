"""A probe is told what is missing, and nothing more."""

from __future__ import annotations

import os
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
