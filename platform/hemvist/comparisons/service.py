"""Taking part in a comparison: one person proposes it, another agrees, either ends it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from hemvist import audit, outbox
from hemvist.clock import now
from hemvist.comparisons.definitions import Comparison, comparisons
from hemvist.comparisons.events import JOINED, LEFT
from hemvist.comparisons.models import ComparedFigure, IndicatorSharing
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Action, Actor, allows, require
from hemvist.tenancy import TenantSession

MAX_CODE = 40


def may_see(actor: Actor) -> bool:
    """Whether the actor sees what the kommun takes part in, and what it is shown there."""
    return any(
        allows(actor, action)
        for action in (Action.FIGURES_READ, Action.SHARING_PROPOSE, Action.SHARING_AGREE)
    )


def under_way(session: TenantSession, comparison: str) -> IndicatorSharing | None:
    """The kommun's part in a comparison, proposed or open; None if there is none."""
    return session.scalar(
        select(IndicatorSharing).where(
            IndicatorSharing.comparison == comparison, IndicatorSharing.state != "ended"
        )
    )


def propose(session: TenantSession, actor: Actor, *, comparison: str) -> IndicatorSharing:
    """Propose that the kommun takes part in a comparison, for somebody else to agree to.

    Nothing is given by it. Raises ``NotAllowed``; ``ValidationFailed`` (comparison); ``Conflict``
    when it takes part already, or somebody has proposed it.
    """
    require(actor, Action.SHARING_PROPOSE)
    found = _known(comparison)
    if under_way(session, comparison) is not None:
        raise Conflict("sharing_under_way", "it is proposed already, or the kommun takes part")
    assert actor.principal_id is not None
    sharing = session.save(
        IndicatorSharing(
            comparison=found.code,
            comparison_version=found.version,
            state="proposed",
            proposed_by=actor.principal_id,
            proposed_at=now(),
            members=[],
        )
    )
    _audit(session, actor, sharing, Action.SHARING_PROPOSE)
    return sharing


def agree(
    session: TenantSession, actor: Actor, *, indicator_sharing_id: UUID, expected_version: int
) -> IndicatorSharing:
    """Agree to what another person has proposed: the kommun's figures are given from now on.

    Raises ``NotFound``; ``NotAllowed``, also of who proposed it; ``Conflict`` when it does not wait
    for agreement, was changed, or is of a list of indicators that is another one now.
    """
    sharing = _sharing(session, actor, indicator_sharing_id)
    require(actor, Action.SHARING_AGREE, not_by=[sharing.proposed_by])
    session.change(sharing, expected_version)
    if sharing.state != "proposed":
        raise Conflict(
            "sharing_not_proposed", "it does not wait for agreement", state=sharing.state
        )
    if not current(sharing):
        raise Conflict("comparison_changed", "it is of other indicators now: propose it anew")
    sharing.state, sharing.agreed_by, sharing.agreed_at = "open", actor.principal_id, now()
    session.flush()
    _audit(session, actor, sharing, Action.SHARING_AGREE)
    outbox.emit(session, JOINED, _told(sharing))
    return sharing


def leave(
    session: TenantSession, actor: Actor, *, indicator_sharing_id: UUID, expected_version: int
) -> IndicatorSharing:
    """End the kommun's part in a comparison, or take the proposal back. One person's word is enough.

    What it was shown goes in the same act; the worker takes its own figures back from the others.
    Raises ``NotFound``, ``NotAllowed``; ``Conflict`` when it has ended or was changed.
    """
    sharing = _sharing(session, actor, indicator_sharing_id)
    if not allows(actor, Action.SHARING_PROPOSE):
        require(actor, Action.SHARING_AGREE)
    session.change(sharing, expected_version)
    if sharing.state == "ended":
        raise Conflict("sharing_ended", "it has ended")
    was_open = sharing.state == "open"
    sharing.state, sharing.ended_by, sharing.ended_at = "ended", actor.principal_id, now()
    sharing.members = []
    session.flush()
    session.execute(delete(ComparedFigure).where(ComparedFigure.sharing_id == sharing.id))
    _audit(session, actor, sharing, "sharing.end")
    if was_open:
        outbox.emit(session, LEFT, _told(sharing))
    return sharing


def current(sharing: IndicatorSharing) -> bool:
    """Whether what was proposed or agreed on is what the comparison says today."""
    known = comparisons().get(sharing.comparison)
    return known is not None and known.version == sharing.comparison_version


def _sharing(session: TenantSession, actor: Actor, sharing_id: UUID) -> IndicatorSharing:
    sharing = session.find(IndicatorSharing, sharing_id)
    if not may_see(actor):
        # Others are not even told that there is one.
        raise NotFound("IndicatorSharing")
    return sharing


def _known(comparison: str) -> Comparison:
    found = comparisons().get(comparison)
    if found is None:
        raise ValidationFailed.one(
            "comparison", "unknown_choice", "unknown comparison", allowed=sorted(comparisons())
        )
    return found


def _told(sharing: IndicatorSharing) -> dict[str, object]:
    return {"comparison": sharing.comparison, "sharing_id": sharing.id}


def _audit(session: TenantSession, actor: Actor, sharing: IndicatorSharing, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="indicator_sharing",
        subject_id=sharing.id,
        details={"comparison": sharing.comparison},
    )
