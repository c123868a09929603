"""What several indicators ask of a case's rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.indicators.rows import CaseRows

#: Columns of contracts that homes are made of.
CONTRACTS = "id unit_id offer_id kind state signed_on starts_on ended_on end_reason follows_id"
OFFERS = "id referral_id state made_on answered_on"
REFERRALS = "id programme submitted_on registered_on"
#: Kinds of contracts that the kommun is a party to.
OF_THE_KOMMUN = ("sublease", "three_party")


def homes(rows: CaseRows) -> list[Any]:
    """The contracts by which the household got a home, the first home first.

    A contract that never began gave none, and one that came in another's place by a takeover is
    the same home.
    """
    return sorted(
        (
            one
            for one in rows.of("contracts")
            if one.follows_id is None and one.end_reason != "never_began"
        ),
        key=lambda one: (one.starts_on, one.signed_on, one.id),
    )


def programmes(rows: CaseRows) -> Mapping[UUID, str]:
    """The programme of each offer: that of the referral that it was made on."""
    of = {one.id: one.programme for one in rows.of("referrals")}
    return {one.id: of[one.referral_id] for one in rows.of("offers")}


def days_between(first: date, last: date) -> int:
    """Never below nought: a day may be corrected to one before what led to it."""
    return max((last - first).days, 0)
