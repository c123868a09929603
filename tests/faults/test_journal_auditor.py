"""The auditor of a journal finds each hole in what was acknowledged, and none where there is none."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hemvist.clock import today
from hemvist_api import command
from hemvist_faults_auditor import audit, effects
from hemvist_faults_load import COMMANDS, Journal
from hemvist_graphql.ids import global_id
from hemvist_guarantees import OFFICER, OTHER, guaranteed
from hemvist_made_up import a_number
from hemvist_tampering import Tampering
from hemvist_testing import new_tenant
from hemvist_world import World, new_world

CASEWORKER = "caseworker SOF-VUX"


class Run:
    """A kommun in which commands were given, with their journal."""

    def __init__(self, folder: Path, hands: Tampering, world: World) -> None:
        self.world, self.hands = world, hands
        self.path = folder / "journal.jsonl"
        self.journal = Journal(self.path)
        guarantee = guaranteed(world)
        self.before = effects(world.tenant_id)
        member = {
            "role": "applicant",
            "givenName": "Alva",
            "familyName": "Prövad",
            "personalNumber": a_number(today() - timedelta(days=14_000)),
            "registeredKommun": "1283",
            "protection": "none",
            "protectionCheckedOn": str(today()),
        }
        home = {"department": "SOF-VUX", "members": [member]}
        made = self.done(CASEWORKER, "registerHousehold", home)
        case = {"householdId": made["id"], "department": "SOF-VUX"}
        self.done(CASEWORKER, "openCase", case)
        claim = self.done(
            OFFICER,
            "registerGuaranteeClaim",
            {
                "guaranteeId": global_id("Guarantee", guarantee.id),
                "kind": "rent",
                "amountOre": 1_000,
                "periodFrom": str(guarantee.starts_on),
                "periodTo": str(guarantee.starts_on + timedelta(days=29)),
                "documents": [{"kind": "rent_statement", "title": "Hyresavi"}],
            },
        )
        decision = {"outcome": "approved", "approvedOre": 1_000, "motivation": "Obetald."}
        claim = self.done(OTHER, "decideGuaranteeClaim", decision | self.of(claim))
        self.done(OFFICER, "payGuaranteeClaim", {"amountOre": 1_000} | self.of(claim))

    @staticmethod
    def of(claim: dict[str, Any]) -> dict[str, Any]:
        """Which claim, as it was seen."""
        return {"guaranteeClaimId": claim["id"], "expectedVersion": claim["version"]}

    def done(self, who: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """The command, sent twice as if the first answer had been lost."""
        key = f"{name}-{secrets.token_hex(12)}"
        _, selection, holds = COMMANDS[name]
        for times in (1, 2):
            self.journal.write(did="sent", key=key, command=name, who=who, times=times)
            answer = command(
                self.world[who], name, {"idempotencyKey": key, **given}, f"__typename {selection}"
            )
        made: dict[str, Any] = answer[holds]
        self.journal.write(did="acknowledged", key=key, command=name, id=made["id"])
        return made

    def finds(self) -> list[str]:
        """What the auditor finds."""
        return audit(self.world.tenant_id, self.path, self.before).finds


@pytest.fixture
def run(postgres: str, database: str, tmp_path: Path) -> Iterator[Run]:
    world = new_world()
    hands = Tampering(postgres, database, world.tenant_id, new_tenant())
    made = Run(tmp_path, hands, world)
    yield made
    made.journal.close()
    hands.close()


def test_a_journal_that_is_kept_has_no_finds(run: Run) -> None:
    found = audit(run.world.tenant_id, run.path, run.before)
    assert (found.checked, found.finds) == (5, [])


#: What is planted in the database: statements, and words of what is told.
HOLES = {
    "acknowledged before it was committed": (
        "DELETE FROM households WHERE id = (SELECT id FROM households WHERE tenant_id = %(tenant)s"
        " ORDER BY id DESC LIMIT 1); DELETE FROM command_receipts WHERE tenant_id = %(tenant)s"
        " AND command = 'registerHousehold'",
        ("is not in households", "acknowledged and has no receipt"),
    ),
    "a receipt without the act": (
        "DELETE FROM cases WHERE tenant_id = %(tenant)s AND id = (SELECT max(id::text)::uuid"
        " FROM cases WHERE tenant_id = %(tenant)s)",
        ("its row is not in cases",),
    ),
    "an idempotency key that was ignored": (
        "INSERT INTO guarantee_claims SELECT c.* FROM guarantee_claims o, jsonb_populate_record("
        "NULL::guarantee_claims, to_jsonb(o) || jsonb_build_object('id', gen_random_uuid())) c"
        " WHERE o.tenant_id = %(tenant)s",
        ("registerGuaranteeClaim: 1 receipts, 2 effects",),
    ),
    "money that was paid twice": (
        "INSERT INTO guarantee_entries SELECT c.* FROM guarantee_entries o, jsonb_populate_record("
        "NULL::guarantee_entries, to_jsonb(o) || jsonb_build_object('id', gen_random_uuid(),"
        " 'attempt', 1)) c WHERE o.tenant_id = %(tenant)s AND o.kind = 'payment'",
        ("payGuaranteeClaim: 1 receipts, 2 effects",),
    ),
    "an act that was lost after its answer": (
        "DELETE FROM guarantee_entries WHERE tenant_id = %(tenant)s AND kind = 'approval'",
        ("decideGuaranteeClaim: 1 receipts, 0 effects",),
    ),
    "another's command under a key that was never sent": (
        "INSERT INTO command_receipts SELECT c.* FROM command_receipts o, jsonb_populate_record("
        "NULL::command_receipts, to_jsonb(o) || jsonb_build_object('id', gen_random_uuid(), 'key',"
        " 'openCase-000000000000000000000000')) c WHERE o.tenant_id = %(tenant)s"
        " AND o.command = 'openCase'",
        ("was carried out and never sent", "openCase: 2 receipts, 1 effects"),
    ),
    "a receipt of something else": (
        "UPDATE command_receipts SET response = jsonb_build_object('id', gen_random_uuid())"
        " WHERE tenant_id = %(tenant)s AND command = 'openCase'",
        ("another id than its receipt says",),
    ),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_in_the_database_is_found(run: Run, hole: str) -> None:
    statements, told = HOLES[hole]
    for statement in statements.split("; "):
        run.hands.run(statement)
    found = run.finds()
    for words in told:
        assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"did": "sent", "key": "openCase-1", "command": "openCase"}, None),
        (
            {"did": "acknowledged", "key": "openCase-2", "command": "openCase", "id": "x"},
            "answered and never sent",
        ),
    ],
)
def test_only_what_was_answered_must_be_there(
    run: Run, line: dict[str, str], words: str | None
) -> None:
    run.journal.write(**line)
    found = run.finds()
    assert (found == []) if words is None else any(words in one for one in found)


def test_an_answer_that_is_another_one_the_second_time_is_found(run: Run) -> None:
    first = next(one for one in Journal.lines(run.path) if one["did"] == "acknowledged")
    run.journal.write(**{**first, "id": global_id("Household", run.world.tenant_id)})
    assert any("answered in 2 ways" in one for one in run.finds())
