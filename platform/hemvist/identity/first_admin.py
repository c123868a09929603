"""The invitation of a kommun's first administrator (systemförvaltare): a link that is good once.

The link gives nobody a role: roles come from the kommun's own issuer, here as everywhere. It brings the
invited one to the login, and says afterwards whether the kommun's issuer sends what it should. It is made
from the kommun's key and its last day, so it is kept nowhere and can be shown again; the first login of
an administrator uses it up.
"""

from __future__ import annotations

import hmac
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, select

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity.actor import Role
from hemvist.identity.models import MembershipRow
from hemvist.tenancy import tenant_session
from hemvist.tenancy.keys import tenant_keys

#: Days for which an invitation is open.
OPEN_DAYS = 14
_FIELD = "tenants.first_administrator"
_MAX_TOKEN = 60


class Invitation(StrEnum):
    """How an invitation stands."""

    OPEN = "open"
    #: An administrator of the kommun has logged in.
    USED = "used"
    EXPIRED = "expired"
    #: Not one that we made.
    UNKNOWN = "unknown"


def token_until(tenant_id: UUID, last: date) -> str:
    """The end of the link that is good until the end of the day ``last`` (UTC)."""
    return f"{last:%Y%m%d}-{_secret(tenant_id, last)}"


def new_token(tenant_id: UUID) -> str:
    """The end of a link that is good for ``OPEN_DAYS``: the same all day."""
    return token_until(tenant_id, real_now().date() + timedelta(days=OPEN_DAYS))


def standing(tenant_id: UUID, token: str) -> Invitation:
    """How the invitation of ``token`` stands in the kommun."""
    last = _last_day(token)
    if last is None or not hmac.compare_digest(token, token_until(tenant_id, last)):
        return Invitation.UNKNOWN
    with tenant_session(Audience.STAFF, tenant_id) as session:
        if session.scalar(select(exists().where(MembershipRow.role == Role.TENANT_ADMIN.value))):
            return Invitation.USED
    return Invitation.EXPIRED if real_now().date() > last else Invitation.OPEN


def _last_day(token: str) -> date | None:
    day, dash, _ = token.partition("-")
    if len(token) > _MAX_TOKEN or not token.isascii() or not dash:
        return None
    try:
        return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _secret(tenant_id: UUID, last: date) -> str:
    return tenant_keys(tenant_id).blind_index(_FIELD, last.isoformat()).hex()[:40]
