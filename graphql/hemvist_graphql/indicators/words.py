"""Names of chapters, units and cells in Swedish and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hemvist.clock import today
from hemvist.policy import PolicyError, Programme
from hemvist_graphql.context import Context
from hemvist_graphql.labels import worded

Words = Mapping[str, str]


def _words(sv: str, en: str) -> Words:
    return {"sv": sv, "en": en}


CHAPTERS: Mapping[str, Words] = {
    "homes": _words("Hem", "Homes"),
    "moving": _words("Vidare", "Moving on"),
    "money": _words("Pengar", "Money"),
    "work": _words("Arbete", "Work"),
    "loss": _words("Risk att förlora hemmet", "Risk of losing the home"),
    "law": _words("Rätt och likabehandling", "Law and equal treatment"),
}
UNITS: Mapping[str, Words] = {
    "households": _words("hushåll", "households"),
    "homes": _words("bostäder", "homes"),
    "cases": _words("ärenden", "cases"),
    "persons": _words("personer", "people"),
    "children": _words("barn", "children"),
    "days": _words("dagar", "days"),
    # The number is in öre; people read kronor.
    "ore": _words("kronor", "kronor"),
    "decisions": _words("beslut", "decisions"),
    "percent": _words("procent", "per cent"),
}
GROUPS: Mapping[str, Words] = {
    "sex:woman": _words("Kvinnor", "Women"),
    "sex:man": _words("Män", "Men"),
    "age:18-24": _words("18–24 år", "18 to 24"),
    "age:25-44": _words("25–44 år", "25 to 44"),
    "age:45-64": _words("45–64 år", "45 to 64"),
    "age:65-": _words("65 år och äldre", "65 and older"),
    "children:yes": _words("Med barn", "With children"),
    "children:no": _words("Utan barn", "Without children"),
}
#: The core's steps on the way to a home, the same in every guideline.
STEPS: Mapping[str, Words] = {
    "assessment": _words("Utredning", "Assessment"),
    "registration": _words("Registrering", "Registration"),
    "offer": _words("Erbjudande", "Offer"),
    "answer": _words("Svar på erbjudande", "Answer to an offer"),
    "contract": _words("Kontrakt", "Contract"),
    "move_in": _words("Inflyttning", "Moving in"),
}
#: The cell without a code, by margin: the whole, or what has none.
NONE: Mapping[str, Words] = {
    "all": _words("Alla", "All"),
    "programme": _words("Utan boendeform", "No programme"),
    "step": _words("Utan steg", "No step"),
    "area": _words("Utan område", "No area"),
    "sex": _words("Okänt kön", "Sex not known"),
    "age": _words("Okänd ålder", "Age not known"),
    "children": _words("Okänt om barn", "Not known whether with children"),
}


def cell_text(context: Context, margin: str, code: str) -> Any:
    """What a cell is called: a text in both languages, or as it is."""
    if not code.strip(":"):
        return NONE.get(margin, code)
    if margin == "programme":
        return programme_text(programme_of(context, code), code)
    if margin == "step":
        name, _, step = code.partition(":")
        programme = programme_of(context, name)
        texts = (programme_text(programme, name), step_text(step))
        return {lang: ": ".join(worded(one, lang) for one in texts) for lang in ("sv", "en")}
    return GROUPS.get(code, code)


def cell_label(context: Context, margin: str, code: str, lang: str) -> str:
    """What a cell is called in a language."""
    return worded(cell_text(context, margin, code), lang, code)


def programme_text(programme: Programme | None, code: str) -> Any:
    """A programme's label, or its code where no guideline of the kommun has it."""
    if not code:
        return NONE["programme"]
    return code if programme is None or programme.label is None else programme.label


def step_text(step: str) -> Any:
    """A step in words."""
    return STEPS.get(step, step) if step else NONE["step"]


def programme_of(context: Context, code: str) -> Programme | None:
    """The programme as the kommun's guidelines have it now, or had it last."""
    for programmes in _guidelines(context):
        if code in programmes:
            return programmes[code]
    return None


def _guidelines(context: Context) -> Iterator[Mapping[str, Programme]]:
    names = context.adopted(today())
    for name in names:
        try:
            yield context.packs.in_force(name, today()).programmes
        except PolicyError:
            continue
    for name in names:
        for version in reversed(context.packs.versions(name)):
            yield context.packs.get(name, version.number).programmes
