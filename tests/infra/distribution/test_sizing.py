"""The plan on paper says what the command reckons, from figures that stand where it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist_infra.distribution import measured, sizing
from hemvist_infra.distribution.measured import MEASURED, Figure

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_page_holds_what_the_command_says() -> None:
    page = (DOCS / "growing.md").read_text(encoding="utf-8")
    assert page.split("<!-- plan -->\n")[1].split("\n<!-- end of plan -->")[0] == sizing.written()


@pytest.mark.parametrize("figure", MEASURED, ids=lambda one: one.what)
def test_a_measured_figure_stands_in_its_page(figure: Figure) -> None:
    assert figure.words in (DOCS / figure.page).read_text(encoding="utf-8")


def test_ten_countries_are_ten_times_one_where_nothing_is_rounded() -> None:
    one, ten = sizing.Plan(1), sizing.Plan(10)
    assert ten.kommuner == 10 * one.kommuner
    assert ten.requests == pytest.approx(10 * one.requests)
    assert ten.data_gb == pytest.approx(10 * one.data_gb)
    assert ten.worker_minutes == pytest.approx(10 * one.worker_minutes)
    assert (one.distributed, ten.distributed) == (False, True)
    assert ten.database_ms == pytest.approx(one.database_ms * measured.CITUS.value)


def test_the_arithmetic_by_hand() -> None:
    """200 requests a second, of which 45 % lists, 45 % cases, 10 % commands."""
    one = sizing.Plan(1)
    assert one.requests == pytest.approx(12_000 * 0.5 / 30)
    server = 0.45 * 0.61 + 0.45 * 4.5 + 0.1 * 2.8
    assert one.server_ms == pytest.approx(server)
    assert one.processes == 2  # 200 * 2.58 ms = 0.52 cores, half of each used
    assert one.entries == pytest.approx(12_000 * 150 * 220)
    assert one.yearly_gb == pytest.approx(396_000_000 * 600 / 1e9 + 1.53)
    assert sizing.Plan(10).shards == 512  # 320, to the next power of two
