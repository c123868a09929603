"""What each reader should see of a kommun, worked out anew: whole tables read by plain SQL, and the
rules of docs/api.md and the role matrix written as loops over rows.

It shares no code with the API's reading. It is slow and cannot page, and that is its strength.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hemvist.identity import Actor
from hemvist.tenancy.keys import tenant_keys
from hemvist_graphql.ids import global_id
from hemvist_world import as_owner

Row = Mapping[str, Any]
#: Who reads what their own department has, and who also what was disclosed to it.
_INSIDE = {"caseworker", "department_manager", "support_worker"}
_PROPERTY = "property_officer"
_TABLES = {
    "cases": "id, number, department, household_id, state, opened_on, version",
    "case_disclosures": "id, case_id, department, ended_on",
    "households": "id, alias, department, registered_on",
    "household_members": "id, household_id, person_id, role, until",
    "persons": "id, department, given_name_sealed, family_name_sealed, registered_kommun, protection,"
    " birth_date_sealed, unprotected_until",
    "decisions": "id, case_id, state, kind, motivation_sealed, proposed_on, proposed_by",
    "referrals": "id, case_id, state, drafted_on, drafted_by, submitted_on",
    "referral_signatures": "id, referral_id, kind, recorded_by",
    "obligations": "id, case_id, code, due_on, state, departments",
    "offers": "id, case_id, state, made_on, answer_by",
    "indicator_facts": "id, case_id, indicator, begins, ends, area, amount, met",
}
#: Indicators whose facts lie open to a property office with a case that is disclosed to it.
_LAID_OPEN = {
    *("waiting", "time_to_home", "homes_running", "moved_in", "offers_declined"),
    *("moved_on", "ended", "evicted", "stay", "takeovers_due", "takeovers_done"),
    *("guarantees_out", "guarantee_exposure", "guarantee_claims", "guarantee_recourse"),
    *("warnings", "children_evicted"),
}
#: Days ahead that something is due soon.
_SOON = 14


@dataclass(frozen=True)
class Oracle:
    """One kommun's rows, by table and id."""

    tables: Mapping[str, Mapping[UUID, Row]]
    today: date
    tenant_id: UUID

    @classmethod
    def of(cls, tenant_id: UUID, today: date) -> Oracle:
        """Read everything."""
        found: dict[str, dict[UUID, Row]] = {}
        with as_owner(tenant_id) as connection:
            for table, columns in _TABLES.items():
                names = [name.strip() for name in columns.split(",")]
                rows = connection.execute(
                    f"SELECT {columns} FROM {table} WHERE tenant_id = %s",
                    (tenant_id,),
                ).fetchall()
                found[table] = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
        return cls(found, today, tenant_id)

    # -- who sees what ----------------------------------------------------------------------------

    def sees_case(self, actor: Actor, case_id: UUID) -> bool:
        """The department that has it, and a property office that it is disclosed to."""
        if self.inside(actor, case_id):
            return True
        offices = _departments(actor, {_PROPERTY})
        return any(
            one["case_id"] == case_id and one["department"] in offices and one["ended_on"] is None
            for one in self.tables["case_disclosures"].values()
        )

    def inside(self, actor: Actor, case_id: UUID) -> bool:
        """Whether the actor reads the case where it is handled."""
        return self.tables["cases"][case_id]["department"] in _departments(
            actor, {*_INSIDE, _PROPERTY}
        )

    def sees_household(self, actor: Actor, household_id: UUID) -> bool:
        """The department that registered it, or through one of its cases."""
        household = self.tables["households"][household_id]
        return household["department"] in _departments(actor, {*_INSIDE, _PROPERTY}) or any(
            self.sees_case(actor, case["id"])
            for case in self.tables["cases"].values()
            if case["household_id"] == household_id
        )

    def sees_person(self, actor: Actor, person_id: UUID) -> bool:
        """Through a household that the person is or was in."""
        return any(
            self.sees_household(actor, one["household_id"])
            for one in self.tables["household_members"].values()
            if one["person_id"] == person_id
        )

    # -- what it looks like -------------------------------------------------------------------------

    def case(self, actor: Actor, row: Row) -> dict[str, Any] | None:
        """A case as the API should show it."""
        if not self.sees_case(actor, row["id"]):
            return None
        # A case that is seen shows its household, whosever that is.
        return {
            "id": global_id("Case", row["id"]),
            "number": row["number"],
            "department": row["department"],
            "state": row["state"],
            "openedOn": str(row["opened_on"]),
            "version": row["version"],
            "household": {"id": global_id("Household", row["household_id"])},
        }

    def household(self, actor: Actor, row: Row) -> dict[str, Any] | None:
        """A household with its members."""
        if not self.sees_household(actor, row["id"]):
            return None
        order = ("applicant", "partner", "child", "other")
        members = sorted(
            (
                m
                for m in self.tables["household_members"].values()
                if m["household_id"] == row["id"]
            ),
            key=lambda m: (order.index(m["role"]), m["id"]),
        )
        people = [(m, self.tables["persons"][m["person_id"]]) for m in members]
        return {
            "id": global_id("Household", row["id"]),
            "alias": row["alias"],
            "anyoneProtected": any(self.is_protected(person) for _, person in people),
            "members": [
                {"role": m["role"], "person": self.person(actor, person)} for m, person in people
            ],
        }

    def _opened(self, name: str, row: Row, table: str = "persons") -> str:
        return tenant_keys(self.tenant_id).open(f"{table}.{name}", row[f"{name}_sealed"])

    def person(self, actor: Actor, row: Row) -> dict[str, Any] | None:
        """A person; without a name or a day of birth outside their own department where anybody whom
        they live or have lived with is protected."""
        if not self.sees_person(actor, row["id"]):
            return None
        shown = self._in_clear(row) or row["department"] in _departments(actor, _INSIDE)
        return {
            "id": global_id("Person", row["id"]),
            "givenName": self._opened("given_name", row) if shown else None,
            "familyName": self._opened("family_name", row) if shown else None,
            "registeredKommun": row["registered_kommun"] if shown else None,
            "birthDate": self._opened("birth_date", row) if shown else None,
            "protection": row["protection"],
            "isProtected": self.is_protected(row),
        }

    def _in_clear(self, row: Row) -> bool:
        members = self.tables["household_members"].values()
        homes = {one["household_id"] for one in members if one["person_id"] == row["id"]}
        mates = {one["person_id"] for one in members if one["household_id"] in homes}
        return not any(
            self.is_protected(self.tables["persons"][one]) for one in {row["id"], *mates}
        )

    def is_protected(self, row: Row) -> bool:
        """Whether nobody knows a person to be unprotected today."""
        return row["unprotected_until"] is None or row["unprotected_until"] < self.today

    def decision(self, actor: Actor, row: Row) -> dict[str, Any] | None:
        """A decision; whom the case was disclosed to sees only decided ones, without motivation."""
        inside = self.inside(actor, row["case_id"])
        if not inside and not (self.sees_case(actor, row["case_id"]) and row["state"] == "decided"):
            return None
        return {
            "id": global_id("Decision", row["id"]),
            "kind": row["kind"],
            "state": row["state"],
            "proposedOn": str(row["proposed_on"]),
            "motivation": self._opened("motivation", row, "decisions") if inside else None,
            "case": {"id": global_id("Case", row["case_id"])},
        }

    def referral(self, actor: Actor, row: Row) -> dict[str, Any] | None:
        """A referral; what was never submitted was never disclosed."""
        case = row["case_id"]
        disclosed = self.sees_case(actor, case) and row["submitted_on"] is not None
        if not (self.inside(actor, case) or disclosed):
            return None
        return {
            "id": global_id("Referral", row["id"]),
            "state": row["state"],
            "draftedOn": str(row["drafted_on"]),
            "submittedOn": row["submitted_on"] and str(row["submitted_on"]),
            "case": {"id": global_id("Case", case)},
        }

    def obligation(self, actor: Actor, row: Row) -> dict[str, Any] | None:
        """An obligation of a case that is seen."""
        if not self.sees_case(actor, row["case_id"]):
            return None
        return {
            "id": global_id("Obligation", row["id"]),
            "code": row["code"],
            "dueOn": str(row["due_on"]),
            "state": row["state"],
        }

    def fact(self, actor: Actor, row: Row) -> dict[str, Any] | None:
        """A fact; of a transfer nobody sees one whose request is not there. Of a household with
        anybody protected it does not tell where the home is."""
        case = self.tables["cases"][row["case_id"]]
        disclosed = self.sees_case(actor, case["id"]) and row["indicator"] in _LAID_OPEN
        if row["indicator"] == "transfers" or not (self.inside(actor, case["id"]) or disclosed):
            return None
        protected = any(
            self.is_protected(self.tables["persons"][one["person_id"]])
            for one in self.tables["household_members"].values()
            if one["household_id"] == case["household_id"]
        )
        return {
            "code": row["indicator"],
            "begins": str(row["begins"]),
            "ends": row["ends"] and str(row["ends"]),
            "area": None if protected else row["area"],
            "amount": row["amount"],
            "met": row["met"],
            "case": {"id": global_id("Case", case["id"])},
        }

    # -- lists ------------------------------------------------------------------------------------

    def listed(self, actor: Actor, table: str, key: str) -> list[UUID]:
        """The ids of a list that a reader sees, newest first by ``key``."""
        shows = {
            "cases": self.case,
            "households": self.household,
            "decisions": self.decision,
            "referrals": self.referral,
        }[table]
        rows = [row for row in self.tables[table].values() if shows(actor, row) is not None]
        rows.sort(key=lambda row: (row[key], row["id"]), reverse=True)
        return [row["id"] for row in rows]

    def today_of(self, actor: Actor) -> dict[str, list[str]]:
        """The ids of what a reader should do today, by heading."""
        return {
            "overdue": self._due(actor, date.min, self.today - timedelta(days=1)),
            "dueSoon": self._due(actor, self.today, self.today + timedelta(days=_SOON)),
            "toSign": self._tasks(actor, "department_manager", "Referral", self._to_sign(actor)),
            "toDecide": self._tasks(
                actor, "department_manager", "Decision", self._to_decide(actor)
            ),
            "toRegister": self._to_register(actor),
            "toAnswer": self._tasks(
                actor, ("caseworker", "department_manager"), "Offer", self._to_answer()
            ),
            "drafts": self._tasks(actor, "caseworker", "Referral", self._drafts(actor)),
        }

    def _due(self, actor: Actor, first: date, last: date) -> list[str]:
        theirs = _departments(actor, {*_INSIDE, _PROPERTY})
        rows = [
            row
            for row in self.tables["obligations"].values()
            if row["state"] == "open"
            and first <= row["due_on"] <= last
            and theirs & set(row["departments"])
            and self.sees_case(actor, row["case_id"])
        ]
        rows.sort(key=lambda row: (row["due_on"], row["id"]))
        return [global_id("Obligation", row["id"]) for row in rows][:100]

    def _tasks(
        self, actor: Actor, roles: str | Iterable[str], type_name: str, found: Iterator[Any]
    ) -> list[str]:
        held = _departments(actor, {roles} if isinstance(roles, str) else set(roles))
        rows = sorted(found, key=lambda pair: (pair[0], pair[1]["id"]))
        return [
            global_id(type_name, row["id"])
            for _, row in rows
            if (case := self.tables["cases"][row["case_id"]])["department"] in held
            and case["state"] == "open"
        ][:100]

    def _to_sign(self, actor: Actor) -> Iterator[tuple[date, Row]]:
        for row in self.tables["referrals"].values():
            kinds = {
                one["kind"]
                for one in self.tables["referral_signatures"].values()
                if one["referral_id"] == row["id"]
                and (one["kind"] == "manager" or one["recorded_by"] != actor.principal_id)
            }
            if (
                row["state"] == "draft"
                and row["drafted_by"] != actor.principal_id
                and kinds == {"resident"}
            ):
                yield row["drafted_on"], row

    def _to_decide(self, actor: Actor) -> Iterator[tuple[date, Row]]:
        for row in self.tables["decisions"].values():
            if row["state"] == "proposed" and row["proposed_by"] != actor.principal_id:
                yield row["proposed_on"], row

    def _to_register(self, actor: Actor) -> list[str]:
        offices = _departments(actor, {_PROPERTY})
        rows = [
            row
            for row in self.tables["referrals"].values()
            if offices and row["state"] == "submitted" and self.referral(actor, row) is not None
        ]
        rows.sort(key=lambda row: (row["submitted_on"], row["id"]))
        return [global_id("Referral", row["id"]) for row in rows][:100]

    def _to_answer(self) -> Iterator[tuple[date, Row]]:
        for row in self.tables["offers"].values():
            if row["state"] == "made":
                yield row["answer_by"] or date.max, row

    def _drafts(self, actor: Actor) -> Iterator[tuple[date, Row]]:
        for row in self.tables["referrals"].values():
            if row["state"] == "draft" and row["drafted_by"] == actor.principal_id:
                yield row["drafted_on"], row


def _departments(actor: Actor, roles: Iterable[str]) -> set[str]:
    wanted = set(roles)
    return {
        one.department for one in actor.memberships if one.role.value in wanted and one.department
    }
