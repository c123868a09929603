"""A caseload and two versions of its guideline, for tests of simulations."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from uuid import UUID

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.identity import Actor, Membership, Role
from hemvist.outbox import OutboxEvent
from hemvist.policy import Pack, load_pack
from hemvist.policy.registry import pack_folders
from hemvist.simulations import running, service, snapshot
from hemvist.simulations.models import Simulation
from hemvist_registry import INSTALLED, discovered, installed
from hemvist_workers import handlers
from hemvist_world import PACK, World, adult


def _folder() -> Traversable:
    """The installed guideline's files."""
    return next(
        folder
        for folder in pack_folders(files(INSTALLED))
        if f"pack: {PACK}\n" in folder.joinpath("pack.yaml").read_text("utf-8")
    )


OLD = re.findall(r"^version: (\S+)", _folder().joinpath("pack.yaml").read_text("utf-8"), re.M)[0]
NEW = "2099.1.0"
#: What the new version says of debts: a limit instead of none at all.
LIMIT = 1_500_000
OFFICER = "policy officer"


def starts() -> date:
    """The first day of the new version."""
    return today() + timedelta(days=40)


def new_version(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """A folder with the new version of the guideline.

    It lets debts up to ``LIMIT`` be, unless ``changes`` (file, text, text instead) are given.
    """
    with as_file(_folder()) as source:
        copy = Path(shutil.copytree(source, folder / "new"))
    default = ("rules.yaml", "h.debts_ore == 0", f"h.debts_ore <= {LIMIT}")
    for file, text, instead in (
        *(changes or (default,)),
        ("pack.yaml", f"version: {OLD}", f"version: {NEW}"),
        ("pack.yaml", "from: 2018-07-01", f"from: {starts()}"),
    ):
        before = (copy / file).read_text("utf-8")
        assert text in before, f"{file} has no {text!r}"
        (copy / file).write_text(before.replace(text, instead), "utf-8")
    return copy


@contextmanager
def two_versions(folder: Path, *changes: tuple[str, str, str]) -> Iterator[tuple[Pack, Pack]]:
    """The installed guideline and a new version (``new_version``) that is installed beside it."""
    registry = discovered()
    old = registry.get(PACK, OLD)
    new = load_pack(new_version(folder, *changes))
    others = [pack for pack in registry.packs() if (pack.name, pack.version) != (PACK, NEW)]
    with installed([*others, new]):
        yield old, new


def policy_officer(world: World) -> Actor:
    """Somebody who may change guidelines and reads no case."""
    return world.add(OFFICER, Membership(Role.POLICY_OFFICER))


def indebted(world: World, debts_ore: int | None, **more: Any) -> Case:
    """A case that meets every other condition of the guarantee."""
    people = more.pop("people", (adult(),))
    given = {"low_debts": False, "property_dialogue_done": False, "debts_ore": debts_ore}
    return world.case(*people, **(given | more))


def ask_for(world: World, **given: Any) -> Simulation:
    """A simulation of the new version, asked for by the policy officer."""
    values = {"pack": PACK, "old_version": OLD, "new_version": NEW, **given}
    made: Simulation = world.act(OFFICER, service.request, **values)
    return made


def carried_out(world: World, simulation: Simulation) -> Simulation:
    """What the worker makes of it."""
    while running.step(world.tenant_id, simulation.id):
        pass
    found: Simulation = world.again(simulation)
    return found


def row_of(simulation: Simulation, subject: str) -> dict[str, Any]:
    """One row of the result."""
    assert simulation.result is not None, simulation.failure
    return next(row for row in simulation.result["rows"] if row["subject"] == subject)


def snapshot_rows(tenant_id: UUID, pack: str = PACK) -> dict[UUID, snapshot.Row]:
    """The snapshot's rows by case."""
    from hemvist.tenancy import tenant_session

    with tenant_session(Audience.WORKER, tenant_id) as session:
        return {row.case_id: row for row in snapshot.rows(session, pack)}


def relay_all(world: World) -> None:
    """Let the snapshot's handler have every event that there is."""
    for event in world.rows(OutboxEvent):
        if event.type in snapshot.TYPES:
            handlers.handle(world.tenant_id, event.id)
