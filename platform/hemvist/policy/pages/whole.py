"""A whole pack as one document."""

from __future__ import annotations

from datetime import date

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.facts import FactDef
from hemvist.policy.pack import Pack
from hemvist.policy.pages.arrangements import ArrangementReader
from hemvist.policy.pages.blocks import Block, Line, Lines, Page, Paragraph, Part, without_repeats
from hemvist.policy.pages.leaves import leaf_in_words
from hemvist.policy.pages.programmes import ProgrammeReader
from hemvist.policy.pages.reader import Reader
from hemvist.policy.pages.rules import (
    RuleReader,
    facts_line,
    facts_of,
    options_for,
    params_of,
    value_table,
)
from hemvist.policy.pages.values import param_value
from hemvist.policy.pages.words import (
    FACT_KINDS,
    STATUSES,
    TYPES,
    joined,
    lower_first,
    upper_first,
    word,
)
from hemvist.policy.params import Param


def page_of(pack: Pack, lang: str = "sv", on: date | None = None) -> Page:
    """Everything that a pack says, for reading: ``lang`` is ``sv`` or ``en``.

    Numbers inside sentences are those of ``on``, or of the latest day from which a value holds; the
    tables give every value with its day.
    """
    return _Page(pack, "en" if lang == "en" else "sv", on or latest_day(pack)).page()


def latest_day(pack: Pack) -> date:
    """The day from which every value that the pack has is the last one."""
    days = [start for param in pack.params.values() for start, _ in param.values]
    return max([pack.in_force.start, *days])


class _Page(Reader):
    __slots__ = ()

    def page(self) -> Page:
        pack = self.pack
        period = f"{self.say('från', 'from')} {pack.in_force.start}"
        if pack.in_force.end is not None:
            period += f" {self.say('till och med', 'to')} {pack.in_force.end}"
        terms = (
            (self.say("Version", "Version"), pack.version),
            (self.say("Gäller", "In force"), period),
            (self.say("Slag", "Kind"), word(STATUSES, pack.status.kind, self.lang)),
            (self.say("Namn", "Name"), pack.name),
        )
        parts = (
            self.settings(),
            *self.programmes(),
            self.rules(),
            *ArrangementReader(pack, self.lang, self.on).parts(),
            self.departments(),
            self.questions(),
            self.values(),
            self.sources(),
        )
        return Page(
            self.lang,
            pack.title.text(self.lang),
            terms,
            tuple(without_repeats(part) for part in parts if part is not None),
            tuple(self.opening()),
        )

    def opening(self) -> list[Block]:
        found: list[Block] = []
        if self.pack.status.note is not None:
            found.append(Paragraph(self.pack.status.note.text(self.lang), tone="note"))
        found.append(
            Paragraph(
                self.say(
                    "Så här läser plattformen riktlinjen. Efter varje villkor står källan: förkortningen är "
                    "ett dokument under Källor, resten dess avsnitt. ”Prövas så” säger exakt vad som "
                    "avgör ett villkor. Saknas en uppgift blir svaret varken ja eller nej, utan en fråga.",
                    "This is how the platform reads the guideline. After each condition stands its source: "
                    "the abbreviation is a document under Sources, the rest its section. “Checked so” says "
                    "exactly what decides a condition. Where something is not known the answer is "
                    "neither yes nor no, but a question.",
                ),
                tone="quiet",
            )
        )
        return found

    def settings(self) -> Part | None:
        chosen = [param for param in self.pack.params.values() if param.setting is not None]
        if not chosen:
            return None
        intro = self.say(
            "Här drar källorna åt olika håll. Kommunen väljer; detta är vad som gäller tills den valt "
            "annat.",
            "Here the sources pull apart. The kommun chooses; this is what holds until it chooses "
            "otherwise.",
        )
        lines = tuple(self.setting(param) for param in chosen)
        title = self.say("Val som kommunen gör", "What the kommun chooses")
        return Part("settings", title, (Lines(lines, intro),))

    def setting(self, param: Param) -> Line:
        assert param.setting is not None
        words = options_for(self.pack, param)
        now = "; ".join(
            f"{param_value(param, value, self.lang, words)} {self.say('från', 'from')} {start}"
            for start, value in param.values
        )
        notes = [param.setting.why.text(self.lang), f"{self.say('Nu', 'Now')}: {now}."]
        if param.setting.choices:
            choices = (param_value(param, one, self.lang, words) for one in param.setting.choices)
            told = joined(choices, self.lang, either=True)
            notes.append(f"{self.say('Går att välja', 'Choices')}: {told}.")
        label = param.label.text(self.lang) if param.label else param.name
        return Line(label, param.cite, notes=tuple(notes))

    def programmes(self) -> list[Part]:
        reader = ProgrammeReader(self.pack, self.lang, self.on)
        found = tuple(reader.part(one) for one in self.pack.programmes.values())
        if not found:
            return []
        return [Part("programmes", self.say("Boendeformer och program", "Programmes"), parts=found)]

    def rules(self) -> Part | None:
        reader = RuleReader(self.pack, self.lang, self.on)
        found = []
        for id, rule in self.pack.rules.items():
            part = reader.part(id)
            extra: list[Block] = []
            params = params_of(self.pack, rule)
            if params:
                caption = self.say("Regelns värden över tid", "The rule's values over time")
                extra.append(value_table(self.pack, params, self.lang, caption))
            facts = tuple(name for name in facts_of(rule) if name != DECISION_DATE)
            if facts:
                extra.append(facts_line(self.pack, facts, self.lang))
            found.append(Part(part.id, part.title, (*part.blocks, *extra), cite=part.cite))
        if not found:
            return None
        return Part("rules", self.say("Regler", "Rules"), parts=tuple(found))

    def departments(self) -> Part | None:
        lines = []
        roles = {
            "referring": self.say("remitterar", "refers"),
            "property": self.say("förvaltar bostäderna", "manages the homes"),
        }
        for code, one in self.pack.departments.items():
            notes = [f"{upper_first(joined((roles[role] for role in one.roles), self.lang))}."]
            if one.board is not None:
                notes.append(f"{self.say('Nämnd', 'Board')}: {one.board.text(self.lang)}.")
            if one.help is not None:
                notes.append(one.help.text(self.lang))
            if one.responsible is not None:
                label = self.rule_label(one.responsible)
                notes.append(f"{self.say('Ansvarar när', 'Responsible when')}: {label}.")
            to = f"rule-{one.responsible}" if one.responsible else None
            lines.append(
                Line(f"{one.label.text(self.lang)} ({code})", one.cite, notes=tuple(notes), to=to)
            )
        if not lines:
            return None
        return Part("departments", self.say("Förvaltningar", "Departments"), (Lines(tuple(lines)),))

    def questions(self) -> Part | None:
        groups: dict[str, list[FactDef]] = {}
        for fact in self.pack.facts.values():
            if fact.name != DECISION_DATE:
                groups.setdefault(fact.group or "", []).append(fact)
        if not groups:
            return None
        other = self.say("Övrigt", "Other")
        parts = tuple(
            Part(
                f"facts-{group or 'other'}",
                self.pack.groups[group].text(self.lang) if group else other,
                (Lines(tuple(self.question(fact) for fact in facts)),),
            )
            for group, facts in groups.items()
        )
        title = self.say("Uppgifter som behövs", "What needs to be known")
        return Part("facts", title, parts=parts)

    def question(self, fact: FactDef) -> Line:
        kind = word(FACT_KINDS, fact.kind, self.lang)
        notes = [f"{upper_first(kind)}: {word(TYPES, fact.type, self.lang)}."]
        if fact.computed_from is not None:
            notes = [f"{upper_first(kind)}: {lower_first(fact.computed_from.text(self.lang))}"]
        if fact.help is not None:
            notes.append(fact.help.text(self.lang))
        if fact.ask_when is not None:
            words = lower_first(leaf_in_words(self.pack, fact.ask_when, self.lang, self.on))
            notes.append(f"{self.say('Frågas när', 'Asked when')} {words}")
        named = [*fact.options.values(), *(field.label for field in fact.fields.values())]
        return Line(
            fact.label.text(self.lang),
            fact.cite,
            notes=tuple(notes),
            lines=tuple(Line(label.text(self.lang)) for label in named),
        )

    def values(self) -> Part | None:
        if not self.pack.params:
            return None
        title = self.say("Värden över tid", "Values over time")
        table = value_table(self.pack, tuple(self.pack.params.values()), self.lang, title)
        return Part("values", title, (table,))

    def sources(self) -> Part:
        lines = []
        for key, one in self.pack.sources.items():
            notes = []
            if one.adopted is not None:
                notes.append(f"{self.say('Antagen', 'Adopted')} {one.adopted}.")
            if one.sections:
                notes.append(f"{self.say('Avsnitt', 'Sections')}: {', '.join(one.sections)}.")
            lines.append(Line(f"{key}: {one.title.text(self.lang)}", notes=tuple(notes)))
        return Part("sources", self.say("Källor", "Sources"), (Lines(tuple(lines)),))
