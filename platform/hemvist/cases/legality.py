"""Guideline and law at an act: what stops it, and what a person goes on in spite of, saying why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from hemvist.cases.checks import required_text
from hemvist.errors import PolicyRefused, Problem, ValidationFailed
from hemvist.policy import Pack
from hemvist.policy.clauses import CLAUSES
from hemvist.policy.legal import Finding, check, law_pack, refusals, suspected, suspected_by

#: Of no kind that guidelines or the law speak of.
OTHER = "other"
MAX_CLAUSES = 50
MAX_TEXT = 5_000
REASON = "wentOnBecause"


def checked_clauses(
    field: str, given: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Clauses or conditions as they are kept, ``kind`` and ``text``, and what is wrong with them."""
    problems: list[Problem] = []
    if len(given) > MAX_CLAUSES:
        return [], [Problem(field, "count", f"at most {MAX_CLAUSES}", {"limit": MAX_CLAUSES})]
    kept: list[dict[str, Any]] = []
    for number, one in enumerate(given):
        kind, text = one.get("kind"), one.get("text")
        if kind not in (*CLAUSES, OTHER):
            problems.append(Problem(f"{field}[{number}].kind", "unknown_choice", "no such kind"))
        if not isinstance(text, str):
            text = ""
        problems += required_text(f"{field}[{number}].text", text, MAX_TEXT)
        kept.append({"kind": kind, "text": text.strip()})
    return kept, problems


def kinds(clauses: Iterable[Mapping[str, Any]]) -> list[str]:
    """The kinds among clauses, each once, in the order of the vocabulary."""
    present = {clause["kind"] for clause in clauses}
    return [kind for kind in CLAUSES if kind in present]


def findings(
    pack: Pack,
    at: str,
    facts: Mapping[str, object],
    on: date,
    clauses: Sequence[Mapping[str, Any]] = (),
    programme: str | None = None,
) -> tuple[Finding, ...]:
    """What the guideline refuses among ``clauses`` and what the law says of the act on a day.

    Clauses of no kind are read for words that bring another to mind. A day before the law pack knows
    anything has no findings of law.
    """
    law = law_pack()
    of_law = check(law, at, facts, on) if law.in_force.holds(on) else ()
    free = [clause["text"] for clause in clauses if clause["kind"] == OTHER]
    return (
        *refusals(pack, at, kinds(clauses), programme, on),
        *of_law,
        *suspected(at, free),
        *suspected_by(pack, at, free, programme, on),
    )


def weigh(found: Sequence[Finding], went_on_because: str) -> list[dict[str, Any]]:
    """Let the act go on and give the findings to be kept with it, or refuse.

    Raises ``PolicyRefused`` with every finding that stops it; ``ValidationFailed`` on
    ``wentOnBecause`` when something warns and nobody has said why to go on.
    """
    stopping = [one for one in found if one.stops]
    if stopping:
        first = stopping[0]
        raise PolicyRefused(
            "against_law" if first.flag else "refused_by_guideline",
            f"{first.flag} {first.rule}: {first.message.en}".strip(),
            cite=", ".join(first.cite),
            items=[one.as_json() for one in stopping],
        )
    if len(went_on_because) > MAX_TEXT:
        raise ValidationFailed.one(
            REASON, "too_long", f"at most {MAX_TEXT} characters", limit=MAX_TEXT
        )
    warning = [one for one in found if one.needs_reason]
    if warning and not went_on_because.strip():
        raise ValidationFailed([_problem(one) for one in warning])
    return [one.as_json() for one in found]


def _problem(finding: Finding) -> Problem:
    missing = [label for _, label in finding.missing]
    words = {
        "sv": finding.message.sv + _asked("Det är inte känt", [label.sv for label in missing]),
        "en": finding.message.en + _asked("Not known", [label.en for label in missing]),
    }
    return Problem(
        REASON,
        "say_why_you_go_on",
        f"{finding.flag} {finding.rule}: {finding.message.en}".strip(),
        {**words, "flag": finding.flag, "rule": finding.rule},
    )


def _asked(lead: str, questions: Sequence[str]) -> str:
    return f" {lead}: {'; '.join(questions)}." if questions else ""
