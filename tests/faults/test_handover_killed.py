"""The worker is killed in each step of a handover: it goes on, nothing comes twice or half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.handovers import service
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.handovers.models import HandoverParcel
from hemvist.tenancy import tenant_session
from hemvist_handover import MARKED, WORKER, Agreed, agreed
from hemvist_network import Net, new_net
from hemvist_world import as_owner

pytestmark = pytest.mark.slow

#: Runs the worker's round in a kommun and kills itself at its nth COMMIT that writes: before or after.
PROGRAM = """
import os, signal, sys
from uuid import UUID
from hemvist.handovers import running
from hemvist.pipelined import PipelinedConnection
import hemvist_workers.tasks
when, nth, tenant = sys.argv[1], int(sys.argv[2]), UUID(sys.argv[3])
send, commit, wrote = PipelinedConnection.send, PipelinedConnection.commit, 0
def killed(connection):
    global wrote
    send(connection)
    ((number,),) = connection.execute("SELECT pg_current_xact_id_if_assigned()")
    wrote += number is not None
    at_it = number is not None and wrote == nth
    if at_it and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    commit(connection)
    if at_it and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
PipelinedConnection.commit = killed
running.run(tenant)
print(wrote)
"""


@pytest.fixture(scope="module")
def net(database: str) -> Net:
    """Two kommuner."""
    return new_net("A", "B")


def worked(tenant: UUID, when: str = "", nth: int = 0) -> int | None:
    """A round of the worker in a process of its own: its COMMITs that wrote, or None if killed."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, when, str(nth), str(tenant)],
        env=os.environ.copy(),
        check=False,
        timeout=240,
        capture_output=True,
        text=True,
    )
    if ended.returncode == -signal.SIGKILL:
        return None
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout)


def parcels(move: Agreed, name: str) -> list[HandoverParcel]:
    with tenant_session(Audience.WORKER, move.net[name].tenant_id) as session:
        return session.query(HandoverParcel).filter_by(proposal_id=move.proposal(name).id).all()


@pytest.mark.parametrize(
    ("when", "nth"), [("before", 1), ("after", 1), ("before", 2), ("after", 2)]
)
def test_killed_while_it_carries(net: Net, when: str, nth: int) -> None:
    move = agreed(net, "A", "B")
    for name in ("A", "B"):
        move.begin(name)
    move.send()
    assert worked(net["A"].tenant_id, when, nth) is None
    # One has it sealed for it, or the other still; none has it half.
    there = parcels(move, "B")
    assert len(there) == (0 if (when, nth) == ("before", 1) else 1)
    (left,) = parcels(move, "A")
    assert (left.sealed == b"") is ((when, nth) == ("after", 2))
    worked(net["A"].tenant_id)
    worked(net["A"].tenant_id)
    (there_now,) = parcels(move, "B")
    assert not there or there_now.id == there[0].id
    (left,) = parcels(move, "A")
    assert (left.sealed, left.carried_at is not None) == (b"", True)
    told = net["B"].act(WORKER, service.open_parcel, handover_id=move.handover("B").id)
    assert told.texts == {"threat": MARKED}


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_a_withdrawal_and_what_follows(net: Net, when: str) -> None:
    move = agreed(net, "A", "B")
    for name in ("A", "B"):
        move.begin(name)
    move.send()
    net.withdraw("A", move.request)
    assert worked(net["A"].tenant_id, when, 1) is None
    assert parcels(move, "B") == []
    worked(net["A"].tenant_id)
    assert (parcels(move, "A"), parcels(move, "B")) == ([], [])
    assert move.handover("A").state == "cancelled"
    # Made whole again, so that the flat and the next test are free of it.
    move.letter("B", "failed")
    worked(net["B"].tenant_id)
    assert move.handover("B").state == "cancelled"


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_it_forgets(net: Net, when: str) -> None:
    move = agreed(net, "A", "B")
    for name in ("A", "B"):
        move.begin(name)
    move.send()
    move.carried()
    move.take_in()
    move.settle("B", *BEFORE_MOVING_IN)
    move.moved()
    long_ago = today() - timedelta(days=400)
    with as_owner(net["B"].tenant_id) as connection:
        connection.execute(
            "UPDATE transfer_proposals SET moved_on = %s WHERE slip = %s",
            (long_ago, move.slips["B"]),
        )
    # The first COMMIT says that it moved, the second forgets.
    assert worked(net["B"].tenant_id, when, 2) is None
    known = move.proposal("B").counterpart_id is not None
    assert known is (when == "before")
    # Either all of it is there, or nothing.
    assert bool(parcels(move, "B")) is known
    assert (move.handover("B").forgotten_on is None) is known
    worked(net["B"].tenant_id)
    assert (move.proposal("B").counterpart_id, parcels(move, "B")) == (None, [])
