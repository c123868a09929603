"""Rows that stand beside a case's way to a home, each made as simply as may be."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.guarantees.ledger_models import GuaranteeEntry
from hemvist.guarantees.models import Guarantee
from hemvist.offers.matching.models import (
    HomeExclusion,
    HomeNeed,
    MatchRank,
    MatchRun,
    Presentation,
)
from hemvist.policy import add_months
from hemvist.referrals.models import Referral
from hemvist.takeovers.models import Absence, Takeover, TakeoverStep
from hemvist.units.models import Unit
from hemvist_graphql.ids import global_id
from hemvist_guarantees import demand, give_up, paid, second_officer
from hemvist_world import World


def claimed_on(world: World, case: Case) -> dict[str, str]:
    """A guarantee on the case's lease, claimed on, paid, asked back, with a write-off proposed."""
    second_officer(world)
    contract = world.rows(Contract, case_id=case.id)[0]
    with world.session() as session:
        guarantee = session.save(
            Guarantee(
                case_id=case.id,
                contract_id=contract.id,
                landlord_id=session.find(Unit, contract.unit_id).landlord_id,
                months=12,
                starts_on=contract.starts_on,
                ends_on=add_months(contract.starts_on, 12),
                covers=["rent"],
                rent_ore=contract.rent_ore,
                cap_rent_months=12,
                cap_ore=12 * contract.rent_ore,
                issued_on=contract.signed_on,
                issued_by=None,
            )
        )
    asked = paid(world, guarantee)
    owed = demand(world, guarantee, asked.paid_ore)
    given_up = give_up(world, owed, 1_000)
    entry = world.rows(GuaranteeEntry, guarantee_id=guarantee.id)[0]
    rows = (guarantee, asked, owed, given_up, entry)
    return {type(row).__name__: global_id(type(row).__name__, row.id) for row in rows}


def matched_for(world: World, case: Case) -> dict[str, str]:
    """What the household needs of a home, a matching with its rank, a list shown to a landlord."""
    referral, unit = world.rows(Referral, case_id=case.id)[0], world.rows(Unit)[0]
    with world.session() as session:
        run = session.save(
            MatchRun(
                pack=case.pack,
                pack_version=case.pack_version,
                programme=case.programme or "municipal_contract",
                method="optimum",
                made_on=today(),
                made_by=None,
                expires_on=today(),
                queue_time="forbidden",
                priority=[],
                seed="x",
                waiting=1,
                vacancies=0,
                placed=0,
            )
        )
        rows = (
            run,
            session.save(
                MatchRank(
                    run_id=run.id,
                    case_id=case.id,
                    referral_id=referral.id,
                    rank=1,
                    rank_group=1,
                    lot="x",
                    ranked_by={},
                    unit_id=None,
                    against=[],
                )
            ),
            session.save(
                HomeNeed(
                    case_id=case.id,
                    rooms_min=1,
                    rooms_max=2,
                    floor_max=None,
                    lift=False,
                    step_free=False,
                    adapted=False,
                    rent_max_ore=None,
                    unsuitable_areas=[],
                    excluded_landlords=[],
                    stated_on=today(),
                    stated_by=None,
                )
            ),
            session.save(
                HomeExclusion(
                    case_id=case.id,
                    kind="area",
                    value="Centrum",
                    excluded_on=today(),
                    excluded_by=None,
                    lifted_on=None,
                )
            ),
            session.save(
                Presentation(
                    unit_id=unit.id,
                    landlord_id=unit.landlord_id,
                    state="closed",
                    presented_on=today(),
                    presented_by=None,
                    answer_by=today(),
                    answered_on=None,
                )
            ),
        )
        return {type(row).__name__: global_id(type(row).__name__, row.id) for row in rows}


def on_its_way_out(world: World, case: Case) -> dict[str, str]:
    """A takeover of the case's lease, a step of it, and time that the resident was away."""
    contract = world.rows(Contract, case_id=case.id)[0]
    with world.session() as session:
        takeover = session.scalars(
            select(Takeover).where(Takeover.contract_id == contract.id)
        ).one_or_none() or session.save(
            Takeover(
                case_id=case.id,
                contract_id=contract.id,
                programme=case.programme or "municipal_contract",
            )
        )
        step = session.save(
            TakeoverStep(
                case_id=case.id,
                takeover_id=takeover.id,
                code="told",
                done_on=today(),
                notes="Sagt.",
                recorded_by=None,
            )
        )
        absence = session.save(
            Absence(
                case_id=case.id,
                contract_id=contract.id,
                began_on=today(),
                ended_on=None,
                reason="hospital",
                approved=True,
                recorded_by=None,
            )
        )
        rows = (takeover, step, absence)
        return {type(row).__name__: global_id(type(row).__name__, row.id) for row in rows}
