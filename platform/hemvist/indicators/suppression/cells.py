"""Cells put together until none is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hemvist.indicators.suppression.rules import LEAST, SLACKS, Slack

#: Of how many households some cells are together.
Size = Callable[[tuple[str, ...]], int]


def parted(
    cells: Sequence[str], size: Size, slack: Slack, about: str, least: int = LEAST
) -> list[tuple[str, ...]]:
    """The cells, divided so that each part is of ``least`` households at least, as the whole must be.

    A large cell stands by itself. The others stand together, and where they are few they take large
    ones in: also where they are none, so that being taken in says nothing. Which one is taken in is
    the secret's to say, and never its size's.
    """
    ordered = sorted(cells)
    large = [one for one in ordered if size((one,)) >= least + slack(f"{about}:{one}")]
    rest = tuple(one for one in ordered if one not in large)
    if not rest:
        return [(one,) for one in large]
    # By chance as far as anybody can see, the same for the same block.
    large.sort(key=lambda one: (*(slack(f"{about}:{one}:{turn}") for turn in range(SLACKS)), one))
    while large and size(rest) < least:
        rest = tuple(sorted((*rest, large.pop())))
    return sorted([rest, *((one,) for one in large)])
