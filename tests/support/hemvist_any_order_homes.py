"""Any order: referrals and offers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hemvist.offers import answers
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist.referrals.models import Referral
from hemvist.units.models import Unit
from hemvist_any_order import REASON, Act, Draw, Town, act, seen


@act
def draft(town: Town, draw: Draw, day: date) -> Act:
    case = draw.of(*town.cases)
    words = {"case_id": case.id, "programme": town.programme(draw, case), "on": day}
    return Act(town.caseworker, referrals.draft, words | {"content": town.content})


def _referral(town: Town, draw: Draw, state: str, **more: Any) -> tuple[Any, dict[str, Any]]:
    row = town.one(draw, Referral, state=state)
    if row is None:
        return None, {}
    return row, {"referral_id": row.id, "expected_version": seen(draw, row), **more}


@act
def revise(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _referral(town, draw, "draft", on=day, told_one_offer_on=day)
    words["content"] = town.content
    return None if row is None else Act(town.caseworker, referrals.revise, words)


@act
def resident_signs(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _referral(town, draw, "draft", signed_on=day)
    if row is None:
        return None
    case = next(one for one in town.cases if one.id == row.case_id)
    words["person_id"] = town.world.applicant(case)
    return Act(town.caseworker, signing.record_resident_signature, words)


@act
def manager_signs(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _referral(town, draw, "draft", signed_on=day)
    return None if row is None else Act(town.manager, signing.sign_as_manager, words)


@act
def submit(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _referral(town, draw, "draft", on=day)
    return None if row is None else Act(town.caseworker, referrals.submit, words)


@act
def register(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _referral(town, draw, "submitted", on=day)
    return None if row is None else Act(town.matcher, referrals.register, words)


@act
def return_referral(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _referral(town, draw, "submitted", on=day, request=REASON)
    return None if row is None else Act(town.matcher, referrals.return_for_completion, words)


@act
def complete_referral(town: Town, draw: Draw, day: date) -> Act | None:
    row, _ = _referral(town, draw, "returned")
    words = {} if row is None else {"referral_id": row.id, "on": day}
    return None if row is None else Act(town.caseworker, referrals.complete, words)


@act
def withdraw_referral(town: Town, draw: Draw, day: date) -> Act | None:
    state = draw.of("draft", "registered", "registered", "submitted")
    row, words = _referral(town, draw, state, on=day, reason=REASON)
    return None if row is None else Act(town.caseworker, referrals.withdraw, words)


@act
def extend_referral(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _referral(town, draw, "registered", on=day, content=town.content)
    return None if row is None else Act(town.caseworker, referrals.extend, words)


# -- offers ----------------------------------------------------------------------------------------


@act
def offer(town: Town, draw: Draw, day: date) -> Act | None:
    referral = town.one(draw, Referral, state="registered")
    unit = town.one(draw, Unit, state="vacant")
    if referral is None or unit is None:
        return None
    words = {"referral_id": referral.id, "unit_id": unit.id, "on": day}
    return Act(town.matcher, offers.make, words | {"answer_by": day + timedelta(days=30)})


def _offer(town: Town, draw: Draw, day: date, state: str) -> tuple[Any, dict[str, Any]]:
    row = town.one(draw, Offer, state=state)
    if row is None:
        return None, {}
    return row, {"offer_id": row.id, "expected_version": seen(draw, row), "on": day}


@act
def accept(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _offer(town, draw, day, "made")
    return None if row is None else Act(town.caseworker, offers.accept, words)


@act
def decline(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _offer(town, draw, day, "made")
    if row is None:
        return None
    referral = town.world.rows(Referral, id=row.referral_id)[0]
    rules = town.pack.programme(referral.programme).offers
    codes = [one.id for one in rules.decline_reasons] if rules is not None else []
    words |= {"code": draw.of(*codes, "x"), "reason": REASON}
    return Act(town.caseworker, offers.decline, words)


@act
def withdraw_offer(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _offer(town, draw, day, "made")
    return None if row is None else Act(town.matcher, offers.withdraw, words | {"reason": REASON})


@act
def book_viewing(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _offer(town, draw, day, draw.of("made", "accepted"))
    words["viewing_on"] = day + timedelta(days=draw.below(5))
    return None if row is None else Act(town.caseworker, answers.book_viewing, words)


@act
def hold_viewing(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _offer(town, draw, day, draw.of("made", "accepted"))
    return None if row is None else Act(town.caseworker, answers.hold_viewing, words)
