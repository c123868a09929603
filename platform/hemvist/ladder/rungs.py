"""The ladder as it stands: what has been done, what comes next, what is missing and by which source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from hemvist.cases.journal import happened
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.models import Contract
from hemvist.ladder.access import rules_of
from hemvist.ladder.facts import (
    board_told_on,
    demanded_on,
    first_day,
    law_of_notice,
    notice_details,
    said_by,
    steps_of,
)
from hemvist.ladder.models import Eviction, JointMeeting, Ladder, LadderStep
from hemvist.ladder.words import CITES, LABELS, RECORD
from hemvist.policy import Label, Outcome
from hemvist.policy.ladder import LADDER_STEPS
from hemvist.policy.ladder import LadderStep as StepRules
from hemvist.tenancy import TenantSession

#: ``now``: called for, and nothing is missing. ``missing``: called for or possible, but something is
#: missing. ``may``: lawful, a person chooses. ``waits``: somebody else's day has to come. ``later``: an
#: earlier step comes first. ``off``: not called for.
STATES = ("done", "now", "missing", "may", "waits", "later", "off")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which the step is not lawful or not by the guideline.

    ``source`` is law, guideline or record; ``rule`` its rule, if it has one; ``asks`` the questions that
    would settle it.
    """

    code: str
    label: Label
    cite: tuple[str, ...]
    source: str
    asks: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder and how it stands."""

    code: str
    label: Label
    cite: tuple[str, ...]
    state: str
    on: date | None = None
    missing: tuple[Missing, ...] = ()
    by: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    #: Rules of the guideline that the step needs or is called for by, for answering their questions.
    rules: tuple[str, ...] = ()


@dataclass(slots=True)
class _Standing:
    """What the rungs are told from."""

    session: TenantSession
    case: Case
    ladder: Ladder
    on: date
    steps: list[LadderStep]
    contract: Contract | None
    meetings: list[JointMeeting]
    evictions: list[Eviction]
    states: dict[str, str] = field(default_factory=dict)

    def day(self, *kinds: str) -> date | None:
        """The first day of a step of one of the kinds."""
        return first_day(self.steps, *kinds)

    def said(self, rule: str | None) -> Outcome | None:
        """What a rule of the guideline says; None without a rule."""
        return None if rule is None else said_by(self.session, self.case, rule, self.on).outcome


def rungs_of(session: TenantSession, case: Case, ladder: Ladder, on: date) -> tuple[Rung, ...]:
    """Every step of the ladder on a day, in order."""
    standing = _Standing(
        session,
        case,
        ladder,
        on,
        steps_of(session, ladder),
        None if ladder.contract_id is None else session.find(Contract, ladder.contract_id),
        list(session.scalars(select(JointMeeting).where(JointMeeting.ladder_id == ladder.id))),
        list(session.scalars(select(Eviction).where(Eviction.ladder_id == ladder.id))),
    )
    return tuple(_rung(standing, code) for code in LADDER_STEPS)


def next_of(rungs: Sequence[Rung]) -> Rung | None:
    """The step that is to be taken now: the first that is called for, else the first that lacks
    something. None where nothing is called for."""
    for state in ("now", "missing"):
        for rung in rungs:
            if rung.state == state and not (state == "missing" and rung.code == "notice"):
                return rung
    return None


def _rung(told: _Standing, code: str) -> Rung:
    rules = rules_of(told.case, code)
    state, on, missing = _FOUND[code](told, rules)
    # A ladder that has ended asks for nothing but the decision on another home.
    asks = told.ladder.state == "open" or (code == "new_offer" and told.ladder.state == "moved_out")
    if not asks and state not in ("done", "waits"):
        state, missing = "off", []
    told.states[code] = state
    law = CITES.get(code, ())
    return Rung(
        code,
        LABELS[code] if rules is None else rules.label,
        (*(() if rules is None else rules.cite), *law),
        state,
        on,
        tuple(missing),
        () if rules is None else rules.by,
        () if rules is None else rules.ways,
        () if rules is None else rules.copies,
        ()
        if rules is None
        else (*rules.needs, *(() if rules.called_for is None else (rules.called_for,))),
    )


_Found = tuple[str, date | None, list[Missing]]


def _talk(told: _Standing, rules: StepRules | None) -> _Found:
    done = told.day("talk")
    if done is not None:
        return "done", done, []
    called = told.said(None if rules is None else rules.called_for)
    now = called is Outcome.TRUE or (called is None and told.ladder.severity == "minor")
    return "now" if now else "may", None, []


def _demand(told: _Standing, rules: StepRules | None) -> _Found:
    done = demanded_on(told.steps)
    if done is not None:
        return "done", done, []
    called = told.said(None if rules is None else rules.called_for)
    if called is Outcome.FALSE or (called is not Outcome.TRUE and told.ladder.severity == "minor"):
        return "off", None, []
    if told.contract is None:
        return "waits", None, []
    missing = _needs(told, rules)
    return "missing" if missing else "now", None, missing


def _board(told: _Standing, rules: StepRules | None) -> _Found:
    done = board_told_on(told.steps)
    if done is not None:
        return "done", done, []
    if told.ladder.ground == "arrears" or told.states["demand"] == "off":
        # For arrears the board is told by a copy of the notice (JB 12:44).
        return "off", None, []
    if told.contract is None:
        return "waits", None, []
    return "now" if told.states["demand"] == "done" else "later", None, []


def _meeting(told: _Standing, rules: StepRules | None) -> _Found:
    held = [one.held_on for one in told.meetings if one.held_on is not None]
    if held:
        return "done", max(held), []
    coming = next((one for one in told.meetings if one.state == "called"), None)
    if coming is not None:
        # The day has come, or has passed: who came is to be written down.
        return "now" if coming.meets_on <= told.on else "waits", coming.meets_on, []
    called = told.said(None if rules is None else rules.called_for)
    if called is None and told.ladder.severity == "especially_serious":
        called = Outcome.TRUE
    return "now" if called is Outcome.TRUE else "may", None, []


def _plan(told: _Standing, rules: StepRules | None) -> _Found:
    done = told.day("plan")
    if done is not None:
        return "done", done, []
    state = {"done": "now", "now": "later", "waits": "later"}.get(told.states["meeting"], "may")
    return state, None, []


def _notice(told: _Standing, rules: StepRules | None) -> _Found:
    given = _given(told)
    if given is not None:
        return "done", given, []
    if told.contract is None:
        return "waits", None, []
    missing = [*_unlawful(told), *_needs(told, rules)]
    return "missing" if missing else "may", None, missing


def _eviction(told: _Standing, rules: StepRules | None) -> _Found:
    row = next((one for one in told.evictions if one.state != "withdrawn"), None)
    if row is not None and row.state == "carried_out":
        return "done", row.ended_on, []
    if row is not None and row.evicts_on is not None:
        unconfirmed = row.confirmed_at is None
        return (
            "missing" if unconfirmed else "waits",
            row.evicts_on,
            [_record("eviction_not_confirmed")] if unconfirmed else [],
        )
    if row is not None:
        return "waits", row.applied_on, []
    if told.states["notice"] != "done" or told.ladder.state == "moved_out":
        return "later", None, []
    ends = None if told.contract is None else told.contract.notice_ends_on
    if ends is not None and told.on < ends:
        return "later", ends, [_record("notice_running")]
    return "may", None, []


def _move_out(told: _Standing, rules: StepRules | None) -> _Found:
    if told.ladder.state == "moved_out":
        return "done", told.ladder.ended_on, []
    given = _given(told)
    if given is None:
        return "later", None, []
    missing = []
    if rules is not None and told.day("told_of_housing") is None:
        missing.append(_record("not_told_of_housing", rules.cite))
    back = happened(told.session, told.case, "keys_returned")
    if told.contract is not None and (back is None or back.occurred_on < given):
        missing.append(_record("keys_out", () if rules is None else rules.cite))
    return "missing" if missing else "now", None, missing


def _new_offer(told: _Standing, rules: StepRules | None) -> _Found:
    ladder = told.ladder
    if ladder.new_offer is not None:
        return "done", ladder.decided_on, []
    if ladder.state != "moved_out":
        return "later", None, []
    return "now", ladder.proposed_on, _needs(told, rules)


_FOUND = {
    "talk": _talk,
    "demand": _demand,
    "board": _board,
    "meeting": _meeting,
    "plan": _plan,
    "notice": _notice,
    "eviction": _eviction,
    "move_out": _move_out,
    "new_offer": _new_offer,
}


def _given(told: _Standing) -> date | None:
    """The day of the notice that stands, ours or another landlord's."""
    back = [one for one in told.steps if one.kind == "notice_taken_back"]
    after = [
        one
        for one in told.steps
        if one.kind == "notice" and not any(later.id > one.id for later in back)
    ]
    return after[-1].happened_on if after else None


def _needs(told: _Standing, rules: StepRules | None) -> list[Missing]:
    """The guideline's rules that the step needs and that are not true."""
    found: list[Missing] = []
    pack = pack_of(told.case)
    for rule in () if rules is None else rules.needs:
        said = said_by(told.session, told.case, rule, told.on)
        if said.outcome is not Outcome.TRUE:
            asks = tuple(pack.facts[fact].label for fact in said.ask)
            definition = pack.rule(rule)
            found.append(Missing(rule, definition.label, definition.cite, "guideline", asks))
    return found


def _unlawful(told: _Standing) -> list[Missing]:
    """What the law would say of a notice today, but for the day it ends on."""
    assert told.contract is not None
    details = notice_details(told.session, told.ladder)
    return [
        Missing(one.rule, one.message, one.cite, "law", tuple(label for _, label in one.missing))
        for one in law_of_notice(told.case, told.contract, details, told.on)
        if one.stops or one.needs_reason
    ]


def _record(code: str, cite: tuple[str, ...] = ()) -> Missing:
    words, law = RECORD[code]
    return Missing(code, words, (*cite, *law), "record")
