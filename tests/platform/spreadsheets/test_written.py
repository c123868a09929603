"""Lists that leave as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from hemvist.spreadsheets.written import FORMULAS, as_csv


@pytest.mark.parametrize("sign", FORMULAS)
def test_what_begins_like_a_formula_is_a_text(sign: str) -> None:
    written = as_csv([("Ord", "Värde"), (f"{sign}1+1", "12,50")])
    assert list(csv.reader(io.StringIO(written), delimiter=";"))[1:] == [[f"'{sign}1+1", "12,50"]]


def test_lines_and_cells_stay_what_they_are() -> None:
    assert as_csv([("a", 'b;"c"'), ("", "d = e")]) == 'a;"b;""c"""\r\n;d = e\r\n'
