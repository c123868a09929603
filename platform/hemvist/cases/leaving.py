"""Support for somebody who has been given notice, until the keys are in (GBG-119)."""

from __future__ import annotations

from datetime import date

from hemvist.cases.journal import happened
from hemvist.cases.models import Case
from hemvist.cases.packs import programme_of
from hemvist.errors import PolicyRefused
from hemvist.tenancy import TenantSession

#: What the support goes on from, and what ends that again: the lease goes on after all.
NOTICE, TAKEN_BACK = "notice_given", "notice_taken_back"


def support_held_since(session: TenantSession, case: Case) -> date | None:
    """The day of the notice, where the guideline keeps the support until an event that has not come
    yet; None where nothing keeps it."""
    programme = programme_of(case)
    step = (
        None if programme is None or programme.ladder is None else programme.ladder.step("move_out")
    )
    given = happened(session, case, NOTICE)
    if step is None or step.until is None or given is None:
        return None
    for kind in (step.until, TAKEN_BACK):
        over = happened(session, case, kind)
        if over is not None and over.occurred_on >= given.occurred_on:
            return None
    return given.occurred_on


def require_support_may_end(session: TenantSession, case: Case) -> None:
    """Refuse to end the support of a household that has been given notice and still has keys.

    Raises ``PolicyRefused`` (``support_until_keys``) with the guideline's source.
    """
    since = support_held_since(session, case)
    if since is None:
        return
    programme = programme_of(case)
    assert programme is not None and programme.ladder is not None
    step = programme.ladder.step("move_out")
    assert step is not None
    raise PolicyRefused(
        "support_until_keys",
        f"notice was given on {since}; the support goes on until the keys are in",
        cite=", ".join(step.cite),
    )
