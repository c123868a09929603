"""Replaying assessments and decisions: the kept question to the same pack version once more.

"Same" means the same bytes. Nothing is written, and nothing here decides: it shows that what was
said then can be said again, or where it cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from hemvist.assessments.models import Assessment
from hemvist.cases.models import Case
from hemvist.decisions.models import Decision
from hemvist.decisions.service import rule_of
from hemvist.errors import HemvistError
from hemvist.evaluations.models import KeptEvaluation
from hemvist.evaluations.service import answer_kept, facts_kept, is_untouched
from hemvist.pack_versions import PackLibrary, packs_of
from hemvist.policy import Pack, PolicyError, evaluate
from hemvist.policy.canonical import canonical_answer, canonical_json, canonical_trace
from hemvist.replays.outcome import Difference, Replay, Result
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import SealBroken

_AT_ONCE = 200


def count(session: TenantSession, number: str | None = None) -> int:
    """How many records there are to replay, of all cases or of the one with ``number``.

    Raises ``HemvistError`` when there is no such case.
    """
    if number is not None and not session.scalar(select(Case.id).where(Case.number == number)):
        raise HemvistError(f"there is no case {number[:40]!r}")
    return sum(
        session.scalar(select(func.count()).select_from(_of_case(statement, number).subquery()))
        or 0
        for statement in (
            _ASSESSMENTS.with_only_columns(Assessment.id),
            _DECISIONS.with_only_columns(Decision.id),
        )
    )


def replay_all(session: TenantSession, number: str | None = None) -> Iterator[Replay]:
    """Every assessment and decision of the kommun, or of the case with ``number``, replayed."""
    statement = _of_case(_ASSESSMENTS, number).order_by(Assessment.id)
    for assessment, case, kept in _rows(session, statement):
        yield _assessment(packs_of(session), assessment, case, kept)
    statement = _of_case(_DECISIONS, number).order_by(Decision.id)
    for decision, case, kept in _rows(session, statement):
        yield _decision(packs_of(session), decision, case, kept)


def replay_assessments(session: TenantSession, ids: Iterable[UUID]) -> dict[UUID, Replay]:
    """Replays of assessments by their ids, in one statement."""
    rows = session.execute(_ASSESSMENTS.where(Assessment.id.in_(sorted(set(ids)))))
    return {row.id: _assessment(packs_of(session), row, case, kept) for row, case, kept in rows}


def replay_decisions(session: TenantSession, ids: Iterable[UUID]) -> dict[UUID, Replay]:
    """Replays of decisions (and proposals) by their ids, in one statement."""
    rows = session.execute(_DECISIONS.where(Decision.id.in_(sorted(set(ids)))))
    return {row.id: _decision(packs_of(session), row, case, kept) for row, case, kept in rows}


_ASSESSMENTS = (
    select(Assessment, Case, KeptEvaluation)
    .join(Case, and_(Case.tenant_id == Assessment.tenant_id, Case.id == Assessment.case_id))
    .outerjoin(
        KeptEvaluation,
        and_(
            KeptEvaluation.tenant_id == Assessment.tenant_id,
            KeptEvaluation.id == Assessment.evaluation_id,
        ),
    )
)
_DECISIONS = (
    select(Decision, Case, KeptEvaluation)
    .join(Case, and_(Case.tenant_id == Decision.tenant_id, Case.id == Decision.case_id))
    .outerjoin(
        KeptEvaluation,
        and_(
            KeptEvaluation.tenant_id == Decision.tenant_id,
            KeptEvaluation.id == Decision.evaluation_id,
        ),
    )
)


def _of_case(statement: Select[Any], number: str | None) -> Select[Any]:
    return statement if number is None else statement.where(Case.number == number)


def _rows(session: TenantSession, statement: Select[Any]) -> Iterator[Any]:
    # In portions: a kommun's records are not held at once.
    yield from session.execute(statement.execution_options(yield_per=_AT_ONCE))


def _assessment(
    packs: PackLibrary, row: Assessment, case: Case, kept: KeptEvaluation | None
) -> Replay:
    claims = {
        Difference.OUTCOME: row.outcome,
        Difference.TRACE: _trace_text(row),
        Difference.VERSION: row.pack_version,
        Difference.DAY: row.evaluated_on,
        Difference.RULE: row.rule,
    }
    return _replay(packs, "assessment", row, case, kept, claims, row.evaluated_on)


def _decision(packs: PackLibrary, row: Decision, case: Case, kept: KeptEvaluation | None) -> Replay:
    claims: dict[Difference, Any] = {
        Difference.OUTCOME: row.advice,
        Difference.VERSION: row.pack_version,
        Difference.DAY: row.proposed_on,
    }
    try:
        pack = packs.get(case.pack, row.pack_version)
        claims[Difference.RULE] = rule_of(pack, row.programme, row.about or row.kind)
    except (PolicyError, HemvistError):
        # The replay itself tells that the version is missing.
        pass
    return _replay(packs, "decision", row, case, kept, claims, row.proposed_on)


def _replay(
    packs: PackLibrary,
    subject: str,
    row: Assessment | Decision,
    case: Case,
    kept: KeptEvaluation | None,
    claims: Mapping[Difference, Any],
    on: date,
) -> Replay:
    def made(result: Result, *differences: Difference, changed: bool = False) -> Replay:
        return Replay(
            subject,
            row.id,
            row.case_id,
            case.number,
            kept.rule if kept else None,
            kept.pack if kept else case.pack,
            kept.pack_version if kept else row.pack_version,
            kept.evaluated_on if kept else on,
            result,
            differences,
            changed,
        )

    if kept is None:
        return made(Result.NOT_KEPT)
    found = _differences(kept, row.case_id, claims)
    try:
        pack = packs.get(kept.pack, kept.pack_version)
    except PolicyError:
        return made(Result.DIFFERS if found else Result.VERSION_MISSING, *found)
    found += _asked_again(pack, kept)
    changed = pack.content_hash != kept.pack_hash
    return made(Result.DIFFERS if found else Result.SAME, *found, changed=changed)


def _differences(
    kept: KeptEvaluation, case_id: UUID, claims: Mapping[Difference, Any]
) -> list[Difference]:
    """What was changed after it was written: the record itself, or the row beside it."""
    if not is_untouched(kept) or kept.case_id != case_id:
        return [Difference.RECORD]
    answer = answer_kept(kept)
    recorded = {
        Difference.OUTCOME: answer["outcome"],
        Difference.TRACE: canonical_json(answer["trace"]),
        Difference.VERSION: kept.pack_version,
        Difference.DAY: kept.evaluated_on,
        Difference.RULE: kept.rule,
    }
    return [name for name, claim in claims.items() if claim != recorded[name]]


def _trace_text(row: Assessment) -> str | None:
    try:
        return canonical_json(canonical_trace(row.trace))
    except (KeyError, TypeError, SealBroken):
        return None


def _asked_again(pack: Pack, kept: KeptEvaluation) -> list[Difference]:
    try:
        answer = evaluate(pack, kept.rule, facts_kept(kept), kept.evaluated_on)
        same = canonical_answer(answer, kept.evaluated_on) == kept.answer
    except PolicyError:
        return [Difference.QUESTION]
    except SealBroken:
        # There is nothing to ask again; that the record was changed is told already.
        return []
    return [] if same else [Difference.ANSWER]
