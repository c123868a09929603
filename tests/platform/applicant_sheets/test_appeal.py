"""How to appeal, as the law was on the day of the decision."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.applicant_sheets.appeal import RIGHT, TIME, appeal_text
from hemvist.policy import LegalBasis
from hemvist.policy.labels import Label

OFFICE = "Nämnden"


def basis(cite: str) -> LegalBasis:
    return LegalBasis("x", Label("x", "x"), (cite,), date(2000, 1, 1), None)


@pytest.mark.parametrize(
    ("day", "right", "time"),
    [
        (date(2017, 6, 1), "16 kap. 3 § socialtjänstlagen (2001:453)", "23 § förvaltningslagen"),
        (date(2018, 6, 30), "16 kap. 3 §", "23 § förvaltningslagen (1986:223)"),
        (date(2018, 7, 1), "16 kap. 3 §", "43 och 44 §§ förvaltningslagen (2017:900)"),
        (date(2025, 6, 30), "16 kap. 3 §", "44 §§"),
        (date(2025, 7, 1), "35 kap. 1 § socialtjänstlagen (2025:400)", "44 §§"),
    ],
)
def test_the_provisions_of_the_day(day: date, right: str, time: str) -> None:
    text = appeal_text(day, (basis("SoL2025 11:1"),), OFFICE, "sv")
    assert right in text and time in text
    assert OFFICE in text and "tre veckor" in text


def test_help_without_a_right_to_it() -> None:
    free = appeal_text(date(2026, 1, 1), (basis("SoL2025 11:4"),), OFFICE, "sv")
    assert "prövas inte i sak" in free and "35 kap." not in free
    mixed = appeal_text(
        date(2026, 1, 1), (basis("SoL2025 11:4"), basis("SoL2025 11:1")), OFFICE, "en"
    )
    assert "within three weeks" in mixed


def test_the_tables_are_in_order_of_time() -> None:
    for table in (RIGHT, TIME):
        assert [one.start for one in table] == sorted(one.start for one in table)
