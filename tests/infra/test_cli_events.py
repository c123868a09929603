"""``hemvist events``: what is parked is told, released or discarded."""

from __future__ import annotations

from uuid import UUID

import pytest
from typer.testing import CliRunner

from hemvist.errors import HemvistError, NotFound, ValidationFailed
from hemvist.ids import new_id
from hemvist.outbox import emit, parking
from hemvist.tenancy import Audience, tenant_session
from hemvist_infra import cli_events
from hemvist_testing import owner_connection


def hemvist(*arguments: str, status: int = 0) -> str:
    """What the command told."""
    ran = CliRunner().invoke(cli_events.app, arguments)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == status, ran.output
    return ran.output


@pytest.fixture
def slug(tenant: UUID) -> str:
    with owner_connection() as connection:
        row = connection.execute("SELECT slug FROM tenants WHERE id = %s", [tenant]).fetchone()
    assert row is not None
    return str(row[0])


def park(tenant: UUID) -> UUID:
    """An event that is parked for one handler."""
    with tenant_session(Audience.STAFF, tenant) as session:
        event_id = emit(session, "referral_registered", {})
    for _ in range(parking.STRIKES):
        with tenant_session(Audience.WORKER, tenant) as session:
            parking.failed(session, "notices", event_id, "KeyError", counted=False)
    return event_id


def test_what_is_parked_is_told_and_ends_with_status_1(tenant: UUID, slug: str) -> None:
    assert hemvist("parked", "--tenant", slug) == "Nothing is parked.\n"
    event_id = park(tenant)
    told = hemvist("parked", "--tenant", slug, status=1)
    for word in (slug, str(event_id), "notices", "referral_registered", "KeyError", " 5 "):
        assert word in told


def test_one_or_all_are_released(tenant: UUID, slug: str) -> None:
    first, second, third = park(tenant), park(tenant), park(tenant)
    assert f"{second} goes out again" in hemvist("release", "--tenant", slug, str(second))
    told = hemvist("release", "--tenant", slug)
    assert str(first) in told
    assert str(third) in told
    assert str(second) not in told
    assert hemvist("release", "--tenant", slug) == "Nothing is parked.\n"


def test_one_is_discarded_with_a_reason(tenant: UUID, slug: str) -> None:
    event_id = park(tenant)
    with pytest.raises(ValidationFailed):
        hemvist("discard", "--tenant", slug, str(event_id), "--reason", "en lång förklaring")
    told = hemvist("discard", "--tenant", slug, str(event_id), "--reason", "HV-12")
    assert "never handled by notices" in told
    assert hemvist("parked", "--tenant", slug) == "Nothing is parked.\n"


def test_what_is_not_there_is_said_so(tenant: UUID, slug: str) -> None:
    with pytest.raises(NotFound):
        hemvist("release", "--tenant", slug, str(new_id()))
    with pytest.raises(HemvistError, match="no event's id"):
        hemvist("release", "--tenant", slug, "x")
    with pytest.raises(HemvistError, match="register"):
        hemvist("parked", "--tenant", "ingenstans")
