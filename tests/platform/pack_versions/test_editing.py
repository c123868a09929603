"""A value changed in the YAML: the right value from the right day, and everything else as it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hemvist.errors import ValidationFailed
from hemvist.pack_versions import installed
from hemvist.pack_versions.editing import rendered, restate, set_parameter, stated
from hemvist.pack_versions.library import load_text
from hemvist.policy import ParamType
from hemvist_world import PACK

DAY = date(2027, 3, 1)

BLOCK = """# head
params:
  # above
  limit:
    type: money_ore   # a sum
    values:
      2018-02-12: 1000000   # as adopted
      # raised by the board
      2020-01-01: 1200000

    cite: RL §1   # the source
  other: {type: int, values: {2018-02-12: 1}, cite: RL §1}
"""
FLOW = "params:\n  limit: {type: int, values: { 2018-02-12: 1 , 2020-01-01: 2}, cite: RL}  # end\n"
LISTS = """params:
  months:
    type: months_list
    values:
      2018-02-12:
        - 12   # a year
        - 24
      2030-01-01: [6]
    cite: RL
"""


def files(text: str) -> dict[str, str]:
    return {"pack.yaml": "pack: a/b\n", "params.yaml": text}


def put(text: str, name: str, type_: ParamType, value: Any, since: str) -> str:
    file, after = set_parameter(files(text), name, type_, value, date.fromisoformat(since))
    assert file == "params.yaml"
    return after


@pytest.mark.parametrize(
    ("text", "name", "type_", "value", "since", "before", "after"),
    [
        (BLOCK, "limit", ParamType.MONEY, 1_500_000, "2027-03-01",
         "      2020-01-01: 1200000\n", "      2020-01-01: 1200000\n      2027-03-01: 1500000\n"),
        (BLOCK, "limit", ParamType.MONEY, 1_500_000, "2019-01-01",
         "1000000   # as adopted\n", "1000000   # as adopted\n      2019-01-01: 1500000\n"),
        (BLOCK, "limit", ParamType.MONEY, 7, "2010-01-01",
         "      2018-02-12: 1000000", "      2010-01-01: 7\n      2018-02-12: 1000000"),
        (BLOCK, "limit", ParamType.MONEY, 7, "2018-02-12", ": 1000000   #", ": 7   #"),
        (BLOCK, "other", ParamType.INT, 5, "2027-03-01",
         "{2018-02-12: 1}", "{2018-02-12: 1, 2027-03-01: 5}"),
        (FLOW, "limit", ParamType.INT, 5, "2019-01-01",
         "2018-02-12: 1 ,", "2018-02-12: 1, 2019-01-01: 5 ,"),
        (FLOW, "limit", ParamType.INT, 5, "2010-01-01", "{ 2018", "{ 2010-01-01: 5, 2018"),
        (FLOW, "limit", ParamType.INT, 5, "2020-01-01", "2020-01-01: 2}", "2020-01-01: 5}"),
        (LISTS, "months", ParamType.MONTHS_LIST, [12, 36], "2020-01-01",
         "        - 24\n", "        - 24\n      2020-01-01: [12, 36]\n"),
        (LISTS, "months", ParamType.MONTHS_LIST, [3], "2018-02-12",
         "2018-02-12:\n        - 12   # a year\n        - 24\n", "2018-02-12: [3]\n"),
        (LISTS, "months", ParamType.MONTHS_LIST, [3], "2030-01-01", "[6]", "[3]"),
    ],
)  # fmt: skip
def test_one_place_changes(
    text: str, name: str, type_: ParamType, value: Any, since: str, before: str, after: str
) -> None:
    assert text.count(before) == 1
    assert put(text, name, type_, value, since) == text.replace(before, after)


def test_a_file_without_a_last_line_break() -> None:
    text = "params:\n  limit:\n    type: int\n    cite: RL\n    values:\n      2018-02-12: 1"
    assert put(text, "limit", ParamType.INT, 2, "2020-01-01") == f"{text}\n      2020-01-01: 2\n"


def test_windows_line_ends_and_a_mark_at_the_start() -> None:
    text = "\ufeff" + FLOW.replace("\n", "\r\n")
    assert put(text, "limit", ParamType.INT, 5, "2020-01-01") == FLOW.replace(": 2}", ": 5}")


@pytest.fixture(scope="module")
def helsingborg() -> dict[str, str]:
    return installed().files(PACK, installed().get(PACK).version)


VALUES: dict[ParamType, st.SearchStrategy[Any]] = {
    ParamType.MONTHS: st.integers(0, 1200),
    ParamType.DAYS: st.integers(0, 36_600),
    ParamType.INT: st.integers(-(10**9), 10**9),
    ParamType.MONEY: st.integers(0, 10**13),
    ParamType.BOOL: st.booleans(),
    ParamType.TEXT: st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1
    ),
    ParamType.TEXT_LIST: st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    ParamType.INT_LIST: st.lists(st.integers(-99, 99), min_size=1, max_size=4, unique=True),
    ParamType.MONTHS_LIST: st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True),
}


#: Parameters of the pack, with any value that their type can hold.
PARAMETERS = st.sampled_from(
    [
        ("young_adult_to", ParamType.INT),
        ("kommun", ParamType.TEXT),
        ("first_follow_up_months", ParamType.MONTHS),
        ("guarantee_periods", ParamType.MONTHS_LIST),
    ]
).flatmap(lambda one: st.tuples(st.just(one[0]), VALUES[one[1]]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARAMETERS, st.integers(0, 20_000))
def test_the_pack_then_says_so_and_nothing_else(chosen: tuple[str, Any], days: int) -> None:
    """Any day and any value: read back by the loader itself."""
    before = installed().get(PACK)
    helsingborg = installed().files(PACK, before.version)
    name, value = chosen
    param = before.params[name]
    since = before.in_force.start + timedelta(days=days)
    try:
        file, text = set_parameter(helsingborg, param.name, param.type, value, since)
    except ValidationFailed:
        # What the loader's limits on text would refuse is refused at once.
        assume(False)
    changed = load_text({**helsingborg, file: text})
    expected = tuple(value) if isinstance(value, list) else value
    later = [day for day, _ in param.values if day > since]
    end = min(later, default=date(2099, 1, 1))
    assert changed.param(param.name, since) == expected
    assert changed.param(param.name, end - timedelta(days=1)) == expected
    for day, old in param.values:
        if day != since:
            assert (day, old) in changed.params[param.name].values
    assert {n: p for n, p in changed.params.items() if n != param.name} == {
        n: p for n, p in before.params.items() if n != param.name
    }
    kept = [line for line in helsingborg[file].splitlines() if "#" in line]
    assert all(line.partition("#")[2] in text for line in kept)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (ParamType.MONTHS, -1), (ParamType.MONTHS, 1201), (ParamType.MONTHS, "12"),
        (ParamType.MONTHS, True), (ParamType.MONTHS, 1.5), (ParamType.MONEY, 10**13 + 1),
        (ParamType.BOOL, 1), (ParamType.BOOL, "true"), (ParamType.TEXT, ""), (ParamType.TEXT, "a\nb"),
        (ParamType.TEXT, "\x00"), (ParamType.TEXT, "x" * 5001), (ParamType.TEXT, {"a": 1}),
        (ParamType.DATE, "2027-02-30"), (ParamType.DATE, 5), (ParamType.MONTHS_LIST, []),
        (ParamType.MONTHS_LIST, [1, 1]), (ParamType.MONTHS_LIST, 5), (ParamType.INT_LIST, ["a"]),
        (ParamType.TEXT_LIST, [["a"]]), (ParamType.TEXT_LIST, ["a"] * 1001),
    ],
)  # fmt: skip
def test_values_that_the_type_does_not_allow(type_: ParamType, value: Any) -> None:
    with pytest.raises(ValidationFailed) as refused:
        rendered(type_, value)
    assert [(one.field, one.rule) for one in refused.value.problems] == [("value", "wrong_type")]


@pytest.mark.parametrize(
    ("value", "written"),
    [("no", '"no"'), ("2026-01-01", '"2026-01-01"'), ("å: b # c", '"å: b # c"'), ('"', '"\\""')],
)
def test_a_text_is_always_quoted(value: str, written: str) -> None:
    assert rendered(ParamType.TEXT, value) == written


def test_a_whole_number_written_as_a_fraction() -> None:
    assert rendered(ParamType.MONEY, 15000.0) == "15000"


def test_another_version_and_day(helsingborg: dict[str, str]) -> None:
    changed = restate(helsingborg, "2026.9.0", DAY)
    name, number, start, end = stated(changed)
    assert (name, number, start, end) == (PACK, "2026.9.0", DAY, None)
    _, old_number, old_start, _ = stated(helsingborg)
    assert (
        changed["pack.yaml"].replace("2026.9.0", old_number).replace(str(DAY), str(old_start))
        == helsingborg["pack.yaml"]
    )
    assert {n: t for n, t in changed.items() if n != "pack.yaml"} == {
        n: t for n, t in helsingborg.items() if n != "pack.yaml"
    }


@pytest.mark.parametrize(
    "head",
    [
        "", "pack: a/b\nversion: 2026.1.0\n", "pack: a/b\nversion: x\nin_force: {from: 2026-01-01}\n",
        "pack: a/b\nversion: 1.2\nin_force: {from: 2026-01-01}\n",
        "pack: a/b\nversion: 2026.1.0\nin_force: {from: tomorrow}\n",
        "pack: a/b\nversion: 2026.1.0\nin_force: {from: 2026-01-02, to: 2026-01-01}\n",
        "pack: [a]\nversion: 2026.1.0\nin_force: {from: 2026-01-01}\n", "a: &x 1\nb: *x\n", "{", "- a\n",
        "pack: a/b\nversion: ²026.1.0\nin_force: {from: 2026-01-01}\n",
    ],
)  # fmt: skip
def test_a_head_that_does_not_hold(head: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        stated({"pack.yaml": head})
    (problem,) = refused.value.problems
    assert problem.rule == "pack_fault"
    assert problem.params["file"] == "pack.yaml" and problem.params["line"] >= 1
    with pytest.raises(ValidationFailed):
        stated({})
