"""When a tenancy can end after notice (uppsägningstid): by the law, by the guideline, and so in fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from hemvist.policy import Pack, add_days, add_months
from hemvist.policy.legal import earliest_end, law_pack
from hemvist.policy.programmes import Contract as ContractRules


class Tenancy(Protocol):
    """What of a contract its notice is reckoned by."""

    starts_on: date
    ends_on: date | None
    terms: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeEnd:
    """The days on which a notice ends the tenancy."""

    #: By the law (JB 12:3-5); None where the law leaves it to the parties.
    lawful: date | None
    #: By the guideline or the contract's own term; None where neither says anything.
    stated: date | None
    #: What holds: the later for the landlord's notice, the earlier for the tenant's (JB 12:1).
    ends_on: date

    @property
    def shorter_than_law(self) -> bool:
        """Whether the guideline's time is shorter than the law's (LF-1)."""
        return self.stated is not None and self.lawful is not None and self.stated < self.lawful


def month_end(day: date) -> date:
    """The last day of the month of ``day`` (månadsskifte)."""
    following = add_months(day.replace(day=1), 1)
    return add_days(following, -1)


def notice_end(
    pack: Pack, rules: ContractRules | None, contract: Tenancy, given_by: str, given_on: date
) -> NoticeEnd:
    """When a notice that ``given_by`` ("landlord" or "tenant") gives on a day ends the contract.

    Open-ended, and the tenant's in any case: the month's end after three months (JB 12:4 and 12:5).
    A fixed term that has run out and was not ended goes on as an open-ended one (JB 12:3).
    """
    law = law_pack()
    term = (
        contract.ends_on if contract.ends_on is not None and contract.ends_on > given_on else None
    )
    lawful: date | None
    if given_by == "tenant" or term is None:
        facts: dict[str, object] = {"open_ended": True, "notice_given_on": given_on}
        first = earliest_end(law, facts, given_on)
        lawful = None if first is None else month_end(first)
        if given_by == "tenant" and term is not None and lawful is not None:
            # A term that ends sooner ends it sooner.
            lawful = min(lawful, term)
    else:
        lawful = earliest_end(
            law,
            {
                "open_ended": False,
                "notice_given_on": given_on,
                "term_starts_on": contract.starts_on,
                "term_ends_on": term,
            },
            given_on,
        )
    stated = stated_end(pack, rules, contract.terms, given_by, given_on)
    days = [day for day in (lawful, stated) if day is not None]
    # What is worse for the tenant than the law has no effect; what is better has.
    chosen = (min if given_by == "tenant" else max)(days, default=given_on)
    return NoticeEnd(lawful, stated, chosen)


def stated_end(
    pack: Pack, rules: ContractRules | None, terms: Mapping[str, Any], given_by: str, day: date
) -> date | None:
    """The day that the contract's term, else the guideline's form, gives for a notice on ``day``.

    A time that the guideline gives one party says nothing of the other's notice.
    """
    if rules is None:
        return None
    for term in rules.terms:
        if term.id.startswith("notice") and term.type in ("months", "days") and term.id in terms:
            return _later(term.type, int(terms[term.id]), day)
    stated = rules.notice
    if stated is None or (stated.legal is not None and not stated.legal.active):
        return None
    if stated.by not in (None, given_by):
        return None
    return _later(stated.span.unit, pack.number(stated.span.count, day), day)


def _later(unit: str, count: int, day: date) -> date:
    return add_months(day, count) if unit == "months" else add_days(day, count)
