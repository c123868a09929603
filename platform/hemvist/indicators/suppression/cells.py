"""Cells put together until none is small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hemvist.indicators.suppression.rules import LEAST, SLACKS, Slack

#: Of how many households some cells are together.
Size = Callable[[tuple[str, ...]], int]


def enough(size: int, slack: Slack, about: str, least: int = LEAST) -> bool:
    """Whether a block is large enough: ``least``, and as many more as the secret asks for it."""
    if size < least or size >= least + SLACKS - 1:
        # The secret makes no difference.
        return size >= least
    return size >= least + slack(about)


def parted(
    cells: Sequence[str], size: Size, slack: Slack, about: str, least: int = LEAST
) -> list[tuple[str, ...]]:
    """The cells, divided so that each part is of ``least`` households at least, as the whole must be.

    A large cell stands by itself. The others stand together, and where they are few they take large
    ones in: also where they are none, so that being taken in says nothing. Which one is taken in is
    the secret's to say, and never its size's.
    """
    ordered = sorted(cells)
    large = [one for one in ordered if enough(size((one,)), slack, f"{about}:{one}", least)]
    rest = tuple(one for one in ordered if one not in large)
    if not rest:
        return [(one,) for one in large]
    if large and size(rest) < least:
        large.sort(key=lambda one: (slack(f"{about}:{one}:turn"), one))
        while large and size(rest) < least:
            rest = tuple(sorted((*rest, large.pop())))
    return sorted([rest, *((one,) for one in large)])


def undivided(
    cells: Sequence[str], parts: Iterable[Sequence[str]], *, of_programmes: bool = False
) -> list[tuple[str, ...]]:
    """The cells, those together that some part has together.

    ``of_programmes``: the parts are of programmes and the cells of steps within these
    (``programme:step``): a step of programmes that stand together stands together.
    """
    if not of_programmes:
        return _joined(cells, parts)
    programmes = _joined({one.partition(":")[0] for one in cells}, parts)
    together = {one: some for some in programmes for one in some}
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for cell in sorted(cells):
        programme, _, step = cell.partition(":")
        found.setdefault((together[programme], step), []).append(cell)
    return sorted(tuple(one) for one in found.values())


def _joined(cells: Iterable[str], parts: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    found = {one: {one} for one in cells}
    for part in parts:
        together = set().union(*(found.get(one, {one}) for one in part))
        found |= dict.fromkeys(together, together)
    return sorted({tuple(sorted(one)) for one in found.values()})
