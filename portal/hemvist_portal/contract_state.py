"""How a contract stands today, reckoned from what its page was told: the rent, the keys out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hemvist.clock import today


def stands(contract: Mapping[str, Any]) -> dict[str, Any]:
    """``rentOre``, the rent today in öre; ``keysOut``, how many of each key each holder has.

    The rent is that of the latest change by today or, when the contract has ended, by its last day.
    """
    day = contract["endedOn"] or today().isoformat()
    rents = [one for one in contract["rentChanges"] if one["validFrom"] <= day]
    latest = max(rents, key=lambda one: one["validFrom"], default=contract)
    held: Counter[tuple[str, str]] = Counter()
    for one in contract["keyMovements"]:
        sign = 1 if one["move"] == "handed_out" else -1
        held[one["holder"], one["keyKind"]] += sign * one["quantity"]
    return {
        "rentOre": latest["rentOre"],
        "keysOut": [
            {"holder": holder, "keyKind": kind, "quantity": count}
            for (holder, kind), count in sorted(held.items())
            if count > 0
        ],
    }
