"""Rows of guidelines, for attacks to which only their ids matter."""

from __future__ import annotations

from hemvist.case_migrations import service as case_migrations
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.pack_versions import service as pack_versions
from hemvist_graphql.ids import global_id
from hemvist_simulations import OLD, ask_for, policy_officer
from hemvist_versions import OTHER, Hand, policy_people
from hemvist_world import World


def simulated(world: World) -> dict[str, str]:
    """A simulation of another version."""
    policy_officer(world)
    return {"Simulation": global_id("Simulation", ask_for(world, new_version=OLD).id)}


def versions_of(world: World, case: Case) -> dict[str, str]:
    """A draft of a guideline, and the choice by which the case went over to another version."""
    policy_people(world)
    moved_to = Hand.draft(world, in_force_from=today())
    moved_to.approved()
    migration = world.act(
        "manager SOF-VUX",
        case_migrations.migrate,
        cases=[{"case_id": case.id, "expected_version": world.again(case).version}],
        to_version=moved_to.version.number,
        reason="Till den sökandes fördel.",
    )
    moved_to.act(pack_versions.withdraw, OTHER, reason="Klart.")
    draft = Hand.draft(world)
    return {
        "PackVersion": global_id("PackVersion", draft.version.id),
        "CaseMigration": global_id("CaseMigration", migration.id),
    }
