"""The first administrator's link: good until its day and until an administrator has logged in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import Membership, Role
from hemvist.identity.first_admin import OPEN_DAYS, Invitation, new_token, standing, token_until
from hemvist.identity.principals import known_principal, refresh_memberships
from hemvist.tenancy import tenant_session
from hemvist_testing import new_tenant


def logs_in(tenant: UUID, subject: str, role: Role) -> None:
    """Somebody whom the issuer gives the role."""
    with tenant_session(Audience.STAFF, tenant) as session:
        who = known_principal(
            session, issuer="https://a.example", subject=subject, kind="person", name="Någon"
        )
        refresh_memberships(session, who, frozenset({Membership(role, "")}), real_now())


def test_it_is_open_until_an_administrator_has_logged_in(tenant: UUID) -> None:
    token = new_token(tenant)
    assert standing(tenant, token) is Invitation.OPEN
    logs_in(tenant, "one", Role.STEERING)
    assert standing(tenant, token) is Invitation.OPEN
    logs_in(tenant, "two", Role.TENANT_ADMIN)
    assert standing(tenant, token) is Invitation.USED
    assert standing(tenant, new_token(tenant)) is Invitation.USED


def test_it_ends_with_its_last_day(tenant: UUID) -> None:
    day = real_now().date()
    assert standing(tenant, token_until(tenant, day)) is Invitation.OPEN
    assert standing(tenant, token_until(tenant, day - timedelta(days=1))) is Invitation.EXPIRED
    assert new_token(tenant) == token_until(tenant, day + timedelta(days=OPEN_DAYS))


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "0", lambda t: "2" + t])
def test_only_ours_is_one(tenant: UUID, change: object) -> None:
    assert callable(change)
    assert standing(tenant, change(new_token(tenant))) is Invitation.UNKNOWN


@pytest.mark.parametrize("token", ["", "-", "20270101-", "20271399-" + "0" * 40, "å-b", "9" * 5000])
def test_nonsense_is_none(tenant: UUID, token: str) -> None:
    assert standing(tenant, token) is Invitation.UNKNOWN


def test_another_kommuns_link_is_none_here(tenant: UUID) -> None:
    assert standing(tenant, new_token(new_tenant())) is Invitation.UNKNOWN


def test_a_later_day_cannot_be_written_in(tenant: UUID) -> None:
    day, _, secret = token_until(tenant, real_now().date()).partition("-")
    later = f"{int(day) + 10_000}-{secret}"
    assert standing(tenant, later) is Invitation.UNKNOWN
