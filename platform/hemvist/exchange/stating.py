"""What a network tells of its ledger: to each member its own place exactly, of the others little and late.

Done by the worker, the network as ``hemvist_exchange`` and each kommun as ``hemvist_worker``, one after the
other. Every member is given a statement each time, also where nothing has changed: who is written to
tells nobody who has moved.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.exchange import rounds
from hemvist.networks.rules import Terms
from hemvist.networks.service import rules_of, tenants_of
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger.publishing import Statement, keep_statement, publish, statements
from hemvist.transfer_ledger.telling import Rules

log = structlog.get_logger("hemvist.exchange")


def state(network_id: UUID) -> int:
    """Tell of the quarter whose day has come, and give every member its statement; how many.

    What fails with one kommun stops no other; the first failure is raised at the end.
    """
    failures: list[Exception] = []
    given = 0
    for one in told(network_id):
        try:
            with tenant_session(Audience.WORKER, one.member_id) as session:
                keep_statement(session, network_id, one)
            given += 1
        except Exception as error:
            failures.append(error)
            # Not for whom: a log is read by many.
            log.warning("statement_failed", error=type(error).__name__)
    if failures:
        raise failures[0]
    return given


def told(network_id: UUID) -> list[Statement]:
    """The statements of today's members, once the quarter is told of that may be.

    One that has left is given none any more: its last one stays as it was.
    """
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        # Two who tell of one quarter at once would tell of it twice.
        rounds.lock(session)
        rules = rules_of(session, network_id)
        members = set(tenants_of(session, rules, today()).values())
        publish(session, telling_rules(rules.terms_on(today())))
        return [one for one in statements(session, members) if one.member_id in members]


def telling_rules(terms: Terms) -> Rules:
    """How large the steps are in which it tells: a network may want larger ones, and no smaller."""
    usual = Rules()
    return Rules(
        least=max(usual.least, terms.smallest_cell), band=max(usual.band, terms.smallest_cell)
    )
