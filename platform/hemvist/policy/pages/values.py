"""Values in words: kronor, months, days, the labels of options."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hemvist.policy.labels import Label
from hemvist.policy.pack import Pack
from hemvist.policy.pages.words import UNITS, joined
from hemvist.policy.params import Num, Param, ParamType, ParamValue, Span

NBSP = "\N{NO-BREAK SPACE}"
_YES = {True: Label("ja", "yes"), False: Label("nej", "no")}
_COUNTED = {ParamType.MONTHS: "months", ParamType.DAYS: "days", ParamType.MONTHS_LIST: "months"}


def kronor(ore: int) -> str:
    """Öre as kronor: "8 500 kr", "8 500,50 kr"."""
    whole, rest = divmod(abs(ore), 100)
    written = f"{whole:,}".replace(",", NBSP) + (f",{rest:02}" if rest else "")
    return f"{'-' if ore < 0 else ''}{written}{NBSP}kr"


def number(value: int) -> str:
    """A whole number: "10 000"."""
    return f"{value:,}".replace(",", NBSP)


def counted(count: int, unit: str, lang: str) -> str:
    """ "1 månad", "12 månader"."""
    one, more = UNITS[unit]
    return f"{number(count)} {(one if count == 1 else more).text(lang)}"


def yes_no(value: bool, lang: str) -> str:
    """ja or nej."""
    return _YES[value].text(lang)


def param_value(
    param: Param,
    value: ParamValue | None,
    lang: str,
    options: Mapping[str, Label] | None = None,
) -> str:
    """A parameter's value; ``options`` words the codes that it lists."""
    if value is None:
        return {"sv": "inget värde", "en": "no value"}[lang]
    if isinstance(value, bool):
        return yes_no(value, lang)
    if value == ():
        return {"sv": "inga ännu", "en": "none yet"}[lang]
    if isinstance(value, tuple):
        words = [_one(param.type, item, lang, options or {}) for item in value]
        if param.type is ParamType.MONTHS_LIST and value:
            words = [number(int(item)) for item in value[:-1]] + words[-1:]
        return joined(words, lang, either=param.type is ParamType.MONTHS_LIST)
    return _one(param.type, value, lang, options or {})


def _one(type: ParamType, value: object, lang: str, options: Mapping[str, Label]) -> str:
    if isinstance(value, int):
        if type is ParamType.MONEY:
            return kronor(value)
        unit = _COUNTED.get(type)
        return number(value) if unit is None else counted(value, unit, lang)
    if isinstance(value, date):
        return value.isoformat()
    found = options.get(str(value))
    return str(value) if found is None else found.text(lang)


def span(pack: Pack, length: Span, on: date, lang: str) -> str:
    """A length of time: "3 månader". On a day without a value, what the length is called."""
    return num(pack, length.count, on, lang, length.unit)


def num(pack: Pack, value: Num, on: date, lang: str, unit: str | None = None) -> str:
    """A number of the pack on a day, with its unit."""
    found = value.value
    if value.param is not None:
        # A value that is not there is told, not an error: a page is for reading.
        present = value_on(pack.params[value.param], on)
        if not isinstance(present, int):
            return param_value(pack.params[value.param], None, lang)
        found = present
    assert found is not None
    return number(found) if unit is None else counted(found, unit, lang)


def value_on(param: Param, on: date) -> ParamValue | None:
    """The value on a day, or None where there is none."""
    found: ParamValue | None = None
    for start, value in param.values:
        if start > on:
            break
        found = value
    return found


def over_time(param: Param, lang: str, options: Mapping[str, Label] | None = None) -> str:
    """Every value with its day in one line; a parameter with one value says it alone."""
    if len(param.values) == 1:
        return param_value(param, param.values[0][1], lang, options)
    since = {"sv": "från", "en": "from"}[lang]
    return "; ".join(
        f"{param_value(param, value, lang, options)} {since} {start}"
        for start, value in param.values
    )
