"""What a person adds to a tenancy: that the tenant called, whose case it is, whether children live there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist import audit
from hemvist.arrears.access import account_for, require_case
from hemvist.arrears.importing import REGISTERED
from hemvist.arrears.models import RentAccount
from hemvist.cases.checks import effective_day
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession


def note_call(
    session: TenantSession,
    actor: Actor,
    *,
    account_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> RentAccount:
    """Note that the tenant got in touch about the rent: a round need not knock (NYN-26).

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    account = account_for(session, actor, account_id)
    day = effective_day(on)
    session.change(account, expected_version)
    account.called_on = max(day, account.called_on or day)
    session.flush()
    _log(session, actor, account, "arrears.call")
    return account


def tell_children(
    session: TenantSession,
    actor: Actor,
    *,
    account_id: UUID,
    children: bool,
    expected_version: int,
) -> RentAccount:
    """Say whether children under 18 live in the home, as it was found out. Raises as ``note_call``."""
    account = account_for(session, actor, account_id)
    session.change(account, expected_version)
    account.children = "yes" if children else "no"
    session.flush()
    _log(session, actor, account, "arrears.children")
    return account


def link_case(
    session: TenantSession,
    actor: Actor,
    *,
    account_id: UUID,
    case_id: UUID,
    expected_version: int,
) -> RentAccount:
    """Say that the tenancy is of the household of a case, which then knows what is owed.

    Raises ``Conflict`` where it belongs to another case already, ``NotFound``, ``NotAllowed``.
    """
    account = account_for(session, actor, account_id)
    case = require_case(session, actor, case_id, Action.ARREARS_HANDLE)
    session.change(account, expected_version)
    if account.case_id is not None and account.case_id != case.id:
        raise Conflict("other_case", "the tenancy belongs to another case")
    if account.case_id == case.id:
        raise ValidationFailed.one("caseId", "linked_already", "it belongs to the case already")
    account.case_id = case.id
    account.household_id = case.household_id
    session.flush()
    if account.balance_ore:
        tell_case(session, actor, account, case, REGISTERED, effective_day(None))
    else:
        _log(session, actor, account, "arrears.link", case.id)
    return account


def case_of(session: TenantSession, account: RentAccount) -> Case | None:
    """The open case of the tenancy's household, or None."""
    if account.case_id is None:
        return None
    case = session.find(Case, account.case_id)
    return case if case.state == "open" else None


def tell_case(
    session: TenantSession,
    actor: Actor,
    account: RentAccount,
    case: Case | None,
    kind: str,
    on: date,
    *,
    action: str = Action.ARREARS_HANDLE,
    subject: tuple[str, UUID] | None = None,
) -> None:
    """A line in the case's timeline; without a case the act is in the log alone."""
    subject_type, subject_id = subject or ("rent_account", account.id)
    if case is None:
        audit.record(
            session,
            actor,
            action,
            subject_type=subject_type,
            subject_id=subject_id,
            details={"event": kind, "department": account.department},
        )
        return
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
    )


def _log(
    session: TenantSession,
    actor: Actor,
    account: RentAccount,
    action: str,
    case_id: UUID | None = None,
) -> None:
    audit.record(
        session,
        actor,
        action,
        case_id=case_id,
        subject_type="rent_account",
        subject_id=account.id,
        details={"department": account.department},
    )
