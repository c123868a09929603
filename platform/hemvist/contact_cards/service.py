"""Adding, changing and withdrawing contact cards."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.clock import now
from hemvist.contact_cards.models import MAX_NAME, MAX_TEXT, ContactCard
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.tenancy import TenantSession

#: Cards in use; more would not be one way in.
MOST = 12
_PHONE = re.compile(r"(?:\+[1-9]|0)[0-9]{5,14}|[0-9]{5,6}")
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,180}\.[A-Za-z]{2,24}")
#: A personal number as people write it; ten digits without a dash are a telephone's.
_NUMBER = re.compile(r"\b(?:19|20)?\d{6}[-+]\d{4}\b|\b(?:19|20)\d{10}\b")
_TEXTS = ("matters", "hours", "out_of_hours")


def add(session: TenantSession, actor: Actor, **given: Any) -> ContactCard:
    """Add a card: ``name``, ``matters``, ``position``, and ``phone``, ``email``, ``hours``,
    ``out_of_hours`` where they are known.

    A phone number or an e-mail address must be given. Raises ``NotAllowed``, ``ValidationFailed``
    naming every fault, ``Conflict`` when there are ``MOST`` in use.
    """
    require(actor, Action.CONTACT_CARD_EDIT)
    values = _checked(given)
    assert actor.principal_id is not None
    # Two who add at once: the second waits, and is counted with the first.
    lock = f"contact_cards:{session.tenant_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))
    used = session.scalar(select(func.count()).where(ContactCard.state == "in_use")) or 0
    if used >= MOST:
        raise Conflict("too_many_cards", f"there are {MOST} cards already", limit=MOST)
    card = session.save(
        ContactCard(**values, changed_at=now(), changed_by=actor.principal_id, state="in_use")
    )
    _log(session, actor, "contact_card.add", card)
    return card


def change(
    session: TenantSession, actor: Actor, card_id: UUID, *, expected_version: int, **given: Any
) -> ContactCard:
    """Write a card anew, all of it as ``add`` takes it.

    Raises as ``add``, and ``NotFound``, ``Conflict`` when it has been changed or withdrawn.
    """
    session.find(ContactCard, card_id)
    require(actor, Action.CONTACT_CARD_EDIT)
    values = _checked(given)
    card = _in_use(session, card_id, expected_version)
    for name, value in values.items():
        setattr(card, name, value)
    return _written(session, actor, "contact_card.change", card)


def withdraw(
    session: TenantSession, actor: Actor, card_id: UUID, *, expected_version: int
) -> ContactCard:
    """Take a card out of use. It stays, so that what was said when can be looked up.

    Raises ``NotAllowed``, ``NotFound``, ``Conflict``.
    """
    session.find(ContactCard, card_id)
    require(actor, Action.CONTACT_CARD_EDIT)
    card = _in_use(session, card_id, expected_version)
    card.state = "withdrawn"
    return _written(session, actor, "contact_card.withdraw", card)


def _in_use(session: TenantSession, card_id: UUID, expected_version: int) -> ContactCard:
    card = session.find(ContactCard, card_id)
    session.change(card, expected_version)
    if card.state != "in_use":
        raise Conflict("card_withdrawn", "the card is no longer in use")
    return card


def _written(session: TenantSession, actor: Actor, action: str, card: ContactCard) -> ContactCard:
    assert actor.principal_id is not None
    card.changed_at, card.changed_by = now(), actor.principal_id
    session.flush()
    _log(session, actor, action, card)
    return card


def _log(session: TenantSession, actor: Actor, action: str, card: ContactCard) -> None:
    audit.record(session, actor, action, subject_type="contact_card", subject_id=card.id)


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """The card's columns of what was typed: blanks taken away, nothing for nothing."""
    values: dict[str, Any] = {
        "position": given["position"],
        "name": " ".join(given["name"].split()),
        "email": (given.get("email") or "").strip().lower() or None,
        "phone": " ".join((given.get("phone") or "").split()) or None,
        **{name: (given.get(name) or "").strip() or None for name in _TEXTS},
    }
    problems = [*_texts(values), *_ways(values["phone"], values["email"])]
    if not 1 <= values["position"] <= 99:
        problems.append(Problem("position", "range", "between 1 and 99", {"min": 1, "max": 99}))
    if problems:
        raise ValidationFailed(problems)
    return values


def _texts(values: dict[str, Any]) -> list[Problem]:
    problems = [
        Problem(name, "required", "must be filled in")
        for name in ("name", "matters")
        if not values[name]
    ]
    for name, most in (("name", MAX_NAME), *((one, MAX_TEXT) for one in _TEXTS)):
        field = "outOfHours" if name == "out_of_hours" else name
        text = values[name] or ""
        if len(text) > most:
            problems.append(Problem(field, "too_long", f"at most {most}", {"limit": most}))
        if _NUMBER.search(text):
            problems.append(Problem(field, "card_personal_data", "a card holds no personal number"))
    return problems


def _ways(phone: str | None, email: str | None) -> list[Problem]:
    problems = []
    if phone is None and email is None:
        problems.append(Problem("phone", "phone_or_email", "a phone number or an e-mail address"))
    if phone is not None and not _PHONE.fullmatch(re.sub(r"[ ()/-]", "", phone)):
        problems.append(Problem("phone", "phone_form", "a phone number, as 021-39 00 00"))
    if email is not None and not _EMAIL.fullmatch(email):
        problems.append(Problem("email", "email_form", "an e-mail address"))
    return problems
