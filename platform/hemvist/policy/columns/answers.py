"""Rules over one chunk of a table: nodes from leaves, with exceptions, advice and references."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.columns.asking import Asking
from hemvist.policy.columns.column import UNKNOWN, Flags
from hemvist.policy.columns.leaves import Leaves, extreme
from hemvist.policy.columns.places import Truthful
from hemvist.policy.leaf import Leaf
from hemvist.policy.pack import Pack
from hemvist.policy.rules import Node, Op, Rule


class Answers:
    """The answers of one pack's nodes. ``outcomes`` by path are after exceptions, ``bodies`` before.

    With ``everything``, advice is judged too; it never decides.
    """

    def __init__(
        self,
        pack: Pack,
        leaves: Leaves,
        shared: dict[object, Truthful],
        identity: Mapping[str, int],
        *,
        everything: bool,
    ) -> None:
        self.pack = pack
        self.leaves = leaves
        self.shared = shared
        self.identity = identity
        self.everything = everything
        self.outcomes: dict[str, Truthful] = {}
        self.bodies: dict[str, Truthful] = {}

    def rule(self, rule: Rule) -> Truthful:
        """A rule's outcome; each is judged once, however often it is referred to."""
        if rule.path not in self.outcomes:
            self.node(rule)
        return self.outcomes[rule.path]

    def node(self, node: Node) -> Truthful:
        """A node's outcome."""
        body = self.bodies[node.path] = self.body(node)
        exceptions = self.below(node.unless)
        outcome = extreme([body, *exceptions], every=False) if exceptions else body
        self.outcomes[node.path] = outcome
        return outcome

    def below(self, nodes: tuple[Node, ...]) -> list[Truthful]:
        """The outcomes of those that decide."""
        judged = [
            (child, self.node(child))
            for child in nodes
            if child.decides or (self.everything and child.active)
        ]
        return [outcome for child, outcome in judged if child.decides]

    def body(self, node: Node) -> Truthful:
        """A node's answer before exceptions."""
        if node.leaf is not None:
            return self.leaf(node.leaf)
        if node.ref is not None:
            return self.rule(self.pack.rules[node.ref])
        counted = self.below(node.children)
        match node.op:
            case Op.ALL:
                return extreme(counted, every=True)
            case Op.ANY:
                return extreme(counted, every=False)
            case _:
                return 2 - counted[0]

    def leaf(self, leaf: Leaf) -> Truthful:
        """A leaf's answer, worked out once for all questions that have it."""
        params = self.leaves.params
        key = (
            leaf.text,
            tuple((type(params[name]), params[name]) for name in leaf.params),
            tuple(self.identity.get(name) for name in leaf.facts),
            self.leaves.on if DECISION_DATE in leaf.facts else None,
        )
        if key not in self.shared:
            self.shared[key] = self.leaves.truth(leaf.tree, self.leaves.whole)
        return self.shared[key]

    def asked(self, rule: Rule) -> dict[str, Flags]:
        """For every fact, the rows that ask for it because the rule is unknown there."""
        asking = Asking(self.leaves)
        self.ask(rule, np.ones(self.leaves.size, np.bool_), asking)
        return asking.asked

    def ask(self, node: Node, wanted: Flags, asking: Asking) -> None:
        """What a node asks in the rows where it is unknown; a settled part has nothing to ask."""
        wanted = wanted & (self.outcomes[node.path] == UNKNOWN)
        if not wanted.any():
            return
        inner = wanted & (self.bodies[node.path] == UNKNOWN)
        if node.leaf is not None:
            asking.leaf(node.leaf.tree, inner)
        elif node.ref is not None:
            self.ask(self.pack.rules[node.ref], inner, asking)
        for child in node.children:
            if child.decides:
                self.ask(child, inner, asking)
        for exception in node.unless:
            if exception.decides:
                self.ask(exception, wanted, asking)
