"""A command's process is killed: everything of the command is there, or nothing, and it can be sent
again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case, CaseEvent
from hemvist.outbox.models import CommandReceipt, OutboxEvent
from hemvist.tenancy import Audience, tenant_session
from hemvist_api import mutation
from hemvist_graphql import execute
from hemvist_graphql.ids import global_id
from hemvist_world import World, new_world

WHO = "caseworker SOF-VUX"
WRITTEN = (Case, CaseEvent, AuditEntry, OutboxEvent, CommandReceipt)
#: Carries one command out and kills itself: when all has been written and read, or right after COMMIT.
PROGRAM = """
import json, os, signal, sys
from uuid import UUID
from hemvist.identity.models import Principal
from hemvist.identity.principals import actor_for, memberships_of
from hemvist.pipelined import PipelinedConnection
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql import execute
when, tenant, principal, document, given = sys.argv[1:]
with tenant_session(Audience.STAFF, UUID(tenant)) as session:
    who = session.find(Principal, UUID(principal))
    actor = actor_for(who, memberships_of(session, who.id))
send, commit = PipelinedConnection.send, PipelinedConnection.commit
def killed(connection):
    send(connection)
    ((wrote,),) = connection.execute("SELECT pg_current_xact_id_if_assigned()")
    if when == "before COMMIT" and wrote is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    commit(connection)
    if when == "after COMMIT":
        os.kill(os.getpid(), signal.SIGKILL)
PipelinedConnection.commit = killed
execute(actor, document, {"input": json.loads(given)})
"""


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun with people."""
    return new_world()


def counts(world: World) -> list[int]:
    """Rows of everything that the command writes."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        audited = session.query(AuditEntry).filter(AuditEntry.kind == "write").count()
    return [audited if model is AuditEntry else len(world.rows(model)) for model in WRITTEN]


@pytest.mark.parametrize("when", ["before COMMIT", "after COMMIT"])
def test_all_of_a_command_or_nothing(world: World, when: str) -> None:
    household = world.household()
    given: dict[str, Any] = {
        "idempotencyKey": str(uuid4()),
        "householdId": global_id("Household", household.id),
        "department": "SOF-VUX",
    }
    document, actor = mutation("openCase", "case { id number }"), world[WHO]
    before = counts(world)
    ended = subprocess.run(
        [
            *(sys.executable, "-c", PROGRAM, when, str(world.tenant_id)),
            *(str(actor.principal_id), document, json.dumps(given)),
        ],
        env=os.environ.copy(),
        check=False,
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL
    done = [count + 1 for count in before]
    assert counts(world) == (before if when == "before COMMIT" else done)

    # The caller has no answer and sends it again: carried out once, whatever had happened.
    answer = execute(actor, document, {"input": given})["data"]["openCase"]
    assert answer["__typename"] == "OpenCaseDone"
    assert counts(world) == done
    assert execute(actor, document, {"input": given})["data"]["openCase"] == answer
    assert counts(world) == done
