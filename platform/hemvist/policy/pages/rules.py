"""A rule as people read it: its conditions with their sources, exceptions, advice and flags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from hemvist.policy.labels import Label
from hemvist.policy.pack import Pack
from hemvist.policy.pages.blocks import Block, Line, Lines, Paragraph, Part, Table
from hemvist.policy.pages.leaves import leaf_in_words
from hemvist.policy.pages.values import param_value
from hemvist.policy.pages.words import FACT_KINDS, joined, word
from hemvist.policy.params import Param
from hemvist.policy.rules import Force, LegalFlag, Node, Op

_ALL = Label("Alla dessa villkor ska vara uppfyllda:", "All of these conditions must be met:")
_ANY = Label("Minst ett av dessa villkor räcker:", "At least one of these conditions is enough:")
_NOT = Label("Detta får inte vara fallet:", "This must not be the case:")
_EXCEPTION = Label("Undantag", "Exception")
_ADVICE = Label("Bör, avgör inte", "Should, does not decide")
_OFF = Label("Tillämpas inte", "Not applied")
_CHECK = Label("Prövas så:", "Checked so:")
_LEGAL = Label("Lagen", "The law")
_SEE = Label("Se regeln", "See the rule")
_ABOVE = Label("Se ovan.", "See above.")


@dataclass
class RuleReader:
    """Rules of a pack in one language, with parameters' values of a day.

    ``expand`` writes a rule that is referred to out in full, the first time it is met; else the
    line points at it.
    """

    pack: Pack
    lang: str
    on: date
    expand: bool = False
    seen: set[str] = field(default_factory=set)

    def part(self, rule_id: str) -> Part:
        """The rule under its own heading."""
        rule = self.pack.rule(rule_id)
        return Part(
            f"rule-{rule_id}",
            rule.label.text(self.lang),
            tuple(self.blocks(rule)),
            cite=rule.cite,
        )

    def blocks(self, rule: Node) -> Iterator[Block]:
        """What the rule says."""
        if not rule.active:
            yield Paragraph(f"{_OFF.text(self.lang)}.", tone="note")
        if rule.force is Force.ADVICE:
            yield Paragraph(f"{_ADVICE.text(self.lang)}.", tone="note")
        if rule.legal is not None:
            yield Paragraph(self.flag(rule.legal), tone="note")
        if rule.help is not None:
            yield Paragraph(rule.help.text(self.lang))
        if rule.leaf is not None:
            yield Paragraph(self.check(rule))
        elif rule.ref is not None:
            yield Lines((self.line(rule),))
        elif rule.children:
            yield Lines(tuple(self.line(child) for child in rule.children), self.intro(rule))
        if rule.unless:
            yield Lines(tuple(self.line(one, _EXCEPTION) for one in rule.unless))

    def line(self, node: Node, lead: Label | None = None) -> Line:
        """A node of a rule, with what it consists of under it."""
        leads = [lead.text(self.lang)] if lead else []
        if node.force is Force.ADVICE:
            leads.append(_ADVICE.text(self.lang))
        if not node.active:
            leads.append(_OFF.text(self.lang))
        target = self.pack.rules[node.ref] if node.ref is not None else None
        notes = list(self.notes(node))
        under = [self.line(child) for child in node.children]
        if target is not None and self.expand and target.id in self.seen:
            notes.append(_ABOVE.text(self.lang))
        elif target is not None and self.expand:
            self.seen.add(target.id)
            whole = self.line(target)
            notes += [note for note in whole.notes if note not in notes]
            under += whole.lines
        elif target is not None and target.label != node.label:
            notes.append(f"{_SEE.text(self.lang)} {target.label.text(self.lang)}.")
        under += [self.line(one, _EXCEPTION) for one in node.unless]
        return Line(
            node.label.text(self.lang),
            node.cite,
            lead=", ".join(leads),
            to=None if target is None or self.expand else f"rule-{target.id}",
            off=not node.active,
            notes=tuple(notes),
            lines=tuple(under),
        )

    def notes(self, node: Node) -> Iterator[str]:
        """What is said of a node beside its label."""
        if node.help is not None:
            yield node.help.text(self.lang)
        if node.legal is not None:
            yield self.flag(node.legal)
        if node.leaf is not None:
            yield self.check(node)
        if node.children:
            yield self.intro(node)

    def intro(self, node: Node) -> str:
        """What holds for the list under a node."""
        words = {Op.ALL: _ALL, Op.ANY: _ANY, Op.NOT: _NOT}
        return words[node.op].text(self.lang)

    def check(self, node: Node) -> str:
        """How a condition is checked."""
        assert node.leaf is not None
        return f"{_CHECK.text(self.lang)} {leaf_in_words(self.pack, node.leaf, self.lang, self.on)}"

    def flag(self, legal: LegalFlag) -> str:
        """A legal flag in words."""
        return f"{_LEGAL.text(self.lang)} ({legal.flag}): {legal.note.text(self.lang)}"


def params_of(pack: Pack, rule: Node) -> tuple[Param, ...]:
    """Every parameter that the rule itself looks at, in order; not those of rules it refers to."""
    found: dict[str, None] = {}
    pending = [rule]
    while pending:
        node = pending.pop(0)
        found.update(dict.fromkeys(node.leaf.params if node.leaf else ()))
        pending = [*node.children, *node.unless, *pending]
    return tuple(pack.params[name] for name in found)


def facts_of(rule: Node) -> tuple[str, ...]:
    """Every fact that the rule itself looks at, in order; history is never asked."""
    found: dict[str, None] = {}
    pending = [rule]
    while pending:
        node = pending.pop(0)
        if not node.active:
            continue
        found.update(dict.fromkeys(node.leaf.facts if node.leaf else ()))
        pending = [*node.children, *node.unless, *pending]
    return tuple(found)


def value_table(pack: Pack, params: tuple[Param, ...], lang: str, caption: str) -> Table:
    """Parameters and their values over time, a row per value."""
    head = {
        "sv": ("Värde", "Gäller från", "Är", "Källa"),
        "en": ("Value", "From", "Is", "Source"),
    }[lang]
    rows = [
        (
            (param.label.text(lang) if param.label else param.name) if place == 0 else "",
            start.isoformat(),
            param_value(param, value, lang, options_for(pack, param)),
            joined(param.cite, lang) if place == 0 else "",
        )
        for param in params
        for place, (start, value) in enumerate(param.values)
    ]
    return Table(caption, head, tuple(rows))


def options_for(pack: Pack, param: Param) -> dict[str, Label]:
    """Words for the codes that a parameter lists: options of the facts that it is compared with,
    departments, legal bases."""
    codes = {
        str(item)
        for _, value in param.values
        for item in (value if isinstance(value, tuple) else (value,))
    }
    found: dict[str, Label] = {}
    for fact in pack.facts.values():
        if codes & fact.options.keys():
            found |= {code: label for code, label in fact.options.items() if code not in found}
    found |= {code: one.label for code, one in pack.departments.items()}
    found |= {code: one.label for code, one in pack.legal_bases.items()}
    return found


def facts_line(pack: Pack, names: tuple[str, ...], lang: str) -> Lines:
    """What must be known, and how it comes to be known."""
    intro = {"sv": "Detta behöver vara känt:", "en": "This needs to be known:"}[lang]
    return Lines(
        tuple(
            Line(
                f"{pack.facts[name].label.text(lang)} ({word(FACT_KINDS, pack.facts[name].kind, lang)})"
            )
            for name in names
        ),
        intro,
    )
