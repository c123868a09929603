"""Situations of homelessness, as far as contracts and answers tell; nobody is guessed into one.

A home that the kommun lets is situation 3. Of an open case without any home from the kommun the
answers say which one; of several that say different things none is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from hemvist.assessments.models import Answer
from hemvist.authority_forms.rules.scope import Found, Scope, counted
from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.policy import add_months

#: No home of the kommun's and nothing that says which situation; and by the definition not homeless.
UNKNOWN, NONE = -1, 0
SOCIAL_CONTRACT = 3


def situations(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Adults, or others, in a situation."""
    who = given.get("who", "adults")
    people = scope.once("people of cases", lambda: _people(scope))
    for case, situation, of, day in scope.once("situations", lambda: _situations(scope)):
        number = counted(people.get(case.household_id, ()), who)
        if situation == given["situation"] and number:
            yield Found(case.id, of, day, number)


def _people(scope: Scope) -> Mapping[UUID, Any]:
    found = scope.once("situations", lambda: _situations(scope))
    return scope.people(case.household_id for case, *_ in found)


def _situations(scope: Scope) -> list[tuple[Case, int, UUID, date]]:
    """Each household once: by its home if it has one, else by its oldest open case."""
    homes: dict[UUID, Contract] = {}
    cases: dict[UUID, Case] = {}
    rows = scope.session.execute(
        select(Contract, Case)
        .join(Case, (Case.tenant_id == Contract.tenant_id) & (Case.id == Contract.case_id))
        .where(
            scope.cases(),
            Contract.starts_on <= scope.last,
            or_(Contract.ended_on.is_(None), Contract.ended_on > scope.first),
            or_(Contract.end_reason.is_(None), Contract.end_reason != "never_began"),
        )
        .order_by(Contract.starts_on, Contract.id)
    )
    for contract, case in rows:
        known = homes.get(case.household_id)
        # A home of its own does not undo that it had one of the kommun's in the same week.
        if known is None or contract.kind == "sublease":
            homes[case.household_id], cases[case.household_id] = contract, case
    open_cases = scope.session.scalars(
        select(Case)
        .where(
            scope.cases(),
            Case.opened_on <= scope.last,
            or_(Case.closed_on.is_(None), Case.closed_on > scope.first),
        )
        .order_by(Case.opened_on, Case.id)
    )
    without = [one for one in open_cases if one.household_id not in homes]
    told = _told(scope, [one.id for one in without])
    found = [
        (cases[household], SOCIAL_CONTRACT, home.id, home.starts_on)
        for household, home in homes.items()
        if home.kind == "sublease"
    ]
    seen: dict[UUID, tuple[Case, int]] = {}
    for case in without:
        said = told.get(case.id, UNKNOWN)
        known_case = seen.get(case.household_id)
        if known_case is None or (known_case[1] == UNKNOWN and said != UNKNOWN):
            seen[case.household_id] = (case, said)
    found += [(case, said, case.id, case.opened_on) for case, said in seen.values()]
    return found


def _told(scope: Scope, cases: list[UUID]) -> dict[UUID, int]:
    settings = scope.form.settings
    by_fact = {one["fact"]: one["values"] for one in settings["told"]}
    discharge = settings["discharge"]
    facts = {*by_fact, *discharge["facts"], discharge["discharge_on"], discharge["home"]}
    answers: dict[UUID, dict[str, Any]] = defaultdict(dict)
    rows = scope.session.scalars(
        select(Answer).where(
            Answer.case_id.in_(cases),
            Answer.fact.in_(sorted(facts)),
            Answer.replaced_at.is_(None),
            Answer.effective_on <= scope.last,
        )
    )
    for answer in rows:
        answers[answer.case_id][answer.fact] = answer.value
    found: dict[UUID, int] = {}
    for case_id, known in answers.items():
        said = {by_fact[fact][known[fact]] for fact in by_fact if known.get(fact) in by_fact[fact]}
        if _discharged(known, discharge, scope.last):
            said.add(2)
        if len(said) == 1:
            (found[case_id],) = said
    return found


def _discharged(known: Mapping[str, Any], discharge: Mapping[str, Any], last: date) -> bool:
    """Whether the answers say situation 2, all of it."""
    day = known.get(discharge["discharge_on"])
    return (
        any(known.get(fact) == value for fact, value in discharge["facts"].items())
        and day is not None
        and date.fromisoformat(str(day)) <= add_months(last, discharge["months"])
        and known.get(discharge["home"]) is False
    )
