"""Moving open cases to another version: previewed, chosen, recorded on each timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist import audit
from hemvist.assessments.models import Answer
from hemvist.assessments.service import current_answers
from hemvist.case_migrations.comparing import Comparison, compare, unfitting
from hemvist.case_migrations.models import CaseMigration, MigratedCase
from hemvist.cases.access import case_for, reading_departments
from hemvist.cases.checks import require_open
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.rescheduling import replan
from hemvist.clock import now, today
from hemvist.errors import Conflict, NotAllowed, PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.pack_versions import packs_of
from hemvist.policy import Pack, PolicyError
from hemvist.tenancy import TenantSession

#: Cases in one command.
MAX_CASES = 200
MAX_REASON = 2_000


def preview(session: TenantSession, actor: Actor, *, case_id: UUID, to_version: str) -> Comparison:
    """What would change for an open case today. For the department that has the case.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (closed), ``ValidationFailed`` (version) and
    ``PolicyRefused`` when the version cannot judge the case.
    """
    case = case_for(session, actor, case_id, Action.CASE_READ)
    # Whom the case was only disclosed to does not learn what the investigation says.
    if case.department not in reading_departments(actor, Action.CASE_READ)[0]:
        raise NotAllowed(Action.CASE_READ.value)
    require_open(case)
    return _compared(session, case, _target(session, case.pack, to_version, today()), today())


def migrate(
    session: TenantSession,
    actor: Actor,
    *,
    cases: Sequence[Mapping[str, Any]],
    to_version: str,
    reason: str,
) -> CaseMigration:
    """Let open cases go over to another version of their guideline, all of them or none.

    ``cases`` holds ``case_id`` and ``expected_version`` of each. Answers that the new version cannot
    take are marked as replaced, so that they are asked for again. Raises ``NotFound``, ``NotAllowed``,
    ``Conflict``, ``ValidationFailed``, and ``PolicyRefused`` when the version cannot judge a case.
    """
    _require(cases, reason)
    day = today()
    rows = [
        (case_for(session, actor, one["case_id"], Action.CASE_MIGRATE), one["expected_version"])
        for one in cases
    ]
    packs = {case.pack for case, _ in rows}
    if len(packs) > 1:
        raise ValidationFailed.one(
            "cases", "other_pack", "the cases are of several guidelines", packs=sorted(packs)
        )
    target = _target(session, packs.pop(), to_version, day)
    migration = session.save(
        CaseMigration(
            pack=target.name,
            to_version=target.version,
            reason=reason.strip(),
            migrated_on=day,
            migrated_at=now(),
            migrated_by=actor.principal_id,
        )
    )
    # In one order, so that two lists with the same cases do not wait for each other.
    for case, expected in sorted(rows, key=lambda row: row[0].id):
        session.change(case, expected)
        _migrate(session, actor, migration, case, target, day)
    audit.record(
        session,
        actor,
        Action.CASE_MIGRATE,
        subject_type="case_migration",
        subject_id=migration.id,
        details={
            "pack": target.name,
            "version": target.version,
            "cases": [str(case.id) for case, _ in rows],
        },
    )
    return migration


def _migrate(
    session: TenantSession,
    actor: Actor,
    migration: CaseMigration,
    case: Case,
    target: Pack,
    day: date,
) -> None:
    require_open(case)
    if case.pack_version == target.version:
        raise Conflict("same_version", "the case has that version already", number=case.number)
    found = _compared(session, case, target, day)
    if case.programme is not None:
        replan(session, case, target, day).carry_out()
    for answer in unfitting(current_answers(session, case), target):
        session.find(Answer, answer.id).replaced_at = now()
    earlier, case.pack_version = case.pack_version, target.version
    session.save(
        MigratedCase(
            case_migration_id=migration.id,
            case_id=case.id,
            from_version=earlier,
            to_version=target.version,
            programmes=[one.as_json() for one in found.programmes],
            obligations=[one.as_json() for one in found.obligations],
        )
    )
    record(
        session,
        actor,
        case,
        "case_migrated",
        day,
        action=Action.CASE_MIGRATE,
        subject_type="case_migration",
        subject_id=migration.id,
        data={"pack": target.name, "from": earlier, "to": target.version},
    )


def _compared(session: TenantSession, case: Case, target: Pack, day: date) -> Comparison:
    try:
        return compare(session, case, target, day)
    except PolicyError as error:
        raise PolicyRefused("version_cannot_judge", error.message) from error


def _target(session: TenantSession, pack: str, number: str, on: date) -> Pack:
    for known in packs_of(session).versions(pack):
        if known.number == number and known.binding and known.in_force.start <= on:
            return packs_of(session).get(pack, number)
    raise ValidationFailed.one(
        "toVersion", "version_not_in_force", "no such version is in force", version=number
    )


def _require(cases: Sequence[Mapping[str, Any]], reason: str) -> None:
    problems = []
    if not 0 < len(cases) <= MAX_CASES:
        problems.append(Problem("cases", "count", f"at most {MAX_CASES}", {"limit": MAX_CASES}))
    if len({one["case_id"] for one in cases}) != len(cases):
        problems.append(Problem("cases", "twice", "a case is listed twice"))
    if not reason.strip():
        problems.append(Problem("reason", "required", "must be filled in"))
    elif len(reason) > MAX_REASON:
        problems.append(
            Problem("reason", "too_long", f"at most {MAX_REASON}", {"limit": MAX_REASON})
        )
    if problems:
        raise ValidationFailed(problems)
