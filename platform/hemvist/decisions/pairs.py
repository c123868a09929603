"""Decisions that a guideline grants together: one for the home and one for the support in it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from hemvist.decisions.definitions import PACK_NAMES, definition, programme_named
from hemvist.decisions.models import ALTERING
from hemvist.errors import Problem
from hemvist.policy import Pack, Programme

#: A pack's name of a decision → the core's kind.
_KINDS = {name: kind for kind, name in PACK_NAMES.items()}


def granted_together(programme: Programme) -> list[str]:
    """The kinds of decision that the guideline grants together, in its order; none where it says
    nothing of it."""
    names = {
        name
        for one in programme.decisions
        if one.decided_with is not None
        for name in (one.id, one.decided_with)
    }
    return [_KINDS.get(one.id, one.id) for one in programme.decisions if one.id in names]


def check(
    pack: Pack,
    programme: str,
    kind: str,
    outcome: str,
    beside: Collection[str],
    stands: Callable[[str], bool],
) -> list[Problem]:
    """What is wrong with granting ``kind`` alone.

    ``beside`` are the kinds that are granted in the same act, ``stands`` says of a kind whether it was
    granted before and holds still: then the other may be granted anew by itself. A refusal stands
    alone, as does what alters a decision.
    """
    if outcome != "granted" or kind in ALTERING:
        return []
    together = granted_together(programme_named(pack, programme))
    if kind not in together:
        return []
    cite = ", ".join(definition(pack, programme, kind).cite)
    return [
        Problem(
            "kind",
            "granted_together",
            f"is granted in one act with {other}",
            {"with": other, "cite": cite},
        )
        for other in together
        if other != kind and other not in beside and not stands(other)
    ]
