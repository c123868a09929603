"""A referral's form: every item of the pack, what is written, and what the record can fill in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from hemvist.assessments.service import facts_of
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.personal_number import age_on
from hemvist.households.protection import is_protected
from hemvist.households.service import seen_by
from hemvist.policy import Programme
from hemvist.policy.evaluation import environment
from hemvist.referrals.contents import decision_content
from hemvist.referrals.models import Referral
from hemvist_graphql.access import reads_as_owner
from hemvist_graphql.context import Context
from hemvist_graphql.packs.items import ContentField, content_field

_ROLES = {"applicant": "sökande", "partner": "partner", "child": "barn", "other": "övrig"}
_GUARDED = "Skyddade personuppgifter"


def content_shown(
    context: Context, case: Case, referral: Referral, programme: Programme
) -> list[ContentField]:
    """Every item in the pack's order; a draft's empty ones with what the record can fill in."""
    rules = programme.referral
    assert rules is not None
    pack, day = pack_of(case), today()
    facts = {**facts_of(context.session, case, day), "programme": referral.programme}
    env = environment(pack, {name: facts[name] for name in facts if name in pack.facts}, day)
    ready: dict[str, Any] = {}
    if referral.state == "draft" and reads_as_owner(context.actor, case.department):
        ready = _prefilled(context, case, programme)
    needed = {item.id for item in rules.requires}
    needed |= {item.id for item in rules.optional if item.when and item.when.value(env) is True}
    return [
        content_field(
            item,
            required=item.id in needed,
            value=referral.content.get(item.id),
            prefill=ready.get(item.id),
        )
        for item in (*rules.requires, *rules.optional)
    ]


def _prefilled(context: Context, case: Case, programme: Programme) -> dict[str, Any]:
    session, day = context.session, today()
    ready: dict[str, Any] = dict(decision_content(session, case, programme, day))
    rules = programme.referral
    assert rules is not None
    people = _people(context, case)
    for item in (*rules.requires, *rules.optional):
        lines = {
            "household": [line for line, _ in people],
            "children": [line for line, child in people if child],
        }.get(item.prefill or "")
        if lines:
            ready[item.id] = lines if item.kind == "text_list" else "\n".join(lines)
    return ready


def _people(context: Context, case: Case) -> list[tuple[str, bool]]:
    """A line for each member of the household, and whether it is a child."""
    day = today()
    rows = context.session.execute(
        select(Person, HouseholdMember.role)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Person.tenant_id)
            & (HouseholdMember.person_id == Person.id),
        )
        .where(
            HouseholdMember.household_id == case.household_id,
            or_(HouseholdMember.until.is_(None), HouseholdMember.until > day),
            seen_by(context.actor),
        )
    ).all()
    for person, _ in rows:
        context.lays_open(person=person.id)
    # The referral goes to another authority, which is not told who a protected person is: nor by a
    # child or partner who is not protected.
    guarded = is_protected(context.session, case.household_id)
    # The eldest first: the day is sealed.
    eldest = sorted(rows, key=lambda row: (row[0].birth_date, row[0].id))
    return [
        (
            f"{_GUARDED if guarded else _called(person)}, {_ROLES.get(role, role)}",
            age_on(person.birth_date, day) < 18,
        )
        for person, role in eldest
    ]


def _called(person: Person) -> str:
    return f"{person.given_name} {person.family_name}, {person.birth_date}"
