"""What may be compared is said once, and the inhabitants have a day and a source."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hemvist.comparisons import inhabitants
from hemvist.comparisons.definitions import ComparisonError, comparisons, parsed
from hemvist.comparisons.inhabitants import Inhabitants, InhabitantsError
from hemvist.indicators.definitions import catalogue

GOOD: dict[str, Any] = {
    "version": 1,
    "indicators": ["moved_on"],
    "label": {"sv": "Vägar", "en": "Ways"},
    "about": {"sv": "Om vägar.", "en": "Of ways."},
}


def test_every_indicator_compared_is_one_of_households() -> None:
    for comparison in comparisons().values():
        for code in comparison.indicators:
            assert catalogue()[code].about == "households", code


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"more": 1}, "more"),
        ({"label": {"sv": "Vägar"}}, "label"),
        ({"about": {"sv": "", "en": "Of ways."}}, "about"),
        ({"indicators": []}, "indicators"),
        ({"indicators": ["moved_on", "moved_on"]}, "indicators"),
        ({"version": 0}, "version"),
    ],
)
def test_a_wrong_comparison_is_named(change: dict[str, Any], field: str) -> None:
    assert parsed("ways", GOOD).indicators == ("moved_on",)
    with pytest.raises(ComparisonError, match=rf"^ways.*{field}"):
        parsed("ways", {**GOOD, **change})
    with pytest.raises(ComparisonError):
        parsed("Ways 1", GOOD)


def test_inhabitants_of_the_nearest_day_known() -> None:
    content = {
        "counted": [
            {"on": date(2024, 12, 31), "source": "SCB", "kommuner": {"0180": 995_574}},
            {"on": date(2020, 12, 31), "source": "SCB", "kommuner": {"0180": 975_551}},
        ]
    }
    known = inhabitants.parsed(content)["0180"]
    assert [one.on.year for one in known] == [2020, 2024]
    assert inhabitants.rate(995, Inhabitants(995_574, date(2024, 12, 31), "SCB")) == 10.0


def test_a_kommun_that_nobody_has_counted_has_no_rate() -> None:
    known = inhabitants.of_year("1283", 2025)
    assert known is not None
    assert (known.on, known.source[:3]) == (date(2024, 12, 31), "SCB")
    assert inhabitants.of_year("9999", 2025) is None


@pytest.mark.parametrize(
    "table",
    [
        {"on": date(2024, 12, 31), "source": "", "kommuner": {}},
        {"on": "2024-12-31", "source": "SCB", "kommuner": {}},
        {"on": date(2024, 12, 31), "source": "SCB", "kommuner": {"180": 5}},
        {"on": date(2024, 12, 31), "source": "SCB", "kommuner": {"0180": 0}},
    ],
)
def test_wrong_inhabitants_are_refused(table: dict[str, Any]) -> None:
    with pytest.raises(InhabitantsError):
        inhabitants.parsed({"counted": [table]})
    good = {"on": date(2024, 12, 31), "source": "SCB", "kommuner": {"0180": 5}}
    with pytest.raises(InhabitantsError, match="twice"):
        inhabitants.parsed({"counted": [good, good]})
