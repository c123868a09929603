"""Fills one kommun, in one transaction: it is there whole or not at all."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import psycopg
from psycopg import sql

from hemvist.evaluations.service import SEALED_FIELD
from hemvist.households.models import Person
from hemvist.households.service import NUMBER_FIELD
from hemvist.settings import get_settings
from hemvist.tenancy.keys import tenant_keys
from hemvist_infra.demo.names import family_name, given_name
from hemvist_infra.demo.numbers import organisation_number
from hemvist_infra.national import reads
from hemvist_infra.national.guidelines import EARLIER, PACK, in_force_since
from hemvist_infra.national.ids import ids, morning
from hemvist_infra.national.lives import MET, TRUSTED
from hemvist_infra.national.molds import Mold, Text
from hemvist_infra.national.numbers import Numbers, born_on
from hemvist_infra.national.plan import KommunPlan
from hemvist_infra.national.rows import TABLES, columns_of
from hemvist_infra.national.staff import colleagues

#: Called with how many rows more have been written.
Written = Callable[[int], None]
#: Households whose rows are held before they are sent.
_AT_ONCE = 250
#: Serial of the first kommun's landlord; those before are the small demo's.
_FIRST_LANDLORD = 700
_COORDINATION = 0.03
_PROTECTION = {
    "none": 930,
    "unknown": 50,
    "secrecy_mark": 12,
    "protected_registration": 6,
    "fictitious": 2,
}
_STREETS = ("Lärkgatan", "Ekstigen", "Rönngatan", "Hamnvägen", "Kvarngatan", "Ängsvägen",
            "Tegelgatan", "Björkstigen", "Nygatan", "Lindvägen", "Skolgatan", "Fyrgränd")  # fmt: skip


class Filling:
    """One kommun being filled over ``connection``, which is the owner's."""

    def __init__(
        self,
        connection: psycopg.Connection,
        plan: KommunPlan,
        molds: Sequence[Mold],
        seed: int,
        today: date,
    ) -> None:
        self._connection = connection
        self._plan = plan
        self._molds = molds
        self._seed = seed
        self._today = today
        self._key = f"{seed}:{plan.kommun.code}"
        self._dice = Random(f"{self._key}:people")  # noqa: S311 - repeatable
        first = morning(date(2016, 1, 1))
        self._tenant, self._landlord = ids(f"{self._key}:kommun", 2, first + plan.kommun.position)
        self._keys = tenant_keys(UUID(self._tenant))
        self._numbers = Numbers()
        self._family = ""
        self._sealed: dict[tuple[str, str], str] = {}
        self._series: Counter[str] = Counter()
        self._staff: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._read: list[reads.Read] = []
        self.rows: Counter[str] = Counter()

    def fill(self, written: Written) -> None:
        """Write everything. Raises ``psycopg.Error``, and nothing is there."""
        with self._connection.transaction():
            self._register()
            self._people()
            lines: dict[str, list[str]] = defaultdict(list)
            for position, at in enumerate(self._plan.molds):
                self._copy(position, self._molds[at], lines)
                if position % _AT_ONCE == _AT_ONCE - 1:
                    self._send(lines, written)
            self._send(lines, written)
            self._reads(written)
            self._counters()
            self._connection.execute(
                "INSERT INTO hemvist_load.chunk VALUES (%s, %s)",
                [self._plan.kommun.code, json.dumps(self.rows)],
            )

    def _register(self) -> None:
        kommun = self._plan.kommun
        opened = datetime(2016, 1, 1, 8, tzinfo=UTC)
        self._connection.execute(
            "INSERT INTO tenants (id, kommun_code, slug, name, created_at, protection_days)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [self._tenant, kommun.code, kommun.slug, kommun.name, opened, TRUSTED],
        )
        number = organisation_number(_FIRST_LANDLORD + kommun.position)
        self._connection.execute(
            "INSERT INTO landlords (id, organisation_number, name, created_at)"
            " VALUES (%s, %s, %s, %s)",
            [self._landlord, number, f"{kommun.name} Provbostäder AB", opened],
        )
        change = in_force_since()
        adopted = (
            (EARLIER, date(2012, 1, 1), change - timedelta(days=1)),
            (PACK, change, None),
        )
        made = ids(f"{self._key}:adoption", len(adopted), morning(date(2016, 1, 1)))
        for adoption, since in zip(made, adopted, strict=True):
            self._connection.execute(
                "INSERT INTO pack_adoptions (tenant_id, id, pack, since, until)"
                " VALUES (%s, %s, %s, %s, %s)",
                [self._tenant, adoption, *since],
            )
        self.rows.update(tenants=1, landlords=1, pack_adoptions=len(adopted))

    def _people(self) -> None:
        kommun = self._plan.kommun
        base = get_settings().base_url.rstrip("/")
        since = datetime(2016, 1, 2, 8, tzinfo=UTC)
        everyone = colleagues(kommun, self._seed)
        made = ids(f"{self._key}:staff", 2 * len(everyone), morning(date(2016, 1, 2)))
        with self._connection.cursor() as cursor:
            for place, one in enumerate(everyone):
                principal, membership = made[2 * place : 2 * place + 2]
                self._staff[f"{one.role.value}:{one.department}"].append((principal, one.name))
                cursor.execute(
                    "INSERT INTO principals (tenant_id, id, issuer, subject, kind, status,"
                    " display_name, created_at) VALUES (%s, %s, %s, %s, 'person', 'active', %s, %s)",
                    [
                        *(self._tenant, principal, f"{base}/dev-issuer/{kommun.slug}"),
                        *(one.subject, one.name, since),
                    ],
                )
                cursor.execute(
                    "INSERT INTO memberships (tenant_id, id, principal_id, role, department, since)"
                    " VALUES (%s, %s, %s, %s, %s, %s)",
                    [self._tenant, membership, principal, one.role.value, one.department, since],
                )
        self.rows.update(principals=len(everyone), memberships=len(everyone))

    def _copy(self, position: int, mold: Mold, lines: dict[str, list[str]]) -> None:
        """A household's lines, as ``mold`` has them."""
        dice = self._dice
        named = self._names(position, mold)
        own = ids(f"{self._key}:{position}", mold.own, morning(mold.opened_on) + position * 500)
        for place, (role, born) in enumerate(zip(mold.roles, mold.born, strict=True)):
            self._person(named, place, role, born, mold.opened_on)
        values = own + [named.get(name, "") for name in mold.names]
        for place, (field, text) in enumerate(mold.opened, start=1):
            named[f"opened{place}"] = self._seal(field, text, values)
        values = own + [named.get(name, "") for name in mold.names]
        if mold.seals:
            for place, content in enumerate(mold.seals, start=1):
                seal = self._keys.blind_index(SEALED_FIELD, content.filled(values))
                named[f"seal{place}"] = _bytes(seal)
            values = own + [named.get(name, "") for name in mold.names]
        for table, text in mold.tables.items():
            lines[table].append(text.filled(values))
        self.rows.update(mold.rows)
        if mold.case is not None:
            self._read.append(
                reads.Read(
                    own[mold.case],
                    tuple(own[person] for person in mold.persons),
                    named.get(f"principal:caseworker:{mold.department}")
                    or dice.choice(self._staff[f"caseworker:{mold.department}"])[0],
                    mold.opened_on,
                    mold.last_on,
                )
            )

    def _names(self, position: int, mold: Mold) -> dict[str, str]:
        kommun, dice = self._plan.kommun, self._dice
        named = {
            "tenant": self._tenant,
            "landlord": self._landlord,
            "kommun": kommun.code,
            "alias": f"H-{self._next('household'):06d}",
            "designation": f"Provhuset {1 + position // 12}",
            "street": f"{_STREETS[position % 12]} {1 + position // 12}",
            "postal": f"{10_000 + kommun.position * 290 + position % 89:05d}",
            "city": kommun.name,
        }
        if mold.group != MET:
            year = mold.opened_on.year
            named["number"] = f"{year}-{self._next(f'case-{year}'):06d}"
        for post, people in self._staff.items():
            principal, name = people[0] if len(people) == 1 else dice.choice(people)
            named[f"principal:{post}"] = principal
            named[f"name:{post}"] = name
        return named

    def _person(self, named: dict[str, str], place: int, role: str, born: date, met: date) -> None:
        dice = self._dice
        coordination = dice.random() < _COORDINATION
        # Copies of one life are not all born on one day, and nobody is older than a grown-up can be.
        number = self._numbers.next(
            born - timedelta(days=dice.randrange(0, 300)), coordination=coordination
        )
        (protection,) = dice.choices(list(_PROTECTION), list(_PROTECTION.values()))
        family = self._family
        if place == 0 or (role == "partner" and dice.random() < 0.4):
            family = family_name(dice)
        if place == 0:
            self._family = family
        checked, source = protection != "unknown", Person.protection_source.field
        birth = Person.birth_date.field
        named |= {
            f"given{place}": _bytes(self._keys.seal(Person.given_name.field, given_name(dice))),
            f"family{place}": _bytes(self._keys.seal(Person.family_name.field, family)),
            f"sealed{place}": _bytes(self._keys.seal(NUMBER_FIELD, number)),
            f"index{place}": _bytes(self._keys.blind_index(NUMBER_FIELD, number)),
            f"kind{place}": "coordination" if coordination else "personal",
            f"born{place}": _bytes(self._keys.seal(birth, born_on(number).isoformat())),
            f"protection{place}": protection,
            f"source{place}": self._once(source, "Folkbokföringen") if checked else "\\N",
            f"checked{place}": (met - timedelta(days=5)).isoformat() if checked else "\\N",
        }

    def _send(self, lines: dict[str, list[str]], written: Written) -> None:
        for table in TABLES:
            if found := lines.pop(table, None):
                columns = sql.SQL(", ").join(map(sql.Identifier, columns_of(table)))
                self._stream(
                    sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns), found
                )
        written(sum(self.rows.values()))

    def _seal(self, field: str, text: Text, values: Sequence[str]) -> str:
        """The text sealed for the kommun; once where every copy says the same."""
        clear = text.filled(values)
        return _bytes(self._keys.seal(field, clear)) if text.places else self._once(field, clear)

    def _once(self, field: str, clear: str) -> str:
        sealed = self._sealed.get((field, clear))
        if sealed is None:
            sealed = self._sealed[field, clear] = _bytes(self._keys.seal(field, clear))
        return sealed

    def _stream(self, statement: sql.Composed, parts: Sequence[str]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for part in parts:
                copy.write(part)

    def _reads(self, written: Written) -> None:
        left = max(self._plan.audit_rows - self.rows["audit_entries"], 0)
        if not self._read:
            return
        statement = sql.SQL(f"COPY audit_entries ({reads.COLUMNS}) FROM STDIN")
        key = [self._seed, int(self._plan.kommun.code)]
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for part in reads.reads(self._tenant, self._read, left, key):
                copy.write(part)
                self.rows["audit_entries"] += part.count("\n")
                written(sum(self.rows.values()))

    def _counters(self) -> None:
        made = ids(f"{self._key}:counters", len(self._series), morning(date(2016, 1, 1)))
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO counters (tenant_id, id, series, last) VALUES (%s, %s, %s, %s)",
                [
                    (self._tenant, id, series, last)
                    for id, (series, last) in zip(made, sorted(self._series.items()), strict=True)
                ],
            )
        self.rows["counters"] = len(self._series)

    def _next(self, series: str) -> int:
        self._series[series] += 1
        return self._series[series]


def _bytes(value: bytes) -> str:
    """A ``bytea`` as COPY reads it."""
    return f"\\\\x{value.hex()}"
