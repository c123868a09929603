"""The rows that figures are counted from: a few cases at a time, a statement for each table."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.service import open_number
from hemvist.policy import Pack
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered

#: Tables and the columns of them that facts are made of. Each is found by its ``case_id``.
Needs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the household: no name, no number."""

    role: str
    since: date
    until: date | None
    born: date
    #: ``woman`` or ``man`` by the applicant's number; empty where it says nothing, and of the others.
    sex: str


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another case of the same household, in the same department."""

    id: UUID
    opened_on: date
    closed_on: date | None
    #: The first day of its first contract that began, if there was one.
    home_on: date | None


@dataclass(frozen=True, slots=True)
class CaseRows:
    """What stands in the tables of one case. Facts are made of nothing else."""

    case: Case
    pack: Pack
    tables: Mapping[str, tuple[Any, ...]]
    members: tuple[Member, ...]
    #: Area by home, of the homes of the case's contracts and offers.
    areas: Mapping[UUID, str]
    siblings: tuple[Sibling, ...] = field(default=())

    def of(self, table: str) -> tuple[Any, ...]:
        """The case's rows of a table, by their ids: as they were written."""
        return self.tables.get(table, ())


def load(session: TenantSession, case_ids: Sequence[UUID], needs: Needs) -> Iterator[CaseRows]:
    """The rows of some cases, in no order. Cases that are gone are left out."""
    ids = list(case_ids)
    cases = session.scalars(select(Case).where(Case.id.in_(ids))).all()
    found: dict[str, dict[UUID, list[Any]]] = {}
    for table, columns in needs.items():
        found[table] = _by_case(session, table, columns, ids)
    members = _members(session, [case.household_id for case in cases])
    areas = _areas(session, ids)
    siblings = _siblings(session, cases)
    for case in cases:
        yield CaseRows(
            case=case,
            pack=pack_of(case),
            tables={table: tuple(rows.get(case.id, ())) for table, rows in found.items()},
            members=tuple(members.get(case.household_id, ())),
            areas=areas,
            siblings=tuple(
                one
                for one in siblings.get((case.household_id, case.department), ())
                if one.id != case.id
            ),
        )


@cache
def _shape(table: str, columns: str) -> Any:
    return namedtuple(table, columns.split())


def _by_case(
    session: TenantSession, table: str, columns: str, ids: Sequence[UUID]
) -> dict[UUID, list[Any]]:
    shape = _shape(table, columns)
    names = ", ".join(f'"{name}"' for name in columns.split())
    text = (
        f"SELECT case_id, {names} FROM {table}"  # noqa: S608 - names of our own tables
        " WHERE tenant_id = %(tenant)s AND case_id = ANY(%(ids)s) ORDER BY id"
    )
    rows: dict[UUID, list[Any]] = defaultdict(list)
    for case_id, *values in answered(session, text, {"ids": ids}):
        rows[case_id].append(shape(*values))
    return rows


def _areas(session: TenantSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    text = (
        "SELECT u.id, u.area FROM units u WHERE u.tenant_id = %(tenant)s AND u.id IN ("
        "SELECT unit_id FROM contracts WHERE tenant_id = %(tenant)s AND case_id = ANY(%(ids)s)"
        " UNION SELECT unit_id FROM offers WHERE tenant_id = %(tenant)s AND case_id = ANY(%(ids)s))"
    )
    return {unit: area.strip() for unit, area in answered(session, text, {"ids": ids})}


def _members(session: TenantSession, households: Sequence[UUID]) -> dict[UUID, list[Member]]:
    found: dict[UUID, list[Member]] = defaultdict(list)
    asked = (
        select(HouseholdMember, Person)
        .join(
            Person,
            (Person.tenant_id == HouseholdMember.tenant_id)
            & (Person.id == HouseholdMember.person_id),
        )
        .where(HouseholdMember.household_id.in_(households))
        .order_by(HouseholdMember.id)
    )
    for member, person in session.execute(asked):
        found[member.household_id].append(
            Member(
                member.role,
                member.since,
                member.until,
                person.birth_date,
                _sex(person) if member.role == "applicant" else "",
            )
        )
    return found


def _sex(person: Person) -> str:
    """By the last digit but one: odd is a man's. A co-ordination number is given on what somebody
    says of themselves, and is not relied on."""
    if person.number_kind != "personal":
        return ""
    return "man" if int(open_number(person)[-2]) % 2 else "woman"


def _siblings(
    session: TenantSession, cases: Sequence[Case]
) -> dict[tuple[UUID, str], list[Sibling]]:
    text = (
        "SELECT c.household_id, c.department, c.id, c.opened_on, c.closed_on,"
        " (SELECT min(k.starts_on) FROM contracts k"
        "   WHERE k.tenant_id = %(tenant)s AND k.case_id = c.id"
        "    AND k.end_reason IS DISTINCT FROM 'never_began')"
        " FROM cases c WHERE c.tenant_id = %(tenant)s AND c.household_id = ANY(%(households)s)"
        " ORDER BY c.id"
    )
    found: dict[tuple[UUID, str], list[Sibling]] = defaultdict(list)
    households = [case.household_id for case in cases]
    for household, department, *values in answered(session, text, {"households": households}):
        found[household, department].append(Sibling(*values))
    return found
