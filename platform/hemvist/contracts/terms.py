"""Checking the terms of a contract against the pack's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist.errors import Problem
from hemvist.policy import FactDef, PolicyError, check_answer
from hemvist.policy.facts import FactType, as_json
from hemvist.policy.programmes import Contract as ContractRules
from hemvist.policy.programmes import Term

#: Lengths of time are whole numbers.
_NUMBERS = {"months": FactType.INT, "days": FactType.INT}


def check_terms(
    rules: ContractRules, terms: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """The terms as checked values, and what is wrong with them.

    A term that the law refuses (visits, sobriety and the like as conditions of a lease, LF-3 and
    LF-4) is not in the pack's form and therefore refused as unknown.
    """
    known = {term.id: term for term in rules.terms}
    problems = [
        Problem(f"terms.{name[:60]}", "unknown_term", "the contract form has no such term")
        for name in terms
        if name not in known
    ]
    checked: dict[str, Any] = {}
    for term in rules.terms:
        value = terms.get(term.id)
        if value in (None, ""):
            if term.required:
                problems.append(Problem(f"terms.{term.id}", "required", "must be filled in"))
            continue
        try:
            checked[term.id] = as_json(check_answer(_as_fact(term), value))
        except PolicyError as wrong:
            problems.append(Problem(f"terms.{term.id}", wrong.rule, wrong.message))
            continue
        if term.must_be is not None and checked[term.id] is not term.must_be:
            problems.append(Problem(f"terms.{term.id}", "must_be", "the guideline fixes this term"))
    return checked, problems


def _as_fact(term: Term) -> FactDef:
    return FactDef(
        name=term.id,
        type=_NUMBERS.get(term.type) or FactType(term.type),
        label=term.label,
        options=term.options or {},
        minimum=term.minimum,
        maximum=term.maximum,
    )
