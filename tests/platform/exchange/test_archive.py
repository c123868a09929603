"""A proposal made again from what was kept, years later, by those who may."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from hemvist.audit.models import AuditEntry
from hemvist.db import Audience
from hemvist.errors import NotFound
from hemvist.exchange import archive
from hemvist.tenancy import tenant_session
from hemvist_infra.cli_networks import app
from hemvist_network import Net, new_net
from hemvist_rows import owner_engine


@pytest.fixture
def net(database: str) -> Net:
    """A proposal that was one of two possible ones."""
    net = new_net("A", "B", "C")
    net.request("A", urgency="high")
    net.offer("B", rooms=3)
    net.offer("C")
    net.run()
    return net


def slug_of(net: Net, name: str) -> str:
    """The kommun's slug."""
    with owner_engine().connect() as owner:
        return str(
            owner.exec_driver_sql(
                "SELECT slug FROM tenants WHERE id = %s", (net[name].tenant_id,)
            ).scalar_one()
        )


def test_a_proposal_is_made_again_and_says_why_not_the_other_flat(net: Net) -> None:
    found = archive.account(net["A"].tenant_id, net.proposal("A").id, matter="KS 2026/17")
    assert (found.round_kind, found.seed_as_committed, found.by_override) == (
        "regular",
        True,
        False,
    )
    (shown,) = found.clearings
    assert shown.input_as_kept and shown.same_answer and shown.proven
    assert shown.objective[:3] == (0, 1, 1)
    # The other one has a room too many.
    (other,) = shown.instead
    assert (other.reason, other.level) == ("worse", "surplus_rooms")


def test_the_kommuns_log_says_that_it_was_looked_at(net: Net) -> None:
    asked = CliRunner().invoke(
        app,
        [
            "account",
            "--tenant",
            slug_of(net, "C"),
            "--proposal",
            str(net.proposal("C").id),
            "--matter",
            "KS 2026/17",
            "--json",
        ],
    )
    assert asked.exit_code == 0, asked.output
    assert json.loads(asked.output)["holds"] is True
    with tenant_session(Audience.WORKER, net["C"].tenant_id):
        (entry,) = net["C"].rows(AuditEntry, subject_id=net.proposal("C").id, kind="read")
    assert entry.details == {"event": "reconstructed", "matter": "KS 2026/17"}


def test_another_kommuns_proposal_is_nothing_here(net: Net) -> None:
    for of in (net.proposal("A").id, uuid4()):
        with pytest.raises(NotFound):
            archive.account(net["B"].tenant_id, of, matter="KS 2026/17")


def test_what_was_tampered_with_does_not_hold(net: Net) -> None:
    with owner_engine().begin() as owner:
        owner.exec_driver_sql("SELECT set_config('hemvist.tenant_id', %s, true)", (str(net.id),))
        changed = owner.exec_driver_sql(
            "UPDATE exchange_rounds SET seed_digest = sha256('another') WHERE tenant_id = %s",
            (net.id,),
        )
        assert changed.rowcount == 1
    found = archive.account(net["A"].tenant_id, net.proposal("A").id, matter="KS 2026/17")
    assert not found.seed_as_committed
