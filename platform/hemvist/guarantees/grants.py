"""The state grant for a guarantee (SFS 2007:623): whether it can be had, and what is applied with.

The record answers what it can; the rest a person fills in. Nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from hemvist.assessments.service import facts_of
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import PolicyRefused, Problem
from hemvist.guarantees.access import matter
from hemvist.guarantees.legality import legal_facts
from hemvist.guarantees.models import Guarantee
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.personal_number import age_on
from hemvist.households.protection import unprotected
from hemvist.identity import Action, Actor
from hemvist.policy import evaluate
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.units.models import Unit

RULE = "lf_6_state_grant"
#: What the application asks for, in its order.
FIELDS = (
    *(
        "rent_months",
        "starts_on",
        "ends_on",
        "issued_on",
        "owner_type",
        "flat_type",
        "yearly_rent_ore",
    ),
    *("ability", "reason", "household_type", "tenant_age", "earlier_housing"),
)
#: What only a person can tell.
FILLED_IN = ("owner_type", "ability", "reason", "household_type", "tenant_age", "earlier_housing")
OWNER_TYPES = ("municipal_company", "private", "cooperative", "other")
MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Application:
    """Whether the grant can be had, what is not known, its amount, and the application's fields."""

    outcome: str
    missing: tuple[str, ...]
    amount_ore: int
    fields: Mapping[str, str | int | date | None]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Fields without an answer."""
        return tuple(name for name in FIELDS if self.fields.get(name) in (None, ""))


def application(session: TenantSession, guarantee: Guarantee, on: date) -> Application:
    """The application for a guarantee as things stand on a day."""
    case = session.find(Case, guarantee.case_id)
    contract = session.find(Contract, guarantee.contract_id)
    unit = session.find(Unit, contract.unit_id)
    law = law_pack()
    months = guarantee.cap_rent_months or _months_in(guarantee)
    facts = legal_facts(
        session, case, contract, guarantee.months, months, guarantee.starts_on, known_on=on
    )
    said = evaluate(law, RULE, facts, guarantee.issued_on)
    amount = law.param("grant_ore", guarantee.issued_on)
    assert isinstance(amount, int)
    filled = guarantee.grant_fields
    size = f"{unit.size_m2:f}".rstrip("0").rstrip(".").replace(".", ",")
    kitchen = f"{unit.rooms} rum och kök, {size} kvm"
    return Application(
        said.outcome.value,
        tuple(said.ask),
        amount,
        {
            "rent_months": months,
            "starts_on": guarantee.starts_on,
            "ends_on": guarantee.ends_on,
            "issued_on": guarantee.issued_on,
            "owner_type": filled.get("owner_type"),
            "flat_type": kitchen,
            "yearly_rent_ore": 12 * guarantee.rent_ore,
            "ability": filled.get("ability") or _ability(session, case, on),
            "reason": filled.get("reason"),
            **_household(session, case, guarantee.issued_on, filled),
            "earlier_housing": filled.get("earlier_housing"),
        },
    )


def fill_grant_application(
    session: TenantSession,
    actor: Actor,
    *,
    guarantee_id: UUID,
    fields: Mapping[str, Any],
    applied_on: date | None = None,
    expected_version: int,
) -> Guarantee:
    """Fill in what the record cannot tell of the application, and that it was sent.

    Only an application that is whole, for a guarantee of which the law says that it gives the grant,
    can be marked as sent. Raises ``ValidationFailed``, ``PolicyRefused``, ``Conflict``.
    """
    guarantee, case = matter(session, actor, Guarantee, guarantee_id, Action.GUARANTEE_MANAGE)
    problems = _check(fields)
    if applied_on is not None:
        applied_on = effective_day(applied_on, field="appliedOn", not_before=guarantee.issued_on)
    raise_if(problems)
    session.change(guarantee, expected_version)
    guarantee.grant_fields = {**guarantee.grant_fields, **_kept(fields)}
    if applied_on is not None:
        _require_whole(application(session, guarantee, applied_on))
        guarantee.grant_applied_on = applied_on
    session.flush()
    record(
        session,
        actor,
        case,
        "grant_applied_for" if applied_on else "grant_application_filled",
        applied_on or today(),
        action=Action.GUARANTEE_MANAGE,
        subject_type="guarantee",
        subject_id=guarantee.id,
        data={"kind": guarantee.kind},
    )
    return guarantee


def _require_whole(made: Application) -> None:
    if made.outcome != "true":
        raise PolicyRefused(
            "no_state_grant",
            "the law does not say that this guarantee gives the grant",
            cite=", ".join(law_pack().rules[RULE].cite),
        )
    raise_if([Problem(f"fields.{name}", "required", "must be filled in") for name in made.lacking])


def _check(fields: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    for name, value in fields.items():
        where = f"fields.{name}"
        if name not in FILLED_IN:
            problems.append(Problem(where[:60], "unknown_choice", "the record answers it"))
        elif name == "tenant_age":
            if not isinstance(value, int) or not 15 <= value <= 120:
                problems.append(Problem(where, "out_of_range", "15 to 120"))
        elif not isinstance(value, str) or len(value) > MAX_TEXT:
            problems.append(
                Problem(where, "too_long", f"at most {MAX_TEXT} characters", {"limit": MAX_TEXT})
            )
        elif name == "owner_type" and value not in OWNER_TYPES:
            problems.append(Problem(where, "unknown_choice", "no such kind of owner"))
    return problems


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }


def _months_in(guarantee: Guarantee) -> int:
    """Whole months of rent in a cap that is an amount."""
    return guarantee.cap_ore // guarantee.rent_ore if guarantee.rent_ore else guarantee.months


def _ability(session: TenantSession, case: Case, on: date) -> str | None:
    answer = facts_of(session, case, on).get("pays_without_income_support")
    if answer is None:
        return None
    return "Bedöms kunna betala utan ekonomiskt bistånd" if answer else "Bedöms inte kunna betala"


def _household(
    session: TenantSession, case: Case, on: date, filled: Mapping[str, Any]
) -> dict[str, str | int | None]:
    """Kind of household and the tenant's age; nothing of a person who may be protected."""
    members = session.execute(
        select(
            HouseholdMember.role,
            Person.birth_date_sealed.label("born"),
            unprotected(today()).label("unprotected"),
        )
        .join(
            Person,
            (Person.tenant_id == HouseholdMember.tenant_id)
            & (Person.id == HouseholdMember.person_id),
        )
        .where(
            HouseholdMember.household_id == case.household_id,
            HouseholdMember.since <= on,
            or_(HouseholdMember.until.is_(None), HouseholdMember.until > on),
        )
    ).all()
    tenant = next((one for one in members if one.role == "applicant"), None)
    kind: str | None = None
    age: int | None = None
    if tenant is not None and all(one.unprotected for one in members):
        keys = tenant_keys(session.tenant_id)
        age = age_on(Person.birth_date.read(keys, tenant.born), on)
        adults = sum(age_on(Person.birth_date.read(keys, one.born), on) >= 18 for one in members)
        children = len(members) - adults
        kind = "Ensamstående" if adults == 1 else f"{adults} vuxna"
        kind += f" med {children} barn" if children else " utan barn"
    return {
        "household_type": filled.get("household_type") or kind,
        "tenant_age": filled.get("tenant_age") or age,
    }
