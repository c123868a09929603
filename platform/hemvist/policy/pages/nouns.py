"""What a leaf compares, in words: facts by their labels, values, parameters, days and sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hemvist.policy.facts import FactDef, FactType
from hemvist.policy.labels import Label
from hemvist.policy.leaf.tree import (
    Arithmetic,
    Constant,
    Element,
    ElementField,
    Fact,
    Negate,
    Parameter,
    Shift,
    Size,
    Total,
    Tree,
)
from hemvist.policy.pack import Pack
from hemvist.policy.pages.values import counted, kronor, number, param_value, value_on, yes_no
from hemvist.policy.pages.words import UNITS, lower_first
from hemvist.policy.params import ParamType

_SIGNS = {
    "+": Label("plus", "plus"),
    "-": Label("minus", "minus"),
    "*": Label("gånger", "times"),
    "/": Label("delat med", "divided by"),
}


def quoted(text: str, lang: str) -> str:
    """A label as it is read on a form."""
    return f"”{text}”" if lang == "sv" else f"“{text}”"


@dataclass(frozen=True, slots=True)
class Nouns:
    """The nouns of a pack in one language, with the parameters' values of a day."""

    pack: Pack
    lang: str
    on: date

    def say(self, sv: str, en: str) -> str:
        """The one of two texts that is in the language."""
        return sv if self.lang == "sv" else en

    def asked(self, tree: Tree) -> str:
        """A question as it stands on the form."""
        return quoted(self.label(tree), self.lang)

    def noun(self, tree: Tree, like: Tree | None = None) -> str:
        """A part of a comparison; ``like`` is what it is compared with, which words a constant."""
        match tree:
            case Constant(value=value):
                return self.constant(value, like)
            case Parameter(name=name):
                return self.parameter(name, like)
            case Element():
                return self.say("det", "it")
            case Fact() | ElementField():
                label = self.label(tree)
                return self.answer_to(label) if label.endswith("?") else quoted(label, self.lang)
            case Size(source=source):
                return f"{self.say('antalet i', 'the number of entries of')} {self.noun(source)}"
            case Total(source=source, body=body):
                within = f"{self.say('i', 'of')} {quoted(self.label(source), self.lang)}"
                return f"{self.say('summan av', 'the sum of')} {self.noun(body)} {within}"
            case Negate(operand=operand):
                return f"{self.say('minus', 'minus')} {self.noun(operand, like)}"
            case Arithmetic(op=op, left=left, right=right):
                # A factor is a plain number even where money is multiplied.
                like_left = left if op in "+-" else None
                return (
                    f"{self.noun(left, like)} {_SIGNS[op].text(self.lang)} "
                    f"{self.noun(right, like_left)}"
                )
            case Shift(unit=unit, day=day, count=count):
                return self.shifted(unit, day, count)
            case _:
                return self.label(tree)

    def shifted(self, unit: str, day: Tree, count: Tree) -> str:
        after = self.say("efter", "after")
        if isinstance(count, Negate):
            after, count = self.say("före", "before"), count.operand
        if isinstance(count, Constant) and isinstance(count.value, int):
            length = counted(count.value, unit, self.lang)
        else:
            length = self.noun(count)
            if not (isinstance(count, Parameter) and self._has_unit(count.name)):
                length += f" {UNITS[unit][1].text(self.lang)}"
        return f"{length} {after} {self.noun(day)}"

    def _has_unit(self, name: str) -> bool:
        return self.pack.params[name].type in (ParamType.MONTHS, ParamType.DAYS)

    def constant(self, value: bool | int | str, like: Tree | None) -> str:
        if isinstance(value, bool):
            return yes_no(value, self.lang)
        if isinstance(value, int):
            return kronor(value) if like is not None and self.is_money(like) else number(value)
        found = self.options(like).get(value) if like is not None else None
        return quoted(found.text(self.lang) if found else value, self.lang)

    def named(self, tree: Parameter) -> str:
        """A parameter by its name, with what it is now."""
        param = self.pack.params[tree.name]
        label = param.label.text(self.lang) if param.label else tree.name.replace("_", " ")
        now = param_value(param, value_on(param, self.on), self.lang)
        return f"{quoted(label, self.lang)} ({self.say('nu', 'now')} {now})"

    def parameter(self, name: str, like: Tree | None) -> str:
        param = self.pack.params[name]
        value = param_value(param, value_on(param, self.on), self.lang, self.options(like))
        label = param.label.text(self.lang) if param.label else name.replace("_", " ")
        return f"{value} ({lower_first(label)})"

    def answer_to(self, label: str) -> str:
        """The answer to a question."""
        return f"{self.say('svaret på', 'the answer to')} {quoted(label, self.lang)}"

    def label(self, tree: Tree) -> str:
        """What a fact, or a field of a record, is called."""
        definition = self.definition(tree)
        return definition.label.text(self.lang) if definition else ""

    def definition(self, tree: Tree | None) -> FactDef | None:
        match tree:
            case Fact(name=name) | Element(source=name):
                return self.pack.facts[name]
            case ElementField(source=source, field=field):
                return self.pack.facts[source].fields[field]
            case _:
                return None

    def options(self, tree: Tree | None) -> Mapping[str, Label]:
        definition = self.definition(tree)
        return definition.options if definition else {}

    def is_money(self, tree: Tree) -> bool:
        match tree:
            case Parameter(name=name):
                return self.pack.params[name].type is ParamType.MONEY
            case Arithmetic(left=left, right=right):
                return self.is_money(left) or self.is_money(right)
            case Total(body=body) | Negate(operand=body):
                return self.is_money(body)
            case _:
                definition = self.definition(tree)
                return definition is not None and definition.type is FactType.MONEY
