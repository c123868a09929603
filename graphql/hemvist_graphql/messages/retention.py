"""Keeping and thinning, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

RETENTION: Mapping[str, tuple[str, str]] = {
    "thinning_under_way": (
        "En gallring pågår redan. Avsluta den först.",
        "A thinning is under way. End that one first.",
    ),
    "thinning_ended": (
        "Gallringen är avslutad eller håller på att stoppas.",
        "The thinning has ended, or is being stopped.",
    ),
    "nothing_due": ("Inget ärende ska gallras.", "No case is due."),
    "already_lifted": ("Det är redan hävt.", "It has been lifted."),
    "only_holds_end": (
        "Bara ett gallringsstopp kan ha en sista dag.",
        "Only a hold has a last day.",
    ),
    "hold_over": (
        "Den sista dagen kan inte ha passerat.",
        "The last day cannot have passed.",
    ),
    "case_open": ("Ärendet är öppet.", "The case is open."),
    "not_kept": (
        "Bara det som bevaras lämnas till arkivet.",
        "Only what is kept for good goes to the archive.",
    ),
    "only_inquiries": (
        "Bara en utredning om skydd gäller ett visst barn.",
        "Only an inquiry is about a certain child.",
    ),
}
