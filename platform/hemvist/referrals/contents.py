"""What a referral must contain, and what of it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hemvist.assessments.service import facts_of
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.decisions.models import Decision
from hemvist.decisions.service import in_force
from hemvist.errors import Problem, ValidationFailed
from hemvist.policy import MissingItem, Pack, Programme, fits, missing_contents
from hemvist.policy.programmes import ContentItem
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession

#: Items that the decision on support fills in, however the pack calls them.
FROM_DECISION = ("decision", "motivation")
MAX_ITEM = 10_000


def items_of(programme: Programme) -> tuple[ContentItem, ...]:
    """Every item that the programme's referral may contain, compulsory ones first."""
    if programme.referral is None:
        raise ValidationFailed.one("programme", "no_referral", "the programme has no referral")
    return (*programme.referral.requires, *programme.referral.optional)


def check_content(programme: Programme, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with empty items left out. Raises ``ValidationFailed`` naming the items.

    A text is kept in any item: what somebody typed is not lost, and ``missing`` says that it does
    not hold. Any other value must be of the item's kind.
    """
    known = {item.id: item for item in items_of(programme)}
    problems = [
        Problem(f"content.{name[:60]}", "unknown_item", "the pack has no such item")
        for name in content
        if name not in known
    ]
    problems += [
        Problem(
            f"content.{name}", "too_long", f"at most {MAX_ITEM} characters", {"limit": MAX_ITEM}
        )
        for name, value in content.items()
        if isinstance(value, str) and len(value) > MAX_ITEM
    ]
    problems += [
        Problem(f"content.{name}", "wrong_type", "is not a value of the item's kind")
        for name, value in content.items()
        if name in known and not _may_be_kept(known[name], value)
    ]
    if problems:
        raise ValidationFailed(problems)
    return {name: value for name, value in content.items() if value not in (None, "", [])}


def _may_be_kept(item: ContentItem, value: Any) -> bool:
    return value is None or value == [] or isinstance(value, str) or fits(item, value)


def decision_content(
    session: TenantSession, case: Case, programme: Programme, on: date
) -> dict[str, Any]:
    """What the decision on support puts into the referral, when there is one in force."""
    decision = in_force(session, case, "support_to_obtain_housing", on, programme.id)
    if decision is None:
        return {}
    words = {"decision": _as_text(pack_of(case), decision), "motivation": decision.motivation}
    return {
        item.id: words[item.prefill]
        for item in items_of(programme)
        if item.prefill in FROM_DECISION
    }


def missing(
    session: TenantSession, case: Case, referral: Referral, on: date
) -> tuple[MissingItem, ...]:
    """Items still missing, each with its source.

    What the decision on support will fill in counts as missing until there is one.
    """
    pack = pack_of(case)
    programme = pack.programme(referral.programme)
    content = {**decision_content(session, case, programme, on), **referral.content}
    facts = {**facts_of(session, case, on), "programme": referral.programme}
    known = {name: value for name, value in facts.items() if name in pack.facts}
    return missing_contents(pack, referral.programme, content, known, on)


def missing_before_signing(items: tuple[MissingItem, ...]) -> list[MissingItem]:
    """Items that must be there before anybody signs: all but what the decision fills in."""
    return [item for item in items if item.item.prefill not in FROM_DECISION]


def _as_text(pack: Pack, decision: Decision) -> str:
    # A document between Swedish authorities is in Swedish, whatever the reader's language.
    word = {"granted": "Bifall", "refused": "Avslag"}[decision.outcome]
    bases = ", ".join(pack.legal_bases[basis].label.sv for basis in decision.legal_basis)
    until = f" till och med {decision.valid_until}" if decision.valid_until else ""
    return f"{word}. {bases}. Gäller från {decision.valid_from}{until}."
