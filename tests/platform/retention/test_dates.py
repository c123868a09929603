"""The day of thinning, from the law's figures: a table of cases, and what holds of every date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.policy.legal import law_pack
from hemvist.policy.params import Param, ParamType
from hemvist.retention.dates import Fate, Kept, Mark, books_until, judge
from hemvist.retention.terms import Terms, terms_on

HELSINGBORG, NORRKOPING, GOTEBORG = "1283", "0581", "1480"
LATE = date(2080, 1, 1)
DAYS = st.dates(date(1930, 1, 1), date(2060, 12, 31))


@pytest.fixture(scope="module")
def terms() -> Terms:
    """What the law pack says today."""
    return terms_on(date(2026, 11, 22))


def placed(kind: str, until: date | None = None, born: date | None = None) -> tuple[Mark, ...]:
    return (Mark(kind, until, born),)


@pytest.mark.parametrize(
    ("kommun", "kept", "on", "fate", "rule", "due", "done_by"),
    [
        # The day before, and the day.
        (HELSINGBORG, Kept(date(2021, 11, 23)), date(2026, 11, 22), "wait", "after_last_note",
         date(2026, 11, 23), date(2027, 12, 31)),
        (HELSINGBORG, Kept(date(2021, 11, 22)), date(2026, 11, 22), "thin", "after_last_note",
         date(2026, 11, 22), date(2027, 12, 31)),
        # A leap day; the last day of a year.
        (HELSINGBORG, Kept(date(2024, 2, 29)), LATE, "thin", "after_last_note",
         date(2029, 2, 28), date(2030, 12, 31)),
        (HELSINGBORG, Kept(date(2021, 12, 31)), LATE, "thin", "after_last_note",
         date(2026, 12, 31), date(2027, 12, 31)),
        # Counties and the kommun that keep everything.
        (NORRKOPING, Kept(date(2000, 1, 1)), LATE, "keep", "research_county", None, None),
        ("0980", Kept(date(2000, 1, 1)), LATE, "keep", "research_county", None, None),
        ("2281", Kept(date(2000, 1, 1)), LATE, "keep", "research_county", None, None),
        (GOTEBORG, Kept(date(2000, 1, 1)), LATE, "keep", "research_kommun", None, None),
        ("1481", Kept(date(2000, 1, 1)), LATE, "thin", "after_last_note",
         date(2005, 1, 1), date(2006, 12, 31)),
        # Born on the 5th, 15th, 25th: one of the household is enough.
        (HELSINGBORG, Kept(date(2000, 1, 1), (date(1980, 3, 5),)), LATE, "keep",
         "research_birth_day", None, None),
        (HELSINGBORG, Kept(date(2000, 1, 1), (date(1980, 3, 4), date(2001, 7, 25))), LATE, "keep",
         "research_birth_day", None, None),
        (HELSINGBORG, Kept(date(2000, 1, 1), (date(1980, 3, 14), date(2001, 7, 26))), LATE, "thin",
         "after_last_note", date(2005, 1, 1), date(2006, 12, 31)),
        # A child's placement never; an inquiry not before the child is thirty.
        (HELSINGBORG, Kept(date(2000, 1, 1), (), placed("child_placement")), LATE, "keep",
         "child_placement", None, None),
        (HELSINGBORG, Kept(date(2020, 1, 1), (), placed("child_inquiry", born=date(2010, 6, 1))),
         date(2040, 5, 31), "wait", "child_inquiry", date(2040, 6, 1), date(2041, 12, 31)),
        (HELSINGBORG, Kept(date(2020, 1, 1), (), placed("child_inquiry", born=date(2010, 6, 1))),
         date(2040, 6, 1), "thin", "child_inquiry", date(2040, 6, 1), date(2041, 12, 31)),
        # Who was thirty before the five years were over.
        (HELSINGBORG, Kept(date(2020, 1, 1), (), placed("child_inquiry", born=date(1992, 6, 1))),
         LATE, "thin", "after_last_note", date(2025, 1, 1), date(2026, 12, 31)),
        # Holds: with a last day, on it and after it, and without.
        (HELSINGBORG, Kept(date(2020, 1, 1), (), placed("hold", until=date(2026, 1, 31))),
         date(2026, 1, 31), "held", "hold", date(2025, 1, 1), date(2026, 12, 31)),
        (HELSINGBORG, Kept(date(2020, 1, 1), (), placed("hold", until=date(2026, 1, 31))),
         date(2026, 2, 1), "thin", "after_last_note", date(2025, 1, 1), date(2026, 12, 31)),
        (HELSINGBORG, Kept(date(2020, 1, 1), (), placed("hold")), LATE, "held", "hold",
         date(2025, 1, 1), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_what_becomes_of_a_case(
    terms: Terms,
    kommun: str,
    kept: Kept,
    on: date,
    fate: str,
    rule: str,
    due: date | None,
    done_by: date | None,
) -> None:
    found = judge(terms, kommun, kept, on)
    assert (found.fate, found.rule, found.due, found.done_by) == (fate, rule, due, done_by)
    assert found.cite


@given(last=DAYS, on=DAYS, births=st.lists(DAYS, max_size=4).map(tuple))
def test_nothing_goes_before_five_years_and_nothing_that_research_keeps(
    last: date, on: date, births: tuple[date, ...]
) -> None:
    found = judge(terms_on(date(2026, 11, 22)), HELSINGBORG, Kept(last, births), on)
    if any(born.day in (5, 15, 25) for born in births):
        assert found.fate is Fate.KEEP
        return
    assert found.due is not None
    assert found.done_by is not None
    # The same day five years on; the day before where there is none.
    assert (found.due.year, found.due.month) == (last.year + 5, last.month)
    assert found.due.day == last.day or (last.month, last.day, found.due.day) == (2, 29, 28)
    assert found.done_by == date(found.due.year + 1, 12, 31)
    assert (found.fate is Fate.THIN) == (on >= found.due)


@given(last=DAYS, on=DAYS, born=DAYS, later=st.integers(1, 4000))
def test_a_mark_only_ever_delays(last: date, on: date, born: date, later: int) -> None:
    terms = terms_on(date(2026, 11, 22))
    bare = judge(terms, HELSINGBORG, Kept(last), on)
    for mark in (
        Mark("child_inquiry", None, born),
        Mark("hold", on + timedelta(days=later)),
        Mark("child_placement"),
    ):
        marked = judge(terms, HELSINGBORG, Kept(last, (), (mark,)), on)
        assert not (marked.fate is Fate.THIN and bare.fate is not Fate.THIN)
        assert marked.due is None or marked.due >= bare.due  # type: ignore[operator]


def test_bookkeeping_keeps_to_the_end_of_the_seventh_year(terms: Terms) -> None:
    assert books_until(terms, []) is None
    assert books_until(terms, [date(2020, 1, 1), date(2021, 12, 31)]) == date(2028, 12, 31)
    assert books_until(terms, [date(2022, 1, 1)]) == date(2029, 12, 31)


def test_a_guideline_keeps_longer_and_never_shorter() -> None:
    day = date(2026, 11, 22)
    law = law_pack()

    def own(name: str, kind: ParamType, value: int | bool) -> Terms:
        said = Param(name, kind, ((date(2020, 1, 1), value),), ("RL 1",))
        return terms_on(day, replace(law, params={name: said}))

    longer = own("thinning_months", ParamType.MONTHS, 120)
    assert (longer.months, longer.cite["thinning_months"]) == (120, ("RL 1",))
    shorter = own("thinning_months", ParamType.MONTHS, 12)
    assert (shorter.months, shorter.cite) == (60, terms_on(day).cite)
    keeps = judge(
        own("thinning_keeps_all", ParamType.BOOL, True), HELSINGBORG, Kept(date(2000, 1, 1)), day
    )
    assert (keeps.fate, keeps.rule, keeps.cite) == (Fate.KEEP, "kommun_keeps", ("RL 1",))
    assert not own("thinning_keeps_all", ParamType.BOOL, False).keeps_all
