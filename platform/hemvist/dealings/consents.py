"""What a household says to a landlord's learning its name; and telling it again after protection."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.dealings.models import Disclosure, NameConsent
from hemvist.dealings.names import disclose_due, take_back
from hemvist.errors import Conflict
from hemvist.identity import Action, Actor
from hemvist.offers.models import Offer
from hemvist.offers.shown_models import LandlordOffer
from hemvist.tenancy import TenantSession


def record_consent(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    consented_on: date | None = None,
) -> NameConsent:
    """Register that the household consents to the landlord of the offered home learning its name.

    It is told at once if the guideline's step is reached, else when it is. Raises ``Conflict`` when
    the consent is registered, ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.NAME_CONSENT)
    day = effective_day(consented_on, field="consentedOn")
    home = _home(session, offer)
    session.lock(case)
    if _given(session, case, home.landlord_id) is not None:
        raise Conflict("consent_given", "the consent is registered already")
    row = session.save(
        NameConsent(
            case_id=case.id,
            landlord_id=home.landlord_id,
            consented_on=day,
            withdrawn_on=None,
            recorded_by=actor.principal_id,
            version=1,
        )
    )
    session.flush()
    _note(session, actor, case, row, "name_consent_given", day)
    disclose_due(session, actor, case)
    return row


def withdraw_consent(
    session: TenantSession,
    actor: Actor,
    *,
    consent_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> NameConsent:
    """Register that the household takes its consent back: the landlord sees the alias again.

    What the landlord has read it has read; the line of the disclosure stays. Raises ``Conflict``,
    ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    row, case = open_matter(session, actor, NameConsent, consent_id, Action.NAME_CONSENT)
    day = effective_day(on, not_before=row.consented_on)
    session.change(row, expected_version)
    if row.withdrawn_on is not None:
        raise Conflict("consent_withdrawn", "the consent is withdrawn already")
    row.withdrawn_on = day
    session.flush()
    take_back(session, case, row.landlord_id)
    _note(session, actor, case, row, "name_consent_withdrawn", day)
    return row


def tell_again(session: TenantSession, actor: Actor, *, offer_id: UUID) -> Offer:
    """Let a name be told again that was withheld while somebody in the household was protected.

    Never by itself: a person answers for it. Raises ``Conflict`` where nothing was withheld or where
    it may still not be told, ``NotFound``, ``NotAllowed``.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.NAME_TELL)
    session.lock(case)
    withheld = session.scalar(
        select(Disclosure.id).where(
            Disclosure.offer_id == offer.id, Disclosure.withheld == "protected"
        )
    )
    if withheld is None:
        raise Conflict("nothing_withheld", "no name was withheld")
    if not disclose_due(session, actor, case, again=True):
        raise Conflict("not_to_be_told", "the name may not be told")
    return offer


def _home(session: TenantSession, offer: Offer) -> LandlordOffer:
    return session.scalars(select(LandlordOffer).where(LandlordOffer.offer_id == offer.id)).one()


def _given(session: TenantSession, case: Case, landlord_id: UUID) -> NameConsent | None:
    return session.scalars(
        select(NameConsent).where(
            NameConsent.case_id == case.id,
            NameConsent.landlord_id == landlord_id,
            NameConsent.withdrawn_on.is_(None),
        )
    ).first()


def _note(
    session: TenantSession, actor: Actor, case: Case, row: NameConsent, kind: str, on: date
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=Action.NAME_CONSENT,
        subject_type="case",
        subject_id=case.id,
        data={"landlord_id": str(row.landlord_id)},
    )
