"""Three kommuner whose cases stand at different points, and every act that people may try on them.

An act is named by ``ACTS``: who does it, by which verb, with which words. The words are mostly right,
so that cases come far, and sometimes wrong; which, ``Draw`` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hemvist.appeals import service as appeals
from hemvist.appeals.models import Appeal
from hemvist.cases import closing
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts import ending, rents
from hemvist.contracts.models import Contract
from hemvist.decisions import notifying
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.errors import HemvistError
from hemvist.guarantees import claims, recourse
from hemvist.guarantees import ending as guarantee_ending
from hemvist.guarantees import service as guarantees
from hemvist.guarantees.models import (
    Guarantee,
    GuaranteeClaim,
    GuaranteeRecourse,
    GuaranteeWriteOff,
)
from hemvist.homes import keys
from hemvist.identity import Membership, Role
from hemvist.milestones import service as milestones
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import Pack, Registry, add_months
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist.referrals.models import Referral
from hemvist.takeovers import absences, carrying, watching
from hemvist.takeovers import service as takeovers
from hemvist.takeovers.models import Absence, Takeover
from hemvist.tenancy import Audience, tenant_session
from hemvist.units.models import Unit
from hemvist_goteborg import CONTENT as GOTEBORG_CONTENT
from hemvist_goteborg import MANAGED, WAIVER, housing_first, in_phase_1
from hemvist_goteborg import PACK as GOTEBORG
from hemvist_goteborg import answer as answer_in_goteborg
from hemvist_goteborg import opened as opened_in_goteborg
from hemvist_goteborg import sign as sign_in_goteborg
from hemvist_guarantees import OTHER, STATEMENT
from hemvist_pack_cases import Walk
from hemvist_world import (
    GUARANTEE,
    HOUSING,
    MUNICIPAL,
    PACK,
    SUPPORT,
    World,
    content,
    new_world,
)

#: Everything is told before anything may depend on it; unknown ones are taken away per programme.
REASON = "Bedömt i samtal, se journalen."


@dataclass
class Draw:
    """A stream of small numbers that decides what is chosen; the same numbers, the same choices."""

    numbers: list[int]
    at: int = 0

    def below(self, most: int) -> int:
        """A number from 0 up to and without ``most``."""
        number = self.numbers[self.at % len(self.numbers)] + self.at // len(self.numbers)
        self.at += 1
        return number % most

    def of(self, *choices: Any) -> Any:
        """One of the choices."""
        return choices[self.below(len(choices))]


@dataclass
class Town:
    """A kommun with its people's names, its cases' days and what referrals hold."""

    world: World
    pack: Pack
    caseworker: str
    manager: str
    matcher: str
    content: Mapping[str, Any]
    cases: list[Case] = field(default_factory=list)

    def one(self, draw: Draw, model: Any, **where: Any) -> Any:
        """One row, or the first ``HemvistError``-like nothing: None when there is none."""
        rows = self.world.rows(model, **where)
        return rows[draw.below(len(rows))] if rows else None


def helsingborg(points: list[int]) -> Town:
    """Municipal contracts and rent guarantees."""
    world = new_world(pack=PACK, departments={"SOF-VUX": ""})
    world.add(OTHER, Membership(Role.PROPERTY_OFFICER, "FF"))
    town = Town(
        world,
        Registry.discover().get(PACK),
        "caseworker SOF-VUX",
        "manager SOF-VUX",
        "property",
        content(),
    )
    for number, point in enumerate(points):
        programme = (GUARANTEE, MUNICIPAL)[number % 2]
        case = world.case()
        town.cases.append(case)
        if point:
            referral = world.registered(case, programme)
        if point >= 2:
            offer = world.accepted(case, referral)
        if point >= 3:
            more = {"guarantee_months": 12, "told_of_link_on": None} if number % 2 == 0 else {}
            world.contract(offer, **more)
    return town


def goteborg(points: list[int]) -> Town:
    """Housing First: phases, two flats, absence, the takeover after eighteen months."""
    world = housing_first()
    world.add(OTHER, Membership(Role.PROPERTY_OFFICER, "EXF"))
    town = Town(
        world,
        Registry.discover().get(GOTEBORG),
        "caseworker SF-SV",
        "manager SF-SV",
        "coordinator",
        GOTEBORG_CONTENT,
    )
    moved_in = add_months(today(), -19)
    for point in points:
        if not point:
            town.cases.append(opened_in_goteborg(world, moved_in - timedelta(days=90)))
            continue
        case, referral = in_phase_1(world, moved_in)
        town.cases.append(case)
        if point >= 2:
            sign_in_goteborg(world, referral, moved_in)
        if point >= 3:
            answer_in_goteborg(world, case, **MANAGED)
            watch(world, case)
    return town


def vasteras(points: list[int], signed_on: date | None = None) -> Town:
    """The staircase: a training flat, and after a year a lease of one's own with a surety."""
    filled = {
        "household": "Ensamstående vuxen.",
        "home_needed": "Ett rum och kök.",
        "reasons": "Får inte hyra på egen hand.",
        "investigation": "Klarar ett eget boende med stöd.",
        "city_area": "Bäckby",
    }
    walk = Walk.of("vasteras/boendetrappa", "SKV", "FK", "1980", filled)
    walk.world.add(OTHER, Membership(Role.PROPERTY_OFFICER, "FK"))
    town = Town(walk.world, walk.pack, walk.caseworker, "manager SKV", "property", filled)
    signed_on = signed_on or add_months(today(), -14)
    for point in points:
        case = walk.opened(
            signed_on - timedelta(days=60),
            homeless=True,
            cannot_get_flat_ordinarily=True,
            needs_support_and_follow_up=True,
            newly_arrived_refugee=False,
            former_misuse=True,
            problems_bar_tenancy=False,
        )
        town.cases.append(case)
        if point:
            offer = walk.taken(case, "training_flat", signed_on)
        if point >= 2:
            walk.sign(offer, signed_on, went_on_because=REASON)
        if point >= 3:
            walk.answer(case, had_disturbances=False, had_payment_failures=False)
            watch(walk.world, case)
    return town


TOWNS: tuple[Callable[[list[int]], Town], ...] = (helsingborg, goteborg, vasteras)


def watch(world: World, case: Case) -> None:
    """What the worker does after a contract was signed."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")


@dataclass(frozen=True)
class Act:
    """Who does what, with which words."""

    who: str
    verb: Callable[..., Any]
    words: dict[str, Any]

    def on(self, town: Town) -> Any:
        """Done in a transaction of its own."""
        return town.world.act(self.who, self.verb, **self.words)


Maker = Callable[[Town, Draw, date], Act | None]
ACTS: dict[str, Maker] = {}


def act(maker: Maker) -> Maker:
    """Register a way to make an act; it gives None where there is nothing to act on."""
    ACTS[maker.__name__] = maker
    return maker


def _stale(draw: Draw, row: Any) -> int:
    """Its version; one time in twelve a version that somebody else has moved on from."""
    return int(row.version) - (draw.below(12) == 0)


def _programme(town: Town, draw: Draw) -> str:
    names = sorted(town.pack.programmes)
    return names[draw.below(len(names))]


# -- decisions -------------------------------------------------------------------------------------


@act
def propose(town: Town, draw: Draw, day: date) -> Act | None:
    case = draw.of(*town.cases)
    kind = draw.of(SUPPORT, HOUSING, HOUSING, "extension", "change", "end", "support_measure")
    known = town.one(draw, Decision, case_id=case.id, state="decided")
    words: dict[str, Any] = {
        "case_id": case.id,
        "programme": town.world.again(case).programme or _programme(town, draw),
        "kind": kind,
        "outcome": draw.of("granted", "granted", "granted", "refused"),
        "legal_basis": ["sol_2025_11_1" if day >= date(2025, 7, 1) else "sol_2001_4_1"],
        "motivation": REASON,
        "departure_reason": REASON,
        "valid_until": draw.of(None, None, day + timedelta(days=draw.below(500))),
        "on": day,
    }
    if kind in ("extension", "change", "end") and known is not None:
        words |= {"alters_id": known.id, "alter_ground": draw.of("need_ceased", "own_request", "")}
        words["told_on"] = draw.of(day, None)
    return Act(town.caseworker, decisions.propose, words)


@act
def decide(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision, state="proposed")
    if row is None:
        return None
    words = {"decision_id": row.id, "expected_version": _stale(draw, row), "on": day}
    return Act(
        draw.of(town.manager, town.manager, town.caseworker),
        decisions.decide,
        words | {"board_minute": "SN 2026-01-20 § 4"},
    )


@act
def send_back(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision)
    if row is None:
        return None
    words = {"decision_id": row.id, "reason": REASON, "expected_version": _stale(draw, row)}
    return Act(town.manager, decisions.return_proposal, words | {"on": day})


@act
def notify(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision, state="decided")
    if row is None:
        return None
    words = {"decision_id": row.id, "how": "letter", "expected_version": _stale(draw, row)}
    return Act(town.caseworker, notifying.notify, words | {"notified_on": day})


@act
def appeal(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision, state="decided")
    if row is None:
        return None
    words = {"decision_id": row.id, "how": "letter", "asks": "Vill ha.", "received_on": day}
    return Act(town.caseworker, appeals.receive, words)


@act
def handle_appeal(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Appeal)
    if row is None:
        return None
    verb, more = draw.of(
        (appeals.judge_timeliness, {}),
        (appeals.judge_timeliness, {"dismissal_reason": REASON}),
        (appeals.reconsider, {"result": "unchanged", "reason": REASON}),
        (appeals.forward, {"court": "Förvaltningsrätten i Malmö"}),
        (appeals.settle, {"outcome": draw.of("rejected", "granted"), "court_number": "1-26"}),
        (appeals.withdraw, {}),
    )
    words = {"appeal_id": row.id, "expected_version": _stale(draw, row), "on": day, **more}
    return Act(draw.of(town.manager, town.caseworker), verb, words)


# -- referrals and offers --------------------------------------------------------------------------


@act
def draft(town: Town, draw: Draw, day: date) -> Act | None:
    case = draw.of(*town.cases)
    programme = town.world.again(case).programme or _programme(town, draw)
    words = {"case_id": case.id, "programme": programme, "content": town.content, "on": day}
    return Act(town.caseworker, referrals.draft, words)


@act
def send_referral(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Referral, state="draft") or town.one(draw, Referral)
    if row is None:
        return None
    words: dict[str, Any] = {"referral_id": row.id, "expected_version": _stale(draw, row)}
    case = next(one for one in town.cases if one.id == row.case_id)
    applicant = {"person_id": town.world.applicant(case), "signed_on": day}
    who, verb, more = draw.of(
        (
            town.caseworker,
            referrals.revise,
            {"content": town.content, "told_one_offer_on": day, "on": day},
        ),
        (town.caseworker, signing.record_resident_signature, applicant),
        (town.manager, signing.sign_as_manager, {"signed_on": day}),
        (town.caseworker, referrals.submit, {"on": day}),
        (town.caseworker, referrals.submit, {"on": day}),
    )
    return Act(who, verb, {**words, **more})


@act
def take_referral(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Referral, state="submitted") or town.one(draw, Referral)
    if row is None:
        return None
    words: dict[str, Any] = {"referral_id": row.id, "expected_version": _stale(draw, row)}
    who, verb, more = draw.of(
        (town.matcher, referrals.register, {}),
        (town.matcher, referrals.register, {}),
        (town.matcher, referrals.return_for_completion, {"request": REASON}),
        (town.caseworker, referrals.withdraw, {"reason": REASON}),
        (town.caseworker, referrals.extend, {"content": town.content}),
    )
    return Act(who, verb, {**words, **more, "on": day})


@act
def offer(town: Town, draw: Draw, day: date) -> Act | None:
    referral = town.one(draw, Referral, state="registered") or town.one(draw, Referral)
    unit = town.one(draw, Unit, state="vacant") if draw.below(5) else town.one(draw, Unit)
    if referral is None or unit is None:
        return None
    words = {"referral_id": referral.id, "unit_id": unit.id, "on": day}
    return Act(town.matcher, offers.make, words | {"answer_by": day + timedelta(days=30)})


@act
def answer_offer(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Offer, state="made") if draw.below(6) else town.one(draw, Offer)
    if row is None:
        return None
    referral = town.world.rows(Referral, id=row.referral_id)[0]
    rules = town.pack.programme(referral.programme).offers
    codes = [] if rules is None else [one.id for one in rules.decline_reasons]
    code = codes[draw.below(len(codes))] if codes else "x"
    who, verb, more = draw.of(
        (town.caseworker, offers.accept, {}),
        (town.caseworker, offers.accept, {}),
        (town.caseworker, offers.decline, {"code": code, "reason": REASON}),
        (town.matcher, offers.withdraw, {"reason": REASON}),
    )
    words = {"offer_id": row.id, "expected_version": _stale(draw, row), "on": day, **more}
    return Act(who, verb, words)


# -- contracts -------------------------------------------------------------------------------------


@act
def sign(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Offer, state="accepted")
    if row is None:
        return None
    words: dict[str, Any] = {
        "offer_id": row.id,
        "signed_on": day,
        "starts_on": day + timedelta(days=draw.below(9)),
        "told_of_link_on": day,
        "owner_notified_on": day,
        "went_on_because": REASON,
        "guarantee_months": draw.of(None, 12),
    }
    if town.pack.name == GOTEBORG:
        words |= {"terms": {"informed_of_duties": True}, "waiver": WAIVER}
    return Act("property", guarantees.sign_contract, words)


@act
def give_notice(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract)
    if row is None:
        return None
    landlord = {"ground": draw.of("misconduct", "other"), "board_told_on": day}
    words = {
        "contract_id": row.id,
        "expected_version": _stale(draw, row),
        "given_on": day,
        "went_on_because": REASON,
        **draw.of({"given_by": "tenant"}, {"given_by": "landlord", "details": landlord}),
    }
    return Act("property", ending.notice, words)


@act
def end_contract(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract)
    if row is None:
        return None
    words = {
        "contract_id": row.id,
        "expected_version": _stale(draw, row),
        "reason": draw.of("notice", "agreement", "term_over", "evicted", "never_began"),
        "ended_on": day,
        "unit_becomes": draw.of(None, "vacant", "returned"),
    }
    return Act("property", ending.end, words)


@act
def change_rent(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract)
    if row is None:
        return None
    words = {
        "contract_id": row.id,
        "expected_version": _stale(draw, row),
        "valid_from": day + timedelta(days=draw.below(60)),
        "rent_ore": draw.of(0, 600_000, -1),
        "reason": "Årlig höjning.",
        "told_on": day,
    }
    return Act("property", rents.change_rent, words)


@act
def move_keys(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract)
    if row is None:
        return None
    words = {
        "contract_id": row.id,
        "move": draw.of("handed_out", "returned", "lost"),
        "key_kind": draw.of("flat", "spare"),
        "holder": draw.of("tenant", "support"),
        "quantity": 1 + draw.below(2),
        "moved_on": day,
        "terms": draw.of("", "Bara i nöd."),
        "terms_agreed_on": draw.of(None, day),
    }
    return Act("property", keys.move_keys, words)


# -- takeovers -------------------------------------------------------------------------------------


@act
def be_away(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract)
    if row is None:
        return None
    words = {
        "contract_id": row.id,
        "began_on": day,
        "ended_on": draw.of(None, day + timedelta(days=draw.below(50))),
        "reason": "hospital",
    }
    return Act("property", absences.record_absence, words)


@act
def come_back(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Absence)
    if row is None:
        return None
    words = {"absence_id": row.id, "expected_version": _stale(draw, row), "ended_on": day}
    return Act("property", absences.end_absence, words)


@act
def handle_takeover(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Takeover)
    if row is None:
        return None
    verb, more = draw.of(
        (takeovers.request, {"on": day}),
        (takeovers.request, {"on": day}),
        (takeovers.answer, {"agrees": draw.below(2) == 0, "reason": REASON, "on": day}),
        (takeovers.answer, {"agrees": True, "on": day}),
        (takeovers.apply_to_tribunal, {"on": day}),
        (takeovers.tribunal_decided, {"leave": draw.below(2) == 0, "number": "1-26", "on": day}),
        (takeovers.postpone, {"until": today() + timedelta(days=20), "because": REASON}),
    )
    words = {"takeover_id": row.id, "expected_version": _stale(draw, row), **more}
    return Act("property", verb, words)


@act
def carry_out(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Takeover)
    if row is None:
        return None
    told = ["open_support_told"] if town.pack.name == GOTEBORG else []
    words = {
        "takeover_id": row.id,
        "expected_version": _stale(draw, row),
        "on": day,
        "parties": ["landlord", "resident"],
        "told": told,
    }
    return Act("property", carrying.carry_out, words)


# -- guarantees ------------------------------------------------------------------------------------


@act
def issue(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract)
    if row is None:
        return None
    words = {
        "contract_id": row.id,
        "programme": _programme(town, draw),
        "months": draw.of(12, 24, 7),
        "cap_ore": draw.of(None, 100_000),
        "issued_on": day,
        "went_on_because": REASON,
    }
    return Act("property", guarantees.issue_guarantee, words)


@act
def claim(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Guarantee)
    if row is None:
        return None
    first = row.starts_on + timedelta(days=draw.below(30))
    words = {
        "guarantee_id": row.id,
        "kind": "rent",
        "amount_ore": draw.of(1, 550_000, row.cap_ore, row.cap_ore + 1),
        "period_from": first,
        "period_to": first + timedelta(days=29),
        "documents": [STATEMENT],
        "received_on": day,
    }
    return Act("property", claims.register_claim, words)


@act
def handle_claim(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, GuaranteeClaim)
    if row is None:
        return None
    words = {"claim_id": row.id, "expected_version": _stale(draw, row), "on": day}
    if row.state == "received" or draw.below(5) == 0:
        words |= {"outcome": "approved", "approved_ore": row.amount_ore, "motivation": REASON}
        return Act(OTHER, claims.decide_claim, words)
    return Act("property", claims.pay_claim, words | {"amount_ore": draw.of(1, row.amount_ore)})


@act
def ask_back(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Guarantee)
    if row is None:
        return None
    amount = max(1, row.paid_ore - row.demanded_ore) - draw.below(2)
    words = {
        "guarantee_id": row.id,
        "amount_ore": amount,
        "instalments": [{"due_on": day + timedelta(days=30), "amount_ore": amount}],
        "expected_version": _stale(draw, row),
        "on": day,
    }
    return Act("property", recourse.demand_recourse, words)


@act
def handle_recourse(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, GuaranteeRecourse)
    if row is None:
        return None
    words = {"recourse_id": row.id, "expected_version": _stale(draw, row), "on": day}
    words["amount_ore"] = draw.of(1, row.amount_ore)
    if draw.below(2):
        return Act("property", recourse.record_recourse_payment, words)
    return Act("property", recourse.propose_write_off, words | {"reason": REASON})


@act
def write_off(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, GuaranteeWriteOff)
    if row is None:
        return None
    words = {
        "write_off_id": row.id,
        "outcome": draw.of("granted", "refused"),
        "motivation": REASON,
        "expected_version": _stale(draw, row),
        "on": day,
    }
    return Act(draw.of(OTHER, "property"), recourse.decide_write_off, words)


@act
def end_guarantee(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Guarantee)
    if row is None:
        return None
    words: dict[str, Any] = {
        "guarantee_id": row.id,
        "motivation": REASON,
        "expected_version": _stale(draw, row),
        "on": day,
    }
    if draw.below(4) == 0:
        return Act("property", guarantee_ending.give_guarantor_notice, words)
    words |= {"reason": draw.of("dialogue", "expired", "notice", "contract_ended")}
    words |= {"dialogue_on": day, "parties": ["landlord", "property"]}
    words["told"] = ["referrer_told_guarantee_ended"] if town.pack.name == PACK else []
    return Act("property", guarantee_ending.end_guarantee, words)


# -- the case --------------------------------------------------------------------------------------


@act
def milestone(town: Town, draw: Draw, day: date) -> Act | None:
    case = town.world.again(draw.of(*town.cases))
    programme = town.pack.programme(case.programme or _programme(town, draw))
    if not programme.milestones:
        return None
    chosen = programme.milestones[draw.below(len(programme.milestones))]
    words = {
        "case_id": case.id,
        "milestone": chosen.id,
        "programme": programme.id,
        "parties": chosen.by[:1],
        "happened_on": day,
        "notice": {"given_by": "tenant"} if chosen.event == "notice_given" else None,
    }
    verb = draw.of(milestones.record_milestone, carrying.record_milestone_or_takeover)
    return Act(draw.of(town.caseworker, "property"), verb, words)


@act
def close(town: Town, draw: Draw, day: date) -> Act | None:
    case = town.world.again(draw.of(*town.cases))
    if draw.below(3):
        return None
    words = {"case_id": case.id, "reason": "own_lease", "expected_version": _stale(draw, case)}
    return Act(town.caseworker, closing.close, words | {"on": day})


def tried(town: Town, chosen: Act) -> HemvistError | None:
    """The refusal of an act, or None when it was done. Any other exception is a defect."""
    try:
        chosen.on(town)
    except HemvistError as refused:
        return refused
    return None
