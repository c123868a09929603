"""Whom a campaign is for: the guideline's rule asked of each tenancy that gives a signal, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from hemvist.arrears.models import RentAccount
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.personal_number import age_on
from hemvist.policy import Outcome, Pack, add_months, evaluate
from hemvist.policy.campaigns import Campaign
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

#: Tenancies of one department that give a signal, at most.
MAX_ACCOUNTS = 20_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """A tenancy that the campaign is for: why, and why so high up."""

    account: RentAccount
    because: list[str]
    first: list[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The list in its order, how many were looked at, and of how many too little is known."""

    chosen: list[Chosen]
    seen: int
    unknown: int


def choose(
    session: TenantSession,
    pack: Pack,
    campaign: Campaign,
    *,
    department: str,
    on: date,
    landlord_id: UUID | None = None,
    area: str = "",
) -> Choice:
    """Ask the campaign's rule of every tenancy of the department with a signal, and put those for
    whom it holds in the campaign's order. Raises ``PolicyError`` before the guideline's first day."""
    accounts = _accounts(session, department, landlord_id, area)
    children = _children(session, accounts, on)
    chosen: list[Chosen] = []
    unknown = 0
    for account in accounts:
        facts = _facts(pack, campaign, account, children, on)
        said = evaluate(pack, campaign.who, facts, on)
        if said.outcome is Outcome.UNKNOWN:
            unknown += 1
        if said.outcome is not Outcome.TRUE:
            continue
        chosen.append(Chosen(account, _true(said), _first(pack, campaign, facts, on)))
    chosen.sort(key=lambda one: _order(campaign, one, on))
    return Choice(chosen, len(accounts), unknown)


def _accounts(
    session: TenantSession, department: str, landlord_id: UUID | None, area: str
) -> Sequence[RentAccount]:
    asked = select(RentAccount).where(
        RentAccount.department == department, RentAccount.signals != []
    )
    if landlord_id is not None:
        asked = asked.where(RentAccount.landlord_id == landlord_id)
    if area:
        asked = asked.where(func.lower(RentAccount.area) == area.lower())
    return list(session.scalars(asked.order_by(RentAccount.id).limit(MAX_ACCOUNTS)))


def _children(
    session: TenantSession, accounts: Sequence[RentAccount], on: date
) -> Mapping[UUID, int]:
    """Children under 18 by household, of the households that are in the records."""
    ids = {account.household_id for account in accounts if account.household_id is not None}
    if not ids:
        return {}
    found = session.execute(
        select(HouseholdMember.household_id, Person.birth_date_sealed)
        .join(
            Person,
            (Person.tenant_id == HouseholdMember.tenant_id)
            & (Person.id == HouseholdMember.person_id),
        )
        .where(
            HouseholdMember.household_id.in_(ids),
            or_(HouseholdMember.until.is_(None), HouseholdMember.until > on),
        )
    )
    keys, grown = tenant_keys(session.tenant_id), add_months(on, -18 * 12)
    return Counter(
        household for household, born in found if Person.birth_date.read(keys, born) > grown
    )


def _facts(
    pack: Pack, campaign: Campaign, account: RentAccount, children: Mapping[UUID, int], on: date
) -> dict[str, Any]:
    """What the record knows of a tenancy, by the pack's names; what it does not know is left out."""
    known: dict[str, Any] = {"arrears_ore": account.balance_ore, "decision_date": on}
    if account.birth_date is not None:
        known["age"] = age_on(account.birth_date, on)
    registered = children.get(account.household_id, 0) if account.household_id else 0
    if registered or account.children != "unknown":
        known["children_under_18"] = max(registered, 1 if account.children == "yes" else 0)
    known |= {fact: _ANSWERS[word](account) for fact, word in campaign.answers.items()}
    return {name: value for name, value in known.items() if name in pack.facts}


def called(account: RentAccount) -> bool:
    """Whether the tenant has been in touch since the oldest rent that is owed fell due."""
    since = account.owing_since
    return account.called_on is not None and (since is None or account.called_on >= since)


_ANSWERS: Mapping[str, Callable[[RentAccount], bool]] = {
    "late": lambda account: "late" in account.signals,
    "debt": lambda account: account.balance_ore > 0,
    "called": called,
    # The tenancies that are asked of are those of the round's own owner and area.
    "in_scope": lambda _account: True,
    "collection": lambda account: account.collection,
    "eviction_applied": lambda account: account.eviction_applied,
}


def _true(said: Any) -> list[str]:
    """The leaves that hold, by id: why it stands there."""
    return [
        node.text.id
        for node in said.trace
        if node.outcome is Outcome.TRUE and node.because and node.text.force != "advice"
    ][:20]


def _first(pack: Pack, campaign: Campaign, facts: Mapping[str, Any], on: date) -> list[str]:
    if campaign.first is None:
        return []
    said = evaluate(pack, campaign.first, facts, on)
    return _true(said) if said.outcome is Outcome.TRUE else []


def _order(campaign: Campaign, one: Chosen, on: date) -> tuple[Any, ...]:
    account = one.account
    by: Mapping[str, Any] = {
        "children": account.children != "yes",
        "eviction_applied": not account.eviction_applied,
        "months": -account.months_owing,
        "amount": -account.balance_ore,
        "youngest": 999 if account.birth_date is None else age_on(account.birth_date, on),
    }
    return (not one.first, *(by[word] for word in campaign.order), account.reference)
