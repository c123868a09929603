"""Asking for a simulation, cancelling it, and finding what one said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit, outbox
from hemvist.clock import now, today
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.policy import Pack, PolicyError
from hemvist.simulations.access import simulation_for
from hemvist.simulations.events import REQUESTED
from hemvist.simulations.models import ENDED, Simulation
from hemvist.simulations.subjects import make_plan
from hemvist.simulations.versions import version_of
from hemvist.tenancy import TenantSession

MAX_RULES = 200
#: Simulations of a kommun that may be under way at once.
MAX_AT_ONCE = 5


def request(
    session: TenantSession,
    actor: Actor,
    *,
    pack: str,
    old_version: str,
    new_version: str,
    judged_on: date | None = None,
    programme: str | None = None,
    rules: Sequence[str] = (),
) -> Simulation:
    """Ask what ``new_version`` would change for the current cases of a guideline.

    Both versions are judged on ``judged_on``: else today, or the first day on which both can be.
    Raises ``NotAllowed``; ``ValidationFailed`` (version, day, programme, rule); ``Conflict`` when
    several are under way already.
    """
    require(actor, Action.POLICY_CHANGE)
    if len(rules) > MAX_RULES:
        raise ValidationFailed.one("rules", "count", f"at most {MAX_RULES}", limit=MAX_RULES)
    old, new = _versions(session, pack, old_version, new_version)
    day = judged_on or max(today(), old.in_force.start, new.in_force.start)
    make_plan(old, new, day, programme=programme, rules=rules)
    running = session.scalar(
        select(func.count(Simulation.id)).where(Simulation.state.not_in(ENDED))
    )
    if running is not None and running >= MAX_AT_ONCE:
        raise Conflict("simulations_under_way", "wait for one, or cancel it", limit=MAX_AT_ONCE)
    made = session.save(
        Simulation(
            pack=pack,
            old_version=old.version,
            new_version=new.version,
            old_content=old.content_hash,
            new_content=new.content_hash,
            judged_on=day,
            programme=programme,
            rules=list(dict.fromkeys(rules)),
            requested_by=actor.principal_id,
            requested_at=now(),
            stirred_at=now(),
        )
    )
    _audit(session, actor, made, "simulation.request")
    outbox.emit(session, REQUESTED, {"simulation_id": made.id, "by": actor.principal_id})
    return made


def cancel(session: TenantSession, actor: Actor, *, simulation_id: UUID) -> Simulation:
    """Cancel a simulation; the worker stops after the part that it is at.

    Raises ``NotFound``, ``NotAllowed``; ``Conflict`` when it has ended. Cancelling twice is once.
    """
    simulation = simulation_for(session, actor, simulation_id)
    require(actor, Action.POLICY_CHANGE)
    session.lock(simulation)
    if simulation.cancel_asked_at is not None:
        return simulation
    if simulation.state in ENDED:
        raise Conflict("simulation_ended", "it has ended", state=simulation.state)
    simulation.cancel_asked_at = now()
    if simulation.state == "requested":
        # Nobody has begun: there is nothing to wait for.
        simulation.state, simulation.phase, simulation.ended_at = "cancelled", "ended", now()
    session.flush()
    _audit(session, actor, simulation, "simulation.cancel")
    return simulation


def latest(session: TenantSession, pack: str, new_content: str) -> Simulation | None:
    """The latest finished simulation of exactly this new version, or None.

    ``new_content`` is the loaded pack's ``content_hash``: of what it says, not of its sentences.
    """
    return session.scalar(
        select(Simulation)
        .where(
            Simulation.pack == pack,
            Simulation.new_content == new_content,
            Simulation.state == "done",
        )
        .order_by(Simulation.ended_at.desc(), Simulation.id.desc())
        .limit(1)
    )


def is_current(session: TenantSession, simulation: Simulation) -> bool:
    """Whether both versions still say what was simulated. A draft may have been changed since."""
    for number, content in (
        (simulation.old_version, simulation.old_content),
        (simulation.new_version, simulation.new_content),
    ):
        try:
            if version_of(session, simulation.pack, number).content_hash != content:
                return False
        except PolicyError:
            return False
    return True


def _versions(session: TenantSession, pack: str, old: str, new: str) -> tuple[Pack, Pack]:
    adopted = adopted_packs(session, today())
    if pack not in adopted:
        raise ValidationFailed.one(
            "pack", "pack_not_adopted", "name one of the packs that the kommun works by"
        )
    found: list[Pack] = []
    problems: list[Problem] = []
    for field, number in (("oldVersion", old), ("newVersion", new)):
        try:
            found.append(version_of(session, pack, number))
        except PolicyError as wrong:
            problems.append(
                Problem(field, wrong.rule, wrong.message, {"pack": pack, "version": number[:60]})
            )
    if problems:
        raise ValidationFailed(problems)
    return found[0], found[1]


def _audit(session: TenantSession, actor: Actor, simulation: Simulation, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="simulation",
        subject_id=simulation.id,
        details={
            "pack": simulation.pack,
            "old": simulation.old_version,
            "new": simulation.new_version,
            "on": simulation.judged_on.isoformat(),
        },
    )
