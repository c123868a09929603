"""``make faults`` with a small number of commands: every kind of fault once, and nothing found."""

from __future__ import annotations

import pytest

from hemvist_faults import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_every_fault_once_in_the_middle_of_commands() -> None:
    outcome = run(40, 4711, say=print)
    assert outcome.finds == []
    assert set(outcome.caused.values()) == {1}
    assert len(outcome.caused) + len(outcome.left_out) == 14
    assert outcome.counts["acknowledged"] == outcome.counts["acknowledged and checked"] == 40
    assert outcome.counts["parked"] == 1
    # They were felt: something was not answered, or answered that it was away.
    assert sum(number for told, number in outcome.answers.items() if told != "200") > 0
    assert outcome.last_line.endswith(" 0 finds")
