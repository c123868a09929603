"""What was done towards a tenant on a round's list, what it showed, and what came of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist.arrears.access import of_department
from hemvist.arrears.accounts import case_of, tell_case
from hemvist.arrears.models import RentAccount
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.errors import Conflict, Problem, too_long
from hemvist.identity import Action, Actor
from hemvist.policy.campaigns import CONTACTS, Campaign
from hemvist.prevention.models import (
    OUTCOMES,
    PreventionContact,
    PreventionEntry,
    PreventionRun,
)
from hemvist.prevention.runs import campaign_of_run
from hemvist.spreadsheets.values import MOST_ORE
from hemvist.tenancy import TenantSession

MAX_TEXT = 5_000
CONTACTED, ENDED = "prevention_contact_made", "prevention_ended"
SUBJECT = "prevention_entry"
#: Contacts that somebody answers, or does not.
_ANSWERED = ("phone", "visit", "consultant_call", "meeting")


def record_contact(
    session: TenantSession,
    actor: Actor,
    *,
    entry_id: UUID,
    kind: str,
    on: date | None = None,
    reached: bool | None = None,
    cannot_pay: bool | None = None,
    children: bool | None = None,
    children_note: str = "",
    income_ore: int | None = None,
    support_line_ore: int | None = None,
    notes: str = "",
    expected_version: int,
) -> PreventionEntry:
    """Note a letter, call, visit, reference on paper or consultant's call.

    Where the tenant was reached, whether children live there is asked before anything else is done
    with: ``children`` is compulsory until it is known. Where the guideline sends a letter first nobody
    is visited without one. ``income_ore`` and ``support_line_ore`` are monthly and come together
    (SOD-06). Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    entry, account, campaign = _matter(session, actor, entry_id)
    day = effective_day(on, not_before=entry.made_on)
    problems = _check_kind(entry, campaign, kind, reached)
    problems += _check_children(entry, reached, children, children_note)
    problems += _check_economy(income_ore, support_line_ore)
    problems += too_long("notes", notes, MAX_TEXT)
    raise_if(problems)
    session.change(entry, expected_version)
    _require_open(entry)
    _tell_children(session, entry, account, children, children_note)
    if cannot_pay is not None:
        entry.cannot_pay = cannot_pay
    if income_ore is not None:
        entry.income_ore, entry.support_line_ore = income_ore, support_line_ore
    _stamp(entry, kind, day, reached)
    session.flush()
    contact = session.save(
        PreventionContact(
            entry_id=entry.id,
            kind=kind,
            made_on=day,
            reached=reached,
            notes=notes.strip(),
            recorded_by=actor.principal_id,
        )
    )
    _tell(session, actor, account, CONTACTED, day, contact.entry_id)
    return entry


def finish_entry(
    session: TenantSession,
    actor: Actor,
    *,
    entry_id: UUID,
    outcome: str,
    children: bool | None = None,
    children_note: str = "",
    on: date | None = None,
    expected_version: int,
) -> PreventionEntry:
    """Be done with a tenant on the list: what came of it, and what was done for the children.

    Nobody is done with before it is known whether children live there, and where they do, what it
    means for them. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    entry, account, _ = _matter(session, actor, entry_id)
    day = effective_day(on, not_before=entry.made_on)
    problems: list[Problem] = []
    if outcome not in OUTCOMES:
        allowed = {"allowed": list(OUTCOMES)}
        problems.append(Problem("outcome", "unknown_choice", "no such outcome", allowed))
    known = entry.children if children is None else "yes" if children else "no"
    if known == "unknown":
        problems.append(Problem("children", "children_unknown", "find out whether there are any"))
    if known == "yes" and not entry.children_note:
        problems += required_text("childrenNote", children_note, MAX_TEXT)
    problems += too_long("childrenNote", children_note, MAX_TEXT)
    if outcome == "case_opened" and account.case_id is None:
        problems.append(Problem("outcome", "no_case_linked", "say whose case it is first"))
    raise_if(problems)
    session.change(entry, expected_version)
    _require_open(entry)
    _tell_children(session, entry, account, children, children_note)
    entry.state = "done"
    entry.outcome = outcome
    entry.done_on = day
    entry.done_by = actor.principal_id
    session.flush()
    _tell(session, actor, account, ENDED, day, entry.id)
    return entry


def _matter(
    session: TenantSession, actor: Actor, entry_id: UUID
) -> tuple[PreventionEntry, RentAccount, Campaign]:
    entry = of_department(session, actor, PreventionEntry, entry_id, Action.PREVENTION_RUN)
    run = session.find(PreventionRun, entry.run_id)
    return entry, session.find(RentAccount, entry.account_id), campaign_of_run(session, run)


def _require_open(entry: PreventionEntry) -> None:
    if entry.state != "open":
        raise Conflict("entry_done", "it is done with", outcome=entry.outcome)


def _check_kind(
    entry: PreventionEntry, campaign: Campaign, kind: str, reached: bool | None
) -> list[Problem]:
    if kind not in CONTACTS:
        return [Problem("kind", "unknown_choice", "no such contact", {"allowed": list(CONTACTS)})]
    problems: list[Problem] = []
    if kind in _ANSWERED and reached is None:
        problems.append(Problem("reached", "required", "say whether the tenant was reached"))
    if kind == "visit" and entry.letter_on is None and _letter_first(campaign):
        problems.append(Problem("kind", "letter_first", "a letter goes before a visit"))
    return problems


def _letter_first(campaign: Campaign) -> bool:
    order = [step.contact for step in campaign.steps]
    return "letter" in order and "visit" in order and order.index("letter") < order.index("visit")


def _check_children(
    entry: PreventionEntry, reached: bool | None, children: bool | None, note: str
) -> list[Problem]:
    problems = too_long("childrenNote", note, MAX_TEXT)
    if reached and children is None and entry.children == "unknown":
        problems.append(Problem("children", "children_unknown", "ask whether there are any"))
    return problems


def _check_economy(income: int | None, line: int | None) -> list[Problem]:
    problems: list[Problem] = []
    for name, other, amount in (
        ("incomeOre", line, income),
        ("supportLineOre", income, line),
    ):
        if amount is None and other is not None:
            problems.append(Problem(name, "required", "the two are compared"))
        elif amount is not None and not 0 <= amount <= MOST_ORE:
            problems.append(Problem(name, "range", "out of bounds", {"min": 0, "max": MOST_ORE}))
    return problems


def _tell_children(
    session: TenantSession,
    entry: PreventionEntry,
    account: RentAccount,
    children: bool | None,
    note: str,
) -> None:
    if children is not None:
        entry.children = "yes" if children else "no"
        if account.children != entry.children:
            session.lock(account)
            account.children = entry.children
            account.version += 1
    if note.strip():
        entry.children_note = note.strip()


def _stamp(entry: PreventionEntry, kind: str, day: date, reached: bool | None) -> None:
    """The latest of each on the list itself, so that it can be read at a glance."""
    if kind == "letter":
        entry.letter_on = day
    elif kind == "reference":
        entry.reference_on = day
    elif kind == "consultant_call":
        entry.consultant_on = day
    if kind in _ANSWERED:
        entry.contacted_on = day
        entry.reached = bool(reached) or bool(entry.reached)


def _tell(
    session: TenantSession, actor: Actor, account: RentAccount, kind: str, day: date, entry: UUID
) -> None:
    tell_case(
        session,
        actor,
        account,
        case_of(session, account),
        kind,
        day,
        action=Action.PREVENTION_RUN,
        subject=(SUBJECT, entry),
    )
