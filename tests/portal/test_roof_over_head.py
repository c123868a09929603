"""In the portal: a place under a roof, granted by one decision and without a contract."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_graphql.ids import global_id
from hemvist_pack_cases import Walk
from hemvist_registry import discovered
from hemvist_visits import Visit
from hemvist_world import HOUSING, peopled


def test_a_roof_is_proposed_from_the_case(portal: FastAPI, visit: Callable[..., Visit]) -> None:
    """The step is offered, its form has the programme alone, and no referral is asked for after."""
    world = peopled(get_directory().tenant_id("karlstad"), {"ASF": ""})
    pack = discovered().get("karlstad/sociala-kontrakt")
    case = Walk(world, pack, "ASF", "1780", {}).opened(today(), without_roof=True)
    own = f"/karlstad/cases/{global_id('Case', case.id)}"
    caseworker = visit("petra.solberg", "karlstad")

    _, page = caseworker.get(own)
    assert "decision?kind=housing" in page
    status, form = caseworker.get(f"{own}/decision?kind=housing&programme=roof_over_head")
    assert status == 200 and "Tak över huvudet" in form and "sol_2025_11_1" in form
    _, support = caseworker.get(f"{own}/decision?kind=support_to_obtain_housing")
    assert "programme=roof_over_head" not in support and "sol_2025_11_1" in support

    day = today().isoformat()
    status, _, target = caseworker.post(
        f"{own}/decision",
        kind=HOUSING,
        programme="roof_over_head",
        outcome="granted",
        legalBasis=["sol_2025_11_1"],
        motivation="Står utan tak över huvudet.",
        validFrom=day,
        on=day,
    )
    assert status == 303 and "/decisions/" in target
    _, page = caseworker.get(own)
    assert "Besluta om bostaden" in page and "Skriv remissen" not in page
