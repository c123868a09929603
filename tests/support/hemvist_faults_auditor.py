"""The auditor of a journal: every acknowledged command is in the database once, as it was answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from hemvist_faults_load import COMMANDS, Journal
from hemvist_graphql.ids import parse_global_id
from hemvist_world import as_owner

#: Command → the table in which its answer's row is, and whether it makes that row.
TABLES: Mapping[str, tuple[str, bool]] = {
    "registerHousehold": ("households", True),
    "openCase": ("cases", True),
    "decide": ("decisions", False),
    "registerGuaranteeClaim": ("guarantee_claims", True),
    "decideGuaranteeClaim": ("guarantee_claims", False),
    "payGuaranteeClaim": ("guarantee_claims", False),
}
#: Command → what each carrying out of it adds one of, beside its own row.
EFFECTS: Mapping[str, str] = {
    "registerHousehold": "SELECT count(*) FROM households",
    "openCase": "SELECT count(*) FROM case_events WHERE kind = 'case_opened'",
    "decide": "SELECT count(*) FROM decisions WHERE state = 'decided'",
    "registerGuaranteeClaim": "SELECT count(*) FROM guarantee_claims",
    "decideGuaranteeClaim": "SELECT count(*) FROM guarantee_entries WHERE kind = 'approval'",
    "payGuaranteeClaim": "SELECT count(*) FROM guarantee_entries WHERE kind = 'payment'",
}


@dataclass
class Audit:
    """What was checked, and what was found."""

    checked: int = 0
    finds: list[str] = field(default_factory=list)


def effects(tenant_id: UUID) -> dict[str, int]:
    """How often each command's effect is there now."""
    with as_owner(tenant_id) as connection:
        return {name: _one(connection, statement) for name, statement in EFFECTS.items()}


def audit(tenant_id: UUID, path: Path, before: Mapping[str, int]) -> Audit:
    """Hold a journal against the database, where ``before`` was there of each command's effect."""
    found = Audit()
    sent: dict[str, str] = {}
    answers: dict[str, list[str]] = defaultdict(list)
    for line in Journal.lines(path):
        if line["did"] == "sent":
            sent[line["key"]] = line["command"]
        elif line["did"] == "acknowledged":
            answers[line["key"]].append(line["id"])
    with as_owner(tenant_id) as connection:
        receipts = _receipts(connection, found)
        for key in sent:
            _check_key(connection, found, key, sent[key], answers.get(key, []), receipts)
            found.checked += key in answers
    for key in answers.keys() - sent.keys():
        found.finds.append(f"{key} was answered and never sent")
    for key in receipts.keys() - sent.keys():
        found.finds.append(f"{key} was carried out and never sent")
    _check_effects(found, receipts, before, effects(tenant_id))
    _check_different(found, sent, answers)
    return found


def _receipts(connection: psycopg.Connection, found: Audit) -> dict[str, tuple[str, str]]:
    """By key: the command, and the ids of its answer as text."""
    rows = connection.execute(
        "SELECT key, command, response::text FROM command_receipts WHERE key ~ '-[0-9a-f]{24}$'"
    ).fetchall()
    times = Counter(key for key, _, _ in rows)
    for key, number in times.items():
        if number > 1:
            found.finds.append(f"{key} was carried out {number} times under one key")
    return {key: (command, response) for key, command, response in rows}


def _check_key(
    connection: psycopg.Connection,
    found: Audit,
    key: str,
    command: str,
    answers: list[str],
    receipts: Mapping[str, tuple[str, str]],
) -> None:
    if not answers:
        return
    if len(set(answers)) > 1:
        found.finds.append(f"{key} was answered in {len(set(answers))} ways")
    parsed = parse_global_id(answers[0])
    row_id = None if parsed is None else parsed[1]
    receipt = receipts.get(key)
    if receipt is None:
        found.finds.append(f"{key} was acknowledged and has no receipt")
    elif str(row_id) not in receipt[1]:
        found.finds.append(f"{key} was answered with another id than its receipt says")
    table, _ = TABLES[command]
    there = connection.execute(f"SELECT count(*) FROM {table} WHERE id = %s", [row_id]).fetchone()
    if there != (1,):
        found.finds.append(f"{key} was acknowledged and its row is not in {table}")


def _check_effects(
    found: Audit,
    receipts: Mapping[str, tuple[str, str]],
    before: Mapping[str, int],
    after: Mapping[str, int],
) -> None:
    done = Counter(key.split("-")[0] for key in receipts)
    for name in COMMANDS:
        grown = after[name] - before[name]
        if grown != done[name]:
            found.finds.append(f"{name}: {done[name]} receipts, {grown} effects")


def _check_different(
    found: Audit, sent: Mapping[str, str], answers: Mapping[str, list[str]]
) -> None:
    """What makes a row makes one of its own each time."""
    makes = [name for name, (_, new) in TABLES.items() if new]
    times = Counter(
        (sent.get(key), ids[0]) for key, ids in answers.items() if sent.get(key) in makes
    )
    for (name, row_id), number in times.items():
        if number > 1:
            found.finds.append(f"{name} answered {number} keys with the one row {row_id}")


def _one(connection: psycopg.Connection, statement: str) -> int:
    row: Any = connection.execute(statement).fetchone()
    return int(row[0])
