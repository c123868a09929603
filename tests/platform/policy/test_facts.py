"""Every answer is checked; what does not hold is named and nothing is guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.policy import Label, Pack, PolicyError, as_json, check_answer
from hemvist.policy.catalogue import CATALOGUE
from hemvist.policy.facts import FactDef, FactType

_LABEL = Label("x", "x")


def _fact(pack: Pack, name: str) -> FactDef:
    if name in pack.facts:
        return pack.facts[name]
    types = {"text": FactType.TEXT, "count": FactType.INT, "money": FactType.MONEY}
    return FactDef(name, types[name], _LABEL, minimum=0 if name != "text" else None)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("roofless", False, False),
        ("count", 7, 7),
        ("money", 10**13, 10**13),
        ("decision_date", "2026-02-28", date(2026, 2, 28)),
        ("decision_date", date(2026, 2, 28), date(2026, 2, 28)),
        ("text", "  Åsa \n", "Åsa"),
        ("group", "other", "other"),
        ("obstacles", ["record", "debts"], ("record", "debts")),
        ("obstacles", [], ()),
        ("debts", [], ()),
        (
            "debts",
            [{"kind": "rent", "amount": 5, "since": "2026-01-01"}, {"kind": "other"}],
            (
                {"kind": "rent", "amount": 5, "since": date(2026, 1, 1)},
                {"kind": "other", "amount": None, "since": None},
            ),
        ),
    ],
)
def test_answers_that_hold(example: Pack, name: str, raw: object, value: object) -> None:
    assert check_answer(_fact(example, name), raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "rule", "named"),
    [
        ("roofless", 1, "wrong_type", "roofless"),
        ("roofless", "true", "wrong_type", "roofless"),
        ("roofless", None, "wrong_type", "roofless"),
        ("count", True, "wrong_type", "count"),
        ("count", "7", "wrong_type", "count"),
        ("count", 7.0, "wrong_type", "count"),
        ("count", -1, "out_of_range", "count"),
        ("count", 10**9 + 1, "out_of_range", "count"),
        ("count", 10**4000, "out_of_range", "count"),
        ("money", 10**13 + 1, "out_of_range", "money"),
        ("decision_date", "2026-02-30", "wrong_type", "decision_date"),
        ("decision_date", "2026-2-3", "wrong_type", "decision_date"),
        ("decision_date", "٢٠٢٦-٠١-٠١", "wrong_type", "decision_date"),
        ("decision_date", datetime(2026, 1, 1), "wrong_type", "decision_date"),
        ("decision_date", "1849-12-31", "out_of_range", "decision_date"),
        ("decision_date", 20260101, "wrong_type", "decision_date"),
        ("text", "   ", "empty", "text"),
        ("text", "x" * 2001, "too_long", "text"),
        ("text", "x" * 1_000_000, "too_long", "text"),
        ("text", "a\x00b", "wrong_type", "text"),
        ("text", ["a"], "wrong_type", "text"),
        ("group", "Other", "not_an_option", "group"),
        ("group", ["other"], "not_an_option", "group"),
        ("obstacles", "debts", "wrong_type", "obstacles"),
        ("obstacles", ["debts", "debts"], "twice", "obstacles"),
        ("obstacles", ["debts", "poverty"], "not_an_option", "obstacles"),
        ("obstacles", ["debts"] * 3, "wrong_type", "obstacles"),
        ("debts", {"kind": "rent"}, "wrong_type", "debts"),
        ("debts", ["rent"], "wrong_type", "debts[0]"),
        ("debts", [{"amount": 1}], "missing", "debts[0].kind"),
        ("debts", [{"kind": "rent"}, {"kind": "x"}], "not_an_option", "debts[1].kind"),
        ("debts", [{"kind": "rent", "amount": -1}], "out_of_range", "debts[0].amount"),
        ("debts", [{"kind": "rent", "sum": 1}], "unknown_field", "debts[0].sum"),
        ("debts", [{"kind": "rent"}] * 1001, "too_long", "debts"),
    ],
)
def test_answers_that_do_not_hold(
    example: Pack, name: str, raw: object, rule: str, named: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        check_answer(_fact(example, name), raw)
    assert (caught.value.rule, caught.value.fact) == (rule, named)
    assert str(caught.value).startswith(named)


def test_a_refused_text_is_not_repeated_in_the_message(example: Pack) -> None:
    with pytest.raises(PolicyError) as caught:
        check_answer(_fact(example, "group"), "19121212-1212")
    assert "1212" not in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(_JSON, st.sampled_from(["roofless", "group", "obstacles", "debts", "decision_date"]))
def test_any_json_is_either_checked_or_refused(example: Pack, raw: object, name: str) -> None:
    fact = example.facts[name]
    try:
        value = check_answer(fact, raw)
    except PolicyError:
        return
    # What was taken once is taken again, also after a journey through JSON.
    assert check_answer(fact, as_json(value)) == value


def test_the_catalogue_says_what_each_fact_is_computed_from() -> None:
    own = {"departments": {}, "programmes": {}, "contract_forms": {}}
    for name, derived in CATALOGUE.items():
        fact = derived.definition({**own})
        assert fact.name == name and fact.computed_from is not None
        assert fact.label.sv and fact.label.en and fact.computed_from.sv
        assert (fact.type is FactType.RECORDS) == bool(fact.fields)
