"""What one look sees of a real broker and a real database, and that it says nothing of anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
import redis
from pydantic import SecretStr
from typer.testing import CliRunner

from hemvist.audit import linking
from hemvist.clock import real_now, today
from hemvist.deadlines.models import Obligation
from hemvist.errors import HemvistError
from hemvist.ids import new_id
from hemvist.outbox import emit, parking
from hemvist.settings import get_settings
from hemvist.tenancy import Audience, tenant_session
from hemvist_infra import cli_watch
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_infra.telemetry.measures import MEASURES, TENANT
from hemvist_infra.watching import judging, kommuner, looking, server, telling
from hemvist_infra.watching.seen import Kommun, Seen
from hemvist_testing import open_folder, owner_connection
from hemvist_workers import signs
from hemvist_workshop import Workshop, wait_for
from hemvist_world import as_owner, new_world

pytestmark = pytest.mark.usefixtures("database")
#: As the workers' configuration names it, which asks for a broker when it is read.
TICKS = "hemvist-ticks"


@pytest.fixture(scope="module")
def workshop(database: str) -> Iterator[Workshop]:
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        workshop = Workshop(folder, EmbeddedValkey(folder / "valkey"))
        patch.setenv("HEMVIST_REDIS_URL", workshop.redis_url)
        get_settings.cache_clear()
        try:
            yield workshop
        finally:
            workshop.close()
    get_settings.cache_clear()


def one(tenant_id: UUID) -> Kommun:
    """What a look sees of a kommun."""
    found = kommuner.look(lambda *told: pytest.fail(str(told)))
    return next(each for each in found if each.tenant_id == tenant_id)


def test_what_waits_in_a_kommun_is_seen_with_its_age() -> None:
    world = new_world()
    case = world.case()
    with as_owner(world.tenant_id) as connection:
        connection.execute("DELETE FROM outbox_events")
    assert (one(world.tenant_id).outbox, one(world.tenant_id).outbox_oldest) == (0, 0.0)
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        event_id = emit(session, "referral_registered", {})
    for _ in range(parking.STRIKES):
        with tenant_session(Audience.WORKER, world.tenant_id) as session:
            parking.failed(session, "notices", event_id, "KeyError", counted=False)
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE outbox_events SET occurred_at = now() - interval '90 seconds'")
        connection.execute("UPDATE event_troubles SET parked_at = now() - interval '1 hour'")
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        session.save(
            Obligation(
                case_id=case.id,
                programme="x",
                code="x",
                ordinal=1,
                due_on=today() - timedelta(days=3),
                anchor="x",
                anchor_id=new_id(),
                anchored_on=today(),
                by=[],
                participants=[],
                departments=[],
                cite="x",
                label={},
                agenda=[],
                pack="x",
                pack_version="1",
            )
        )
    seen = one(world.tenant_id)
    assert seen.outbox == 1
    assert 89 < seen.outbox_oldest < 150
    assert seen.parked == 1
    assert 3599 < seen.parked_oldest < 3700
    assert seen.unhandled == 1
    # Three days back: the day itself is not over before its end.
    assert 2 * 86_400 - 7200 < seen.deadline_lag < 3 * 86_400 + 7200
    assert judging.of_kommun(seen) == "wrong"


def test_a_log_that_is_not_linked_or_anchored_is_seen() -> None:
    world = new_world()
    world.case()
    before = one(world.tenant_id)
    assert before.unlinked > 0
    assert before.acts > 0
    linking.link(world.tenant_id)
    with as_owner(world.tenant_id) as connection:
        connection.execute("DELETE FROM audit_anchors")
    linked = one(world.tenant_id)
    assert linked.unlinked == 0
    assert linked.anchor_lag > 0
    linking.anchor(world.tenant_id, now=True)
    assert one(world.tenant_id).anchor_lag == 0


def test_the_queue_and_the_signs_are_seen(workshop: Workshop) -> None:
    workshop.forget_everything()
    with redis.Redis.from_url(workshop.redis_url) as client:
        empty = looking.broker.look(client)
        assert (empty.length, empty.oldest, empty.beat, empty.audit_finds) == (0, 0.0, None, None)
        workshop.chore("prune")
        waiting = looking.broker.look(client)
        assert waiting.length == 1
        # A chore is begun by what only looks, in a queue of its own.
        assert waiting.queues[TICKS].length == 1
        assert waiting.oldest is not None
        assert 0 <= waiting.oldest < 60
        # Ones that came before messages said since when they wait.
        message = json.loads(client.lindex(TICKS, -1))  # type: ignore[arg-type]
        del message["headers"][signs.SENT_AT]
        client.lset(TICKS, -1, json.dumps(message))
        assert looking.broker.look(client).oldest is None
        signs.give(signs.AUDIT, finds=2, seldom=False)
        signs.give(signs.BEAT, seldom=False)
        told = looking.broker.look(client)
        assert told.audit_finds == 2
        assert told.beat is not None
        assert told.beat < 5


@pytest.mark.slow
def test_a_worker_and_beat_give_signs_of_life(workshop: Workshop) -> None:
    workshop.forget_everything()
    workshop.worker()
    workshop.beat()
    with redis.Redis.from_url(workshop.redis_url) as client:
        wait_for("signs of life", lambda: None not in _lives(client))
    workshop.terminate()


def _lives(client: redis.Redis) -> tuple[float | None, ...]:
    told = looking.broker.look(client)
    return told.beat, told.worker, told.relay


def test_the_server_tells_its_figures(database: str) -> None:
    told = server.look()
    assert told.most > 0
    assert told.size > 1_000_000
    # The operator's role sees nobody else's transactions: not known is not nothing.
    assert told.oldest is None
    assert told.revision is None


def test_with_a_role_that_may_see_them_transactions_are_told(
    postgres: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = urlsplit(database).path
    url = urlsplit(postgres)._replace(path=name).geturl()
    monkeypatch.setattr(get_settings(), "watch_database_url", url)
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if row.fetchone() != (True,):
            pytest.skip("the server's user is no superuser")
    with owner_connection() as connection:
        connection.execute("SELECT 1")
        told = server.look()
    assert told.oldest is not None
    assert told.revision is not None


def test_what_does_not_answer_is_named_and_the_rest_is_seen(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "redis_url", "redis://127.0.0.1:1/0")
    seen = looking.look()
    assert seen.failed == {"broker": "ConnectionError"}
    assert seen.broker is None
    assert seen.kommuner
    states = {line.name: line.state for line in judging.lines(seen)}
    assert states["broker"] == "wrong"
    assert states["beat"] == "unknown"
    assert states["database"] == "ok"
    assert list(telling.points("hemvist.broker.up", seen)) == [(0, {})]
    assert list(telling.points("hemvist.beat.silent", seen)) == [(None, {})]


def test_every_metric_of_the_watch_is_told(workshop: Workshop) -> None:
    workshop.forget_everything()
    new_world()
    seen = looking.look()
    for measure in MEASURES:
        if measure.where == "watch":
            for _, attributes in telling.points(measure.name, seen):
                assert set(attributes) <= set(measure.attributes), measure.name
    (point,) = telling.points("hemvist.database.up", seen)
    assert point == (1, {})
    of_kommun = {told[TENANT] for _, told in telling.points("hemvist.outbox.oldest", seen)}
    of_log = {told[TENANT] for _, told in telling.points("hemvist.audit.anchor.lag", seen)}
    # Networks and the landlords' own tenant have a log and no cases.
    assert of_kommun < of_log


def test_the_command_says_what_is_not_well(workshop: Workshop) -> None:
    workshop.forget_everything()
    new_world()
    ran = CliRunner().invoke(cli_watch.app, ["status"])
    # No web is served in this test, and nobody has ever ticked.
    assert ran.exit_code == 1, ran.output
    assert "wrong    web" in ran.output
    assert "unknown  beat" in ran.output
    assert "database" not in ran.output
    assert re.search(r"^wrong: \d+ lines, \d+ kommuner$", ran.output, re.M)
    told = json.loads(CliRunner().invoke(cli_watch.app, ["status", "--json"]).output)
    assert told["lines"]["broker"]["state"] == "ok"
    assert told["kommuner"]


def test_a_page_is_not_served_with_a_short_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "watch_token", SecretStr("kort"))
    with pytest.raises(HemvistError, match="32 characters"):
        CliRunner().invoke(cli_watch.app, ["run"], catch_exceptions=False)


def test_not_known_is_not_well() -> None:
    assert judging.judged("beat", None) == "unknown"
    assert judging.worst(("ok", "unknown", "watch")) == "unknown"
    assert judging.worst(("unknown", "wrong")) == "wrong"
    empty = Seen(at=real_now())
    states = {line.name: line.state for line in judging.lines(empty)}
    assert states["database"] == "wrong"
    assert set(states.values()) == {"wrong", "unknown"}
    kommun = Kommun(new_id(), "x", "kommun", "active")
    assert judging.of_kommun(kommun) == "ok"
    assert judging.of_kommun(replace(kommun, parked=1)) == "wrong"
    assert judging.of_kommun(replace(kommun, unlinked=600.0)) == "watch"
