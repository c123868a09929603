"""Generated operations and inputs, sent with a token: no failure of ours, and nothing half done.

``HEMVIST_EXAMPLES`` asks for more than the few hundred that every run tries, each time others.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from graphql import get_named_type, get_nullable_type, is_list_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.graphql import nodes

from hemvist.clock import today
from hemvist_api_inputs import commands, input_type, plain_value, random_id
from hemvist_api_journeys import completed, drafting, guaranteed, municipal
from hemvist_api_office import Office, command_document, ids_in, open_office
from hemvist_api_ways import opened, register_unit
from hemvist_graphql.failures import Code
from hemvist_graphql.ids import parse_global_id
from hemvist_graphql.scalars import EARLIEST, LATEST
from hemvist_infra.dev.local import project_root
from hemvist_world import BASIS, GUARANTEE, HOUSING, MUNICIPAL, SUPPORT, answers, content

pytestmark = pytest.mark.slow

MORE = int(os.environ.get("HEMVIST_EXAMPLES", "0"))
SETTINGS = settings(
    max_examples=MORE or 300,
    derandomize=not MORE,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
#: What the words of the pack and of the platform are: now and then the right one, in the right place.
WORDS = [
    *("granted", "refused", "entitled", "may_refer", BASIS, MUNICIPAL, GUARANTEE, SUPPORT, HOUSING),
    *("SOF-VUX", "AMF", "FF", "applicant", "child", "none", "secrecy_mark", "wrong_size", "1283"),
    *("rented_in", "19790405-9899", "care_of_flat", *(one.fact for one in answers("SOF-VUX"))),
]
DAYS = [str(today()), "2026-09-01", "2026-05-05", "1900-01-01", "2199-12-31", "2024-02-29"]
#: Commands that another than the caseworker carries out.
WHOSE = {
    "manager": ("decide", "returnDecision", "signReferralAsManager"),
    "officer": (
        *("registerReferral", "returnReferral", "registerUnit", "makeOffer", "withdrawOffer"),
        "signContract",
    ),
}
NOT_OURS = {Code.INTERNAL.value}


@pytest.fixture(scope="module")
def office(database: str) -> Iterator[Office]:
    with open_office() as office:
        yield office


@pytest.fixture(scope="module")
def known(office: Office) -> dict[str, list[str]]:
    """Ids of things in every state, by type."""
    for walk in (municipal, guaranteed, completed, drafting):
        walk(office)
    way = opened(office)
    referral = way.register(way.referred(), 32)
    way.offer(referral, register_unit(office, way.day(30)), 40)
    register_unit(office, way.day(30))
    opened(office).propose(SUPPORT, 20)
    found: dict[str, list[str]] = {}
    for told in office.told:
        for row_id in ids_in(told.answer):
            parsed = parse_global_id(row_id)
            assert parsed is not None
            found.setdefault(parsed[0], []).append(row_id)
    return {name: sorted(set(ids)) for name, ids in found.items()}


def _check(response: Any) -> dict[str, Any]:
    assert response.status_code < 500, response.text
    answer: dict[str, Any] = response.json()
    for error in answer.get("errors", ()):
        assert error["message"] and error["extensions"]["code"] in set(Code) - NOT_OURS, error
    assert "data" in answer or answer["errors"]
    return answer


def _operations() -> Any:
    """Operations made from the checked-in schema, valid and invalid ones."""
    json = st.sampled_from(['"x"', "5", "{}", "[1]", '{a: "b"}', "null", "true"])
    schemathesis.graphql.scalar("Date", st.sampled_from(DAYS).map(nodes.String))
    schemathesis.graphql.scalar("Json", json.map(nodes.String))
    schema = schemathesis.graphql.from_path(Path(project_root(), "graphql/schema.graphql"))
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 40
    return st.one_of(
        operation.as_strategy(generation_mode=mode)
        for operation in operations
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )


def test_generated_operations_get_an_answer(office: Office) -> None:
    seen: set[int] = set()

    @SETTINGS
    @given(case=_operations(), who=st.sampled_from(["caseworker", "manager", "officer"]))
    def run(case: Any, who: str) -> None:
        response = office[who].raw({"query": case.body})
        _check(response)
        seen.add(response.status_code)

    run()
    assert seen == {200, 400}


@st.composite
def _inputs(draw: Any, known: dict[str, list[str]]) -> tuple[str, str, dict[str, Any]]:
    """Who sends which command with which input: mostly of the right shape, mostly by the right one."""
    command = draw(st.sampled_from(commands()))
    body = draw(_object(input_type(command), known))
    if draw(st.integers(0, 3)) == 0:
        body[draw(st.sampled_from(sorted(input_type(command).fields)))] = draw(_JUNK)
    else:
        body["idempotencyKey"] = f"generated-{random.SystemRandom().getrandbits(64)}"
    who = next((who for who, theirs in WHOSE.items() if command in theirs), "caseworker")
    return draw(st.sampled_from([who] * 6 + [*WHOSE, "caseworker"])), command, body


@st.composite
def _object(draw: Any, kind: Any, known: dict[str, list[str]]) -> dict[str, Any]:
    return {
        name: draw(_value(name, field.type, known))
        for name, field in kind.fields.items()
        if str(field.type).endswith("!") or draw(st.integers(0, 2))
    }


def _value(name: str, type_: Any, known: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    named = get_named_type(type_)
    if is_list_type(get_nullable_type(type_)):
        inner = get_nullable_type(type_).of_type
        return st.lists(_value(name, inner, known), max_size=3)
    if named.name == "ID":
        target = name[0].upper() + name.removesuffix("Id")[1:]
        return st.sampled_from([*known.get(target, []), random_id(target)])
    if named.name in _SCALARS:
        return _SCALARS[named.name]
    if hasattr(named, "fields"):
        return _object(named, known)
    return st.just(plain_value(name, type_))


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
_WRITTEN = st.dictionaries(
    st.sampled_from([*content(), "informed_of_link", "notice_months", "goal_own_lease", "x"]),
    st.sampled_from(["Text.", "", True, False, 3, ["a"]]) | _JUNK,
    max_size=6,
)
_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "String": st.sampled_from(WORDS) | st.text(max_size=30),
    "Int": st.integers(1, 6) | st.integers(-(2**31), 2**31 - 1),
    "Float": st.floats(allow_nan=False, allow_infinity=False),
    "Boolean": st.booleans(),
    "Date": st.sampled_from(DAYS) | st.dates(EARLIEST, LATEST).map(str),
    "DateTime": st.sampled_from([f"{day}T12:00:00Z" for day in DAYS])
    | st.datetimes(
        datetime(EARLIEST.year, 1, 1), datetime(LATEST.year, 12, 31), timezones=st.just(UTC)
    ).map(datetime.isoformat),
    "Json": _WRITTEN | _JUNK,
}


def test_generated_inputs_are_carried_out_or_change_nothing(
    office: Office, known: dict[str, list[str]]
) -> None:
    kinds: Counter[str] = Counter()

    @SETTINGS
    @given(made=_inputs(known))
    def run(made: tuple[str, str, dict[str, Any]]) -> None:
        who, command, body = made
        before = office.ledger.contents()
        document = command_document(command, "__typename")
        answer = _check(office[who].post(document, input=body))
        result = (answer.get("data") or {}).get(command)
        kind = result["__typename"] if result else "error"
        kinds["Done" if kind.endswith("Done") else kind] += 1
        if not kind.endswith("Done"):
            assert office.ledger.contents() == before, (command, body, answer)

    run()

    assert {"error", "ValidationFailed", "NotFound", "NotAllowed", "Conflict"} <= set(kinds), kinds
