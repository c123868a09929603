"""Who is outside a closed circle attacks at the API: nothing of the case is there, however asked."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

import pytest
from graphql import get_named_type, is_composite_type, is_required_argument
from sqlalchemy import select

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.households.service import REGISTER_AGAIN, open_number
from hemvist.identity import Membership, Role
from hemvist.notices.service import notify
from hemvist.tenancy import Base
from hemvist_api import ask, command, everything_of, mutation
from hemvist_api_inputs import commands, id_fields, plain_input, random_id
from hemvist_graphql import execute
from hemvist_graphql.ids import global_id
from hemvist_graphql.schema import executable_schema
from hemvist_world import World, adult, new_world

WORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
OUTSIDE = ("another caseworker SOF-VUX", "another manager SOF-VUX", "property")
NODE = "query Q($id: ID!) { node(id: $id) { __typename id } }"


class Shut:
    """A household with all that happened to it, closed to its caseworker and manager."""

    def __init__(self) -> None:
        self.world = world = new_world()
        world.add(OUTSIDE[0], Membership(Role.CASEWORKER, "SOF-VUX"))
        world.add(OUTSIDE[1], Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"))
        self.beside = world.case()
        self.case: Case = world.case()
        world.housed(self.case)
        with world.session() as session:
            notify(
                session,
                kind="decision_granted",
                role=Role.CASEWORKER.value,
                department="SOF-VUX",
                case_id=self.case.id,
                subject_type="case",
                subject_id=self.case.id,
                source_id=self.case.id,
            )
        self.before = {who: everything(world, who) for who in OUTSIDE}
        given = {
            "caseId": global_id("Case", self.case.id),
            "members": [global_id("Principal", self._id(WORKER))],
            "reason": "Hot mot den sökande.",
            "expectedVersion": world.again(self.case).version,
        }
        done = command(world[MANAGER], "closeToCircle", given, "caseCircle { id }")
        assert done["__typename"] == "CloseToCircleDone", done
        with world.session(world[MANAGER]) as session:
            household = session.find(Household, self.case.household_id)
            member = session.scalars(
                select(HouseholdMember).filter_by(household_id=household.id)
            ).first()
            assert member is not None
            self.person = session.find(Person, member.person_id)
            self.number = open_number(self.person)
            self.alias = household.alias
        self.ids = self._ids()

    def _id(self, who: str) -> Any:
        found = self.world[who].principal_id
        assert found is not None
        return found

    def _ids(self) -> dict[str, str]:
        """An id of each type that hangs on the case and that its manager reads at the API."""
        found = {
            "Household": global_id("Household", self.case.household_id),
            "Person": global_id("Person", self.person.id),
            "Case": global_id("Case", self.case.id),
        }
        with self.world.session(self.world[MANAGER]) as session:
            for mapper in Base.registry.mappers:
                model, name = mapper.class_, mapper.class_.__name__
                if name not in executable_schema().type_map or "case_id" not in mapper.columns:
                    continue
                if "SELECT" not in model.__tenancy__.grants.get("hemvist_staff", ()):
                    continue
                row = session.scalars(select(model.id).where(model.case_id == self.case.id)).first()
                if row is not None:
                    found[name] = global_id(name, row)
        manager = self.world[MANAGER]
        return {
            name: row_id
            for name, row_id in found.items()
            if ask(manager, NODE, id=row_id)["node"] is not None
        }

    @property
    def words(self) -> tuple[str, ...]:
        """What would betray it: its number, its household's alias, and every id of its own."""
        return (self.case.number, self.alias, self.number, *self.ids.values())


def row_of(type_: Any) -> str:
    """What is asked of each row: all that it says itself, and its case."""
    case = "case" in getattr(get_named_type(type_), "fields", ())
    return everything_of(type_, 0) + (" case { id number household { id alias } }" if case else "")


def everything(world: World, who: str) -> dict[str, tuple[int, str]]:
    """Every list that needs no argument, and the day's page: how many rows, and all that is said."""
    found: dict[str, tuple[int, str]] = {}
    query = executable_schema().query_type
    assert query is not None
    for name, field in query.fields.items():
        if any(is_required_argument(one) for one in field.args.values()):
            continue
        kind: Any = get_named_type(field.type)
        if "first" in field.args:
            node = row_of(get_named_type(kind.fields["edges"].type).fields["node"].type)
            asked = f"{{ {name}(first: 50) {{ totalCount edges {{ node {{ {node} }} }} }} }}"
        elif name in ("today", "myDay"):
            lists = (
                f"{part} {{ {row_of(of.type)} }}"
                for part, of in kind.fields.items()
                if is_composite_type(get_named_type(of.type))
                and not any(is_required_argument(one) for one in of.args.values())
            )
            asked = f"{{ {name} {{ {' '.join(lists)} }} }}"
        else:
            continue
        answer = execute(world[who], asked)
        assert "data" in answer, (name, answer)
        if answer["data"] is None:
            assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED", (name, answer)
            continue
        said = answer["data"][name]
        found[name] = (said.get("totalCount", 0), json.dumps(said, ensure_ascii=False))
    return found


@pytest.fixture(scope="module")
def shut(database: str) -> Shut:
    return Shut()


def test_every_list_is_without_it_and_counts_what_it_shows(shut: Shut) -> None:
    for who in OUTSIDE:
        before, after = shut.before[who], everything(shut.world, who)
        assert set(before) == set(after)
        told = {name for name, (_, said) in before.items() if shut.case.number in said}
        # The attack finds it where it is open.
        assert len(told) >= 4, (who, told)
        for name, (count, said) in after.items():
            betrayed = [word for word in shut.words if word in said]
            assert betrayed == [], (who, name)
            if name not in ("today", "myDay"):
                assert count == len(json.loads(said)["edges"]), (who, name)
                assert name not in told or count < before[name][0], (who, name)


def test_no_filter_and_no_search_finds_it(shut: Shut) -> None:
    cases = "query Q($n: String!) { cases(filter: {number: $n}) { totalCount edges { cursor } } }"
    people = "query Q($n: String!) { personByNumber(personalNumber: $n) { id } }"
    inside = shut.world[WORKER]
    assert ask(inside, cases, n=shut.case.number)["cases"]["totalCount"] == 1
    assert len(ask(inside, people, n=shut.number)["personByNumber"]) == 1
    for who in OUTSIDE:
        found = ask(shut.world[who], cases, n=shut.case.number)["cases"]
        assert found == {"totalCount": 0, "edges": []}
        if who != "property":
            assert ask(shut.world[who], people, n=shut.number) == {"personByNumber": []}


def test_every_id_of_it_is_the_id_of_nothing(shut: Shut) -> None:
    assert len(shut.ids) >= 9, set(shut.ids)
    for who in OUTSIDE:
        for name, row_id in shut.ids.items():
            assert ask(shut.world[who], NODE, id=row_id) == {"node": None}, (who, name)
            assert _looked_up(shut.world, who, row_id) == _looked_up(
                shut.world, who, random_id(name)
            )


def _looked_up(world: World, who: str, row_id: str) -> dict[str, Any]:
    query = executable_schema().query_type
    assert query is not None
    return {
        name: execute(
            world[who], f"query Q($id: ID!) {{ {name}(id: $id) {{ id }} }}", {"id": row_id}
        )
        for name, field in query.fields.items()
        if list(field.args) == ["id"] and "id" in get_named_type(field.type).fields
    }


@pytest.mark.parametrize("who", OUTSIDE)
def test_every_command_answers_as_of_nothing(shut: Shut, who: str) -> None:
    tried = 0
    for name in commands():
        for field, kind in id_fields(name).items():
            if kind not in shut.ids:
                continue
            body = plain_input(name)
            listed = isinstance(body.get(field), list)
            told, of_nothing = (
                command(
                    shut.world[who],
                    name,
                    {
                        **body,
                        "idempotencyKey": f"{who}-{name}-{field}-{one[-12:]}",
                        field: [one] if listed else one,
                    },
                    "__typename",
                )
                for one in (shut.ids[kind], random_id(kind))
            )
            assert told == of_nothing, (name, field)
            assert not told["__typename"].endswith("Done"), (name, field)
            tried += 1
    assert tried > 40


def test_who_registers_the_person_learns_as_little_as_of_any_protected_person(shut: Shut) -> None:
    """The number stands once in a department; of whom it stands is not said, nor that it is closed."""
    world = shut.world
    guarded = adult(protection="secrecy_mark")
    world.household(guarded)
    of_both = []
    for number in (shut.number, guarded.personal_number):
        for more in ({}, {"givenName": ""}):
            member = {
                "role": "applicant",
                "givenName": "Ny",
                "familyName": "Person",
                "personalNumber": number,
                "protection": "unknown",
                **more,
            }
            given = {"department": "SOF-VUX", "members": [member]}
            of_both.append(command(world[OUTSIDE[0]], "registerHousehold", given, "__typename"))
    assert of_both[:2] == of_both[2:]
    assert [one["rule"] for one in of_both[0]["problems"]] == ["already_registered"]
    # Whoever has the rest wrong is told of the rest alone.
    assert [one["rule"] for one in of_both[1]["problems"]] == ["required"]
    # And what was learnt leaves a trace, though nothing was done.
    tried = world.rows(AuditEntry, action=REGISTER_AGAIN)
    assert [one.principal_id for one in tried] == [world[OUTSIDE[0]].principal_id] * 2
    assert sorted(len(one.person_ids) for one in tried) == [0, 1]


def test_it_takes_no_longer_than_for_an_id_of_nothing(shut: Shut) -> None:
    """No answer within the noise of a request tells that the case is there."""
    actor = shut.world[OUTSIDE[0]]
    asked = "query Q($id: ID!) { case(id: $id) { number household { alias } } }"
    real, made_up = shut.ids["Case"], random_id("Case")

    def seconds(document: str, variables: dict[str, Any]) -> float:
        began = time.perf_counter()
        execute(actor, document, variables)
        return time.perf_counter() - began

    withdraw = mutation("closeToCircle", "__typename")
    for document, one, other in (
        (asked, {"id": real}, {"id": made_up}),
        (
            withdraw,
            {"input": plain_input("closeToCircle", caseId=real)},
            {"input": plain_input("closeToCircle", caseId=made_up)},
        ),
    ):
        pairs = []
        for turn in range(40):
            # Each comes first as often: on a busy machine the second of two is served otherwise.
            if turn % 2:
                second = seconds(document, other)
                pairs.append((seconds(document, one), second))
            else:
                pairs.append((seconds(document, one), seconds(document, other)))
        difference = statistics.median(first - second for first, second in pairs)
        assert abs(difference) < 0.25 * statistics.median(first for first, _ in pairs) + 0.001
