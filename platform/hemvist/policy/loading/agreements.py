"""Offers, contract forms and guarantees of a programme."""

from __future__ import annotations

from types import MappingProxyType

from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.contents import read_notices
from hemvist.policy.loading.context import Context, options, words
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.params import ParamType
from hemvist.policy.programmes import (
    EVENTS,
    PARTIES,
    Contract,
    DeclineReason,
    Guarantee,
    Item,
    Length,
    Offers,
    Term,
)

CONSEQUENCES = ("offer_again", "referral_lapses", "reassess", "return_to_referring")
TERM_TYPES = ("bool", "int", "money_ore", "date", "text", "choice", "months", "days")


def read_offers(node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Offers:
    """The ``offers`` section."""
    with r.reading(node, "offers") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "offers", own)
        return Offers(
            r.choice(keys.need("mode"), "mode", ("single", "several")),
            own,
            section.covers(keys),
            context.optional_span(keys, "respond_within"),
            section.each(keys, "decline_reasons", _decline_reason),
        )


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
            r.choice(keys.need("kind"), "kind", ("sublease", "first_hand")),
            own,
            section.covers(keys),
            words(keys.need("signed_by"), "signed_by", PARTIES),
            section.each(keys, "lengths", lambda k, t: _length(k, t, context), ids),
            section.each(keys, "terms", lambda k, t: _term(k, t, context), ids),
        )


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
            r.choice(keys.need("from"), "from", EVENTS),
            context.optional_span(keys, "reassess"),
            context.optional_rule(keys, "ends_when"),
            read_notices(keys, section),
        )
