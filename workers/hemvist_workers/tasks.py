"""Tasks. Each is a thin cover of a plain function, so that the function can be called and tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import structlog
from opentelemetry import trace
from opentelemetry.propagate import extract, inject
from opentelemetry.trace import SpanKind
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hemvist.audit.linking import DEEP, RECENT
from hemvist.clock import now, real_now
from hemvist.comparisons import running as comparisons
from hemvist.db import Audience, engine
from hemvist.exchange import running as exchange
from hemvist.exchange import stating
from hemvist.handovers import running as handovers
from hemvist.retention import references
from hemvist.retention import running as retention
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant
from hemvist.tenancy.models import ACTIVE
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_workers import (
    chores,
    comparing,
    digests,
    exchanging,
    figures,
    landlord_mails,
    linking,
    parked,
    simulating,
    thinning,
    webhooks,
)
from hemvist_workers import relay as relaying
from hemvist_workers.app import app
from hemvist_workers.handlers import Unhandled, handle, handled_types

log = structlog.get_logger("hemvist.workers")
_tracer = trace.get_tracer("hemvist.workers")
#: The database does not answer, as the ORM tells it and as the driver does.
_AWAY = (OperationalError, psycopg.OperationalError)


@app.task(
    name="hemvist.handle",
    bind=True,
    max_retries=5,
    # Before the child is killed, so that what takes too long is noted as what failed.
    soft_time_limit=max(1, get_settings().task_time_limit * 3 // 4),
)
def handle_event(
    self: Any, tenant_id: str, event_id: str, trace_context: Mapping[str, str] | None = None
) -> None:
    """Let the handlers of one event do their work.

    A database that does not answer is tried again soon, and what a handler fails with until it is
    parked; anything else stays without a receipt and is relayed again later.
    """
    again = bool((self.request.delivery_info or {}).get("redelivered"))
    try:
        handle(UUID(tenant_id), UUID(event_id), again=again)
    except (*_AWAY, Unhandled) as error:
        raise self.retry(countdown=2**self.request.retries, exc=error) from None


def publish(tenant_id: UUID, event_id: UUID, trace_context: Mapping[str, Any]) -> None:
    """Hand one event over to the broker, in the trace of the command that caused it."""
    carrier: dict[str, str] = {}
    with _tracer.start_as_current_span(
        "relay", context=extract(trace_context), kind=SpanKind.PRODUCER, record_exception=False
    ) as span:
        span.set_attribute("hemvist.tenant_id", str(tenant_id))
        inject(carrier)
        handle_event.apply_async((str(tenant_id), str(event_id), carrier))


@app.task(name="hemvist.relay")
def relay() -> None:
    """Publish what waits in any tenant's outbox."""
    _in_every_tenant("relay", lambda tenant_id: relaying.relay_tenant(tenant_id, publish))


@app.task(name="hemvist.link")
def link_logs(back: str = "recent") -> None:
    """Give what was written in any log its place in the chain: of the last seconds, or ``deep`` or
    ``all`` for what was committed late."""
    _for_each("link", linking.everyone(), lambda one: linking.link(one, _BACK[back]))


@app.task(name="hemvist.relay_again")
def relay_again() -> None:
    """Let events go out again that should have been handled by now."""
    _in_every_tenant(
        "relay_again", lambda tenant_id: relaying.relay_again(tenant_id, handled_types(), now())
    )


@app.task(name=simulating.SIMULATE, bind=True, max_retries=5)
def simulate(
    self: Any,
    tenant_id: str,
    simulation_id: str,
    trace_context: Mapping[str, str] | None = None,
) -> None:
    """Carry a simulation on. One that nobody carries on is sent again by ``resume_simulations``."""
    try:
        simulating.carry_on(UUID(tenant_id), UUID(simulation_id))
    except _AWAY as error:
        raise self.retry(countdown=2**self.request.retries, exc=error) from None


@app.task(name=thinning.THIN, bind=True, max_retries=5)
def thin(
    self: Any,
    tenant_id: str,
    run_id: str,
    trace_context: Mapping[str, str] | None = None,
) -> None:
    """Carry a thinning on. One that nobody carries on is sent again by ``resume_thinning``."""
    try:
        thinning.carry_on(UUID(tenant_id), UUID(run_id))
    except _AWAY as error:
        raise self.retry(countdown=2**self.request.retries, exc=error) from None


@app.task(name="hemvist.webhooks")
def send_webhooks() -> None:
    """Start a task for each of the landlords' endpoints that a message waits for."""
    for endpoint_id in webhooks.due():
        # One that cannot be begun soon is started anew by the next tick.
        deliver.apply_async((str(endpoint_id),), expires=10)


@app.task(name="hemvist.deliver")
def deliver(endpoint_id: str) -> None:
    """Send what waits for one endpoint. What a killed worker was at is sent again after its lease."""
    webhooks.deliver(UUID(endpoint_id))


@app.task(name="hemvist.landlord_mails")
def send_landlord_mails() -> None:
    """Send landlords' people the mails that are due; what is left is a task again."""
    if landlord_mails.send_landlord_mails() == landlord_mails.SLICE:
        send_landlord_mails.apply_async()


@app.task(name="hemvist.prune_landlords")
def prune_landlords() -> None:
    """Remove what has done its service in the landlords' own tenant, which no chore walks over."""
    chores.prune(PLATFORM_TENANT)
    webhooks.prune()
    landlord_mails.prune(real_now())


@app.task(name=exchanging.EXCHANGE, bind=True, max_retries=5)
def run_exchange(
    self: Any, network_id: str, trace_context: Mapping[str, str] | None = None
) -> None:
    """Do what there is to do in a network. Done twice at once, each step is done once."""
    try:
        exchange.run(UUID(network_id))
    except _AWAY as error:
        raise self.retry(countdown=2**self.request.retries, exc=error) from None


@app.task(name="hemvist.exchanges")
def run_exchanges() -> None:
    """Look after every network."""
    exchanging.every_network()


@app.task(name=exchanging.STATE, bind=True, max_retries=5)
def state_network(self: Any, network_id: str) -> None:
    """Tell of a network's quarter, if its day has come, and give each member its statement."""
    try:
        stating.state(UUID(network_id))
    except _AWAY as error:
        raise self.retry(countdown=2**self.request.retries, exc=error) from None


@app.task(name="hemvist.statements")
def state_networks() -> None:
    """Let every network's members know how they stand."""
    exchanging.every_statement()


@app.task(name=comparing.COMPARE, bind=True, max_retries=5)
def compare(self: Any, comparison: str, trace_context: Mapping[str, str] | None = None) -> None:
    """Let each kommun that takes part in a comparison give its figures, and see the others'."""
    try:
        comparisons.run(comparison)
    except _AWAY as error:
        raise self.retry(countdown=2**self.request.retries, exc=error) from None


@app.task(name="hemvist.comparisons")
def compare_all() -> None:
    """Carry the figures of every comparison."""
    comparing.every_comparison()


@app.task(name="hemvist.chores")
def start_chore(name: str) -> None:
    """Start a chore in every tenant, as a task of its own in each."""
    _in_every_tenant(name, lambda tenant_id: chore.apply_async((name, str(tenant_id))))


@app.task(name="hemvist.chore", bind=True, max_retries=5)
def chore(self: Any, name: str, tenant_id: str, after: str | None = None) -> None:
    """Do one slice of a chore in one tenant; what is left is a task again.

    A database that does not answer is tried again soon; after anything else the next round tries.
    """
    try:
        more = CHORES[name](UUID(tenant_id), after)
    except _AWAY as error:
        raise self.retry(countdown=2**self.request.retries, exc=error) from None
    if more is not None:
        chore.apply_async((name, tenant_id, more))


def _mark_overdue(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.mark_overdue(tenant_id) == chores.SWEPT else None


def _expire_referrals(tenant_id: UUID, _after: str | None) -> str | None:
    chores.expire_referrals(tenant_id)
    return None


def _expire_offers(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.expire_offers(tenant_id) == chores.SLICE else None


def _activate_versions(tenant_id: UUID, _after: str | None) -> str | None:
    chores.activate_versions(tenant_id)
    return None


def _lay_out_obligations(tenant_id: UUID, after: str | None) -> str | None:
    _, last = chores.lay_out_obligations(tenant_id, after=UUID(after) if after else None)
    return None if last is None else str(last)


def _prune(tenant_id: UUID, _after: str | None) -> str | None:
    chores.prune(tenant_id)
    return None


def _refresh_snapshot(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if simulating.refresh_snapshot(tenant_id) else None


def _resume_simulations(tenant_id: UUID, _after: str | None) -> str | None:
    simulating.resume(tenant_id)
    return None


def _resume_thinning(tenant_id: UUID, _after: str | None) -> str | None:
    thinning.resume(tenant_id)
    return None


def _forget_thinned(tenant_id: UUID, _after: str | None) -> str | None:
    retention.forget(tenant_id)
    references.keep_beside(tenant_id)
    return None


def _watch_takeovers(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.watch_takeovers(tenant_id) == chores.SLICE else None


def _watch_guarantees(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.watch_guarantees(tenant_id) >= chores.SLICE else None


def _watch_terms(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.watch_terms(tenant_id) == chores.SLICE else None


def _escalate_clocks(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.escalate_clocks(tenant_id) == chores.SWEPT else None


def _withhold_stale(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.withhold_stale(tenant_id) == chores.SLICE else None


def _look_up_protection(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if chores.look_up_protection(tenant_id) == chores.SLICE else None


def _draw_log_sample(tenant_id: UUID, _after: str | None) -> str | None:
    chores.draw_log_sample(tenant_id)
    return None


def _carry_handovers(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if handovers.run(tenant_id) == handovers.SLICE else None


def _send_digests(tenant_id: UUID, _after: str | None) -> str | None:
    return "more" if digests.send_digests(tenant_id) == digests.SLICE else None


def _tell_parked(tenant_id: UUID, _after: str | None) -> str | None:
    parked.tell(tenant_id)
    return None


def _count_figures(tenant_id: UUID, after: str | None) -> str | None:
    if after is None and figures.count_changed(tenant_id):
        return None
    place = figures.count_slice(tenant_id, figures.Place.read(after) if after else None)
    return None if place is None else place.written()


def _tell_figures(tenant_id: UUID, after: str | None) -> str | None:
    place = figures.count_slice(tenant_id, figures.Place.read(after) if after else None)
    if place is not None:
        return place.written()
    figures.tell(tenant_id)
    return None


#: What time itself brings about; each does a slice and says where to go on.
CHORES: Mapping[str, Callable[[UUID, str | None], str | None]] = {
    "mark_overdue": _mark_overdue,
    "escalate_clocks": _escalate_clocks,
    "expire_referrals": _expire_referrals,
    "expire_offers": _expire_offers,
    "activate_versions": _activate_versions,
    "lay_out_obligations": _lay_out_obligations,
    "prune": _prune,
    "refresh_snapshot": _refresh_snapshot,
    "resume_simulations": _resume_simulations,
    "resume_thinning": _resume_thinning,
    "forget_thinned": _forget_thinned,
    "watch_takeovers": _watch_takeovers,
    "watch_guarantees": _watch_guarantees,
    "watch_terms": _watch_terms,
    "draw_log_sample": _draw_log_sample,
    "carry_handovers": _carry_handovers,
    "send_digests": _send_digests,
    "withhold_stale": _withhold_stale,
    "look_up_protection": _look_up_protection,
    "tell_parked": _tell_parked,
    "count_figures": _count_figures,
    "tell_figures": _tell_figures,
}


#: How far back the logs are looked through for what is not linked yet.
_BACK: Mapping[str, timedelta | None] = {"recent": RECENT, "deep": DEEP, "all": None}


def _in_every_tenant(what: str, act: Callable[[UUID], object]) -> None:
    """``act`` in one open kommun after another. What fails in one stops no other.

    Of one that is suspended nothing goes out and nothing is done; what its time has brought about is
    taken up when it is open again.
    """
    with Session(engine(Audience.WORKER)) as session:
        tenants = session.scalars(
            select(Tenant.id)
            .where(Tenant.kind == "kommun", Tenant.status == ACTIVE)
            .order_by(Tenant.id)
        ).all()
    _for_each(what, tenants, act)


def _for_each(what: str, tenants: Sequence[UUID], act: Callable[[UUID], object]) -> None:
    failed: Exception | None = None
    for tenant_id in tenants:
        try:
            act(tenant_id)
        except Exception as error:
            failed = error
            log.exception("chore_failed", chore=what, tenant_id=str(tenant_id))
    if failed is not None:
        raise failed
