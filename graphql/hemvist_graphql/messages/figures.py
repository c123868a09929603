"""What is wrong with what is asked of figures, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

FIGURES: Mapping[str, tuple[str, str]] = {
    "unknown_indicator": ("Nyckeltalet finns inte.", "There is no such indicator."),
    "not_told_by": (
        "Nyckeltalet redovisas inte uppdelat så.",
        "The indicator is not told by this.",
    ),
    "before_from": (
        "Den sista månaden ligger före den första.",
        "The last month is before the first.",
    ),
    "not_of_transfers": (
        "Skyddade flyttar visas inte per månad, område eller annat urval.",
        "Protected moves are not shown by month, area or anything else.",
    ),
}
