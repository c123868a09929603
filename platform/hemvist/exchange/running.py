"""A network's business, done by the worker: letters carried, rounds run, one step after another.

Kommuner are visited as ``hemvist_worker``, each in its own tenant; the network as
``hemvist_exchange``. No transaction sees two tenants. Each step can be done again and finds in the
tables whether it is still to be done, so a process that dies anywhere leaves it to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select, update

from hemvist import clock
from hemvist.db import Audience
from hemvist.exchange import handling, rounds
from hemvist.exchange.handling import Desk
from hemvist.exchange.posting import Post, carried, mark, waiting
from hemvist.networks import Network, Rules
from hemvist.networks.service import rules_of, tenants_of
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.transfers import entering, offers
from hemvist.transfers.proposal_models import TransferLetter
from hemvist.transfers.receiving import receive

log = structlog.get_logger("hemvist.exchange")

#: Letters carried of one kommun at a time.
SLICE = 200
#: A clearing gives rise to letters, whose answers are people's: two turns bring all to rest.
TURNS = 3
#: How long the mark of a letter is kept, so that it is not handled again.
KEEP_MARKS = timedelta(days=60)


def run(network_id: UUID) -> None:
    """Do what there is to do in a network now.

    What fails with one kommun stops no other; the first failure is raised at the end.
    """
    failures: list[Exception] = []
    asked: dict[str, Mapping[UUID, str]] = {}

    def bring(code: str, kommun: UUID) -> None:
        asked[code] = carry_in(network_id, kommun, code)

    for _ in range(TURNS):
        asked.clear()
        rules, kommuner = standing(network_id)
        _each(kommuner, bring, failures)
        step(network_id)
        collect(network_id, rules, kommuner, failures, asked)
        cleared = clear(network_id)
        closed = close(network_id)
        _each(kommuner, lambda _code, tenant: carry_out(network_id, tenant), failures)
        if not (cleared or closed):
            break
    if failures:
        raise failures[0]


def standing(network_id: UUID) -> tuple[Rules, Mapping[str, UUID]]:
    """The network's rules, and its members that are tenants here by their codes."""
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        rules = rules_of(session, network_id)
        return rules, tenants_of(session, rules, clock.today())


def carry_in(network_id: UUID, kommun: UUID, code: str) -> dict[UUID, str]:
    """Bring a kommun's letters to the network. Each is handled once.

    Returns those that wait for the round's clearing, with what they ask the kommun itself for.
    """
    with tenant_session(Audience.WORKER, kommun) as session:
        offers.withdraw_let(session, network_id)
        session.flush()
        found = session.execute(
            select(TransferLetter.id, TransferLetter.sealed)
            .where(
                TransferLetter.network_id == network_id,
                TransferLetter.direction == "out",
                TransferLetter.done_at.is_(None),
            )
            .order_by(TransferLetter.id)
            .limit(SLICE)
        ).all()
    if not found:
        return {}
    answers: dict[UUID, str | None] = {}

    def take(session: TenantSession, post: Post, rules: Rules) -> None:
        desk = Desk(session, post, rules, kommun, code)
        for one in found:
            answers[one.id] = handling.handle(desk, one.id, one.sealed)

    _in_network(network_id, take)
    with tenant_session(Audience.WORKER, kommun) as session:
        session.execute(
            update(TransferLetter)
            .where(TransferLetter.id.in_([one for one, asks in answers.items() if asks is None]))
            .values(done_at=clock.now(), sealed=b"")
        )
    return {one: asks for one, asks in answers.items() if asks is not None}


def step(network_id: UUID) -> None:
    """Let late proposals lapse, and begin the round whose day has come."""

    def take(session: TenantSession, post: Post, rules: Rules) -> None:
        handling.expire(session, post, rules)
        rounds.begin_if_due(session, rules)

    _in_network(network_id, take)


def collect(
    network_id: UUID,
    rules: Rules,
    kommuner: Mapping[str, UUID],
    failures: list[Exception],
    asked: Mapping[str, Mapping[UUID, str]] | None = None,
) -> None:
    """Ask every kommun for its part in the round, where the round is being collected.

    ``asked``: by kommun, its letters that ask for a proposal beside the plan.
    """
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        round_ = rounds.running(session)
        if round_ is None or round_.state != "collecting":
            return
        flats = rounds.board(session, round_)
        missing = [code for code in kommuner if code not in round_.collected]
        # An ordinary request waits for an ordinary round, and for its first clearing.
        only_acute = round_.kind == "acute" or round_.clearings > 0
        round_id = round_.id

    def ask(code: str, kommun: UUID) -> None:
        waits = (asked or {}).get(code, {})
        with tenant_session(Audience.WORKER, kommun) as session:
            found = entering.entries(
                session, network_id, round_id, rules, flats, only_acute=only_acute, asked=waits
            )
        wishes = {wish.letter for entry in found for wish in entry.wishes}

        def take(session: TenantSession, _post: Post, _rules: Rules) -> None:
            running = rounds.running(session)
            if running is not None and running.id == round_id and running.state == "collecting":
                rounds.enter(session, running, code, found)
                for letter in waits.keys() - wishes:
                    # Withdrawn or agreed on meanwhile: nothing is asked for any more.
                    mark(session, kommun, letter)

        _in_network(network_id, take)

    _each({code: kommuner[code] for code in missing}, ask, failures)


def clear(network_id: UUID) -> bool:
    """Clear the round if every kommun's part is in; whether it was."""
    done = False

    def take(session: TenantSession, post: Post, rules: Rules) -> None:
        nonlocal done
        round_ = rounds.running(session)
        kommuner = tenants_of(session, rules, clock.today())
        if round_ is None or round_.state != "collecting":
            return
        if not set(kommuner) <= set(round_.collected):
            return
        rounds.clear(session, post, round_, rules, kommuner)
        done = True

    _in_network(network_id, take)
    return done


def close(network_id: UUID) -> bool:
    """Close the round if nobody's answer is waited for; whether it was."""
    done = False

    def take(session: TenantSession, post: Post, rules: Rules) -> None:
        nonlocal done
        kommuner = tenants_of(session, rules, clock.today())
        done = rounds.close_if_settled(session, post, kommuner.values())

    _in_network(network_id, take)
    return done


def carry_out(network_id: UUID, kommun: UUID) -> int:
    """Bring the network's letters to a kommun; how many. Each is handled once."""
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        found = waiting(session, kommun, SLICE)
    if not found:
        return 0
    with tenant_session(Audience.WORKER, kommun) as session:
        for letter, sealed in found:
            receive(session, network_id, letter, sealed)
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        carried(session, [letter for letter, _ in found])
    return len(found)


def every_network() -> list[UUID]:
    """The networks there are."""
    with tenant_session(Audience.EXCHANGE, UUID(int=0)) as session:
        return list(session.scalars(select(Network.id).order_by(Network.code)))


def prune(network_id: UUID) -> None:
    """Forget marks of letters that nobody can send again."""
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        handling.prune(session, clock.now() - KEEP_MARKS)


def _in_network(network_id: UUID, act: Callable[[TenantSession, Post, Rules], None]) -> None:
    """One step in the network, alone; what it writes to kommuner is sent with it."""
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        rounds.lock(session)
        rules = rules_of(session, network_id)
        post = Post()
        act(session, post, rules)
        post.send(session, tenants_of(session, rules, clock.today()).values())


def _each(
    kommuner: Mapping[str, UUID], act: Callable[[str, UUID], object], failures: list[Exception]
) -> None:
    for code, tenant in kommuner.items():
        try:
            act(code, tenant)
        except Exception as error:
            failures.append(error)
            # Neither what was to be done nor for whom: a log is read by many.
            log.warning("exchange_step_failed", error=type(error).__name__)
