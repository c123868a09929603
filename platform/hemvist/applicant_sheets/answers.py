"""What was known, in words, and what may not stand on a paper that leaves the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist.policy import FactDef, Pack
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.facts import FactKind, FactType
from hemvist.policy.labels import Label
from hemvist.policy.pages.values import kronor, number, param_value, yes_no
from hemvist.policy.pages.words import joined
from hemvist.policy.params import ParamType

#: Never printed, whatever it is: a paper can be found by the one who must not know.
_NEVER = frozenset({"protection"})
#: Tells where somebody is: not printed where anyone in the household is protected.
_PLACES = frozenset({"registered_kommun"})
#: Settings and codes are the kommun's own affair; figures are what the applicant is measured by.
_FIGURES = frozenset({ParamType.INT, ParamType.MONEY, ParamType.MONTHS, ParamType.DAYS})
_IN_THE_FILE = Label(
    "Uppgiften finns i akten och skrivs inte ut här.", "It is in the file and is not printed here."
)
_MAX_RECORDS = 20

HOW_KNOWN = {
    FactKind.ASKED: Label("det som har berättats", "what has been told"),
    FactKind.ASSESSMENT: Label("handläggarens bedömning", "the caseworker's judgement"),
    FactKind.DERIVED: Label("kommunens register", "the municipality's records"),
}
HOW_TO_GIVE = {
    FactKind.ASKED: Label(
        "Berätta det för din handläggare, gärna med ett papper som visar det.",
        "Tell your caseworker, with a paper that shows it if you have one.",
    ),
    FactKind.ASSESSMENT: Label(
        "Det är något som handläggaren bedömer. Berätta hur du har det.",
        "This is something that the caseworker judges. Tell how things are for you.",
    ),
    FactKind.DERIVED: Label(
        "Kommunen tar själv reda på det. Du behöver inte göra något.",
        "The municipality finds this out itself. You need do nothing.",
    ),
}


def is_shown(name: str) -> bool:
    """Whether a fact or parameter (``p.name``) is told of at all."""
    return name != DECISION_DATE and name not in _NEVER


def answer_in_words(fact: FactDef, value: Any, lang: str, *, protected: bool) -> str:
    """The value of a fact in words.

    Free text is not printed: it may speak of others, or say where somebody lives.
    """
    free = fact.type is FactType.TEXT and fact.kind is not FactKind.DERIVED
    if free or (protected and (fact.name in _PLACES or fact.type is FactType.TEXT)):
        return _IN_THE_FILE.text(lang)
    match fact.type:
        case FactType.BOOL:
            return yes_no(bool(value), lang)
        case FactType.MONEY:
            return kronor(value)
        case FactType.INT:
            return number(value)
        case FactType.CHOICE:
            return _option(fact, value, lang)
        case FactType.CHOICE_LIST:
            chosen = joined((_option(fact, one, lang) for one in value), lang)
            return chosen or {"sv": "inget", "en": "none"}[lang]
        case FactType.RECORDS:
            return _records(fact, value, lang)
        case _:
            return str(value)


def figure(pack: Pack, name: str, value: Any, lang: str) -> tuple[str, str] | None:
    """A figure of the guideline: what it is called and what it was; None for what is no figure."""
    param = pack.params.get(name)
    if param is None or param.label is None or param.type not in _FIGURES:
        return None
    return param.label.text(lang), param_value(param, value, lang)


def _option(fact: FactDef, code: Any, lang: str) -> str:
    found = fact.options.get(code)
    return found.text(lang) if found else str(code)


def _records(fact: FactDef, records: list[Mapping[str, Any]], lang: str) -> str:
    if not records:
        return {"sv": "inga", "en": "none"}[lang]
    said = [
        ", ".join(
            f"{field.label.text(lang)}: {answer_in_words(field, record[name], lang, protected=True)}"
            for name, field in fact.fields.items()
            if field.type is not FactType.TEXT and record.get(name) is not None
        )
        for record in records[:_MAX_RECORDS]
    ]
    more = len(records) - len(said)
    rest = {"sv": f"och {more} till", "en": f"and {more} more"}[lang]
    return "; ".join([one for one in said if one] + ([rest] if more else []))
