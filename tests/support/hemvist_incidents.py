"""A social contract of Karlstad, and a landlord's report about it, as tests of incidents take them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME
from hemvist.incidents import service
from hemvist.incidents.models import Incident
from hemvist_pack_cases import Walk
from hemvist_registry import discovered
from hemvist_world import World, caseworker_of

PACK = "karlstad/sociala-kontrakt"
CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Får inte hyra på egen hand.",
}
SIGNED_ON = date(2025, 11, 3)
CASEWORKER = caseworker_of("ASF")


def at(text: str) -> datetime:
    """An instant by the clock on the wall in Sweden."""
    return datetime.fromisoformat(text).replace(tzinfo=SWEDISH_TIME)


def social_contract(world: World) -> Case:
    """A household with a social contract since November 2025."""
    walk = Walk(world, discovered().get(PACK), "ASF", "1780", CONTENT)
    found = walk.opened(SIGNED_ON - timedelta(days=60), barred_from_market=True)
    walk.sign(walk.taken(found, "social_contract", SIGNED_ON), SIGNED_ON)
    return world.again(found)  # type: ignore[no-any-return]


def report(world: World, case: Case, who: str = CASEWORKER, **changes: Any) -> Incident:
    """A landlord's report of a disturbance on 23 December at four."""
    given: dict[str, Any] = {
        "case_id": case.id,
        "kind": "disturbance",
        "reported_by": "landlord",
        "channel": "phone",
        "what": "Hög musik och skrik hela natten.",
        "happened_on": date(2025, 12, 22),
        "received_at": at("2025-12-23 16:00"),
        "reporter_name": "Bo Hyresvärd",
    }
    given |= changes
    if given.get("unit_id") or given.get("contract_id"):
        del given["case_id"]
    return world.act(who, service.report, **given)  # type: ignore[no-any-return]
