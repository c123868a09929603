"""What an agreement says from a day: drafting it, writing in it, confirming another one's draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from hemvist.agreements.models import (
    ROLES,
    Agreement,
    AgreementParty,
    AgreementTerm,
    AgreementVersion,
)
from hemvist.agreements.quota_models import QuotaTerm
from hemvist.agreements.service import MAX_TEXT, MAX_TITLE, found, hands_of, last_day, log
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, too_long
from hemvist.identity import Action, Actor, require
from hemvist.ids import new_id
from hemvist.landlord_events import tell_landlord
from hemvist.tenancy import TenantSession

MAX_PARTIES = 20
MAX_TERMS = 60


def draft_version(
    session: TenantSession,
    actor: Actor,
    *,
    agreement_id: UUID,
    holds_from: date,
    because: str,
    expected_version: int,
) -> AgreementVersion:
    """Begin the next version with all that the latest in force says.

    Raises ``Conflict`` (``version_drafted``) where a draft is there already, ``agreement_state``
    where the agreement does not hold; ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    agreement = found(session, actor, Agreement, agreement_id)
    raise_if(required_text("because", because, MAX_TEXT) + _check_day(agreement, holds_from))
    session.change(agreement, expected_version)
    if agreement.state != "in_force":
        raise Conflict("agreement_state", f"it is {agreement.state}", state=agreement.state)
    rows = session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.agreement_id == agreement.id)
        .order_by(AgreementVersion.number)
    ).all()
    if any(one.state == "draft" for one in rows):
        raise Conflict("version_drafted", "a draft is there already")
    before = max((one for one in rows if one.state == "in_force"), key=lambda one: one.holds_from)
    version = session.save(
        AgreementVersion(
            agreement_id=agreement.id,
            number=rows[-1].number + 1,
            state="draft",
            holds_from=holds_from,
            target_groups=before.target_groups,
            takes_in_at_once=before.takes_in_at_once,
            because=because.strip(),
            hands=hands_of(actor),
        )
    )
    for model in (AgreementParty, AgreementTerm, QuotaTerm):
        _copy(session, model, before.id, version.id)
    log(session, actor, Action.AGREEMENT_MANAGE, agreement.id)
    return version


def change_version(
    session: TenantSession,
    actor: Actor,
    *,
    version_id: UUID,
    holds_from: date | None = None,
    signed_on: date | None = None,
    target_groups: str | None = None,
    takes_in_at_once: bool | None = None,
    parties: Sequence[Mapping[str, Any]] | None = None,
    terms: Sequence[Mapping[str, Any]] | None = None,
    expected_version: int,
) -> AgreementVersion:
    """Write in a draft; what is not given stays. ``parties`` and ``terms`` are given whole.

    A party has ``role``, ``name`` and ``undertakes``; a term ``subject``, ``written`` and ``actual``.
    Raises ``ValidationFailed``, ``Conflict`` (``version_state``), ``NotFound``, ``NotAllowed``.
    """
    version, agreement = draft(session, actor, version_id, expected_version)
    problems = [] if holds_from is None else _check_day(agreement, holds_from, version)
    if signed_on is not None and signed_on > today():
        problems.append(Problem("signedOn", "future", "may not lie in the future"))
    problems += too_long("targetGroups", target_groups or "", MAX_TEXT)
    problems += _check_parties(parties or ()) + _check_terms(terms or ())
    raise_if(problems)
    if holds_from is not None:
        version.holds_from = holds_from
    if signed_on is not None:
        version.signed_on = signed_on
    if target_groups is not None:
        version.target_groups = target_groups.strip()
    if takes_in_at_once is not None:
        version.takes_in_at_once = takes_in_at_once
    session.flush()
    if parties is not None:
        session.execute(delete(AgreementParty).where(AgreementParty.version_id == version.id))
        for position, one in enumerate(parties, start=1):
            session.save(
                AgreementParty(
                    agreement_id=agreement.id,
                    version_id=version.id,
                    position=position,
                    role=one["role"],
                    name=one["name"].strip(),
                    undertakes=(one.get("undertakes") or "").strip(),
                )
            )
    if terms is not None:
        _write_terms(session, actor, version, terms)
    log(session, actor, Action.AGREEMENT_MANAGE, agreement.id)
    return version


def confirm_version(
    session: TenantSession,
    actor: Actor,
    *,
    version_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> AgreementVersion:
    """Let a draft hold from its day; who has written in it cannot. The landlord is told.

    Raises ``NotAllowed``, ``ValidationFailed`` (a party is missing, or another version holds from
    the same day), ``Conflict`` (``version_state``), ``NotFound``.
    """
    version = found(session, actor, AgreementVersion, version_id, Action.AGREEMENT_CONFIRM)
    require(actor, Action.AGREEMENT_CONFIRM, not_by=version.hands)
    agreement = session.find(Agreement, version.agreement_id)
    day = effective_day(on)
    session.lock(agreement)
    session.change(version, expected_version)
    # Somebody may have written in it while this one waited.
    require(actor, Action.AGREEMENT_CONFIRM, not_by=version.hands)
    _require_draft(version)
    if agreement.state not in ("draft", "in_force"):
        raise Conflict("agreement_state", f"it is {agreement.state}", state=agreement.state)
    roles = set(
        session.scalars(
            select(AgreementParty.role).where(AgreementParty.version_id == version.id)
        ).all()
    )
    problems = [
        Problem("parties", "party_missing", f"no party is the {role}", {"role": role})
        for role in ("kommun", "landlord")
        if role not in roles
    ]
    problems += _check_day(agreement, version.holds_from, version)
    raise_if(problems)
    version.state = "in_force"
    version.confirmed_on = day
    version.confirmed_by = actor.principal_id
    if agreement.state == "draft":
        agreement.state = "in_force"
    agreement.version += 1
    session.flush()
    log(session, actor, Action.AGREEMENT_CONFIRM, agreement.id)
    tell_landlord(
        session, "agreement.changed", landlord_id=agreement.landlord_id, subject_id=agreement.id
    )
    return version


def discard_version(
    session: TenantSession, actor: Actor, *, version_id: UUID, expected_version: int
) -> AgreementVersion:
    """Throw a draft away, and with its only version the agreement."""
    version, agreement = draft(session, actor, version_id, expected_version)
    version.state = "discarded"
    if agreement.state == "draft":
        session.lock(agreement)
        agreement.state = "discarded"
        agreement.version += 1
    session.flush()
    log(session, actor, Action.AGREEMENT_MANAGE, agreement.id)
    return version


def note_actual(
    session: TenantSession,
    actor: Actor,
    *,
    term_id: UUID,
    actual: str,
    on: date | None = None,
    expected_version: int,
) -> AgreementTerm:
    """Write beside a term how it is kept in practice; the written words stay as they are.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    term = found(session, actor, AgreementTerm, term_id)
    day = effective_day(on)
    raise_if(required_text("actual", actual, MAX_TEXT))
    session.change(term, expected_version)
    term.actual = actual.strip()
    term.actual_noted_on = day
    term.actual_noted_by = actor.principal_id
    session.flush()
    log(session, actor, Action.AGREEMENT_MANAGE, term.agreement_id)
    return term


def draft(
    session: TenantSession, actor: Actor, version_id: UUID, expected_version: int
) -> tuple[AgreementVersion, Agreement]:
    """A draft locked for a change, with the actor among those who have written in it."""
    version = found(session, actor, AgreementVersion, version_id)
    session.change(version, expected_version)
    _require_draft(version)
    if not set(hands_of(actor)) <= set(version.hands):
        version.hands = [*version.hands, *hands_of(actor)]
    return version, session.find(Agreement, version.agreement_id)


def _require_draft(version: AgreementVersion) -> None:
    if version.state != "draft":
        raise Conflict("version_state", f"it is {version.state}", state=version.state)


def _check_day(
    agreement: Agreement, day: date, version: AgreementVersion | None = None
) -> list[Problem]:
    """The first version holds from the agreement's first day, a later one from a later day."""
    first, last = agreement.starts_on, last_day(agreement)
    if version is not None and version.number == 1:
        if day != first:
            return [Problem("holdsFrom", "first_version", f"from {first}", {"day": str(first)})]
        return []
    if day <= first or (last is not None and day > last):
        limits = {"from": str(first), "to": str(last or "")}
        return [Problem("holdsFrom", "outside_term", "within the agreement's term", limits)]
    return []


def _check_parties(parties: Sequence[Mapping[str, Any]]) -> list[Problem]:
    problems: list[Problem] = []
    if len(parties) > MAX_PARTIES:
        problems.append(
            Problem("parties", "count", f"at most {MAX_PARTIES}", {"limit": MAX_PARTIES})
        )
    for position, one in enumerate(parties):
        at = f"parties[{position}]"
        problems += required_text(f"{at}.name", one.get("name"), MAX_TITLE)
        problems += too_long(f"{at}.undertakes", one.get("undertakes") or "", MAX_TEXT)
        if one.get("role") not in ROLES:
            problems.append(
                Problem(f"{at}.role", "unknown_choice", "no such party", {"allowed": ROLES})
            )
    return problems


def _check_terms(terms: Sequence[Mapping[str, Any]]) -> list[Problem]:
    problems: list[Problem] = []
    if len(terms) > MAX_TERMS:
        problems.append(Problem("terms", "count", f"at most {MAX_TERMS}", {"limit": MAX_TERMS}))
    for position, one in enumerate(terms):
        at = f"terms[{position}]"
        problems += required_text(f"{at}.subject", one.get("subject"), MAX_TITLE)
        written, actual = ((one.get(name) or "").strip() for name in ("written", "actual"))
        problems += too_long(f"{at}.written", written, MAX_TEXT)
        problems += too_long(f"{at}.actual", actual, MAX_TEXT)
        if not written and not actual:
            problems.append(Problem(f"{at}.written", "required", "must be filled in"))
    return problems


def _write_terms(
    session: TenantSession,
    actor: Actor,
    version: AgreementVersion,
    terms: Sequence[Mapping[str, Any]],
) -> None:
    """Put the terms in the place of those there; what was noted of practice keeps its day."""
    old = {
        (one.subject, one.actual): (one.actual_noted_on, one.actual_noted_by)
        for one in session.scalars(
            select(AgreementTerm).where(AgreementTerm.version_id == version.id)
        )
    }
    session.execute(delete(AgreementTerm).where(AgreementTerm.version_id == version.id))
    for position, one in enumerate(terms, start=1):
        subject, actual = one["subject"].strip(), (one.get("actual") or "").strip()
        noted: tuple[date | None, UUID | None] = (None, None)
        if actual:
            noted = old.get((subject, actual), (today(), actor.principal_id))
        session.save(
            AgreementTerm(
                agreement_id=version.agreement_id,
                version_id=version.id,
                position=position,
                subject=subject,
                written=(one.get("written") or "").strip(),
                actual=actual,
                actual_noted_on=noted[0],
                actual_noted_by=noted[1],
            )
        )


def _copy(session: TenantSession, model: Any, from_id: UUID, to_id: UUID) -> None:
    """The rows of one version, once more in another."""
    for row in session.scalars(select(model).where(model.version_id == from_id)).all():
        values = {
            column.name: getattr(row, column.name)
            for column in model.__table__.columns
            if column.name not in ("id", "version_id", "version")
        }
        session.save(model(id=new_id(), version_id=to_id, **values))
