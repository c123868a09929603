"""Västerås' staircase (boendetrappa) as tests fill it in: a lone adult, and what a referral holds."""

from __future__ import annotations

from typing import Any

CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Får inte hyra på egen hand.",
    "investigation": "Klarar ett eget boende med stöd.",
    "city_area": "Bäckby",
}
#: Answers of somebody for whom the training flat is meant.
SINGLE: dict[str, Any] = {
    "homeless": True,
    "cannot_get_flat_ordinarily": True,
    "needs_support_and_follow_up": True,
    "newly_arrived_refugee": False,
    "former_misuse": True,
    "problems_bar_tenancy": False,
}
#: Why somebody goes on with a contract whose notice is shorter than the law's (LF-1).
GOES_ON = "Rapportens dygn står i avtalet; lagens uppsägningstid gäller."
