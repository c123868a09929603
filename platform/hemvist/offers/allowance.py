"""Whether a household may be offered another home, by how many it has been offered."""

from __future__ import annotations

from collections.abc import Iterable

from hemvist.offers.models import Offer


def may_be_offered(offers: Iterable[Offer], mode: str, most: int | None) -> str | None:
    """The rule that speaks against another offer on a referral, or None.

    ``offers`` are the referral's, ``mode`` the guideline's ("single", "several"), ``most`` how many
    may be open at a time.
    """
    counted = [one for one in offers if one.state in ("made", "accepted") or one.counts]
    if mode == "single" and counted:
        return "one_offer"
    if any(one.state == "accepted" for one in counted):
        return "offer_accepted"
    if most is not None and sum(one.state == "made" for one in counted) >= most:
        return "offers_at_a_time"
    return None
