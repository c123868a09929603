"""Matching: a run is made, kept as rows, and offers may be made from it until it expires."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from hemvist import audit
from hemvist.cases.checks import effective_day
from hemvist.cases.models import Case
from hemvist.cases.packs import choose_pack
from hemvist.errors import Conflict, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.offers.matching import gathering
from hemvist.offers.matching.limits import Reason, codes, limits
from hemvist.offers.matching.models import RUN_METHODS, MatchRank, MatchRun, MatchVacancy
from hemvist.offers.matching.plans import METHODS
from hemvist.offers.matching.ranking import lot, ranked, values_of
from hemvist.offers.matching.together import alike
from hemvist.offers.models import Offer
from hemvist.policy import Pack, Programme
from hemvist.policy.matching import Priority
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: Days that offers may be made from a run: needs and homes change.
RUN_DAYS = 7


def run(
    session: TenantSession,
    actor: Actor,
    *,
    programme: str,
    pack: str | None = None,
    method: str = "optimum",
    on: date | None = None,
) -> MatchRun:
    """Match the vacant homes with the households that wait in ``programme``, and keep what came out.

    ``method``: "optimum" (nobody higher could be placed in addition) or "greedy" (one after the
    other). The plan is advice; an offer is made by a person. Raises ``ValidationFailed``,
    ``PolicyRefused`` for a programme that offers no homes, ``NotAllowed``.
    """
    require(actor, Action.MATCHING_RUN)
    day = effective_day(on)
    if method not in RUN_METHODS:
        raise ValidationFailed.one(
            "method", "unknown_choice", "not a method", allowed=list(RUN_METHODS)
        )
    guideline = choose_pack(session, pack, day)
    if programme not in guideline.programmes:
        raise ValidationFailed.one("programme", "unknown_choice", "name one of the programmes")
    rules = guideline.programme(programme)
    if rules.offers is None:
        raise PolicyRefused("no_offers", "the programme offers no homes")
    priority = rules.matching.priority if rules.matching else ()
    found = {
        one.case.id: one for one in gathering.candidates(session, actor, guideline, rules, day)
    }
    seed = f"{day.isoformat()}:{guideline.name}:{programme}"
    order = ranked(
        {id: values_of(guideline, priority, one.facts, day) for id, one in found.items()},
        priority,
        seed,
    )
    # Smallest first, so that a large home is left for who needs it; the lot between like ones.
    homes = sorted(
        gathering.vacancies(session),
        key=lambda home: (home.rooms, home.rent_ore, lot(seed, home.id)),
    )
    candidates = [found[one.case_id] for one in order]
    waiting = gathering.waiting_of(session, guideline, rules.matching, candidates, homes, day)
    table = limits(waiting, homes, _closed_areas(guideline, rules, day))
    plan = METHODS[method](table == 0)
    row = session.save(
        MatchRun(
            pack=guideline.name,
            pack_version=guideline.version,
            programme=programme,
            method=method,
            made_on=day,
            made_by=actor.principal_id,
            expires_on=day + timedelta(days=RUN_DAYS),
            queue_time=rules.matching.queue_time if rules.matching else "unsaid",
            priority=[_as_row(one) for one in priority],
            seed=seed,
            waiting=len(order),
            vacancies=len(homes),
            placed=len(plan),
        )
    )
    session.flush()
    session.add_all(
        MatchVacancy(
            run_id=row.id,
            unit_id=home.id,
            position=place,
            fitting=int((table[:, place - 1] == 0).sum()),
        )
        for place, home in enumerate(homes, start=1)
    )
    placed = {place: homes[column].id for place, column in plan.items()}
    good = alike(table == 0, plan)
    session.add_all(
        MatchRank(
            run_id=row.id,
            case_id=one.case_id,
            referral_id=found[one.case_id].referral.id,
            rank=one.rank,
            rank_group=one.group,
            lot=one.lot,
            ranked_by=dict(one.values),
            unit_id=placed.get(place),
            against=table[place].tolist(),
            as_good=[column + 1 for column in good.get(place, ())],
        )
        for place, one in enumerate(order)
    )
    session.flush()
    audit.record(
        session,
        actor,
        Action.MATCHING_RUN,
        subject_type="match_run",
        subject_id=row.id,
        details={"programme": programme, "waiting": len(order), "vacancies": len(homes)},
    )
    return row


def place_in(
    session: TenantSession, run_id: UUID, referral: Referral, unit_id: UUID, on: date
) -> MatchRank:
    """The household's rank in a run that an offer of ``unit_id`` is made from.

    Raises ``Conflict`` when the run has expired, ``NotFound`` when it has not both.
    """
    run_row = session.find(MatchRun, run_id)
    if on > run_row.expires_on:
        raise Conflict("run_expired", "the matching is too old", expired=str(run_row.expires_on))
    rank = session.scalar(
        select(MatchRank).where(MatchRank.run_id == run_id, MatchRank.referral_id == referral.id)
    )
    position = session.scalar(
        select(MatchVacancy.position).where(
            MatchVacancy.run_id == run_id, MatchVacancy.unit_id == unit_id
        )
    )
    if rank is None or position is None:
        raise NotFound("MatchRank")
    return rank


def refuse_unfit(
    session: TenantSession, case: Case, pack: Pack, programme: Programme, unit: Unit, on: date
) -> None:
    """Refuse an offer that a hard limit speaks against now, whatever an earlier run said."""
    against = _against_now(session, case, pack, programme, unit, on)
    if against & Reason.EXCLUDED:
        raise PolicyRefused("home_excluded", "the home is excluded")
    if against & ~Reason.OFFERED_BEFORE:
        raise PolicyRefused(
            "home_does_not_fit", f"against it: {', '.join(codes(against & ~Reason.OFFERED_BEFORE))}"
        )


def refuse_excluded(
    session: TenantSession, case: Case, pack: Pack, programme: Programme, unit: Unit, on: date
) -> None:
    """Refuse a home that is excluded for the household's safety, or whose landlord the guideline says
    no to. An officer who chooses by hand may pass by the other limits, never by these."""
    against = _against_now(session, case, pack, programme, unit, on)
    if against & Reason.EXCLUDED:
        raise PolicyRefused("home_excluded", "the home is excluded")
    if against & Reason.LANDLORD_RULE:
        rule = None if programme.matching is None else programme.matching.landlord
        raise PolicyRefused(
            "landlord_closed",
            "the guideline says no to the landlord",
            cite="" if rule is None else ", ".join(rule.cite),
        )


def _against_now(
    session: TenantSession, case: Case, pack: Pack, programme: Programme, unit: Unit, on: date
) -> int:
    homes = [gathering.home_of(unit)]
    facts = gathering.facts_of_cases(session, pack, programme, [case], on)[case.id]
    waiting = gathering.waiting_one(session, pack, programme.matching, case.id, facts, homes, on)
    return int(limits([waiting], homes, _closed_areas(pack, programme, on))[0, 0])


def next_in_line(
    session: TenantSession, unit_id: UUID, on: date, *, but_not: UUID
) -> tuple[MatchRank, Case] | None:
    """Who comes next for a home by the latest run that holds, or None.

    Passed over: ``but_not`` (the case whose offer ended), whoever has an open offer, and whose
    referral is no longer in force.
    """
    latest = session.execute(
        select(MatchVacancy.run_id, MatchVacancy.position)
        .join(
            MatchRun,
            (MatchRun.tenant_id == MatchVacancy.tenant_id) & (MatchRun.id == MatchVacancy.run_id),
        )
        .where(MatchVacancy.unit_id == unit_id, MatchRun.expires_on >= on)
        .order_by(MatchRun.made_on.desc(), MatchRun.id.desc())
        .limit(1)
    ).first()
    if latest is None:
        return None
    run_id, position = latest
    busy = select(Offer.case_id).where(Offer.state.in_(("made", "accepted")))
    found = session.execute(
        select(MatchRank, Case)
        .join(Case, (Case.tenant_id == MatchRank.tenant_id) & (Case.id == MatchRank.case_id))
        .join(
            Referral,
            (Referral.tenant_id == MatchRank.tenant_id) & (Referral.id == MatchRank.referral_id),
        )
        .where(
            MatchRank.run_id == run_id,
            MatchRank.against[position] == 0,
            MatchRank.case_id != but_not,
            MatchRank.case_id.not_in(busy),
            Referral.state.in_(IN_FORCE),
            _holds(on),
            Case.state == "open",
        )
        .order_by(MatchRank.rank)
        .limit(1)
    ).first()
    return None if found is None else (found[0], found[1])


def _holds(on: date) -> ColumnElement[bool]:
    """The referral's validity has not ended by ``on``."""
    return or_(Referral.valid_until.is_(None), Referral.valid_until >= on)


def _as_row(one: Priority) -> dict[str, Any]:
    return {
        "id": one.id,
        "rule": one.rule,
        "fact": one.fact,
        "descending": one.descending,
        "label": {"sv": one.label.sv, "en": one.label.en},
        "cite": list(one.cite),
    }


def _closed_areas(pack: Pack, programme: Programme, on: date) -> tuple[str, ...]:
    if programme.matching is None or programme.matching.closed_areas is None:
        return ()
    value = pack.param(programme.matching.closed_areas, on)
    assert isinstance(value, tuple)
    return tuple(str(one) for one in value)
