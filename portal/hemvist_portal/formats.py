"""How values look to a reader: Swedish dates, kronor, personal numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from hemvist.clock import SWEDISH_TIME

NBSP = "\N{NO-BREAK SPACE}"
ORE = 100


def day(value: str | date | None) -> str:
    """A date as YYYY-MM-DD, which Swedish authorities write; "" for none."""
    return str(value)[:10] if value else ""


def long_day(value: str | date | None, lang: str = "sv") -> str:
    """A date in words: "lördag 21 november 2026"."""
    if not value:
        return ""
    read = value if isinstance(value, date) else date.fromisoformat(value)
    return format_date(read, "EEEE d MMMM y", locale="en_GB" if lang == "en" else "sv_SE")


def instant(value: str | None) -> str:
    """An instant (ISO 8601) as date and time in Sweden."""
    if not value:
        return ""
    read = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return read.astimezone(SWEDISH_TIME).strftime("%Y-%m-%d %H:%M")


def kronor(ore: int | None) -> str:
    """Öre as kronor: "8 500 kr", öre shown only when there are any."""
    if ore is None:
        return ""
    return f"{kronor_input(ore)}{NBSP}kr"


def kronor_input(ore: int | None) -> str:
    """Öre as a person writes kronor in a field: "8 500" or "8 500,50"."""
    if ore is None or isinstance(ore, bool) or not isinstance(ore, int):
        return ""
    whole, rest = divmod(abs(ore), ORE)
    text = f"{whole:,}".replace(",", NBSP) + (f",{rest:02}" if rest else "")
    return f"-{text}" if ore < 0 else text


def number(value: float | None) -> str:
    """A number with a decimal comma and no needless zeros."""
    if value is None:
        return ""
    return f"{value:g}".replace(".", ",")


def personal_number(value: str | None) -> str:
    """Twelve digits as YYYYMMDD-NNNN; anything else as it is."""
    if not value:
        return ""
    digits = value.replace("-", "")
    return f"{digits[:8]}-{digits[8:]}" if len(digits) == 12 else value


def dialled(value: str) -> str:
    """A telephone number as a link dials it: digits, and the plus of a country."""
    return "".join(sign for sign in value if sign.isdigit() or sign == "+")


def plain(value: Any) -> str:
    """A JSON value as words that need no translation."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return str(value)
