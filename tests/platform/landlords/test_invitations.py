"""Who gives access: two of a kommun at first, two of the landlord's own from then on, nobody alone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from hemvist.clock import real_now
from hemvist.errors import Conflict, NotAllowed, NotFound
from hemvist.landlords import invitations
from hemvist.landlords.access import access_of, close_door
from hemvist.landlords.invitations import Confirmed, accept, confirm, invite, withdraw
from hemvist.landlords.landlord_views import ME
from hemvist.landlords.members import make_district, remove, set_districts
from hemvist.landlords.models import LandlordInvitation, LandlordMember
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist.units.landlord_views import UNITS
from hemvist_landlords import (
    Member,
    administrator,
    admitter,
    agent,
    opened,
    organisation_number,
    somebody,
)
from hemvist_testing import new_tenant
from hemvist_world import at_once

EMAIL = "vera@bjorkbo.example"


def invited(tenant_id: UUID, landlord_id: UUID, level: str = "administrator") -> Confirmed:
    """An invitation of the kommun that can be accepted with ``EMAIL``."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = invite(
            session,
            admitter(tenant_id, "En"),
            landlord_id=landlord_id,
            invited=f" {EMAIL.upper()} ",
            level=level,
        )
    with tenant_session(Audience.STAFF, tenant_id) as session:
        return confirm(
            session,
            admitter(tenant_id, "En annan"),
            invitation_id=row.id,
            expected_version=row.version,
        )


@pytest.fixture
def landlord(tenant: UUID) -> UUID:
    """A landlord for whom the kommun's door is open."""
    return opened(tenant, organisation_number())


@pytest.fixture
def pair(tenant: UUID, landlord: UUID) -> tuple[Member, Member]:
    """The landlord's two administrators."""
    return administrator(tenant, landlord), administrator(tenant, landlord, "Sara Lindahl")


def test_nobody_confirms_what_they_invited(tenant: UUID, landlord: UUID) -> None:
    one = admitter(tenant)
    with tenant_session(Audience.STAFF, tenant) as session:
        row = invite(session, one, landlord_id=landlord, invited=EMAIL, level="administrator")
    with tenant_session(Audience.STAFF, tenant) as session, pytest.raises(NotAllowed):
        confirm(session, one, invitation_id=row.id, expected_version=row.version)


def spoil_by_time(tenant_id: UUID, done: Confirmed) -> None:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        session.find(LandlordInvitation, done.invitation.id).ends_at = real_now()


def spoil_by_withdrawal(tenant_id: UUID, done: Confirmed) -> None:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = session.find(LandlordInvitation, done.invitation.id)
        withdraw(session, admitter(tenant_id), invitation_id=row.id, expected_version=row.version)


def spoil_by_the_door(tenant_id: UUID, done: Confirmed) -> None:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = access_of(session, done.invitation.landlord_id)
        assert row is not None
        close_door(
            session,
            admitter(tenant_id),
            access_id=row.id,
            expected_version=row.version,
            reason="Slut",
        )


def spoil_by_use(tenant_id: UUID, done: Confirmed) -> None:
    principal_id = somebody("En annan").principal_id
    assert principal_id is not None
    accept(done.token, principal_id=principal_id, email=EMAIL)


@pytest.mark.parametrize(
    "spoil", [spoil_by_time, spoil_by_withdrawal, spoil_by_the_door, spoil_by_use]
)
def test_an_invitation_that_no_longer_holds_is_not_there(
    tenant: UUID, landlord: UUID, spoil: Callable[[UUID, Confirmed], None]
) -> None:
    done = invited(tenant, landlord)
    spoil(tenant, done)
    principal_id = somebody("Vera").principal_id
    assert principal_id is not None
    with pytest.raises(NotFound) as refused:
        accept(done.token, principal_id=principal_id, email=EMAIL)
    with pytest.raises(NotFound) as never:
        accept(f"{tenant.hex}.{'a' * 43}", principal_id=principal_id, email=EMAIL)
    assert str(refused.value) == str(never.value)


@pytest.mark.parametrize("email", [None, "", "olle@bjorkbo.example", "xvera@bjorkbo.example"])
def test_the_link_alone_is_worth_nothing(tenant: UUID, landlord: UUID, email: str | None) -> None:
    done = invited(tenant, landlord)
    principal_id = somebody("Vera").principal_id
    assert principal_id is not None
    with pytest.raises(NotFound):
        accept(done.token, principal_id=principal_id, email=email, client_id=EMAIL)
    # Nothing was used up: the right one still gets in.
    assert accept(done.token, principal_id=principal_id, email=EMAIL).landlord_id == landlord


def test_killed_after_joining_it_is_accepted_again(
    tenant: UUID, landlord: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = invited(tenant, landlord)
    principal_id = somebody("Vera").principal_id
    assert principal_id is not None
    with monkeypatch.context() as broken:
        # The membership is committed, the invitation is not yet spent.
        broken.setattr(invitations, "now", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            accept(done.token, principal_id=principal_id, email=EMAIL)
    accept(done.token, principal_id=principal_id, email=EMAIL)
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        rows = session.query(LandlordMember).filter_by(principal_id=principal_id).all()
    assert len(rows) == 1 and rows[0].status == "active"


def test_once_it_has_two_administrators_no_kommun_adds_people(
    tenant: UUID, pair: tuple[Member, Member]
) -> None:
    """Else a kommun could give somebody what the landlord sees in another."""
    second, (vera, _) = new_tenant(), pair
    opened(second, vera.rows(ME)[0].organisation_number)
    for kommun in (tenant, second):
        with (
            tenant_session(Audience.STAFF, kommun) as session,
            pytest.raises(Conflict) as refused,
        ):
            invite(session, admitter(kommun), landlord_id=vera.landlord_id, invited=EMAIL)
        assert refused.value.rule == "landlord_invites"


def test_administrators_of_another_landlord_and_agents_add_nobody(
    tenant: UUID, pair: tuple[Member, Member]
) -> None:
    vera, sara = pair
    stranger = administrator(tenant, opened(tenant, organisation_number(), "Norra Hem AB"))
    olle = agent(vera, sara)
    for who in (stranger, olle):
        with (
            tenant_session(Audience.STAFF, PLATFORM_TENANT) as session,
            pytest.raises(NotFound),
        ):
            invite(session, who.actor, landlord_id=vera.landlord_id, invited=EMAIL)
        with (
            tenant_session(Audience.STAFF, PLATFORM_TENANT) as session,
            pytest.raises(NotFound),
        ):
            row = session.find(LandlordMember, sara.member.id)
            remove(session, who.actor, member_id=row.id, expected_version=row.version)


def test_a_district_of_another_landlord_is_none(tenant: UUID, pair: tuple[Member, Member]) -> None:
    vera, sara = pair
    stranger = administrator(tenant, opened(tenant, organisation_number(), "Norra Hem AB"))
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        theirs = make_district(
            session, stranger.actor, landlord_id=stranger.landlord_id, name="Norr"
        )
    olle = agent(vera, sara)
    for district in (theirs.id, uuid4()):
        with (
            tenant_session(Audience.STAFF, PLATFORM_TENANT) as session,
            pytest.raises(Exception, match="districts"),
        ):
            set_districts(
                session,
                vera.actor,
                member_id=olle.member.id,
                districts=[district],
                expected_version=1,
            )


def test_two_administrators_who_remove_each_other_leave_one(
    tenant: UUID, pair: tuple[Member, Member]
) -> None:
    vera, sara = pair

    def removes(one: Member, other: Member) -> Callable[[], bool]:
        def act() -> bool:
            with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
                remove(session, one.actor, member_id=other.member.id, expected_version=1)
            return True

        return act

    done = at_once(removes(vera, sara), removes(sara, vera))
    assert [one for one in done if one is True] == [True]
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        left = session.query(LandlordMember).filter_by(
            landlord_id=vera.landlord_id, status="active"
        )
        assert left.count() == 1


def test_who_left_and_is_invited_anew_has_what_the_new_invitation_says(
    tenant: UUID, pair: tuple[Member, Member]
) -> None:
    vera, sara = pair
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        remove(session, vera.actor, member_id=sara.member.id, expected_version=1)
    done = invited(tenant, vera.landlord_id, "agent")
    member = accept(done.token, principal_id=sara.principal_id, email=EMAIL)
    assert (member.id, member.level, member.status) == (sara.member.id, "agent", "active")
    assert member.invitation_id == done.invitation.id
    assert sara.rows(UNITS) == []
