"""What kommuner of the demo have going with the landlords they share: cards, agreements, vacancies."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hemvist.agreements.models import Agreement, AgreementVersion
from hemvist.agreements.quota_terms import add_quota
from hemvist.agreements.service import open_agreement
from hemvist.agreements.versions import change_version, confirm_version
from hemvist.clock import SWEDISH_TIME, today
from hemvist.contact_cards import service as cards
from hemvist.contact_cards.models import ContactCard
from hemvist.dealings.times import propose
from hemvist.errors import ValidationFailed
from hemvist.identity import Actor, Role
from hemvist.incidents.landlord_reports import report
from hemvist.landlords.acting import landlord_actor, landlord_person
from hemvist.landlords.models import Landlord
from hemvist.offers.models import Offer
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.units.models import Unit
from hemvist.vacancies import service as vacancies
from hemvist.vacancies.models import Vacancy
from hemvist_infra.demo.homes import ACROSS
from hemvist_infra.demo.landlords import landlord_id, landlords_person
from hemvist_infra.demo.numbers import organisation_number
from hemvist_infra.demo.people import Staff

#: By the landlord's serial number: who reports its vacancies.
_REPORTERS = {10: "sara.lindahl", 11: "lina.sorensson"}
#: Homes a year, and of what is vacated in hundredths of a percent, by the kommun.
_QUOTAS: Mapping[str, Mapping[str, Any]] = {
    "karlstad": {"kind": "vacated_share", "share_bp": 1000, "rounding": "nearest"},
    "vasteras": {"kind": "number", "homes": 12},
    "helsingborg": {"kind": "number", "homes": 8},
}
_CARDS = (
    {
        "position": 1,
        "name": "Bostadssamordningen, en väg in",
        "matters": "Allt som rör kommunens kontrakt: börja här, så lotsar vi vidare.",
        "phone": "010-000 00 10",
        "email": "vagin@kommun.example",
        "hours": "vardagar 8-16",
        "out_of_hours": "Störning som inte kan vänta: ring störningsjouren.",
    },
    {
        "position": 2,
        "name": "Störningsjouren",
        "matters": "Störning som pågår.",
        "phone": "010-000 00 20",
        "hours": "alla dagar 20-04",
    },
)
#: What becomes of the flats that are reported: (street number, days until it is free, answer).
_VACANCIES = ((1, -20, "taken_in"), (2, 12, "taken_in"), (3, 40, "declined"), (4, 25, ""))


def deal(slug: str, tenant_id: UUID, staff: Staff) -> bool:
    """Fill in what the kommun has with each landlord; True where something was not there before."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        if session.scalar(select(func.count()).select_from(ContactCard)):
            return False
        for card in _CARDS:
            cards.add(session, staff.property_officer, **card)
    for serial, name, slugs in ACROSS:
        if slug in slugs:
            _agree(slug, tenant_id, staff, serial, name)
            _report(slug, tenant_id, staff, serial)
            _disturb(tenant_id, serial)
            _view(tenant_id, staff, serial)
    return True


def _agree(slug: str, tenant_id: UUID, staff: Staff, serial: int, name: str) -> None:
    begins = date(today().year - 1, 1, 1)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        officer = staff.property_officer
        agreement = open_agreement(
            session,
            officer,
            landlord_organisation_number=organisation_number(serial),
            landlord_name=name,
            kind="cooperation",
            title=f"Samverkan om bostäder, {name}",
            starts_on=begins,
        )
        version = _version(session, agreement)
        change_version(
            session,
            officer,
            version_id=version.id,
            signed_on=begins,
            target_groups="Hushåll som kommunen anvisar.",
            terms=[
                {
                    "subject": "Uppsägningstid vid störning",
                    "written": "Parterna går igenom ärendet innan någon säger upp.",
                    "actual": "Samtal hålls per telefon samma vecka.",
                }
            ],
            expected_version=version.version,
        )
        add_quota(
            session,
            officer,
            version_id=version.id,
            code="hem",
            label="Hem till kommunen",
            per="year",
            expected_version=version.version,
            **_QUOTAS[slug],
        )
        version_id, number = version.id, version.version
    with tenant_session(Audience.STAFF, tenant_id) as session:
        confirm_version(session, _manager(staff), version_id=version_id, expected_version=number)


def _report(slug: str, tenant_id: UUID, staff: Staff, serial: int) -> None:
    person = landlords_person(_REPORTERS[serial])
    assert person.principal_id is not None
    known = landlord_person(person.principal_id)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        company = session.get(Landlord, landlord_id(serial))
        assert company is not None
        reporter = landlord_actor(session, known, company.id)
        for number, ahead, answer in _VACANCIES:
            vacancy = vacancies.report(
                session, reporter, landlord_id=company.id, **_flat(slug, serial, number, ahead)
            )
            _answer(session, staff.property_officer, vacancy, answer)


def _disturb(tenant_id: UUID, serial: int) -> None:
    """The landlord reports a disturbance yesterday in the first home where somebody lives."""
    person = landlords_person(_REPORTERS[serial])
    assert person.principal_id is not None
    known, company = landlord_person(person.principal_id), landlord_id(serial)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        units = session.scalars(
            select(Unit.id)
            .where(Unit.landlord_id == company, Unit.state == "let")
            .order_by(Unit.id.desc())
        ).all()
        reporter = landlord_actor(session, known, company)
        for unit_id in units:
            # A lease of the household's own is the landlord's to look after.
            with suppress(ValidationFailed):
                report(
                    session,
                    reporter,
                    unit_id=unit_id,
                    kind="disturbance",
                    what="Hög musik efter midnatt, tredje kvällen i rad.",
                    happened_on=today() - timedelta(days=1),
                    contact="Uthyrningen, 010-000 00 30",
                )
                return


def _view(tenant_id: UUID, staff: Staff, serial: int) -> None:
    """A viewing in three days is proposed to the landlord for each home that is on offer."""
    day = today() + timedelta(days=3)
    at = datetime.combine(day, time(10, 30), SWEDISH_TIME)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        offered = session.scalars(
            select(Offer.id)
            .join(Unit, (Unit.tenant_id == Offer.tenant_id) & (Unit.id == Offer.unit_id))
            .where(Unit.landlord_id == landlord_id(serial), Offer.state == "made")
        ).all()
        for offer_id in offered:
            propose(
                session, staff.property_officer, offer_id=offer_id, kind="viewing", starts_at=at
            )


def _answer(session: TenantSession, officer: Actor, vacancy: Vacancy, answer: str) -> None:
    if vacancy.state != "reported" or not answer:
        return
    given: dict[str, Any] = {"vacancy_id": vacancy.id, "expected_version": vacancy.version}
    if answer == "taken_in":
        vacancies.take_in(session, officer, **given)
    else:
        vacancies.decline(session, officer, code="too_expensive", **given)


def _flat(slug: str, serial: int, number: int, ahead: int) -> dict[str, Any]:
    return {
        "property_designation": f"Provkvarteret {serial}:{number}",
        "street_address": f"Nybyggargatan {10 * serial + number}",
        "postal_code": {"karlstad": "652 21", "vasteras": "722 31"}.get(slug, "252 25"),
        "city": {"karlstad": "Karlstad", "vasteras": "Västerås"}.get(slug, "Helsingborg"),
        "area": "Norr",
        "apartment_number": f"1{number}01",
        "rooms": 1 + number % 4,
        "size_m2": 30.0 + 14 * (number % 4),
        "rent_ore": (520_000 + 90_000 * (number % 4)),
        "lift": number % 2 == 0,
        "step_free": number % 2 == 0,
        "available_from": today() + timedelta(days=ahead),
    }


def _version(session: TenantSession, agreement: Agreement) -> AgreementVersion:
    question = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id)
    return session.scalars(question).one()


def _manager(staff: Staff) -> Actor:
    return next(one for (role, _), one in staff.everyone.items() if role is Role.DEPARTMENT_MANAGER)
