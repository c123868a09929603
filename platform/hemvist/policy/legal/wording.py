"""Clauses under another name: what the words of a free clause may amount to.

Words are no proof. What they bring to mind is warned of, so that a person names the clause's kind or
says why it is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from hemvist.policy.clauses import CLAUSES
from hemvist.policy.labels import Label
from hemvist.policy.legal.findings import Finding, Lawfulness, refusals
from hemvist.policy.pack import Pack

_WORDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(words, re.IGNORECASE)
    for kind, words in {
        "sobriety": r"nykter|drogfri|sober|drug[- ]?free",
        "alcohol_in_home": r"alkohol|alcohol",
        "drug_tests": r"drogtest|urinprov|blåsprov|drug test|breathalyser",
        "treatment": r"behandling|treatment",
        "medication": r"medicin|medication",
        "doctor_contact": r"läkar|doctor",
        "home_visits": r"hembesök|home visit",
        "sole_occupancy": r"bo ensam|live alone",
        "visitors_ban": r"besökare|visitors",
        "entry_without_leave": r"egen nyckel|tillträde|own key|right of entry",
    }.items()
}
#: Kinds that some guidelines themselves ask for: a suspicion only where the guideline refuses them.
_REFUSED_BY_SOME: Mapping[str, re.Pattern[str]] = {
    "earlier_step": re.compile(r"träningslägenhet|träningsboende|training flat", re.IGNORECASE)
}


def kinds_in(text: str) -> tuple[str, ...]:
    """Kinds of clauses that the words bring to mind, in the order of the vocabulary."""
    return tuple(kind for kind in CLAUSES if kind in _WORDS and _WORDS[kind].search(text))


def suspected(at: str, texts: Iterable[str]) -> tuple[Finding, ...]:
    """A warning for every kind that clauses of no kind bring to mind."""
    found = dict.fromkeys(kind for text in texts for kind in kinds_in(text))
    return tuple(
        Finding(
            "LF-4" if kind in ("sobriety", "alcohol_in_home") else "LF-3",
            f"worded_like_{kind}",
            at,
            "warn",
            Lawfulness.VIOLATED,
            Label(f"Kan vara: {CLAUSES[kind].sv}", f"May be: {CLAUSES[kind].en}"),
            Label(
                f"Lydelsen kan vara ett sådant villkor: {CLAUSES[kind].sv.lower()}. Välj det slaget.",
                f"The words may be such a clause: {CLAUSES[kind].en.lower()}. Choose that kind.",
            ),
            ("JO 8958-2020",),
        )
        for kind in found
    )


def suspected_by(
    pack: Pack, at: str, texts: Iterable[str], programme: str | None, on: date
) -> tuple[Finding, ...]:
    """A warning, with the guideline's own source, for what it refuses and the words bring to mind."""
    said = "\n".join(texts)
    found = [kind for kind, words in _REFUSED_BY_SOME.items() if words.search(said)]
    return tuple(
        replace(one, effect="warn", rule=f"worded_like_{one.rule}")
        for one in refusals(pack, at, found, programme, on)
    )
