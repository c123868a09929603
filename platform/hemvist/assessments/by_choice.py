"""Rules of the pack that no step of the case asks, tried when somebody chooses to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from hemvist.assessments.service import facts_of, rules_of
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.policy import Evaluation, Pack, Programme, evaluate
from hemvist.policy.rules import Node
from hemvist.tenancy import TenantSession


def rules_to_try(session: TenantSession, case: Case) -> list[str]:
    """The rules in use that the case does not show by itself, in the pack's order.

    Left out are those that stand inside a shown one, and what belongs to a programme that one does
    not go on to from the case's: how one comes into it, its decisions and its stages. History is
    never tried.
    """
    pack = pack_of(case)
    shown = _with_parts(pack, rules_of(session, case))
    near, here, elsewhere = _near(pack, case), set[str](), set[str]()
    for programme in pack.programmes.values() if near else ():
        (here if programme.id in near else elsewhere).update(_own_rules(programme))
    return [
        id
        for id, rule in pack.rules.items()
        if rule.active and id not in shown and id not in elsewhere - here
    ]


def try_rule(session: TenantSession, case: Case, rule: str, on: date) -> Evaluation | None:
    """What one rule of the pack says of the case on a day; None when it has none such in use."""
    pack = pack_of(case)
    found = pack.rules.get(rule)
    if found is None or not found.active:
        return None
    return evaluate(pack, rule, facts_of(session, case, on), on)


def _near(pack: Pack, case: Case) -> set[str]:
    """The case's programme and those that one goes on to from it; none while none is chosen."""
    if case.programme is None:
        return set()
    ways = pack.programme(case.programme).exits
    return {case.programme, *(way.to for way in ways if way.to)}


def _own_rules(programme: Programme) -> Iterator[str]:
    """The rules by which one comes into a programme and on in it."""
    yield programme.entry
    yield from (kind.rule for kind in programme.decisions if kind.rule)
    moves = programme.stages.transitions if programme.stages else ()
    yield from (move.guard for move in moves if move.guard)


def _with_parts(pack: Pack, rules: Iterable[str]) -> set[str]:
    """The rules and every rule that they refer to."""
    found: set[str] = set()
    left = list(rules)
    while left:
        id = left.pop()
        if id not in found:
            found.add(id)
            left += _referred(pack.rules[id])
    return found


def _referred(node: Node) -> list[str]:
    parts = [child for child in (*node.children, *node.unless) if child.active]
    own = [node.ref] if node.ref is not None else []
    return own + [id for part in parts for id in _referred(part)]
