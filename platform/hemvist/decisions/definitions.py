"""What a guideline says of a kind of decision, and what holds where it says nothing."""

from __future__ import annotations

from hemvist.decisions.models import KINDS
from hemvist.errors import ValidationFailed
from hemvist.policy import Label, Pack, Programme
from hemvist.policy.programmes import DecisionDef

#: The core's kinds of decision → the names by which packs speak of them.
PACK_NAMES = {"support_to_obtain_housing": "support", "housing": "housing"}
#: Kinds that every programme has, whether or not its guideline speaks of them: social services may
#: grant another measure, and recommend that the tenant takes the lease over.
EVERYWHERE = {
    "support_measure": Label(sv="Annan stödinsats", en="Another support measure"),
    "takeover_recommendation": Label(
        sv="Tillstyrkan av överlåtelse", en="Recommendation that the lease is taken over"
    ),
}


def programme_named(pack: Pack, name: str) -> Programme:
    """The programme. Raises ``ValidationFailed``."""
    if name not in pack.programmes:
        raise ValidationFailed.one("programme", "unknown_choice", "the pack has no such programme")
    return pack.programme(name)


def definition(pack: Pack, programme: str, kind: str) -> DecisionDef:
    """What the pack says of this kind of decision; what alters one goes by the kind it alters.

    Raises ``ValidationFailed``.
    """
    if kind not in KINDS:
        raise ValidationFailed.one("kind", "unknown_choice", "not one of the kinds")
    rules = programme_named(pack, programme)
    wanted = PACK_NAMES.get(kind, kind)
    for candidate in rules.decisions:
        if candidate.id == wanted:
            return candidate
    if kind in EVERYWHERE:
        bases = rules.decisions[0].legal_bases if rules.decisions else tuple(pack.legal_bases)
        return DecisionDef(id=kind, label=EVERYWHERE[kind], cite=(), legal_bases=bases)
    raise ValidationFailed.one("kind", "unknown_choice", "the programme has no such decision")


def rule_of(pack: Pack, programme: str, kind: str) -> str:
    """The rule that advises on a kind of decision. Raises ``ValidationFailed``."""
    stated = definition(pack, programme, kind).rule
    rules = programme_named(pack, programme)
    if stated is None and kind == "takeover_recommendation" and rules.takeover is not None:
        stated = rules.takeover.rule
    return stated or rules.entry
