"""Beat and worker as in a run: time passes, and those concerned are told."""

from __future__ import annotations

import pytest

from hemvist.deadlines.models import Obligation
from hemvist.notices.models import Notice
from hemvist_workshop import Workshop, wait_for
from hemvist_world import new_world

pytestmark = pytest.mark.slow


def test_a_deadline_that_passed_is_told_of_by_beat(workshop: Workshop) -> None:
    world = new_world()
    case = world.case()
    world.housed(case)
    late = world.rows(Obligation, case_id=case.id, code="first_follow_up")[0]
    assert late.overdue_since is None
    workshop.worker()
    workshop.beat()
    wait_for(
        "both departments are told",
        lambda: len(world.rows(Notice, kind="obligation_overdue", subject_id=late.id)) == 2,
    )
    assert world.again(late).overdue_since is not None
    # And of everything else that had happened in the case, as the events were relayed.
    wait_for("the way to the home is told", lambda: world.rows(Notice, kind="decision_granted"))
