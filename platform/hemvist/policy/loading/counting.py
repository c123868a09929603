"""Quotas and indicators."""

from __future__ import annotations

from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.items import Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.params import Num
from hemvist.policy.quotas import (
    GOALS,
    KINDS,
    MEASURES,
    PERIODS,
    UNITS,
    Amount,
    Indicator,
    Observation,
    Quota,
)

_AMOUNTS = ("number", "range", "percent", "percent_range", "by")


def read_quota(keys: Keys, titled: Titled, context: Context, programmes: list[str]) -> Quota:
    """One quota: a figure, a range, a share, or words on how it is set."""
    given = [key for key in _AMOUNTS if keys.has(key)]
    if len(given) != 1:
        keys.place.fail(f"a quota needs exactly one of {', '.join(_AMOUNTS)}")
    return Quota(
        **titled,
        measure=r.choice(keys.need("measure"), "measure", MEASURES),
        kind=r.choice(keys.need("kind"), "kind", KINDS),
        per=r.choice(keys.need("per"), "per", PERIODS),
        amount=_amount(keys, given[0], context),
        by=optional(keys, "by", r.label),
        of=optional(keys, "of", r.label),
        landlord=optional(keys, "landlord", r.label),
        groups=optional(keys, "groups", r.label),
        programmes=words(keys.get("programmes"), "programmes", programmes),
        legal=context.legal(keys),
    )


def _amount(keys: Keys, key: str, context: Context) -> Amount | None:
    if key == "by":
        return None
    node, percent = keys.need(key), key.startswith("percent")
    if key in ("number", "percent"):
        number = context.num(node, key)
        _within(node, number, percent)
        return Amount(number, number, percent)
    with r.reading(node, key) as inner:
        low, high = (context.num(inner.need(end), end) for end in ("from", "to"))
        in_order(inner, low, high)
        _within(node, high, percent)
        return Amount(low, high, percent)


def _within(node: Node, number: Num, percent: bool) -> None:
    if percent and number.value is not None and number.value > 100:
        node.place.fail("a share cannot be more than 100 percent")


def in_order(keys: Keys, low: Num, high: Num) -> None:
    """Refuse a range that ends before it begins."""
    if low.value is not None and high.value is not None and low.value > high.value:
        keys.fail("to", f"the range ends at {high.value}, before {low.value}")


def read_indicator(keys: Keys, titled: Titled) -> Indicator:
    """One indicator with what the source reports."""
    observed = keys.get("observed")
    rows = r.items(observed, "observed") if observed is not None else ()
    return Indicator(
        **titled,
        unit=r.choice(keys.need("unit"), "unit", UNITS),
        goal=optional(keys, "goal", lambda node, what: r.choice(node, what, GOALS)),
        per=optional(keys, "per", lambda node, what: r.choice(node, what, ("year", "month"))),
        observed=tuple(_observation(row) for row in rows),
    )


def _observation(node: Node) -> Observation:
    with r.reading(node, "an observation") as keys:
        year = r.integer(keys.need("year"), "year")
        if not 1900 <= year <= 2100:
            keys.fail("year", "year must be between 1900 and 2100")
        value = optional(keys, "value", r.integer)
        low, high = optional(keys, "from", r.integer), optional(keys, "to", r.integer)
        if value is not None and low is None and high is None:
            return Observation(year, value, value)
        if value is not None or low is None or high is None:
            keys.place.fail("an observation needs either value, or from and to")
        if low > high:
            keys.fail("to", f"the range ends at {high}, before {low}")
        return Observation(year, low, high)
