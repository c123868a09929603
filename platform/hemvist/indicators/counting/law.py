"""What the law asks of the kommun as a whole: that likes are treated alike, that those in danger may move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hemvist.indicators.counting.groups import groups_of
from hemvist.indicators.counting.work import OF_HOUSING
from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows, Needs

NEEDS: Needs = {
    "decisions": "id kind outcome state decided_on",
    "transfer_requests": "id state closed_on",
    "handovers": "id side state moved_on",
}


def granted(rows: CaseRows) -> Iterator[Fact]:
    """Decisions on a home or on support to obtain one, by the groups that may be compiled."""
    for one in rows.of("decisions"):
        if one.state == "decided" and one.kind in OF_HOUSING:
            yield Fact(
                "granted",
                one.id,
                one.decided_on,
                groups=groups_of(rows, one.decided_on),
                met=one.outcome == "granted",
            )


def transfers(rows: CaseRows) -> Iterator[Fact]:
    """Moves that a network brought about, from the kommun or to it: the day and nothing else."""
    for request in rows.of("transfer_requests"):
        if request.state == "moved":
            yield Fact("transfers", request.id, request.closed_on)
    for handover in rows.of("handovers"):
        if handover.side == "receiving" and handover.state == "moved":
            yield Fact("transfers", handover.id, handover.moved_on)


COUNTS: tuple[Callable[[CaseRows], Iterable[Fact]], ...] = (granted, transfers)
