"""Who waits, what they need and what is vacant: read for a run, in a few statements for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from hemvist.assessments.models import Answer
from hemvist.cases.access import visible_cases
from hemvist.cases.derived import derived_facts_of
from hemvist.cases.models import Case
from hemvist.identity import Actor
from hemvist.landlords.models import Landlord
from hemvist.offers.allowance import may_be_offered
from hemvist.offers.matching.limits import Home, Need, Waiting
from hemvist.offers.matching.models import HomeExclusion, HomeNeed
from hemvist.offers.models import Offer
from hemvist.policy import Outcome, Pack, Programme, evaluate
from hemvist.policy.facts import FactKind
from hemvist.policy.matching import Matching
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting case with its referral and the facts that the guideline orders by."""

    case: Case
    referral: Referral
    facts: Mapping[str, Any]


def vacancies(session: TenantSession) -> list[Home]:
    """Every vacant home, in no order that means anything."""
    units = session.scalars(select(Unit).where(Unit.state == "vacant")).all()
    return [home_of(unit) for unit in units]


def home_of(unit: Unit) -> Home:
    """The home as matching sees it."""
    return Home(
        unit.id,
        unit.landlord_id,
        unit.area,
        unit.postal_code,
        unit.rooms,
        unit.rent_ore,
        unit.floor,
        unit.lift,
        unit.step_free,
        unit.adapted,
    )


def candidates(
    session: TenantSession, actor: Actor, pack: Pack, programme: Programme, on: date
) -> list[Candidate]:
    """The cases that the actor sees and that wait for a home in the programme on a day.

    A case waits whose referral is in force and that the guideline allows another offer. It may be
    pinned to an earlier version; the order is the one in force, for all alike.
    """
    rows = session.execute(
        select(Referral, Case)
        .join(Case, (Case.tenant_id == Referral.tenant_id) & (Case.id == Referral.case_id))
        .where(
            Referral.state.in_(IN_FORCE),
            Referral.programme == programme.id,
            Referral.registered_on <= on,
            or_(Referral.valid_until.is_(None), Referral.valid_until >= on),
            Case.pack == pack.name,
            Case.state == "open",
            visible_cases(actor),
        )
    ).all()
    offers = _offers(session, [referral.id for referral, _ in rows])
    rules = programme.offers
    most = pack.number(rules.count, on) if rules and rules.count is not None else None
    waiting = [
        (referral, case)
        for referral, case in rows
        if rules is not None and may_be_offered(offers[referral.id], rules.mode, most) is None
    ]
    facts = facts_of_cases(session, pack, programme, [case for _, case in waiting], on)
    return [Candidate(case, referral, facts[case.id]) for referral, case in waiting]


def waiting_of(
    session: TenantSession,
    pack: Pack,
    matching: Matching | None,
    found: Sequence[Candidate],
    homes: Sequence[Home],
    on: date,
) -> list[Waiting]:
    """What each candidate needs and what is closed to it, in the order of ``found``."""
    return _waiting(session, pack, matching, {one.case.id: one.facts for one in found}, homes, on)


def waiting_one(
    session: TenantSession,
    pack: Pack,
    matching: Matching | None,
    case_id: UUID,
    facts: Mapping[str, Any],
    homes: Sequence[Home],
    on: date,
) -> Waiting:
    """What one case needs now and what is closed to it."""
    return _waiting(session, pack, matching, {case_id: facts}, homes, on)[0]


def _waiting(
    session: TenantSession,
    pack: Pack,
    matching: Matching | None,
    found: Mapping[UUID, Mapping[str, Any]],
    homes: Sequence[Home],
    on: date,
) -> list[Waiting]:
    ids = list(found)
    needs = {
        need.case_id: need
        for need in session.scalars(select(HomeNeed).where(HomeNeed.case_id.in_(ids)))
    }
    safe: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in session.scalars(
        select(HomeExclusion).where(
            HomeExclusion.case_id.in_(ids), HomeExclusion.lifted_on.is_(None)
        )
    ):
        safe[row.case_id][row.kind].add(row.value)
    numbers = _numbers(session, homes, safe)
    before: dict[UUID, set[UUID]] = defaultdict(set)
    for case_id, unit_id in session.execute(
        select(Offer.case_id, Offer.unit_id).where(
            Offer.case_id.in_(ids), Offer.state.in_(("made", "accepted", "declined"))
        )
    ):
        before[case_id].add(unit_id)
    return [
        Waiting(
            case_id,
            _need(needs.get(case_id), safe.get(case_id, {}), numbers),
            _refused(pack, matching, facts, homes, numbers, on),
            frozenset(before[case_id]),
        )
        for case_id, facts in found.items()
    ]


def _need(
    stated: HomeNeed | None, safe: Mapping[str, set[str]], numbers: Mapping[str, UUID]
) -> Need | None:
    excluded = (
        frozenset(safe.get("area", ())),
        frozenset(safe.get("postal_code", ())),
        frozenset(numbers[one] for one in safe.get("landlord", ()) if one in numbers),
    )
    if stated is None:
        if not any(excluded):
            return None
        areas, postal_codes, landlords = excluded
        return Need(
            1,
            20,
            safe_areas=areas,
            safe_postal_codes=postal_codes,
            safe_landlords=landlords,
            stated=False,
        )
    return Need(
        stated.rooms_min,
        stated.rooms_max,
        stated.floor_max,
        stated.lift,
        stated.step_free,
        stated.adapted,
        stated.rent_max_ore,
        frozenset(stated.unsuitable_areas),
        frozenset(stated.excluded_landlords),
        *excluded,
    )


def _refused(
    pack: Pack,
    matching: Matching | None,
    facts: Mapping[str, Any],
    homes: Sequence[Home],
    numbers: Mapping[str, UUID],
    on: date,
) -> frozenset[UUID]:
    """Landlords that the guideline's rule says no to. What is not known closes nothing: it is asked."""
    if matching is None or matching.landlord is None:
        return frozenset()
    rule, fact = matching.landlord.rule, matching.landlord.fact
    letting = {home.landlord_id for home in homes}
    return frozenset(
        landlord_id
        for number, landlord_id in numbers.items()
        if landlord_id in letting
        and evaluate(pack, rule, {**facts, fact: number}, on).outcome is Outcome.FALSE
    )


def _numbers(
    session: TenantSession, homes: Sequence[Home], safe: Mapping[UUID, Mapping[str, set[str]]]
) -> dict[str, UUID]:
    """Organisation number → landlord, for those who let a home or are named in an exclusion."""
    named = {number for kinds in safe.values() for number in kinds.get("landlord", ())}
    rows = session.execute(
        select(Landlord.organisation_number, Landlord.id).where(
            or_(
                Landlord.id.in_({home.landlord_id for home in homes}),
                Landlord.organisation_number.in_(named),
            )
        )
    )
    return dict(rows.tuples().all())


def _offers(session: TenantSession, referral_ids: Sequence[UUID]) -> dict[UUID, list[Offer]]:
    found: dict[UUID, list[Offer]] = defaultdict(list)
    for offer in session.scalars(select(Offer).where(Offer.referral_id.in_(referral_ids))):
        found[offer.referral_id].append(offer)
    return found


def facts_of_cases(
    session: TenantSession, pack: Pack, programme: Programme, cases: Sequence[Case], on: date
) -> dict[UUID, dict[str, Any]]:
    """The facts that the order and the landlord's rule need, by case."""
    needed = facts_needed(pack, programme.matching)
    found: dict[UUID, dict[str, Any]] = {case.id: {} for case in cases}
    if not needed:
        return found
    answered = session.execute(
        select(Answer.case_id, Answer.fact, Answer.value_sealed).where(
            Answer.case_id.in_(list(found)), Answer.fact.in_(needed), Answer.replaced_at.is_(None)
        )
    )
    for case_id, fact, value in answered:
        found[case_id][fact] = Answer.value.opened(session.tenant_id, value)
    if any(pack.facts[name].kind is FactKind.DERIVED for name in needed if name in pack.facts):
        for case_id, derived in derived_facts_of(session, cases, on).items():
            found[case_id].update({k: v for k, v in derived.items() if k in needed})
    return found


def facts_needed(pack: Pack, matching: Matching | None) -> set[str]:
    """Every fact that the section needs of a household."""
    needed: set[str] = set()
    if matching is None:
        return needed
    for one in matching.priority:
        needed.update(pack.facts_of(one.rule) if one.rule else (one.fact or "",))
    if matching.landlord is not None:
        needed.update(pack.facts_of(matching.landlord.rule))
        needed.discard(matching.landlord.fact)
    return needed
