"""Offers, contract forms and guarantees of a programme."""

from __future__ import annotations

from types import MappingProxyType

from hemvist.policy.clauses import CLAUSES, Clause, StatedTime
from hemvist.policy.facts import FactType
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.contents import read_notices
from hemvist.policy.loading.context import CALENDAR, Context, options, words
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.params import Num, ParamType
from hemvist.policy.programmes import (
    PARTIES,
    Contract,
    DeclineReason,
    Guarantee,
    Item,
    Length,
    NoticeAnswers,
    Offers,
    Term,
)

CONSEQUENCES = ("offer_again", "referral_lapses", "reassess", "return_to_referring")
GUARANTEES = ("hyresgaranti", "borgen")
TERM_TYPES = ("bool", "int", "money_ore", "date", "text", "choice", "months", "days")


def read_offers(node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Offers:
    """The ``offers`` section."""
    with r.reading(node, "offers") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "offers", own)
        mode = r.choice(keys.need("mode"), "mode", ("single", "several"))
        return Offers(
            mode,
            own,
            section.covers(keys),
            context.optional_span(keys, "respond_within"),
            section.each(keys, "decline_reasons", _decline_reason),
            _parallel(keys, mode, context),
            words(keys.get("answers"), "answers", ("referring", "resident")) or ("referring",),
            _landlord_picks(keys, context),
        )


def _landlord_picks(keys: Keys, context: Context) -> Num | None:
    """Among how many households the landlord chooses."""
    node = keys.get("landlord_picks")
    if node is None:
        return None
    number = context.num(node, "landlord_picks", (ParamType.INT,))
    if number.value is not None and not 2 <= number.value <= 10:
        keys.fail("landlord_picks", "landlord_picks must be between 2 and 10")
    return number


def _parallel(keys: Keys, mode: str, context: Context) -> Num | None:
    """How many flats are shown at a time."""
    count = keys.get("count")
    if count is None:
        return None
    if mode != "several":
        keys.fail("count", "count belongs to mode: several; a single offer is one at a time")
    number = context.num(count, "count", (ParamType.INT,))
    if number.value is not None and number.value < 1:
        keys.fail("count", "count must be at least 1")
    return number


def _decline_reason(keys: Keys, titled: Titled) -> DeclineReason:
    consequence = r.choice(keys.need("consequence"), "consequence", CONSEQUENCES)
    return DeclineReason(**titled, by=words(keys.get("by"), "by", PARTIES), consequence=consequence)


def read_contract(node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Contract:
    """The ``contract`` section."""
    with r.reading(node, "contract") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "contract", own)
        ids: set[str] = set()
        return Contract(
            r.name(keys.need("form"), "form"),
            context.label(keys),
            r.choice(keys.need("kind"), "kind", ("sublease", "first_hand", "three_party")),
            own,
            section.covers(keys),
            words(keys.need("signed_by"), "signed_by", PARTIES),
            section.each(keys, "lengths", lambda k, t: _length(k, t, context), ids),
            section.each(keys, "terms", lambda k, t: _term(k, t, context), ids),
            _stated(keys, "notice", context, programme, own, CALENDAR),
            _stated(keys, "tenure_waiver", context, programme, own, ("months",)),
            Section(context, programme, "clause", own).each(
                keys, "clauses", lambda k, t: _clause(k, t, context), ids
            ),
            _notice_answers(keys, context),
        )


def _notice_answers(keys: Keys, context: Context) -> NoticeAnswers | None:
    """``notice_answers: {given, landlord}``: questions that a landlord's notice answers."""
    node = keys.get("notice_answers")
    if node is None:
        return None
    with r.reading(node, "notice_answers") as inner:
        given = context.optional_fact(inner, "given", FactType.BOOL)
        if given is None:
            inner.place.fail("notice_answers needs given: the question whether notice was given")
        return NoticeAnswers(given, context.optional_fact(inner, "landlord", FactType.TEXT))


def _stated(
    keys: Keys,
    key: str,
    context: Context,
    programme: str,
    cite: tuple[str, ...],
    units: tuple[str, ...],
) -> StatedTime | None:
    """``{months: n, cite, covers, label, legal, by}``: a time that the source states."""
    node = keys.get(key)
    if node is None:
        return None
    with r.reading(node, key) as inner:
        return StatedTime(
            context.span_of(inner, key, units),
            context.cite(inner, cite),
            context.covers(inner, f"{key}:{programme}"),
            optional(inner, "label", r.label),
            context.legal(inner),
            optional(inner, "by", lambda n, what: r.choice(n, what, ("landlord", "tenant"))),
        )


def _clause(keys: Keys, titled: Titled, context: Context) -> Clause:
    kind = r.choice(keys.need("clause"), "clause", CLAUSES)
    return Clause(**titled, clause=kind, legal=context.legal(keys))


def _length(keys: Keys, titled: Titled, context: Context) -> Length:
    months = keys.get("months")
    open_ended = optional(keys, "open", r.boolean) or False
    if (months is None) == (not open_ended):
        keys.place.fail("a length is either a number of months or open: true")
    if months is None:
        return Length(**titled, open=True)
    number = context.num(months, "months", (ParamType.MONTHS, ParamType.INT))
    return Length(**titled, months=number)


def _term(keys: Keys, titled: Titled, context: Context) -> Term:
    type = r.choice(keys.need("type"), "type", TERM_TYPES)
    choices = options(keys.need("options")) if type == "choice" else None
    numeric = type in ("int", "money_ore", "months", "days")
    return Term(
        **titled,
        type=type,
        required=optional(keys, "required", r.boolean) or False,
        must_be=optional(keys, "must_be", r.boolean) if type == "bool" else None,
        options=None if choices is None else MappingProxyType(dict(choices)),
        minimum=optional(keys, "min", r.integer) if numeric else None,
        maximum=optional(keys, "max", r.integer) if numeric else None,
        legal=context.legal(keys),
    )


def read_guarantee(
    node: Node, context: Context, programme: str, cite: tuple[str, ...]
) -> Guarantee:
    """The ``guarantee`` section."""
    with r.reading(node, "guarantee") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "guarantee", own)
        return Guarantee(
            own,
            section.covers(keys),
            optional(keys, "label", r.label),
            context.param_name(keys.need("periods"), "periods", (ParamType.MONTHS_LIST,)),
            section.each(keys, "scope", lambda _, titled: Item(**titled)),
            context.event(keys.need("from"), "from"),
            context.optional_span(keys, "reassess"),
            context.optional_rule(keys, "ends_when"),
            read_notices(keys, section),
            optional(keys, "kind", lambda n, what: r.choice(n, what, GUARANTEES)) or GUARANTEES[0],
            _rent_months(keys, context),
        )


def _rent_months(keys: Keys, context: Context) -> Num | None:
    node = keys.get("rent_months")
    types = (ParamType.MONTHS, ParamType.INT)
    return None if node is None else context.num(node, "rent_months", types)
