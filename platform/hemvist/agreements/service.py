"""Opening an agreement with a landlord, ending it, its notes, and what holds of it on a day."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select

from hemvist import audit
from hemvist.agreements.models import (
    KINDS,
    Agreement,
    AgreementNote,
    AgreementParty,
    AgreementVersion,
)
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor, allows, require
from hemvist.landlord_events import tell_landlord
from hemvist.landlords.service import check_organisation_number, find_or_register
from hemvist.tenancy import Base, Tenant, TenantSession

MAX_TITLE = 200
MAX_TEXT = 5_000
MAX_NOTICE_MONTHS = 60
SUBJECT = "agreement"


def open_agreement(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_organisation_number: str,
    landlord_name: str,
    kind: str,
    title: str,
    reference: str = "",
    starts_on: date,
    ends_on: date | None = None,
    notice_months: int | None = None,
) -> Agreement:
    """Begin an agreement (samarbetsavtal) with its first version, a draft with the two parties.

    Nothing of it holds before another person has confirmed the version. ``ends_on`` is the last day
    of the term. Raises ``NotAllowed``, ``ValidationFailed`` with every problem.
    """
    require(actor, Action.AGREEMENT_MANAGE)
    problems = required_text("title", title, MAX_TITLE)
    problems += required_text("landlordName", landlord_name, MAX_TITLE)
    problems += too_long("reference", reference, MAX_TITLE)
    if kind not in KINDS:
        problems.append(Problem("kind", "unknown_choice", "no such agreement", {"allowed": KINDS}))
    problems += _check_term(starts_on, ends_on, notice_months)
    number = check_organisation_number(landlord_organisation_number, "landlordOrganisationNumber")
    if isinstance(number, Problem):
        problems.append(number)
    if problems or isinstance(number, Problem):
        raise ValidationFailed(problems)
    landlord = find_or_register(session, organisation_number=number, name=landlord_name)
    agreement = session.save(
        Agreement(
            landlord_id=landlord.id,
            kind=kind,
            title=title.strip(),
            reference=reference.strip(),
            state="draft",
            starts_on=starts_on,
            ends_on=ends_on,
            notice_months=notice_months,
            opened_by=actor.principal_id,
        )
    )
    version = session.save(
        AgreementVersion(
            agreement_id=agreement.id,
            number=1,
            state="draft",
            holds_from=starts_on,
            hands=hands_of(actor),
        )
    )
    kommun = session.execute(select(Tenant.name).where(Tenant.id == session.tenant_id)).scalar_one()
    for position, (role, name) in enumerate(
        (("kommun", kommun), ("landlord", landlord.name)), start=1
    ):
        session.save(
            AgreementParty(
                agreement_id=agreement.id,
                version_id=version.id,
                position=position,
                role=role,
                name=name,
            )
        )
    log(session, actor, Action.AGREEMENT_MANAGE, agreement.id)
    return agreement


def end_agreement(
    session: TenantSession,
    actor: Actor,
    *,
    agreement_id: UUID,
    last_day: date,
    because: str,
    expected_version: int,
) -> Agreement:
    """Say on which day an agreement holds for the last time; it may lie ahead, as after a notice.

    Raises ``ValidationFailed``, ``Conflict`` (``agreement_state``), ``NotFound``, ``NotAllowed``.
    """
    agreement = found(session, actor, Agreement, agreement_id)
    problems = required_text("because", because, MAX_TEXT)
    if last_day < agreement.starts_on or (agreement.ends_on and last_day > agreement.ends_on):
        problems.append(
            Problem(
                "lastDay",
                "outside_term",
                "within the agreement's term",
                {"from": str(agreement.starts_on), "to": str(agreement.ends_on or "")},
            )
        )
    raise_if(problems)
    session.change(agreement, expected_version)
    if agreement.state != "in_force":
        raise Conflict("agreement_state", f"it is {agreement.state}", state=agreement.state)
    agreement.state = "ended"
    agreement.ended_on = last_day
    agreement.ended_because = because.strip()
    session.flush()
    log(session, actor, Action.AGREEMENT_MANAGE, agreement.id)
    tell_landlord(
        session, "agreement.changed", landlord_id=agreement.landlord_id, subject_id=agreement.id
    )
    return agreement


def note_on_agreement(
    session: TenantSession,
    actor: Actor,
    *,
    agreement_id: UUID,
    what: str,
    on: date | None = None,
) -> AgreementNote:
    """Write a line in the agreement's own record. Raises ``ValidationFailed``, ``NotAllowed``."""
    agreement = found(session, actor, Agreement, agreement_id)
    day = effective_day(on)
    raise_if(required_text("what", what, MAX_TEXT))
    note = session.save(
        AgreementNote(
            agreement_id=agreement.id,
            noted_on=day,
            what=what.strip(),
            noted_by=actor.principal_id,
        )
    )
    log(session, actor, Action.AGREEMENT_MANAGE, agreement.id)
    return note


def hands_of(actor: Actor) -> list[UUID]:
    """Whose hand a draft was written by, in the words of its column."""
    return [] if actor.principal_id is None else [actor.principal_id]


ModelT = TypeVar("ModelT", bound=Base)


def found(
    session: TenantSession,
    actor: Actor,
    model: type[ModelT],
    row_id: UUID,
    action: Action = Action.AGREEMENT_MANAGE,
) -> ModelT:
    """The row, for somebody who may act on it.

    Raises ``NotFound`` for what the kommun has not, or to a role that reads no agreements: whether
    there is one is not told. ``NotAllowed`` to who may read them and no more.
    """
    row = session.find(model, row_id)
    if not allows(actor, Action.AGREEMENT_READ):
        raise NotFound(model.__name__)
    require(actor, action)
    return row


def last_day(agreement: Agreement) -> date | None:
    """The last day on which it holds; None until further notice."""
    return agreement.ended_on or agreement.ends_on


def takes_in_at_once(session: TenantSession, landlord_id: UUID, on: date) -> bool:
    """Whether an agreement in force says that what the landlord reports is the kommun's at once."""
    held = session.execute(
        select(Agreement.id, AgreementVersion.takes_in_at_once)
        .join(
            AgreementVersion,
            (AgreementVersion.tenant_id == Agreement.tenant_id)
            & (AgreementVersion.agreement_id == Agreement.id),
        )
        .where(
            Agreement.landlord_id == landlord_id,
            Agreement.state.in_(("in_force", "ended")),
            Agreement.starts_on <= on,
            or_(Agreement.ends_on.is_(None), Agreement.ends_on >= on),
            or_(Agreement.ended_on.is_(None), Agreement.ended_on >= on),
            AgreementVersion.state == "in_force",
            AgreementVersion.holds_from <= on,
        )
        .order_by(Agreement.id, AgreementVersion.holds_from.desc())
        .distinct(Agreement.id)
    ).all()
    return any(at_once for _, at_once in held)


def log(session: TenantSession, actor: Actor, action: Action, agreement_id: UUID) -> None:
    """Say in the audit log that the agreement was acted on."""
    audit.record(session, actor, action, subject_type=SUBJECT, subject_id=agreement_id)


def _check_term(starts: date, ends: date | None, notice: int | None) -> list[Problem]:
    problems: list[Problem] = []
    if not 1950 <= starts.year <= 2150:
        problems.append(Problem("startsOn", "range", "between 1950 and 2150"))
    if ends is not None and ends < starts:
        problems.append(Problem("endsOn", "before_start", "ends before it begins"))
    if ends is not None and ends.year > 2150:
        problems.append(Problem("endsOn", "range", "between 1950 and 2150"))
    if notice is not None and not 0 <= notice <= MAX_NOTICE_MONTHS:
        limits = {"min": 0, "max": MAX_NOTICE_MONTHS}
        problems.append(Problem("noticeMonths", "range", "out of bounds", limits))
    return problems
