"""How many traces are kept, when nobody says."""

from __future__ import annotations

import pytest

from hemvist.settings import PRODUCTION_SAMPLES, Settings

_ADDRESS = {"base_url": "https://hemvist.example"}


@pytest.mark.parametrize(
    ("given", "ratio"),
    [
        ({}, 1.0),
        ({"environment": "production", **_ADDRESS}, PRODUCTION_SAMPLES),
        ({"environment": "production", "trace_sample_ratio": 1.0, **_ADDRESS}, 1.0),
        ({"environment": "test", "trace_sample_ratio": 0.5}, 0.5),
    ],
)
def test_production_keeps_one_of_a_hundred(
    given: dict[str, object], ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ENVIRONMENT", "TODAY", "TRACE_SAMPLE_RATIO"):
        monkeypatch.delenv(f"HEMVIST_{name}", raising=False)
    assert Settings(**given).trace_sample_ratio == ratio  # type: ignore[arg-type]
