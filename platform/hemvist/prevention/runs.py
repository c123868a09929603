"""Making a campaign's round from the guideline, sending its letters, closing it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, not_, select

from hemvist import audit
from hemvist.arrears.access import account_protected, of_department, require_department
from hemvist.arrears.models import RentAccount
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.packs import choose_pack, departments_with
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.landlords.models import Landlord
from hemvist.pack_versions import packs_of
from hemvist.policy import Pack, PolicyError
from hemvist.policy.campaigns import Campaign
from hemvist.prevention.choosing import Choice, choose
from hemvist.prevention.models import PreventionContact, PreventionEntry, PreventionRun
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import add_missing

MAX_AREA = 80


def start_run(
    session: TenantSession,
    actor: Actor,
    *,
    campaign: str,
    department: str,
    pack: str | None = None,
    landlord_number: str | None = None,
    area: str = "",
    on: date | None = None,
) -> PreventionRun:
    """Make the list of a campaign's round, as the guideline and the record of arrears say today.

    A monthly round is made once a month for the same owner and area, another once a day. Raises
    ``ValidationFailed``, ``Conflict`` when it is made already, ``NotAllowed``.
    """
    require_department(actor, Action.PREVENTION_RUN, department)
    day = effective_day(on)
    guideline = choose_pack(session, pack, day)
    chosen = campaign_of(guideline, campaign)
    landlord_id = _landlord(session, landlord_number)
    raise_if(_check(guideline, chosen, department, landlord_id, area))
    period = f"{day:%Y-%m}" if chosen.every is not None else str(day)
    scope = f"{landlord_id or ''}/{area.strip().lower()}"
    session.locked_for(session.tenant_id.int % (2**62))
    made = session.scalar(
        select(PreventionRun.id).where(
            PreventionRun.department == department,
            PreventionRun.campaign == campaign,
            PreventionRun.period == period,
            PreventionRun.scope == scope,
        )
    )
    if made is not None:
        raise Conflict("run_made", "the round has been made", period=period)
    found = choose(
        session,
        guideline,
        chosen,
        department=department,
        on=day,
        landlord_id=landlord_id,
        area=area.strip(),
    )
    run = PreventionRun(
        department=department,
        pack=guideline.name,
        pack_version=guideline.version,
        campaign=campaign,
        period=period,
        scope=scope,
        landlord_id=landlord_id,
        area=area.strip(),
        made_on=day,
        made_by=actor.principal_id,
        accounts_seen=found.seen,
        entries_total=len(found.chosen),
        unknown_total=found.unknown,
    )
    session.save(run)
    _write(session, run, found)
    _log(session, actor, run, "prevention.start")
    return run


def mark_letters(
    session: TenantSession,
    actor: Actor,
    *,
    run_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> PreventionRun:
    """Note that the campaign's letter went to everybody on the list who had none (SOD-04).

    Those to be treated as protected are left out: their letter goes by hand, through the tax agency.
    Raises ``ValidationFailed`` where the campaign has no letter or nobody waits for one, ``Conflict``,
    ``NotFound``, ``NotAllowed``.
    """
    run = of_department(session, actor, PreventionRun, run_id, Action.PREVENTION_RUN)
    day = effective_day(on, not_before=run.made_on)
    session.change(run, expected_version)
    _require_open(run)
    if campaign_of_run(session, run).letter is None:
        raise ValidationFailed.one("runId", "no_letter", "the campaign has no letter")
    waiting = list(
        session.scalars(
            select(PreventionEntry)
            .join(
                RentAccount,
                (RentAccount.tenant_id == PreventionEntry.tenant_id)
                & (RentAccount.id == PreventionEntry.account_id),
            )
            .where(
                PreventionEntry.run_id == run.id,
                PreventionEntry.state == "open",
                PreventionEntry.letter_on.is_(None),
                not_(account_protected(today())),
            )
            .with_for_update(of=PreventionEntry)
        )
    )
    if not waiting:
        raise ValidationFailed.one("runId", "nobody_waits", "nobody waits for a letter")
    for entry in waiting:
        entry.letter_on = day
        entry.version += 1
    session.flush()
    add_missing(
        session,
        PreventionContact,
        [
            {
                "entry_id": entry.id,
                "kind": "letter",
                "made_on": day,
                "reached": None,
                "notes": "",
                "recorded_by": actor.principal_id,
            }
            for entry in waiting
        ],
        ("tenant_id", "id"),
    )
    _log(session, actor, run, "prevention.letters")
    return run


def close_run(
    session: TenantSession,
    actor: Actor,
    *,
    run_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> PreventionRun:
    """Close a round in which everybody is done with. Raises ``Conflict`` while somebody is not."""
    run = of_department(session, actor, PreventionRun, run_id, Action.PREVENTION_RUN)
    day = effective_day(on, not_before=run.made_on)
    session.change(run, expected_version)
    _require_open(run)
    left = session.scalar(
        select(func.count())
        .select_from(PreventionEntry)
        .where(PreventionEntry.run_id == run.id, PreventionEntry.state == "open")
    )
    if left:
        raise Conflict("entries_open", "somebody on the list is not done with", left=left)
    run.state = "closed"
    run.closed_on = day
    session.flush()
    _log(session, actor, run, "prevention.close")
    return run


def campaign_of(pack: Pack, id: str) -> Campaign:
    """The campaign of a pack. Raises ``ValidationFailed`` on ``campaign``."""
    try:
        return pack.campaign(id)
    except PolicyError as unknown:
        raise ValidationFailed.one(
            "campaign", "unknown_choice", "not one of the guideline's campaigns"
        ) from unknown


def campaign_of_run(session: TenantSession, run: PreventionRun) -> Campaign:
    """The campaign as the guideline had it when the round was made."""
    return packs_of(session).get(run.pack, run.pack_version).campaign(run.campaign)


def _require_open(run: PreventionRun) -> None:
    if run.state != "open":
        raise Conflict("run_closed", "the round is closed")


def _landlord(session: TenantSession, number: str | None) -> UUID | None:
    if number is None:
        return None
    digits = number.strip().replace("-", "")
    found: UUID | None = session.scalar(
        select(Landlord.id).where(Landlord.organisation_number == digits)
    )
    if found is None:
        raise ValidationFailed.one(
            "landlordOrganisationNumber", "unknown_choice", "no such landlord"
        )
    return found


def _check(
    pack: Pack,
    campaign: Campaign,
    department: str,
    landlord_id: UUID | None,
    area: str,
) -> list[Problem]:
    problems: list[Problem] = []
    theirs = departments_with(pack, campaign.by)
    if department not in theirs:
        allowed = {"allowed": theirs}
        problems.append(Problem("department", "not_their_campaign", "another's campaign", allowed))
    if "landlord" in campaign.held_to and landlord_id is None:
        problems.append(
            Problem("landlordOrganisationNumber", "required", "the round is held to an owner")
        )
    if "area" in campaign.held_to and not area.strip():
        problems.append(Problem("area", "required", "the round is held to an area"))
    if len(area) > MAX_AREA:
        problems.append(Problem("area", "too_long", "too long", {"limit": MAX_AREA}))
    return problems


def _write(session: TenantSession, run: PreventionRun, found: Choice) -> None:
    add_missing(
        session,
        PreventionEntry,
        [
            {
                "department": run.department,
                "run_id": run.id,
                "account_id": one.account.id,
                "made_on": run.made_on,
                "place": place,
                "because": one.because,
                "first": one.first,
                "amount_ore": one.account.balance_ore,
                "area": one.account.area,
                "children": one.account.children,
                "children_note": "",
                "state": "open",
                "version": 1,
            }
            for place, one in enumerate(found.chosen, 1)
        ],
        ("tenant_id", "run_id", "account_id"),
    )


def _log(session: TenantSession, actor: Actor, run: PreventionRun, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="prevention_run",
        subject_id=run.id,
        details={"department": run.department, "campaign": run.campaign, "period": run.period},
    )
