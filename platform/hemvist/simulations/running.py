"""The worker's side of a simulation: step by step, each step a transaction of its own.

What is done stands in the database after each step, so that a killed worker's task goes on where it
was, cancelling takes effect between two parts, and the progress can be read by anybody meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from hemvist import audit
from hemvist.clock import now
from hemvist.db import Audience
from hemvist.errors import ValidationFailed
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.policy import PolicyError
from hemvist.simulations import snapshot
from hemvist.simulations.causes import Cause, causes
from hemvist.simulations.comparing import BackEndsDisagree, Change, compare, groups_at
from hemvist.simulations.models import (
    ENDED,
    Simulation,
    SimulationChange,
    SimulationPart,
    SnapshotChunk,
)
from hemvist.simulations.result import concluded
from hemvist.simulations.subjects import Plan, make_plan
from hemvist.simulations.tally import KINDS, Tally
from hemvist.simulations.versions import version_of
from hemvist.tenancy import TenantSession, tenant_session

#: Cases looked at again in one step before the comparison.
REFRESHED = 100
#: Without a sign of life for so long, a simulation is taken up anew.
PATIENCE = timedelta(minutes=5)
#: For how long it can be seen which cases a simulation would change; its figures stay.
KEEP_CHANGES = timedelta(days=180)


def run(tenant_id: UUID, simulation_id: UUID, seconds: float) -> bool:
    """Work on a simulation for about so long. Returns whether something is left to do.

    A simulation that cannot be carried out ends as failed; what is nobody's input, such as
    ``BackEndsDisagree``, is raised besides.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not step(tenant_id, simulation_id):
            return False
    return True


def step(tenant_id: UUID, simulation_id: UUID) -> bool:
    """Do the next step of a simulation. Returns whether there is another after it."""
    try:
        with tenant_session(Audience.WORKER, tenant_id) as session:
            simulation = _taken(session, simulation_id)
            if simulation is None:
                return False
            return _PHASES[simulation.phase](session, simulation)
    except SQLAlchemyError:
        # The database was in the way, not the simulation: the task is tried again.
        raise
    except Exception as wrong:
        with tenant_session(Audience.WORKER, tenant_id) as session:
            simulation = _taken(session, simulation_id)
            if simulation is not None:
                _end(session, simulation, "failed", failure=_code(wrong))
        if isinstance(wrong, PolicyError | ValidationFailed):
            return False
        raise


def silent(session: TenantSession) -> Sequence[UUID]:
    """Simulations that ought to run and have shown no sign of life for too long."""
    return session.scalars(
        select(Simulation.id).where(
            Simulation.state.not_in(ENDED), Simulation.stirred_at < now() - PATIENCE
        )
    ).all()


def forget_changes(session: TenantSession) -> int:
    """Remove which cases old simulations would have changed; returns how many rows."""
    old = select(Simulation.id).where(Simulation.ended_at < now() - KEEP_CHANGES)
    removed = session.execute(
        delete(SimulationChange)
        .where(SimulationChange.simulation_id.in_(old))
        .returning(SimulationChange.id)
    )
    return len(removed.all())


def _taken(session: TenantSession, simulation_id: UUID) -> Simulation | None:
    """The simulation, locked for this step; None when there is nothing more to do."""
    simulation = session.get(Simulation, (session.tenant_id, simulation_id), with_for_update=True)
    if simulation is None or simulation.state in ENDED:
        return None
    simulation.stirred_at = now()
    if simulation.cancel_asked_at is not None:
        _end(session, simulation, "cancelled")
        return None
    return simulation


def _begin(session: TenantSession, simulation: Simulation) -> bool:
    _plan(session, simulation)
    simulation.state, simulation.phase = "running", "snapshot"
    simulation.started_at = now()
    return True


def _refresh(session: TenantSession, simulation: Simulation) -> bool:
    """Bring the snapshot up to date, some cases at a time; then take the parts from it."""
    stale = snapshot.out_of_date(session, REFRESHED, pack=simulation.pack)
    if stale:
        snapshot.refresh(session, stale)
        return True
    _freeze(session, simulation)
    simulation.phase = "comparing"
    return True


def _freeze(session: TenantSession, simulation: Simulation) -> None:
    """Copy the chunks in one statement: what comes after it changes nothing in this simulation."""
    session.execute(delete(SimulationPart).where(SimulationPart.simulation_id == simulation.id))
    chunks = select(
        SnapshotChunk.tenant_id,
        func.gen_random_uuid(),
        literal(simulation.id),
        SnapshotChunk.number,
        SnapshotChunk.case_ids,
        SnapshotChunk.facts_sealed,
        SnapshotChunk.about_sealed,
    ).where(SnapshotChunk.pack == simulation.pack, SnapshotChunk.tenant_id == session.tenant_id)
    session.execute(
        insert(SimulationPart).from_select(
            [
                *("tenant_id", "id", "simulation_id", "number"),
                *("case_ids", "facts_sealed", "about_sealed"),
            ],
            chunks,
        )
    )
    total = session.scalar(
        select(func.sum(func.cardinality(SimulationPart.case_ids))).where(
            SimulationPart.simulation_id == simulation.id
        )
    )
    simulation.cases_total, simulation.cases_done = int(total or 0), 0


def _compare(session: TenantSession, simulation: Simulation) -> bool:
    part = session.scalar(
        select(SimulationPart)
        .where(SimulationPart.simulation_id == simulation.id, SimulationPart.tally.is_(None))
        .order_by(SimulationPart.number)
        .limit(1)
    )
    if part is None:
        simulation.phase = "concluding"
        return True
    plan, differences = _plan(session, simulation)
    facts, about = part.facts, part.about
    places = _counted(plan, part.case_ids, about)
    rows = [
        {name: values[place] for name, values in facts.items() if values[place] is not None}
        for place in places
    ]
    groups = [groups_at(about, place) for place in places]
    tally, changes = compare(plan, differences, rows, groups)
    _keep_changes(session, simulation, plan, part.case_ids, facts, places, changes)
    simulation.cases_done += len(part.case_ids)
    part.tally = tally.as_json()
    part.facts = {}
    return True


def _counted(plan: Plan, case_ids: Sequence[UUID], about: Mapping[str, Any]) -> list[int]:
    """Places of the part's cases that are counted: all, or those in the programme or in none."""
    programmes = about[snapshot.PROGRAMME] if case_ids else []
    return [
        place
        for place in range(len(case_ids))
        if plan.programme is None or programmes[place] in (None, plan.programme)
    ]


def _keep_changes(
    session: TenantSession,
    simulation: Simulation,
    plan: Plan,
    case_ids: Sequence[UUID],
    known: Mapping[str, Any],
    places: Sequence[int],
    changes: Sequence[Change],
) -> None:
    needed = {change.subject.key: plan.facts_of(change.subject) for change in changes}
    made: list[dict[str, Any]] = []
    for change in changes:
        place = places[change.place]
        made.append(
            {
                "tenant_id": session.tenant_id,
                "id": new_id(),
                "simulation_id": simulation.id,
                "case_id": case_ids[place],
                "subject": change.subject.key,
                "change": KINDS[change.change],
                "before": change.before,
                "after": change.after,
                "facts_sealed": SimulationChange.facts.sealed(
                    session.tenant_id,
                    {
                        name: values[place]
                        for name, values in known.items()
                        if name in needed[change.subject.key] and values[place] is not None
                    },
                ),
            }
        )
    if made:
        # A part is judged once; were it judged twice, its changes would still stand once.
        session.execute(
            upsert(SimulationChange).on_conflict_do_nothing(
                index_elements=["tenant_id", "simulation_id", "case_id", "subject"]
            ),
            made,
        )


def _conclude(session: TenantSession, simulation: Simulation) -> bool:
    plan, differences = _plan(session, simulation)
    tally, as_of = Tally(), None
    parts = session.scalars(
        select(SimulationPart).where(SimulationPart.simulation_id == simulation.id)
    )
    for part in parts:
        tally.merge(Tally.of(part.tally or {}))
        days = part.about.get(snapshot.AS_OF, [])
        as_of = min([*days, as_of] if as_of else days, default=None)
    simulation.result = concluded(plan, differences, tally, as_of)
    _end(session, simulation, "done")
    return False


def _end(
    session: TenantSession, simulation: Simulation, state: str, *, failure: str | None = None
) -> None:
    """Nothing more happens in it. Counts that only the worker may see go; so do changes of a run
    that did not come to its end."""
    simulation.state, simulation.phase = state, "ended"
    simulation.ended_at = now()
    simulation.failure = failure
    of_it = SimulationPart.simulation_id == simulation.id
    session.execute(delete(SimulationPart).where(of_it))
    if state != "done":
        session.execute(
            delete(SimulationChange).where(SimulationChange.simulation_id == simulation.id)
        )
    audit.record(
        session,
        Actor.system(session.tenant_id),
        f"simulation.{state}",
        subject_type="simulation",
        subject_id=simulation.id,
        details={} if failure is None else {"failure": failure},
    )
    session.flush()


def _plan(session: TenantSession, simulation: Simulation) -> tuple[Plan, tuple[Cause, ...]]:
    old = version_of(session, simulation.pack, simulation.old_version)
    new = version_of(session, simulation.pack, simulation.new_version)
    held = (simulation.old_content, simulation.new_content)
    if (old.content_hash, new.content_hash) != held:
        raise PolicyError("a version was changed after it was asked about", rule="content_changed")
    plan = make_plan(
        old, new, simulation.judged_on, programme=simulation.programme, rules=simulation.rules
    )
    return plan, causes(old, new, simulation.judged_on)


def _code(failed: Exception) -> str:
    if isinstance(failed, PolicyError):
        return failed.rule
    if isinstance(failed, ValidationFailed):
        return failed.problems[0].rule
    return "back_ends_disagree" if isinstance(failed, BackEndsDisagree) else "internal"


#: What is done in each phase; gives whether there is another step.
_PHASES: dict[str, Callable[[TenantSession, Simulation], bool]] = {
    "waiting": _begin,
    "snapshot": _refresh,
    "comparing": _compare,
    "concluding": _conclude,
}
