"""A leaf in plain words: what is looked at, and when it holds.

"Svaret på ”Var bor hushållet nu?” är ”Utan bostad”" says what the engine checks and no more, so that
a policy officer can hold it against the guideline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hemvist.policy.labels import Label
from hemvist.policy.leaf import Leaf
from hemvist.policy.leaf.tree import (
    Compare,
    Constant,
    Fact,
    Junction,
    Kind,
    Not,
    Parameter,
    Quantifier,
    Size,
    Tree,
    Within,
)
from hemvist.policy.pack import Pack
from hemvist.policy.pages.nouns import Nouns, quoted
from hemvist.policy.pages.values import param_value, value_on, yes_no
from hemvist.policy.pages.words import joined, upper_first
from hemvist.policy.params import ParamValue

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_NUMBERS = {
    "==": Label("är", "is"),
    "!=": Label("är inte", "is not"),
    "<": Label("är mindre än", "is less than"),
    "<=": Label("är högst", "is at most"),
    ">": Label("är mer än", "is more than"),
    ">=": Label("är minst", "is at least"),
}
_DATES = _NUMBERS | {
    "<": Label("är tidigare än", "is earlier than"),
    "<=": Label("är senast", "is no later than"),
    ">": Label("är senare än", "is later than"),
    ">=": Label("är tidigast", "is no earlier than"),
}
#: How "something is chosen" and "nothing is chosen" are written.
_SOME = ((">", 0), (">=", 1), ("!=", 0))
_NONE = (("==", 0), ("<", 1), ("<=", 0))


def leaf_in_words(pack: Pack, leaf: Leaf, lang: str, on: date) -> str:
    """The leaf as a sentence, with the parameters' values of a day."""
    return f"{upper_first(_Words(pack, lang, on).clause(leaf.tree))}."


@dataclass(frozen=True, slots=True)
class _Words(Nouns):
    """What holds or not."""

    def clause(self, tree: Tree, holds: bool = True) -> str:
        match tree:
            case Not(operand=operand):
                return self.clause(operand, not holds)
            case Junction(every=every, parts=parts):
                same = None if every else self.alternatives(parts, holds)
                same = same or self.chosen(every, parts, holds)
                if same is not None:
                    return same
                both = every == holds
                return self.junction(both, [self.part(one, holds, both) for one in parts])
            case Compare(op=op, left=left, right=right):
                return self.compare(op if holds else _OPPOSITE[op], left, right)
            case Within(item=item, container=container):
                return self.within(item, container, holds)
            case Quantifier(every=every, source=source, body=body):
                return self.quantifier(every == holds, source, body, holds)
            case _:
                return self.truth(tree, holds)

    def part(self, tree: Tree, holds: bool, every: bool) -> str:
        """One part of a junction, in brackets where it is a junction of the other kind."""
        words = self.clause(tree, holds)
        inner = tree
        turned = holds
        while isinstance(inner, Not):
            inner, turned = inner.operand, not turned
        mixed = isinstance(inner, Junction) and (inner.every == turned) != every
        if (
            isinstance(inner, Junction)
            and not inner.every
            and self.alternatives(inner.parts, turned)
        ):
            mixed = False
        return f"({words})" if mixed else words

    def alternatives(self, parts: tuple[Tree, ...], holds: bool) -> str | None:
        """The same thing being one of several values, said once; None where it is not that."""
        compared = [part for part in parts if isinstance(part, Compare) and part.op == "=="]
        first = compared[0].left if compared else None
        if len(compared) < len(parts) or any(
            part.left != first or not isinstance(part.right, Constant) for part in compared
        ):
            return None
        values = [self.noun(part.right, like=part.left) for part in compared]
        assert first is not None
        how = self.say("är", "is") if holds else self.say("är varken", "is neither")
        listed = joined(values, self.lang, either=True)
        if not holds and self.lang == "en":
            listed = " nor ".join(values)
        return f"{self.noun(first)} {how} {listed}"

    def chosen(self, every: bool, parts: tuple[Tree, ...], holds: bool) -> str | None:
        """Several options of one question, said once; None where it is not that."""
        bare = [part.operand if isinstance(part, Not) else part for part in parts]
        within = [part for part in bare if isinstance(part, Within)]
        negated = {isinstance(part, Not) for part in parts}
        if len(within) < len(parts) or len(negated) > 1:
            return None
        first = within[0].container
        if isinstance(first, Parameter) or any(
            part.container != first or not isinstance(part.item, Constant) for part in within
        ):
            return None
        options = [self.noun(part.item, like=first) for part in within]
        present = holds != negated.pop()
        together = every == holds
        some, none = present and not together, not present and together
        if some or none:
            which = self.say("minst ett av", "at least one of")
            if none:
                which = self.say("inget av", "none of")
            listed = f"{which} {joined(options, self.lang, either=True)}"
            return f"{listed} {self.say('är valt på', 'is chosen to')} {self.asked(first)}"
        if present:
            listed = joined(options, self.lang)
            return (
                f"{listed} {self.say('är alla valda på', 'are all chosen to')} {self.asked(first)}"
            )
        return None

    def junction(self, every: bool, parts: list[str]) -> str:
        if every:
            return joined(parts, self.lang)
        return f"{self.say('antingen', 'either')} {joined(parts, self.lang, either=True)}"

    def truth(self, tree: Tree, holds: bool) -> str:
        if isinstance(tree, Constant):
            return self.say("alltid" if holds else "aldrig", "always" if holds else "never")
        if isinstance(tree, Parameter):
            return f"{self.named(tree)} {self.say('är', 'is')} {yes_no(holds, self.lang)}"
        label = self.label(tree)
        if label.endswith("?"):
            return f"{self.answer_to(label)} {self.say('är', 'is')} {yes_no(holds, self.lang)}"
        holding = (
            self.say("stämmer", "is true") if holds else self.say("stämmer inte", "is not true")
        )
        return f"{quoted(label, self.lang)} {holding}"

    def compare(self, op: str, left: Tree, right: Tree) -> str:
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, op = right, left, {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(op, op)
        if left.type.kind is Kind.BOOL:
            if isinstance(right, Constant):
                return self.clause(left, bool(right.value) == (op == "=="))
            same = (
                self.say("är lika", "are the same")
                if op == "=="
                else self.say("skiljer sig", "differ")
            )
            return f"{self.clause(left)} {self.say('och', 'and')} {self.clause(right)} {same}"
        if isinstance(left, Size) and left.source.type.kind is Kind.OPTIONS:
            written = (op, right.value) if isinstance(right, Constant) else None
            some = written in _SOME
            if some or written in _NONE:
                chosen = (
                    self.say("minst ett svar", "at least one answer")
                    if some
                    else self.say("inget svar", "no answer")
                )
                asked = quoted(self.label(left.source), self.lang)
                return f"{chosen} {self.say('är valt på', 'is chosen to')} {asked}"
        if isinstance(left, Parameter) and isinstance(right, Constant):
            said = _NUMBERS[op].text(self.lang)
            return f"{self.named(left)} {said} {self.noun(right, like=left)}"
        words = _DATES if left.type.kind is Kind.DATE else _NUMBERS
        other = self.noun(right, like=left)
        return f"{self.noun(left, like=right)} {words[op].text(self.lang)} {other}"

    def within(self, item: Tree, container: Tree, holds: bool) -> str:
        if isinstance(container, Parameter):
            param = self.pack.params[container.name]
            value = value_on(param, self.on)
            codes: list[ParamValue | None] = [value]
            if isinstance(value, tuple):
                codes = list(value)
            words = (param_value(param, code, self.lang, self.options(item)) for code in codes)
            listed = joined((quoted(one, self.lang) for one in words), self.lang, either=True)
            among = (
                self.say("är något av", "is one of")
                if holds
                else self.say("är inget av", "is none of")
            )
            return f"{self.noun(item)} {among} {listed}"
        chosen = self.noun(item, like=container)
        among = (
            self.say("är ett av svaren på", "is one of the answers to")
            if holds
            else self.say("är inget av svaren på", "is not one of the answers to")
        )
        return f"{chosen} {among} {quoted(self.label(container), self.lang)}"

    def quantifier(self, every: bool, source: Fact, body: Tree, holds: bool) -> str:
        if source.type.kind is Kind.OPTIONS:
            which = self.say("för varje valt svar på", "for every answer chosen to")
            if not every:
                which = self.say("för något valt svar på", "for some answer chosen to")
        else:
            which = self.say("för varje uppgift i", "for every entry of")
            if not every:
                which = self.say("för någon uppgift i", "for some entry of")
        that = self.say("gäller att", "it holds that")
        listed = quoted(self.label(source), self.lang)
        return f"{which} {listed} {that} {self.clause(body, holds)}"
