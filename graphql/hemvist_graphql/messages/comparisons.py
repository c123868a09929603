"""Comparisons of kommuner, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

COMPARISONS: Mapping[str, tuple[str, str]] = {
    "sharing_under_way": (
        "Kommunen är redan med, eller så finns det ett förslag som väntar.",
        "The kommun takes part already, or a proposal waits.",
    ),
    "sharing_not_proposed": (
        "Förslaget väntar inte på godkännande.",
        "The proposal does not wait for agreement.",
    ),
    "sharing_ended": ("Deltagandet är redan avslutat.", "It has ended already."),
    "comparison_changed": (
        "Jämförelsen omfattar andra nyckeltal nu. Ta tillbaka förslaget och gör ett nytt.",
        "The comparison is of other indicators now. Take the proposal back and make a new one.",
    ),
}
