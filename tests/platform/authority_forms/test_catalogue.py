"""The catalogue of forms: whole, worded, with windows that cover each other without gaps."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from hemvist.authority_forms.definitions import FormError, every, form_on, forms_on, parsed
from hemvist.authority_forms.rules.every import RULES
from hemvist.authority_forms.windows import day_of, period_of, periods

DAY = date(2026, 11, 23)
WINDOW = {
    "period": "{year}",
    "first": "01-01",
    "last": "12-31",
    "opens": "next 01-01",
    "closes": "next 01-31",
    "valid_from": date(2020, 1, 1),
    "source": "S",
    "confirmed": False,
}
QUESTION = {
    "code": "q",
    "asks": {"sv": "F", "en": "Q"},
    "how": "counted",
    "rule": "contracts_running",
    "unit": "homes",
    "source": "S",
}


def raw(**changes: Any) -> dict[str, Any]:
    words = {"sv": "Text", "en": "Text"}
    values = {
        "version": 1,
        "valid_from": date(2020, 1, 1),
        "authority": "A",
        "label": words,
        "note": words,
        "confirm": words,
        "source": ["S"],
        "reach": ["own"],
        "windows": [WINDOW],
        "questions": [QUESTION],
    }
    return values | changes


def test_every_question_has_a_rule_that_there_is() -> None:
    asked = [one for form in every().values() for one in form.questions if one.counted]
    assert len(asked) > 25
    assert {one.rule for one in asked} == set(RULES)


def test_the_forms_of_three_authorities() -> None:
    assert {(one.code, one.authority) for one in forms_on(DAY)} == {
        ("boverket_market", "Boverket"),
        ("boverket_grant", "Boverket"),
        ("socialstyrelsen_mapping", "Socialstyrelsen"),
        ("ivo_unexecuted", "IVO"),
    }
    assert form_on("boverket_market", date(2019, 1, 1)) is None


@pytest.mark.parametrize("code", ["boverket_grant", "ivo_unexecuted", "boverket_market"])
def test_a_day_lies_in_one_period_only(code: str) -> None:
    """Where a day fell between two periods, what happened on it would be in no form."""
    form = form_on(code, DAY)
    assert form is not None
    found = sorted(periods(form, DAY), key=lambda one: one.first)
    assert len(found) > 2
    for earlier, later in pairwise(found):
        assert later.first == earlier.last + timedelta(days=1)


def test_windows_of_the_grant() -> None:
    form = form_on("boverket_grant", DAY)
    assert form is not None
    now = period_of(form, "2026-Q4", DAY)
    assert now is not None
    assert (now.first, now.last, now.closes) == (
        date(2026, 9, 11),
        date(2026, 12, 10),
        date(2026, 12, 10),
    )
    assert [now.due(day) for day in (date(2026, 9, 10), DAY, date(2026, 12, 11))] == [
        "later",
        "open",
        "closed",
    ]
    assert period_of(form, "2027-Q1", DAY) is None


def test_days_of_windows() -> None:
    assert day_of("prev 12-11", 2027) == date(2026, 12, 11)
    assert day_of("next 01-31", 2026) == date(2027, 1, 31)
    # The week of measurement in 2017: the third to the ninth of April.
    assert (day_of("W14-1", 2017), day_of("W14-7", 2017)) == (date(2017, 4, 3), date(2017, 4, 9))
    with pytest.raises(FormError):
        day_of("soon", 2026)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "colour"),
        ({"label": {"sv": "Bara svenska"}}, "label"),
        ({"reach": ["all"]}, "reach"),
        ({"questions": []}, "questions"),
        ({"questions": [QUESTION, QUESTION]}, "twice"),
        ({"questions": [QUESTION | {"how": "guessed"}]}, "how"),
        ({"questions": [QUESTION | {"unit": "apples"}]}, "unit"),
        ({"questions": [QUESTION | {"how": "number"}]}, "rule"),
        ({"questions": [QUESTION | {"measure": "mean"}]}, "measure"),
        ({"windows": [{**WINDOW, "colour": "red"}]}, "colour"),
        ({"version": 0}, "version"),
    ],
)
def test_a_form_that_is_wrong_says_where(changes: dict[str, Any], said: str) -> None:
    assert parsed("x", raw()).questions[0].code == "q"
    with pytest.raises(FormError, match=said):
        parsed("x", raw(**changes))
