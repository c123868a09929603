"""The log review, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

LOG_REVIEWS: Mapping[str, tuple[str, str]] = {
    "look_reviewed": (
        "Slagningen är redan granskad, eller så utreds den inte.",
        "The look has been reviewed, or is no matter.",
    ),
}
