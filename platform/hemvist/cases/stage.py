"""Which stage of its programme a case is in: the pack's transition table folded over what happened."""

from __future__ import annotations

from collections.abc import Iterable

from hemvist.policy import Programme

#: The case goes on in another programme, which begins at its own beginning.
RESTART = "programme_changed"


def stage_of(programme: Programme, events: Iterable[str]) -> str | None:
    """The stage after ``events`` (kinds, oldest first), or None when the programme has no stages.

    What happened before the case went on in this programme moves no stage of it. Guards are not
    asked again: the service that wrote the event has asked them.
    """
    if programme.stages is None:
        return None
    stage, moves = programme.stages.initial, programme.stages.moves
    for event in events:
        again = event == RESTART
        stage = programme.stages.initial if again else moves.get((stage, event), stage)
    return stage
