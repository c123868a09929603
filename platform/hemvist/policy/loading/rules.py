"""Rules: nodes, references without circles, and what is off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.context import Context
from hemvist.policy.loading.parts import Parts
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node as Written
from hemvist.policy.loading.source import Place
from hemvist.policy.rules import Force, LegalFlag, Node, Op

#: How many rules may refer to one another in a row.
MAX_CHAIN = 25


def read_rules(parts: Parts, context: Context) -> None:
    """Fill ``context.rules``."""
    _Reader(parts.items("rules"), context).read()


@dataclass(slots=True)
class _Head:
    """What a rule tells those that refer to it, read before any body."""

    written: Written
    place: Place
    label: Label
    cite: tuple[str, ...]
    force: Force
    legal: LegalFlag | None
    refs: list[tuple[str, Place]] = field(default_factory=list)


class _Reader:
    def __init__(self, written: list[Written], context: Context) -> None:
        self.context = context
        self.heads: dict[str, _Head] = {}
        for node in written:
            self.head(node)
        self.current: _Head
        self.rule_id = ""
        self.node_ids: set[str] = set()
        self.chains: dict[str, int] = {}

    def head(self, node: Written) -> None:
        keys = Keys(node, "a rule")
        written = keys.need("id")
        id = r.name(written, "id")
        if id in self.heads:
            written.place.fail(f"the rule {id!r} is written twice")
        self.heads[id] = _Head(
            node,
            written.place,
            r.label(keys.need("label"), "label"),
            self.context.cite(keys),
            _force(keys, Force.MUST),
            self.context.legal(keys),
        )

    def read(self) -> None:
        for id, head in self.heads.items():
            self.rule_id, self.current, self.node_ids = id, head, set()
            with r.reading(head.written, f"rule {id}") as keys:
                rule = self.node(keys, id, id, head.cite)
                if rule.op is Op.RULE and not self.decides(replace(rule, legal=None)):
                    head.place.fail(f"{rule.ref!r} is off by its legal flag")
                self.context.rules[id] = rule
        for id in self.heads:
            self.check_chain(id, ())

    def check_chain(self, id: str, above: tuple[str, ...]) -> int:
        """Length of the longest chain of references from a rule; refuses circles."""
        if id in self.chains:
            return self.chains[id]
        longest = 0
        chain = (*above, id)
        for ref, place in self.heads[id].refs:
            if ref in chain:
                place.fail(f"rules refer in a circle: {' > '.join((*chain, ref))}")
            if len(chain) >= MAX_CHAIN or (below := self.check_chain(ref, chain)) >= MAX_CHAIN:
                place.fail(f"more than {MAX_CHAIN} rules refer to one another in a row")
            longest = max(longest, below)
        self.chains[id] = longest + 1
        return longest + 1

    def node(self, keys: Keys, id: str, path: str, cite: tuple[str, ...]) -> Node:
        ops = [op for op in Op if keys.has(op)]
        if len(ops) != 1:
            keys.place.fail(f"a node needs exactly one of {', '.join(Op)}")
        op = ops[0]
        body = keys.need(op)
        ref = self.reference(body) if op is Op.RULE else None
        carrier = "rule" if path == id else "node"
        node = Node(
            id,
            path,
            op,
            self.label(keys, ref),
            cite,
            covers=self.context.covers(keys, f"{carrier}:{path}"),
            help=self.context.help(keys),
            force=_force(keys, self.heads[ref].force if ref is not None else Force.MUST),
            legal=self.context.legal(keys),
            children=self.children(op, body, cite),
            leaf=self.context.leaf(body) if op is Op.WHEN else None,
            ref=ref,
            unless=self.exceptions(keys, cite),
        )
        for read_by_the_caller in ("id", "cite"):
            keys.get(read_by_the_caller)
        return node

    def label(self, keys: Keys, ref: str | None) -> Label:
        written = keys.get("label")
        if written is None and ref is not None:
            return self.heads[ref].label
        return r.label(keys.need("label"), "label")

    def reference(self, body: Written) -> str:
        """The id of the rule referred to, noted for the check of circles."""
        written = r.scalar(body, "rule")
        if written.text not in self.heads:
            hint = r.suggest(written.text, self.heads)
            written.place.fail(f"no rule {written.text!r}{hint}")
        self.current.refs.append((written.text, written.place))
        return written.text

    def children(self, op: Op, body: Written, cite: tuple[str, ...]) -> tuple[Node, ...]:
        if op is Op.NOT:
            child = self.child(body, cite)
            if not self.decides(child):
                body.place.fail("not needs a node that decides")
            return (child,)
        if op not in (Op.ALL, Op.ANY):
            return ()
        found = tuple(self.child(item, cite) for item in r.items(body, op))
        if not any(self.decides(child) for child in found):
            body.place.fail(f"{op} needs at least one node that decides")
        return found

    def exceptions(self, keys: Keys, cite: tuple[str, ...]) -> tuple[Node, ...]:
        written = keys.get("unless")
        if written is None:
            return ()
        return tuple(self.child(item, cite) for item in r.items(written, "unless"))

    def decides(self, node: Node) -> bool:
        if node.ref is not None:
            legal = self.heads[node.ref].legal
            return node.decides and (legal is None or legal.active)
        return node.decides

    def child(self, written: Written, inherited: tuple[str, ...]) -> Node:
        with r.reading(written, "a node") as keys:
            id_node = keys.get("id")
            if id_node is None and keys.has("rule"):
                id_node = keys.get("rule")
            id_node = keys.need("id") if id_node is None else id_node
            id = r.name(id_node, "id")
            if id in self.node_ids:
                id_node.place.fail(f"the node {id!r} is written twice in {self.rule_id}")
            self.node_ids.add(id)
            if keys.has("rule"):
                inherited = self.heads[self.reference(keys.need("rule"))].cite
            cite = self.context.cite(keys, inherited)
            node = self.node(keys, id, f"{self.rule_id}/{id}", cite)
        # A reference to a rule that is off by law is off as well.
        legal = self.heads[node.ref].legal if node.ref is not None else None
        return node if legal is None or legal.active else replace(node, legal=legal)


def _force(keys: Keys, default: Force) -> Force:
    node = keys.get("force")
    return default if node is None else Force(r.choice(node, "force", Force))
