"""A kommun with people in it, and short ways to the point that a test is about.

Everything is done through the services: who acts is in ``hemvist_kommun``, the steps are in
``hemvist_ways``, what is told in them in ``hemvist_told`` and ``hemvist_made_up``. Here is what
makes a kommun; tests import all of it from here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from hemvist.errors import HemvistError
from hemvist.identity import Membership, Role
from hemvist_kommun import caseworker_of, manager_of
from hemvist_made_up import a_number, adult, child
from hemvist_testing import new_tenant
from hemvist_told import PLAN, answers, content
from hemvist_ways import (
    BASIS,
    GUARANTEE,
    HOUSING,
    MUNICIPAL,
    OLD_BASIS,
    ORGANISATION_NUMBER,
    SUPPORT,
    Ways,
)

__all__ = [
    "BASIS",
    "GUARANTEE",
    "HOUSING",
    "MUNICIPAL",
    "OLD_BASIS",
    "ORGANISATION_NUMBER",
    "PACK",
    "PLAN",
    "SUPPORT",
    "World",
    "a_number",
    "adopt",
    "adult",
    "answers",
    "as_owner",
    "at_once",
    "caseworker_of",
    "child",
    "content",
    "manager_of",
    "new_world",
    "peopled",
]

PACK = "helsingborg/bostadssociala-lagenheter"


class World(Ways):
    """A kommun: its id, its people by name, acts by them, and the way of a case."""


def adopt(tenant_id: UUID, pack: str = PACK, since: date = date(2018, 7, 1)) -> None:
    """Let the kommun work by ``pack``; needs the fixture ``database``."""
    from hemvist.ids import new_id

    with as_owner(tenant_id) as connection:
        connection.execute(
            "INSERT INTO pack_adoptions (tenant_id, id, pack, since) VALUES (%s, %s, %s, %s)",
            (tenant_id, new_id(), pack, since),
        )


@contextmanager
def as_owner(tenant_id: UUID) -> Iterator[psycopg.Connection]:
    """The owner inside one tenant, for arranging. Row security holds for the owner too."""
    with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"]) as connection:
        connection.execute("SELECT set_config('hemvist.tenant_id', %s, true)", (str(tenant_id),))
        yield connection


def new_world(*, pack: str | None = PACK, departments: Mapping[str, str] | None = None) -> World:
    """A fresh kommun with a caseworker and a manager per department, and a property officer."""
    tenant_id = new_tenant()
    if pack is not None:
        adopt(tenant_id, pack)
    return peopled(tenant_id, departments)


def peopled(tenant_id: UUID, departments: Iterable[str] | None = None) -> World:
    """A kommun that there is, with the same people in it."""
    world = World(tenant_id)
    for department in departments or ("SOF-VUX", "SOF-BUF", "AMF", "VOF"):
        world.add(caseworker_of(department), Membership(Role.CASEWORKER, department))
        world.add(manager_of(department), Membership(Role.DEPARTMENT_MANAGER, department))
    world.add("property", Membership(Role.PROPERTY_OFFICER, "FF"))
    return world


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What simultaneous calls gave: a result each, or the error told to the caller."""
    start = threading.Barrier(len(acts))
    outcomes: list[Any] = []

    def run(act: Callable[[], Any]) -> None:
        start.wait()
        try:
            outcomes.append(act())
        except HemvistError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
