"""The columnar snapshot: every current case of a pack, fact by fact, so that all can be judged at once.

A row is worked out anew from the record each time; what an event says is never applied to the old
row. So a second delivery, or two events the wrong way round, leave the same row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, literal, select

from hemvist.assessments.service import current_answers
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.policy import EVENTS, as_json
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.simulations.models import SnapshotChunk
from hemvist.simulations.population import current, groups_of
from hemvist.tenancy import TenantSession

#: Cases in a chunk: one is rewritten whole for each event, and is what a cancelled run ends after.
CHUNK = 250
#: Events after which a case is looked at again: those of its timeline, and of its people.
TYPES = frozenset(EVENTS) | {
    "questions_answered",
    "assessment_concluded",
    "decision_proposed",
    "decision_returned",
    "referral_drafted",
    "referral_revised",
    "referral_signed_by_resident",
    "referral_signed_by_manager",
    "referral_fulfilled",
    "offer_withdrawn",
    "offer_expired",
    "offer_accepted_by_household",
    "offer_consequence_overridden",
    "viewing_held",
    "home_need_stated",
    "home_excluded",
    "home_exclusion_lifted",
    "obligation_overdue",
    "day_corrected",
    "support_need_noticed",
    "support_need_talked",
    "support_offer_answered",
    "absence_recorded",
    "no_absence_stated",
    "takeover_answered",
    "takeover_tribunal_decided",
    "case_migrated",
    "protection_set",
    "change_refused",
    "contract_extended",
    "decision_changed",
    "decision_executed",
    "decision_extended",
    "earlier_contract_ended",
    "extension_refused",
    "guarantor_notice_given",
    "judgment_followed",
    "measure_ended",
    "measure_granted",
    "measure_refused",
    "programme_changed",
    "takeover_not_recommended",
    "takeover_postponed",
    "takeover_recommended",
    "ladder_opened",
    "ladder_weighed",
}
#: Events that change nothing which a guideline asks of a case: papers, keys, money, and steps whose
#: outcome comes as an event of its own.
SILENT = frozenset(
    {
        "landlord_chose",
        "landlord_time_agreed",
        "landlord_time_declined",
        "landlord_time_proposed",
        "landlord_time_withdrawn",
        "landlord_told_name",
        "name_consent_given",
        "name_consent_withdrawn",
        "takeover_put_off_by_landlord",
        "takeover_shown",
        "plan_drafted",
        "plan_discarded",
        "plan_party_signed",
        "plan_goal_followed",
        "support_routed",
        "support_provider_chosen",
        "commission_written",
        "commission_withdrawn",
        "commission_ended",
        "support_report_drafted",
        "support_report_read",
        "appeal_accepted",
        "instalments_agreed",
        "instalments_ended",
        "liability_decided",
        "liability_proposed",
        "liability_refused",
        "prevention_contact_made",
        "prevention_ended",
        "recovery_ended",
        "recovery_started",
        "appeal_dismissed",
        "appeal_forwarded",
        "appeal_received",
        "appeal_reconsidered",
        "appeal_remanded",
        "appeal_settled",
        "appeal_withdrawn",
        "checklist_sent",
        "circle_changed",
        "circle_closed",
        "circle_lifted",
        "circle_opened",
        "consent_given",
        "consent_withdrawn",
        "decision_notified",
        "disclosed",
        "duties_paused",
        "duties_resumed",
        "execution_effort_made",
        "grant_application_filled",
        "grant_applied_for",
        "guarantee_claim_decided",
        "guarantee_claim_paid",
        "guarantee_claimed",
        "guarantee_entry_reversed",
        "handler_changed",
        "obligation_planned",
        "incident_acted_on",
        "incident_assessed",
        "incident_shared",
        "landlord_wrote",
        "key_returned",
        "keys_handed_out",
        "keys_lost",
        "landlord_told",
        "letter_discarded",
        "letter_drafted",
        "letter_released",
        "letter_revised",
        "next_in_line",
        "recourse_demanded",
        "recourse_instalments_agreed",
        "recourse_paid",
        "rent_changed",
        "service_clock_answered",
        "service_clock_cancelled",
        "service_clock_late",
        "takeover_requested",
        "takeover_step_taken",
        "takeover_tribunal_asked",
        "tenure_waived",
        "write_off_decided",
        "write_off_proposed",
        "support_need_closed",
        "evicted",
        "eviction_confirmed",
        "eviction_withdrawn",
        "joint_meeting_called",
        "joint_meeting_cancelled",
        "joint_meeting_held",
        "ladder_ended",
        "landlords_notice_received",
        "new_offer_granted",
        "new_offer_proposed",
        "new_offer_refused",
        "plan_action_settled",
        "talk_held",
        "told_of_other_housing",
    }
)
#: What is kept of each case besides its facts. How much had happened in it is a count of its events
#: and no instant: clocks are shifted and differ, and an event may be dated after the look that saw it.
AS_OF, HAPPENED, PROGRAMME = "as_of", "happened", "programme"


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the snapshot holds it: facts as JSON data, and what else is said of it."""

    case_id: UUID
    pack: str
    facts: dict[str, Any]
    about: dict[str, Any]


def row_of(session: TenantSession, case: Case, on: date) -> Row:
    """What the record and the answers say of a case on a day, whichever pack asks for it."""
    known = {fact: answer.value for fact, answer in current_answers(session, case).items()}
    known |= {name: as_json(value) for name, value in derived_facts(session, case, on).items()}
    # The day of the question is the simulation's own.
    known.pop(DECISION_DATE, None)
    about = {
        **groups_of(session, case, known),
        PROGRAMME: case.programme,
        AS_OF: on.isoformat(),
        HAPPENED: session.scalar(_happened().where(CaseEvent.case_id == case.id)),
    }
    return Row(case.id, case.pack, {k: v for k, v in known.items() if v is not None}, about)


def refresh(session: TenantSession, case_ids: Iterable[UUID], on: date | None = None) -> int:
    """Rewrite the rows of these cases; one that is current no more goes. Returns how many were.

    Waits for whoever else writes to the kommun's snapshot, and only then looks at the record: the
    last to write is the last to have looked.
    """
    wanted = sorted(set(case_ids))
    if not wanted:
        return 0
    _lock(session)
    session.expire_all()
    day = on or today()
    found = session.scalars(select(Case).where(Case.id.in_(wanted), current()))
    cases = {case.id: case for case in found}
    for case_id in wanted:
        if case_id in cases:
            _put(session, row_of(session, cases[case_id], day))
        else:
            _remove(session, case_id)
    session.flush()
    return len(wanted)


def out_of_date(
    session: TenantSession, limit: int, *, pack: str | None = None, on: date | None = None
) -> Sequence[UUID]:
    """Cases, at most ``limit``, whose row is missing, of another day, or made before something
    that stands in the case's timeline; and rows of cases that are no longer current."""
    day = on or today()
    cases = select(Case.id, Case.pack).where(current())
    counted = _happened().add_columns(CaseEvent.case_id).group_by(CaseEvent.case_id)
    if pack is not None:
        cases = cases.where(Case.pack == pack)
    wanted: dict[UUID, str] = dict(session.execute(cases).tuples().all())
    happened = {case_id: count for count, case_id in session.execute(counted)}
    kept: dict[UUID, tuple[str, str, int | None]] = {}
    spent: list[UUID] = []
    columns = (SnapshotChunk.pack, SnapshotChunk.case_ids, SnapshotChunk.about_sealed)
    for name, held_ids, sealed in session.execute(_chunks(pack).with_only_columns(*columns)):
        about = SnapshotChunk.about.opened(session.tenant_id, sealed)
        for place, case_id in enumerate(held_ids):
            if wanted.get(case_id) != name:
                spent.append(case_id)
            seen = about[HAPPENED][place] if HAPPENED in about else None
            kept[case_id] = (name, about[AS_OF][place], seen)
    stale = [
        case_id
        for case_id, name in wanted.items()
        if kept.get(case_id) != (name, day.isoformat(), happened.get(case_id, 0))
    ]
    return sorted({*spent, *stale})[:limit]


def rebuild(session: TenantSession) -> int:
    """Throw the kommun's snapshot away; returns how many cases it held. ``refresh`` makes it anew."""
    _lock(session)
    count = held(session)
    session.execute(delete(SnapshotChunk))
    session.expire_all()
    return count


def held(session: TenantSession) -> int:
    """How many cases the kommun's snapshot holds."""
    counted = select(func.sum(func.cardinality(SnapshotChunk.case_ids)))
    return int(session.scalar(counted) or 0)


def rows(session: TenantSession, pack: str) -> Iterator[Row]:
    """Every row of a pack, chunk by chunk."""
    for chunk in session.scalars(_chunks(pack)):
        facts, about = chunk.facts, chunk.about
        for place, case_id in enumerate(chunk.case_ids):
            yield Row(
                case_id,
                chunk.pack,
                {name: v[place] for name, v in facts.items() if v[place] is not None},
                {name: values[place] for name, values in about.items()},
            )


def _happened() -> Any:
    return select(func.count(CaseEvent.id))


def _chunks(pack: str | None) -> Any:
    found = select(SnapshotChunk).order_by(SnapshotChunk.pack, SnapshotChunk.number)
    return found if pack is None else found.where(SnapshotChunk.pack == pack)


def _lock(session: TenantSession) -> None:
    name = f"snapshot:{session.tenant_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _holding(session: TenantSession, case_id: UUID) -> list[SnapshotChunk]:
    holds = literal(case_id) == SnapshotChunk.case_ids.any_()
    return list(session.scalars(_chunks(None).where(holds)))


def _put(session: TenantSession, row: Row) -> None:
    for chunk in _holding(session, row.case_id):
        if chunk.pack == row.pack:
            place = chunk.case_ids.index(row.case_id)
            _write(chunk, chunk.facts, chunk.about, place, row)
            return
        _drop(session, chunk, row.case_id)
    chunk = _with_room(session, row.pack)
    chunk.case_ids = [*chunk.case_ids, row.case_id]
    facts, about = chunk.facts, chunk.about
    for columns in (facts, about):
        for values in columns.values():
            values.append(None)
    _write(chunk, facts, about, len(chunk.case_ids) - 1, row)


def _write(
    chunk: SnapshotChunk, facts: dict[str, Any], about: dict[str, Any], place: int, row: Row
) -> None:
    count = len(chunk.case_ids)
    for columns, given in ((facts, row.facts), (about, row.about)):
        for name in given.keys() - columns.keys():
            columns[name] = [None] * count
        for name, values in columns.items():
            values[place] = given.get(name)
    _changed(chunk, facts, about)


def _with_room(session: TenantSession, pack: str) -> SnapshotChunk:
    room = func.cardinality(SnapshotChunk.case_ids) < CHUNK
    found: SnapshotChunk | None = session.scalar(_chunks(pack).where(room).limit(1))
    if found is not None:
        return found
    last = session.scalar(select(func.max(SnapshotChunk.number)).where(SnapshotChunk.pack == pack))
    made = SnapshotChunk(pack=pack, number=(last or 0) + 1, case_ids=[], facts={}, about={})
    return session.save(made)


def _remove(session: TenantSession, case_id: UUID) -> None:
    for chunk in _holding(session, case_id):
        _drop(session, chunk, case_id)


def _drop(session: TenantSession, chunk: SnapshotChunk, case_id: UUID) -> None:
    place = chunk.case_ids.index(case_id)
    chunk.case_ids = [one for one in chunk.case_ids if one != case_id]
    if not chunk.case_ids:
        session.delete(chunk)
        session.flush()
        return
    facts, about = chunk.facts, chunk.about
    for columns in (facts, about):
        for values in columns.values():
            del values[place]
    # A fact that no case knows any more has no column.
    for name in [name for name, values in facts.items() if not any_known(values)]:
        del facts[name]
    _changed(chunk, facts, about)
    session.flush()


def any_known(values: Sequence[Any]) -> bool:
    """Whether any case knows the fact."""
    return any(value is not None for value in values)


def _changed(chunk: SnapshotChunk, facts: dict[str, Any], about: dict[str, Any]) -> None:
    # Known to be others: what stood there is not opened once more to compare.
    chunk.facts_sealed = SnapshotChunk.facts.sealed(chunk.tenant_id, facts)
    chunk.about_sealed = SnapshotChunk.about.sealed(chunk.tenant_id, about)
