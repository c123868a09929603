"""Any order: contracts, keys, absences and takeovers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hemvist.clock import today
from hemvist.contracts import ending, rents, waivers
from hemvist.contracts.models import Contract
from hemvist.guarantees import service as guarantees
from hemvist.homes import keys
from hemvist.offers.models import Offer
from hemvist.referrals.models import Referral
from hemvist.takeovers import absences, carrying
from hemvist.takeovers import service as takeovers
from hemvist.takeovers.models import Absence, Takeover
from hemvist_any_order import REASON, Act, Draw, Town, act, seen
from hemvist_goteborg import PACK as GOTEBORG
from hemvist_goteborg import WAIVER


@act
def sign(town: Town, draw: Draw, day: date) -> Act | None:
    let = {row.offer_id for row in town.world.rows(Contract)}
    offers = [one for one in town.world.rows(Offer, state="accepted") if one.id not in let]
    row = draw.of(*offers) if offers and draw.below(8) else town.one(draw, Offer)
    if row is None:
        return None
    words: dict[str, Any] = {
        "offer_id": row.id,
        "signed_on": day,
        "starts_on": day + timedelta(days=draw.below(9)),
        "told_of_link_on": day,
        "owner_notified_on": day,
        "went_on_because": REASON,
        "guarantee_months": _months(town, draw, row),
    }
    if town.pack.name == GOTEBORG:
        words |= {"terms": {"informed_of_duties": True}, "waiver": WAIVER}
    return Act("property", guarantees.sign_contract, words)


def _months(town: Town, draw: Draw, offer: Offer) -> int | None:
    """The guarantee's, where the programme has one; now and then the other way round."""
    [referral] = town.world.rows(Referral, id=offer.referral_id)
    wanted = town.pack.programme(referral.programme).guarantee is not None
    return 12 if wanted != draw.once_in(8) else None


def _contract(town: Town, draw: Draw, **words: Any) -> tuple[Any, dict[str, Any]]:
    row = town.one(draw, Contract, state="signed")
    if row is None:
        return None, {}
    return row, {"contract_id": row.id, "expected_version": seen(draw, row), **words}


@act
def give_notice(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _contract(town, draw, given_on=day, went_on_because=REASON)
    landlord = {"ground": draw.of("misconduct", "other"), "board_told_on": day}
    words |= draw.of({"given_by": "tenant"}, {"given_by": "landlord", "details": landlord})
    return None if row is None else Act("property", ending.notice, words)


@act
def end_contract(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _contract(town, draw, ended_on=day)
    words["reason"] = draw.of("notice", "agreement", "term_over", "evicted", "never_began")
    words["unit_becomes"] = draw.of(None, "vacant", "returned")
    return None if row is None else Act("property", ending.end, words)


@act
def change_rent(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _contract(town, draw, told_on=day, reason="Årlig höjning.")
    words |= {
        "valid_from": day + timedelta(days=draw.below(60)),
        "rent_ore": draw.of(0, 600_000, 612_300, -1),
    }
    return None if row is None else Act("property", rents.change_rent, words)


@act
def waive_tenure(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _contract(town, draw, signed_on=day, went_on_because=REASON)
    words |= {
        "months": draw.of(24, 48),
        "basis": "tribunal",
        "approval_number": draw.of("77-26", "77-26", ""),
        "approved_on": day,
        "partner": "none",
    }
    return None if row is None else Act("property", waivers.record_waiver, words)


@act
def move_keys(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _contract(town, draw)
    words.pop("expected_version", None)
    words |= {
        "move": draw.of("handed_out", "handed_out", "returned", "lost"),
        "key_kind": draw.of("flat", "spare"),
        "holder": draw.of("tenant", "support"),
        "quantity": 1 + draw.below(2),
        "moved_on": day,
        "terms": draw.of("Bara i nöd.", ""),
        "terms_agreed_on": draw.of(day, day, None),
    }
    return None if row is None else Act("property", keys.move_keys, words)


# -- takeovers -------------------------------------------------------------------------------------


@act
def be_away(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _contract(town, draw)
    words.pop("expected_version", None)
    words |= {
        "began_on": day,
        "ended_on": draw.of(None, day + timedelta(days=draw.below(30))),
        "reason": "hospital",
    }
    return None if row is None else Act("property", absences.record_absence, words)


@act
def come_back(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Absence, ended_on=None)
    if row is None:
        return None
    words = {"absence_id": row.id, "expected_version": seen(draw, row), "ended_on": day}
    return Act("property", absences.end_absence, words)


@act
def nobody_was_away(town: Town, draw: Draw, day: date) -> Act | None:
    row, _ = _takeover(town, draw, "waiting", "asked", "agreed")
    words = {} if row is None else {"takeover_id": row.id, "on": day}
    return None if row is None else Act("property", absences.state_no_absence, words)


def _takeover(town: Town, draw: Draw, *states: str, **words: Any) -> tuple[Any, dict[str, Any]]:
    row = town.one(draw, Takeover, state=draw.of(*states))
    if row is None:
        return None, {}
    return row, {"takeover_id": row.id, "expected_version": seen(draw, row), **words}


@act
def take_step(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _takeover(town, draw, "waiting", "asked")
    rules = [one.takeover for one in town.pack.programmes.values() if one.takeover is not None]
    if row is None or not rules:
        return None
    steps = [one.id for one in rules[0].steps]
    words = {"takeover_id": row.id, "step": draw.of(*steps, "x"), "done_on": day}
    return Act("property", takeovers.take_step, words)


@act
def ask_landlord(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _takeover(town, draw, "waiting", "waiting", "refused", on=day)
    return None if row is None else Act("property", takeovers.request, words)


@act
def landlord_answers(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _takeover(town, draw, "asked", on=day, reason=REASON)
    words["agrees"] = draw.below(3) > 0
    return None if row is None else Act("property", takeovers.answer, words)


@act
def ask_tribunal(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _takeover(town, draw, "asked", "refused", on=day)
    return None if row is None else Act("property", takeovers.apply_to_tribunal, words)


@act
def tribunal_decides(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _takeover(town, draw, "tribunal", on=day, number="1-26")
    words["leave"] = draw.below(2) == 0
    return None if row is None else Act("property", takeovers.tribunal_decided, words)


@act
def postpone(town: Town, draw: Draw, day: date) -> Act | None:
    # Nothing comes of a takeover that is put off: now and then is enough.
    if draw.below(5):
        return None
    row, words = _takeover(town, draw, "waiting", "asked", "agreed", because=REASON)
    words["until"] = today() + timedelta(days=draw.below(20))
    return None if row is None else Act("property", takeovers.postpone, words)


@act
def carry_out(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _takeover(town, draw, "agreed", on=day, parties=["landlord", "resident"])
    words["told"] = ["open_support_told"] if town.pack.name == GOTEBORG else []
    return None if row is None else Act("property", carrying.carry_out, words)
