"""What would settle the unknown rows: for every fact, the rows that ask for it.

The same questions as ``Evaluation.ask`` of each row: only the parts that are unknown ask, down to
the facts.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from hemvist.policy.columns.column import UNKNOWN, Flags, Words
from hemvist.policy.columns.leaves import Leaves
from hemvist.policy.columns.places import Place, both
from hemvist.policy.leaf.tree import (
    Arithmetic,
    Compare,
    Constant,
    Element,
    ElementField,
    Fact,
    Junction,
    Kind,
    Negate,
    Not,
    Parameter,
    Quantifier,
    Shift,
    Size,
    Total,
    Tree,
    Within,
)


class Asking:
    """Collects in ``asked`` the rows that ask for each fact."""

    def __init__(self, leaves: Leaves) -> None:
        self.leaves = leaves
        self.asked: dict[str, Flags] = defaultdict(lambda: np.zeros(leaves.size, np.bool_))

    def leaf(self, tree: Tree, rows: Flags) -> None:
        """What a leaf asks in ``rows``, where it is unknown."""
        self.part(tree, self.leaves.whole, rows)

    def part(self, tree: Tree, place: Place, wanted: Flags | bool) -> None:
        """What a part asks where it is unknown and ``wanted``."""
        wanted = both(wanted, self.unknown(tree, place))
        if wanted is False or (wanted is not True and not wanted.any()):
            return
        match tree:
            case Constant() | Parameter():
                return
            case Fact(name=name):
                self.asked[name] |= place.marked(wanted)
            case Element(source=name) | ElementField(source=name):
                self.asked[name] |= place.marked(wanted)
            case Not(operand=operand) | Negate(operand=operand):
                self.part(operand, place, wanted)
            case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
                self.parts((left, right), place, wanted)
            case Within(item=left, container=right) | Shift(day=left, count=right):
                self.parts((left, right), place, wanted)
            case Junction(parts=parts):
                self.parts(parts, place, wanted)
            case Size(source=source):
                self.part(source, place, wanted)
            case Quantifier(source=fact, body=body) | Total(source=fact, body=body):
                self.loop(fact.name, body, place.marked(wanted))

    def parts(self, parts: tuple[Tree, ...], place: Place, wanted: Flags | bool) -> None:
        """What several parts ask."""
        for part in parts:
            self.part(part, place, wanted)

    def loop(self, name: str, body: Tree, wanted: Flags) -> None:
        """What the elements ask; where the list is unknown it is asked for, and its body's facts."""
        lists = self.leaves.lists(name)
        known = np.zeros(len(wanted), np.bool_) if lists is None else lists.known
        without = wanted & ~known
        if without.any():
            self.asked[name] |= without
            rows = np.flatnonzero(without)
            self.part(body, Place(self.leaves.size, rows=rows), True)
        if lists is not None and len(lists.offsets) and lists.offsets[-1]:
            self.part(body, Place.inside(lists), np.repeat(wanted, lists.counts))

    def unknown(self, tree: Tree, place: Place) -> Flags | bool:
        """Where a part is unknown."""
        match tree.type.kind:
            case Kind.BOOL:
                truth = self.leaves.truth(tree, place)
                return truth == UNKNOWN
            case Kind.INT | Kind.DATE:
                known = self.leaves.number(tree, place).known
                return not known if isinstance(known, bool) else ~known
            case Kind.TEXT:
                text = self.leaves.text(tree, place)
                return ~text.known if isinstance(text, Words) else text is None
            case _:
                return self.unknown_list(tree, place)

    def unknown_list(self, tree: Tree, place: Place) -> Flags | bool:
        """Where a list is unknown."""
        if isinstance(tree, Parameter):
            return False
        assert isinstance(tree, Fact)
        lists = self.leaves.lists(tree.name)
        return True if lists is None else ~place.of(lists.known)
