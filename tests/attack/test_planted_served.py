"""Holes planted in logins and in how bodies are read: the attack finds each of them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.requests import Request

from hemvist.db import Audience
from hemvist.identity import login
from hemvist.identity.models import LoginAttempt
from hemvist.serving import gate
from hemvist.tenancy import tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist_attack import Tally
from hemvist_attack_served import (
    attack_begun_elsewhere,
    attack_fixation,
    attack_leading,
    attack_slowly,
)
from hemvist_browser import serve_platform
from hemvist_graphql import http

pytestmark = pytest.mark.slow

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def address(database: str, valkey: str) -> Iterator[str]:
    with serve_platform() as address:
        yield address


def test_a_session_that_outlives_a_login(address: str, monkeypatch: Patch) -> None:
    monkeypatch.setattr(login, "revoke_session", lambda *_: None)
    found = Tally()
    attack_fixation(found, address)
    assert found.finds == ["the session that was there before a login lives on"]


def test_a_login_of_whoever_comes_back(address: str, monkeypatch: Patch) -> None:
    def of_anybody(tenant_id: UUID, state: str, _: str | None) -> login._Attempt:
        with tenant_session(Audience.STAFF, tenant_id) as session:
            row = session.scalar(
                select(LoginAttempt).where(LoginAttempt.state_sha256 == login.digest(state))
            )
            assert row is not None
            said = row.issuer, row.nonce, row.code_verifier_sealed, row.return_to
        verifier = tenant_keys(tenant_id).open(login.VERIFIER_FIELD, said[2])
        return login._Attempt(said[0], said[1], verifier, said[3])

    monkeypatch.setattr(login, "_take_attempt", of_anybody)
    found = Tally()
    attack_begun_elsewhere(found, address)
    assert found.finds == ["a login begun in one browser is finished in another"]


def test_a_login_that_leads_anywhere(address: str, monkeypatch: Patch) -> None:
    monkeypatch.setattr(login, "local_return", lambda slug, target: target or f"/{slug}/")
    found = Tally()
    attack_leading(found, address)
    assert len(found.finds) > 3
    assert "a login leads to https://evil.example/x" in found.finds


def test_a_place_that_is_taken_before_the_body_has_come(address: str, monkeypatch: Patch) -> None:
    reads = http.body_of

    async def inside(request: Request) -> bytes | None:
        async with gate("data").place():
            return await reads(request)

    monkeypatch.setattr(http, "body_of", inside)
    found = Tally()
    attack_slowly(found, address)
    assert found.finds == ["callers who never finish keep others waiting"]
