"""An erased kommun's messages leave the broker; the others' stay."""

from __future__ import annotations

from hemvist.ids import new_id
from hemvist_infra.leaving import broker


def test_only_the_kommuns_messages_are_dropped(valkey: str, database: str) -> None:
    from redis import Redis

    from hemvist_workers.app import app

    gone, stays = new_id(), new_id()
    for tenant_id in (gone, stays, gone):
        app.send_task("hemvist.test_of_leaving", (str(tenant_id), str(new_id()), {}))
    assert broker.drop(gone) == 2
    assert broker.drop(gone) == 0
    assert broker.drop(stays) == 1
    with Redis.from_url(valkey) as there:
        there.delete("hemvist")
