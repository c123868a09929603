"""One act on several rows (massåtgärd): each row a command of its own, so that one that is refused keeps
nobody else waiting, and each refusal is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hemvist_portal.errors import Forbidden, Missing
from hemvist_portal.forms import Form
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

#: Rows of one act: a page of a list.
MOST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A ticked row: its id and the version that the reader saw."""

    id: str
    version: int | None


@dataclass(slots=True)
class Outcome:
    """How it went: how many were done, and of each that was not why."""

    done: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def ticked(form: Form) -> list[Row]:
    """The rows that were ticked (``row`` = ``id:version``), each once, at most ``MOST``."""
    rows: dict[str, Row] = {}
    for text in form.many("row")[:MOST]:
        row_id, _, version = text.partition(":")
        known = int(version) if version.isascii() and version.isdigit() else None
        rows.setdefault(row_id, Row(row_id, known))
    return list(rows.values())


def carry_out(
    visitor: Visitor,
    form: Form,
    command: str,
    rows: Sequence[Row],
    values: Callable[[Row], Mapping[str, Any]],
) -> Outcome:
    """Carry ``command`` out on each of ``rows``.

    Each has a key of its own, made of the form's: a form that is sent twice does each row once.
    """
    outcome = Outcome()
    for row in rows:
        one = Form(key=f"{form.key[:60]}:{row.id[-32:]}")
        try:
            if visitor.command(command, one, values(row)) is not None:
                outcome.done += 1
                continue
        except Missing:
            outcome.refused[row.id] = visitor.words(mark("Det finns inte kvar."))
            continue
        except Forbidden:
            outcome.refused[row.id] = visitor.words(
                mark("Din roll ger inte rätt till det i det här ärendet.")
            )
            continue
        assert one.failure is not None
        told = " ".join(message for _, message in one.failure.problems)
        outcome.refused[row.id] = told or one.failure.message
    return outcome
