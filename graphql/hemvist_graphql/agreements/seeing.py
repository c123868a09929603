"""Who sees agreements: nobody's household is in them, so it is the right that says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false

from hemvist.identity import Action, Actor, allows


def for_readers(model: Any) -> Callable[[Actor], ColumnElement[bool]]:
    """Condition on ``model``: the actor reads agreements."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        if not allows(actor, Action.AGREEMENT_READ):
            return false()
        seen: ColumnElement[bool] = model.id.is_not(None)
        return seen

    return criterion
