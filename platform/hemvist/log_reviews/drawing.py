"""Drawing a month's sample in a kommun: reads the log, weighs each look, keeps what was drawn."""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from hemvist import audit
from hemvist.arrears.models import RentAccount
from hemvist.audit import AuditAnchor, AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.households.models import HouseholdMember, Person
from hemvist.identity import Actor
from hemvist.identity.models import Principal
from hemvist.log_reviews.models import LogLook, LogSample
from hemvist.log_reviews.names import Staff, family_of
from hemvist.log_reviews.neighbours import homes_of, of_staff
from hemvist.log_reviews.sampling import Weighed, drawn, size_of
from hemvist.log_reviews.shut import closed_in, opened_in
from hemvist.log_reviews.weighing import Known, Look, is_night, reasons_for, weight_of
from hemvist.tenancy import TenantSession

DRAW = "log.draw"
#: An entry about more cases than this, or of no case and about more people than this who are not of one
#: household, is a list: nobody in it was looked at.
_LIST = 5
_AT_ONCE = 5_000
_NONE = literal([], JSONB)


class Month(NamedTuple):
    """What a month's log holds."""

    entries: int
    looks: list[Look]
    busy: dict[tuple[UUID, date], int]
    refused: Counter[tuple[UUID, date]]


def draw(session: TenantSession, month: date | None = None) -> LogSample | None:
    """Draw the sample of ``month`` (else the last that is over); None where it has been drawn.

    The seed comes of the log's own chain, so that nobody picks it: of the last anchor of the month,
    or of the month alone where there is none yet.
    """
    first = _before(today()) if month is None else month.replace(day=1)
    # Two workers at once: the second finds what the first has kept.
    session.locked_for(_lock_of(session, first))
    if session.scalar(select(LogSample.id).where(LogSample.month == first)) is not None:
        return None
    begins, ends = bounds(first)
    log = _month(session, begins, ends)
    seed = _seed(session, first, ends)
    sample = session.save(
        LogSample(
            month=first,
            seed=seed,
            drawn_at=now(),
            entries=log.entries,
            looks=len(log.looks),
        )
    )
    _keep(session, sample, chosen(session, log, first, seed))
    actor = Actor.system(session.tenant_id)
    audit.record(session, actor, DRAW, subject_type="log_sample", subject_id=sample.id)
    return sample


def _keep(session: TenantSession, sample: LogSample, looks: Sequence[Weighed]) -> None:
    entries = {
        row.id: row
        for row in session.scalars(
            select(AuditEntry).where(AuditEntry.id.in_([one.look.entry_id for one in looks]))
        )
    }
    cases = [one.look.case_id for one in looks if one.look.case_id is not None]
    numbers = dict(
        session.execute(select(Case.id, Case.number).where(Case.id.in_(cases))).tuples().all()
    )
    for one in looks:
        look, entry = one.look, entries[one.look.entry_id]
        session.save(
            LogLook(
                sample_id=sample.id,
                entry_id=look.entry_id,
                entries=look.entries,
                principal_id=look.principal_id,
                on_day=look.on_day,
                at=entry.at,
                roles=list(entry.roles),
                channel=entry.channel,
                action=entry.action,
                case_number=None if look.case_id is None else numbers.get(look.case_id),
                persons=len(look.persons),
                reasons=list(one.reasons),
                weight=one.weight,
                state="open",
            )
        )


def drawn_again(session: TenantSession, sample: LogSample) -> list[Weighed]:
    """What the sample's seed draws of its month today: to show that nobody chose."""
    begins, ends = bounds(sample.month)
    return chosen(session, _month(session, begins, ends), sample.month, sample.seed)


def chosen(session: TenantSession, log: Month, month: date, seed: str) -> list[Weighed]:
    """The looks of the month that are drawn, weighed."""
    known = _known(session, log, bounds(month))
    weighed = []
    for look in log.looks:
        reasons = reasons_for(look, known)
        weighed.append(Weighed(look, reasons, weight_of(reasons)))
    return drawn(weighed, seed, size_of(len(weighed)))


def bounds(month: date) -> tuple[datetime, datetime]:
    """The instants at which the month begins and ends in Sweden."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    begins, ends = (
        datetime.combine(day, time(), SWEDISH_TIME).astimezone(UTC) for day in (month, following)
    )
    return begins, ends


def _before(day: date) -> date:
    """The first day of the month before ``day``'s."""
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def _lock_of(session: TenantSession, month: date) -> int:
    name = f"log sample {session.tenant_id} {month}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)


def _seed(session: TenantSession, month: date, ends: datetime) -> str:
    head = session.scalar(
        select(AuditAnchor.hash)
        .where(AuditAnchor.made_at < ends)
        .order_by(AuditAnchor.ordinal.desc())
        .limit(1)
    )
    return hashlib.sha256(f"{session.tenant_id} {month}".encode() + (head or b"")).hexdigest()


def _month(session: TenantSession, begins: datetime, ends: datetime) -> Month:
    looks: dict[tuple[UUID, date, UUID], Look] = {}
    seen: Counter[tuple[UUID, date]] = Counter()
    refused: Counter[tuple[UUID, date]] = Counter()
    together = _large_households(session)
    entries = 0
    for entry in _entries(session, begins, ends):
        entries += 1
        who, day = entry.principal_id, entry.at.astimezone(SWEDISH_TIME).date()
        if entry.kind == "refused":
            refused[who, day] += 1
            continue
        for case_id, persons in _looked_at(entry, together):
            key = (who, day, case_id or min(persons))
            look = looks.get(key)
            if look is None:
                look = looks[key] = Look(who, day, entry.id, case_id)
                seen[who, day] += 1
            look.entries += 1
            look.persons.update(persons)
            look.at_night = look.at_night or is_night(entry.at)
    return Month(entries, list(looks.values()), dict(seen), refused)


def _looked_at(
    entry: Any, together: Mapping[UUID, frozenset[UUID]]
) -> Iterable[tuple[UUID | None, set[UUID]]]:
    """The case and the people, each look apart, that an entry is about; none of a list."""
    cases = {entry.case_id} if entry.case_id is not None else {UUID(one) for one in entry.cases}
    # Of a tenant whom only the landlord knows, the rent account stands for the person.
    persons = {*entry.person_ids, *(UUID(one) for one in entry.rents)}
    if cases:
        return [(one, persons) for one in sorted(cases)] if len(cases) <= _LIST else ()
    if not persons:
        return ()
    if len(persons) > _LIST and not persons <= together.get(min(persons), frozenset()):
        return ()
    return [(None, persons)]


def _large_households(session: TenantSession) -> dict[UUID, frozenset[UUID]]:
    """Households with more people than a list begins with: by each of them, everybody they live with."""
    large = (
        select(func.array_agg(HouseholdMember.person_id))
        .group_by(HouseholdMember.household_id)
        .having(func.count() > _LIST)
    )
    found: dict[UUID, frozenset[UUID]] = {}
    for ids in session.scalars(large):
        for one in ids:
            found[one] = found.get(one, frozenset()) | frozenset(ids)
    return found


def _entries(session: TenantSession, begins: datetime, ends: datetime) -> Iterator[Any]:
    """What people did in the month, the oldest first, a part at a time."""
    last: tuple[datetime, UUID] = (begins, UUID(int=0))
    while True:
        rows = session.execute(
            select(
                AuditEntry.id,
                AuditEntry.at,
                AuditEntry.kind,
                AuditEntry.principal_id,
                AuditEntry.case_id,
                AuditEntry.person_ids,
                func.coalesce(AuditEntry.details["cases"], _NONE).label("cases"),
                func.coalesce(AuditEntry.details["rents"], _NONE).label("rents"),
            )
            .where(
                tuple_(AuditEntry.at, AuditEntry.id) > last,
                AuditEntry.at < ends,
                AuditEntry.principal_id.is_not(None),
            )
            .order_by(AuditEntry.at, AuditEntry.id)
            .limit(_AT_ONCE)
        ).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        last = (rows[-1].at, rows[-1].id)


def _known(session: TenantSession, log: Month, month: tuple[datetime, datetime]) -> Known:
    persons = {one for look in log.looks for one in look.persons}
    cases = {look.case_id for look in log.looks if look.case_id is not None}
    # Where nobody has been stated to live, no home is looked up.
    staff_homes = of_staff(session)
    staff = session.execute(select(Principal.id, Principal.display_name)).tuples()
    return Known(
        staff=Staff(dict(staff.all())),
        persons=_names(session, persons),
        closed=closed_in(session, *month),
        staff_homes=staff_homes,
        homes=homes_of(session, cases, persons) if staff_homes else {},
        openings=opened_in(session, *month),
        busy=log.busy,
        median=statistics.median(log.busy.values()) if log.busy else 0,
        refused=log.refused,
    )


def _names(session: TenantSession, persons: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    found: dict[UUID, tuple[str, str]] = {}
    for part in _parts(sorted(persons)):
        # Whoever has been thinned since is nobody's relative any more.
        for person in session.scalars(select(Person).where(Person.id.in_(part))):
            found[person.id] = (person.given_name, person.family_name)
        for account in session.scalars(select(RentAccount).where(RentAccount.id.in_(part))):
            found[account.id] = ("", family_of(account.tenant_name))
    return found


def _parts(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
