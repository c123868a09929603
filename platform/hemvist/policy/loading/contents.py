"""What documents must hold: the referral (remiss) and the support plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.context import Context, options
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node, Scalar
from hemvist.policy.params import ParamType
from hemvist.policy.programmes import (
    PARTIES,
    Commission,
    ContentItem,
    Extension,
    Notice,
    Plan,
    Referral,
    Report,
    Signature,
)
from hemvist.policy.support import Hold

CONTENT_KINDS = (
    *("text", "long_text", "bool", "int", "money_ore", "date", "choice", "choice_list"),
    "text_list",
)
PREFILLS = ("household", "children", "decision", "motivation", "housing_need", "economy")
_SIGNERS = {
    "resident": Label("Invånarens underskrift", "The resident's signature"),
    "manager": Label("Närmaste chefs underskrift", "The nearest manager's signature"),
    "caseworker": Label("Handläggarens underskrift", "The caseworker's signature"),
    "property": Label("Fastighetssidans underskrift", "The property office's signature"),
}
#: Who can sign a plan: the parties to it.
_PARTIES_TO_PLAN = {
    "resident": Label("Den boende", "The resident"),
    "landlord": Label("Hyresvärden", "The landlord"),
    "referring": Label("Kommunen", "The municipality"),
    "property": Label("Fastighetssidan", "The property office"),
    "support_worker": Label("Stödpersonalen", "The support staff"),
}


def read_referral(node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Referral:
    """The ``referral`` section."""
    with r.reading(node, "referral") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "referral", own)
        section.covers(keys)
        ids: set[str] = set()
        requires = section.each(keys, "requires", _required, ids)
        extend = keys.get("extend")
        signatures = keys.get("signatures")
        valid = keys.get("valid")
        return Referral(
            own,
            requires,
            section.each(keys, "optional", lambda k, t: _optional_item(k, t, context), ids),
            tuple(_signature(item, section) for item in r.items(signatures, "signatures"))
            if signatures is not None
            else (),
            read_notices(keys, section),
            None
            if valid is None
            else context.num(valid, "valid", (ParamType.MONTHS, ParamType.INT)),
            None if extend is None else _extension(extend, context, programme, own, requires),
        )


def read_notices(keys: Keys, section: Section) -> tuple[Notice, ...]:
    """The optional ``notices`` of a section."""
    return section.each(
        keys,
        "notices",
        lambda k, titled: Notice(
            **titled, before=section.context.event(k.need("before"), "before")
        ),
    )


def _required(keys: Keys, titled: Titled) -> ContentItem:
    kind = r.choice(keys.need("kind"), "kind", CONTENT_KINDS)
    choices = options(keys.need("options")) if kind in ("choice", "choice_list") else None
    must_be = optional(keys, "must_be", r.boolean) if kind == "bool" else None
    prefill = keys.get("prefill")
    return ContentItem(
        **titled,
        kind=kind,
        options=None if choices is None else MappingProxyType(dict(choices)),
        must_be=must_be,
        prefill=None if prefill is None else r.choice(prefill, "prefill", PREFILLS),
    )


def read_content(keys: Keys, titled: Titled) -> ContentItem:
    """A line of a form: what it asks and in which kind of value."""
    return _required(keys, titled)


def _optional_item(keys: Keys, titled: Titled, context: Context) -> ContentItem:
    return replace(_required(keys, titled), when=context.optional_leaf(keys, "when"))


def _signature(node: Node, section: Section, signers: Mapping[str, Label] = _SIGNERS) -> Signature:
    if isinstance(node, Scalar):
        by = r.choice(node, "a signature", signers)
        return Signature(by, signers[by], section.cite)
    with r.reading(node, "a signature") as keys:
        by = r.choice(keys.need("by"), "by", signers)
        label = optional(keys, "label", r.label) or signers[by]
        what = "party" if section.name == "plan" else "signature"
        covers = section.context.covers(keys, f"{what}:{section.programme}.{by}")
        return Signature(by, label, section.context.cite(keys, section.cite), covers)


def _extension(
    node: Node,
    context: Context,
    programme: str,
    cite: tuple[str, ...],
    items: tuple[ContentItem, ...],
) -> Extension:
    with r.reading(node, "extend") as keys:
        context.covers(keys, f"extension:{programme}")
        again = keys.get("requires")
        known = [item.id for item in items]
        return Extension(
            context.num(keys.need("months"), "months", (ParamType.MONTHS, ParamType.INT)),
            context.num(keys.need("times"), "times", (ParamType.INT,)),
            context.cite(keys, cite),
            tuple(r.choice(item, "requires", known) for item in r.items(again, "requires"))
            if again is not None
            else (),
        )


def read_plan(
    node: Node, context: Context, programme: str, cite: tuple[str, ...], obligations: list[str]
) -> Plan:
    """The ``plan`` section; it is made at one of the obligations."""
    with r.reading(node, "plan") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "plan", own)
        ids: set[str] = set()
        made_at, responsible = keys.get("made_at"), keys.get("responsible")
        return Plan(
            r.name(keys.need("kind"), "kind"),
            context.label(keys),
            own,
            section.covers(keys),
            None if made_at is None else r.choice(made_at, "made_at", obligations),
            None if responsible is None else r.choice(responsible, "responsible", PARTIES),
            section.each(keys, "requires", _required, ids),
            section.each(keys, "optional", lambda k, t: _optional_item(k, t, context), ids),
            _parties(keys, section),
            optional(keys, "free", r.boolean) or False,
        )


def _parties(keys: Keys, section: Section) -> tuple[Signature, ...]:
    """The parties to a plan, each once."""
    node = keys.get("signatures")
    if node is None:
        return ()
    written = r.items(node, "signatures")
    found = tuple(_signature(item, section, _PARTIES_TO_PLAN) for item in written)
    for place, one in enumerate(found):
        if one.by in [other.by for other in found[:place]]:
            written[place].place.fail(f"{one.by!r} is listed twice")
    return found


def read_commission(
    node: Node,
    context: Context,
    programme: str,
    cite: tuple[str, ...],
    *,
    obligations: list[str],
    milestones: list[str],
) -> Commission:
    """The ``commission`` section; its sending is one of the milestones."""
    with r.reading(node, "commission") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "commission", own)
        ids: set[str] = set()
        milestone, report = keys.get("milestone"), keys.get("report")
        return Commission(
            context.label(keys),
            own,
            section.covers(keys),
            section.each(keys, "requires", _required, ids),
            section.each(keys, "optional", lambda k, t: _optional_item(k, t, context), ids),
            None if milestone is None else r.choice(milestone, "milestone", milestones),
            optional(keys, "routed", r.boolean) or False,
            None if report is None else _report(report, context, programme, own, obligations),
            section.each(keys, "holds", lambda k, t: _hold(k, t, context), ids),
        )


def _hold(keys: Keys, titled: Titled, context: Context) -> Hold:
    return Hold(
        **titled,
        after=context.event(keys.need("after"), "after"),
        until=context.event(keys.need("until"), "until"),
    )


def _report(
    node: Node, context: Context, programme: str, cite: tuple[str, ...], obligations: list[str]
) -> Report:
    with r.reading(node, "report") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "report", own)
        ids: set[str] = set()
        return Report(
            r.choice(keys.need("obligation"), "obligation", obligations),
            context.label(keys),
            own,
            section.covers(keys),
            section.each(keys, "requires", _required, ids),
            section.each(keys, "optional", lambda k, t: _optional_item(k, t, context), ids),
        )
