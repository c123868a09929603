"""Support on commission as tests live it: Göteborg's two providers, and a commission that was sent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.commissions import service as commissions
from hemvist.commissions.models import Commission, SupportReport
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation
from hemvist.identity import Membership, Role
from hemvist.identity.support_providers import SupportProvider
from hemvist.ids import new_id
from hemvist.tenancy import tenant_session
from hemvist_goteborg import CASEWORKER
from hemvist_graphql.ids import global_id
from hemvist_world import World, as_owner

OWN, PROCURED = "BF-STOD", "RAM-A"
#: What Göteborg's routine has a commission hold.
COMMISSION: dict[str, Any] = {
    "wishes": "Vill ha hjälp med räkningarna och någon att prata med.",
    **dict.fromkeys(
        (
            *("home_and_bills", "health", "social_contacts", "authorities", "report_events"),
            *("monthly_follow_up", "goal"),
        ),
        True,
    ),
}
#: And a report of a month.
REPORT: dict[str, Any] = {
    "meetings": 5,
    "plan_progress": "Betalplanen är klar.",
    "home_and_bills": "Hyran är betald.",
    "participants_view": "Tycker att besöken är lagom många.",
    "next_month": "Söka sysselsättning.",
}


def provided(world: World) -> World:
    """The kommun with its own provider and a procured one, and staff of each."""
    enter_providers(world.tenant_id)
    world.add("own staff", Membership(Role.SUPPORT_PROVIDER, OWN))
    world.add("procured staff", Membership(Role.SUPPORT_PROVIDER, PROCURED))
    return world


def enter_providers(tenant_id: UUID) -> None:
    """As onboarding enters them."""
    with as_owner(tenant_id) as connection:
        for code, regime in ((OWN, "own"), (PROCURED, "procured")):
            connection.execute(
                "INSERT INTO support_providers"
                " (tenant_id, id, code, name_sv, name_en, regime, volume_percent, active)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, true)",
                (tenant_id, new_id(), code, f"Utförare {code}", f"Provider {code}", regime, 50),
            )


def provider(world: World, code: str) -> SupportProvider:
    """One of the two."""
    [found] = world.rows(SupportProvider, code=code)
    return found


def drafted(world: World, case: Case, on: date, *, procured: bool = False) -> Commission:
    """The coordinator's choice, the caseworker's where one is left, and the commission written."""
    row = world.act(
        "coordinator",
        commissions.route_support,
        case_id=case.id,
        regime="procured" if procured else "own",
        reason="volume",
        on=on,
    )
    if procured:
        row = world.act(
            CASEWORKER,
            commissions.choose_provider,
            case_id=case.id,
            provider_id=provider(world, PROCURED).id,
            reason="wish",
            on=on,
        )
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER,
        commissions.write_commission,
        commission_id=row.id,
        content=COMMISSION,
        starts_on=on + timedelta(days=1),
        expected_version=row.version,
    )


def commissioned(world: World, case: Case, on: date, *, procured: bool = False) -> Commission:
    """A commission that was sent on a day."""
    row = drafted(world, case, on, procured=procured)
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER,
        commissions.send_commission,
        commission_id=row.id,
        ground="consent",
        sent_on=on,
        expected_version=row.version,
    )


def given_support(tenant_id: UUID, case_id: UUID) -> dict[str, str]:
    """A provider, its commission in a case and a report that it sent: their ids.

    Written as they are, for cases whose guideline has no commissions. Of the case, an obligation must
    be there.
    """
    enter_providers(tenant_id)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        case = session.find(Case, case_id)
        given = session.scalars(select(SupportProvider).where(SupportProvider.code == OWN)).one()
        due = session.scalars(select(Obligation).where(Obligation.case_id == case.id)).first()
        assert due is not None
        commission = session.save(
            Commission(
                case_id=case.id,
                household_id=case.household_id,
                programme=str(case.programme),
                state="sent",
                regime="own",
                regime_reason="needs",
                provider_id=given.id,
            )
        )
        session.flush()
        report = session.save(
            SupportReport(
                case_id=case.id,
                commission_id=commission.id,
                obligation_id=due.id,
                state="sent",
                content={},
                sent_on=today(),
            )
        )
        session.flush()
        rows: list[Any] = [given, commission, report]
        return {type(row).__name__: global_id(type(row).__name__, row.id) for row in rows}
