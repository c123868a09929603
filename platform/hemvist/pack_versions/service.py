"""The life of a version: checked, submitted, approved by another, in force, frozen, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import now, today
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.pack_versions import library
from hemvist.pack_versions.access import version_for
from hemvist.pack_versions.checking import check_files
from hemvist.pack_versions.drafting import files_of_known, known_version
from hemvist.pack_versions.events import PREPARING, Step
from hemvist.pack_versions.journal import move, record
from hemvist.pack_versions.library import files_of
from hemvist.pack_versions.models import OPEN, PackVersion, PackVersionEvent
from hemvist.policy import PolicyError
from hemvist.tenancy import TenantSession

MAX_REASON = 2_000


class Examined(NamedTuple):
    """What a version holds and is based on, to be examined when no transaction waits for it."""

    files: Mapping[str, str]
    base: Mapping[str, str] | None
    based_on: str

    def report(self) -> dict[str, Any]:
        """Does it load, do its cases hold, what does it change.

        Runs in a program of its own within a bounded time, which may be many seconds.
        """
        return {**check_files(self.files, self.base), "base": self.based_on}


def to_examine(
    session: TenantSession, actor: Actor, *, pack_version_id: UUID, expected_version: int
) -> Examined:
    """What ``check`` examines. Raises as ``check``."""
    version = version_for(session, actor, pack_version_id, Action.POLICY_CHANGE)
    session.require_version(version, expected_version)
    _require_open(version)
    known = known_version(session, version.pack, version.based_on)
    try:
        base = files_of_known(session, known) if known is not None else None
    except PolicyError:
        base = None
    return Examined(files_of(session, version.id), base, version.based_on)


def check(
    session: TenantSession,
    actor: Actor,
    *,
    pack_version_id: UUID,
    expected_version: int,
    report: Mapping[str, Any] | None = None,
) -> PackVersion:
    """Keep a version's report, ``report`` or one that is made now.

    A version that has changed since it was examined has another number. One that passed is
    ``checked``, and stays so until a file changes. Raises ``NotFound``, ``NotAllowed``, ``Conflict``.
    """
    if report is None:
        report = to_examine(
            *(session, actor),
            pack_version_id=pack_version_id,
            expected_version=expected_version,
        ).report()
    version = version_for(session, actor, pack_version_id, Action.POLICY_CHANGE)
    session.change(version, expected_version)
    _require_open(version)
    found = dict(report)
    passed = found["passed"]
    version.check_result = found
    version.checked_hash = version.content_hash
    version.checked_at = now()
    if version.state == "rejected":
        move(version, "draft")
    if passed and version.state == "draft":
        move(version, "checked")
    elif not passed and version.state == "checked":
        move(version, "draft")
    record(
        session,
        actor,
        version,
        Step.PASSED if passed else Step.FAILED,
        action=Action.POLICY_CHANGE,
        data={"problems": len(found["problems"]), "changes": len(found["changes"])},
    )
    return version


def _require_open(version: PackVersion) -> None:
    if version.state not in OPEN:
        raise Conflict("version_closed", "what has been submitted is not checked again")


def submit(
    session: TenantSession, actor: Actor, *, pack_version_id: UUID, expected_version: int
) -> PackVersion:
    """Send a checked version for approval. Nothing in it changes any more.

    Raises ``PolicyRefused`` for one that has not passed the check as it stands, and as ``check``.
    """
    version = version_for(session, actor, pack_version_id, Action.POLICY_CHANGE)
    session.change(version, expected_version)
    _require_checked(version)
    _require_day_to_come(version)
    move(version, "submitted")
    version.submitted_by = actor.principal_id
    version.submitted_at = now()
    record(session, actor, version, Step.SUBMITTED, action=Action.POLICY_CHANGE)
    return version


def approve(
    session: TenantSession, actor: Actor, *, pack_version_id: UUID, expected_version: int
) -> PackVersion:
    """Approve a submitted version; nobody who has written in it may. In force on its day.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict`` when its day has passed or its number has
    meanwhile come with the platform.
    """
    version = _for_deciding(session, actor, pack_version_id)
    session.change(version, expected_version)
    _require_day_to_come(version)
    _require_checked(version)
    taken = {pack.version for pack in library.installed().packs() if pack.name == version.pack}
    if version.number in taken:
        raise Conflict(
            "version_taken", "the platform brings a version of that number", number=version.number
        )
    move(version, "approved")
    version.approved_by = actor.principal_id
    version.approved_at = now()
    record(session, actor, version, Step.APPROVED, action=Action.POLICY_APPROVE)
    if version.in_force_from <= today():
        _activate(session, actor, version)
    return version


def reject(
    session: TenantSession,
    actor: Actor,
    *,
    pack_version_id: UUID,
    reason: str,
    expected_version: int,
) -> PackVersion:
    """Send a submitted version back with what is wrong. Raises as ``approve``."""
    version = _for_deciding(session, actor, pack_version_id)
    _require_reason(reason)
    session.change(version, expected_version)
    move(version, "rejected")
    version.reason = reason.strip()
    record(
        session,
        actor,
        version,
        Step.REJECTED,
        action=Action.POLICY_APPROVE,
        reason=version.reason,
    )
    return version


def freeze(
    session: TenantSession,
    actor: Actor,
    *,
    pack_version_id: UUID,
    reason: str,
    expected_version: int,
) -> PackVersion:
    """Pin no new case to a version that is in force, for the time being; the one before it holds.

    An emergency brake: any policy officer may pull it. Raises ``NotFound``, ``NotAllowed``,
    ``Conflict``, ``ValidationFailed``.
    """
    version = version_for(session, actor, pack_version_id, Action.POLICY_CHANGE)
    _require_reason(reason)
    session.change(version, expected_version)
    move(version, "frozen")
    version.reason = reason.strip()
    record(session, actor, version, Step.FROZEN, action=Action.POLICY_CHANGE, reason=version.reason)
    return version


def resume(
    session: TenantSession, actor: Actor, *, pack_version_id: UUID, expected_version: int
) -> PackVersion:
    """Let a frozen version hold again; needs the second person as approval does."""
    version = _for_deciding(session, actor, pack_version_id)
    session.change(version, expected_version)
    if version.state != "frozen":
        raise Conflict("version_state", "the version is not frozen", state=version.state)
    move(version, "active")
    version.reason = ""
    record(session, actor, version, Step.RESUMED, action=Action.POLICY_APPROVE)
    return version


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    pack_version_id: UUID,
    reason: str,
    expected_version: int,
) -> PackVersion:
    """Take a version back for good, with the reason. Cases pinned to it stay pinned, and say so.

    A draft may be thrown away by who may write drafts; what was approved, by who may approve.
    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``ValidationFailed``.
    """
    version = version_for(session, actor, pack_version_id)
    action = Action.POLICY_CHANGE if version.approved_at is None else Action.POLICY_APPROVE
    require(actor, action)
    _require_reason(reason)
    session.change(version, expected_version)
    move(version, "withdrawn")
    version.reason = reason.strip()
    record(session, actor, version, Step.WITHDRAWN, action=action, reason=version.reason)
    return version


def activate_due(session: TenantSession, on: date) -> list[PackVersion]:
    """Let approved versions be in force whose day has come. Called by the worker, again and again."""
    found = session.scalars(
        select(PackVersion)
        .where(PackVersion.state == "approved", PackVersion.in_force_from <= on)
        .order_by(PackVersion.in_force_from, PackVersion.id)
        .with_for_update(skip_locked=True)
    ).all()
    actor = Actor.system(session.tenant_id)
    for version in found:
        version.version += 1
        _activate(session, actor, version)
    return list(found)


def prepared_by(session: TenantSession, version: PackVersion) -> frozenset[UUID]:
    """Everybody who has written in a version or sent it for approval."""
    found = session.scalars(
        select(PackVersionEvent.principal_id).where(
            PackVersionEvent.pack_version_id == version.id,
            PackVersionEvent.kind.in_(PREPARING),
        )
    )
    people: Iterable[UUID | None] = (*found, version.made_by, version.submitted_by)
    return frozenset(person for person in people if person is not None)


def _activate(session: TenantSession, actor: Actor, version: PackVersion) -> None:
    move(version, "active")
    version.activated_at = now()
    record(session, actor, version, Step.ACTIVATED, action="policy.activate")


def _for_deciding(session: TenantSession, actor: Actor, row_id: UUID) -> PackVersion:
    version = version_for(session, actor, row_id, Action.POLICY_APPROVE)
    require(actor, Action.POLICY_APPROVE, not_by=prepared_by(session, version))
    return version


def _require_checked(version: PackVersion) -> None:
    result = version.check_result or {}
    if version.checked_hash != version.content_hash or not result.get("passed"):
        raise PolicyRefused("not_checked", "the version has not passed the check as it stands now")


def _require_day_to_come(version: PackVersion) -> None:
    if version.in_force_from < today():
        raise Conflict(
            "day_passed",
            "the day that it is in force from has passed: choose another",
            day=str(version.in_force_from),
        )


def _require_reason(reason: str) -> None:
    text = reason.strip()
    if not text or len(text) > MAX_REASON:
        rule = "too_long" if text else "required"
        raise ValidationFailed(
            [Problem("reason", rule, "must be filled in", {"limit": MAX_REASON})]
        )
