"""Events and connections over the landlords' API: by a person, and by a machine just the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hemvist.clock import now
from hemvist.landlord_events import TYPES
from hemvist.webhooks.contents import NAMES
from hemvist_graphql.landlord.schema import executable_schema
from hemvist_landlord_api import ask, command, failure
from hemvist_landlords import agent, district
from hemvist_receiver import receiver
from hemvist_told_landlords import Told, deliveries, name_of, platform_session, told_landlord
from hemvist_workers import webhooks

EVENTS = """query Events($kommun: ID, $types: [String!], $since: DateTime) {
  events(kommun: $kommun, types: $types, since: $since) {
    totalCount edges { node { id type label(lang: "en") subjectId kommun { name } } } } }"""
SECRET = "webhookEndpoint { id name state version secret }"


@pytest.fixture(scope="module")
def told(database: str) -> Told:
    return told_landlord()


def events(member: Any, **filters: Any) -> list[dict[str, Any]]:
    """What the member is told, the latest first."""
    found = ask(member.actor, EVENTS, **filters)["events"]
    nodes = [edge["node"] for edge in found["edges"]]
    assert found["totalCount"] == len(nodes)
    return nodes


def test_events_of_every_kommun_and_of_ones_own_districts_in_one_list(told: Told) -> None:
    stranger = told_landlord()
    stranger.happen()
    first = told.happen("offer.made")
    told.happen("report.late", kommun=told.two, designation="Björnen 1")
    told.happen("quota.changed", designation=None)
    found = events(told.vera)
    assert [one["type"] for one in found] == ["quota.changed", "report.late", "offer.made"]
    assert found[2]["id"] == f"Event_{first.hex}"
    assert found[2]["label"] == "New offer of one of your homes"
    assert found[2]["subjectId"].startswith("Offer_")
    assert {one["kommun"]["name"] for one in found} == {name_of(told.one), name_of(told.two)}
    assert [one["type"] for one in events(told.vera, types=["report.late"])] == ["report.late"]
    assert events(told.vera, since=(now() + timedelta(hours=1)).isoformat()) == []
    here = district(told.vera, "Norr", told.one, "Kvarnen 7")
    olle = agent(told.vera, told.other, districts=[here])
    assert [one["type"] for one in events(olle)] == ["quota.changed", "offer.made"]


def test_every_subject_is_something_that_can_be_asked_for() -> None:
    known = executable_schema().type_map
    assert {name for name in NAMES.values() if name not in known} == set()


def add(told: Told, who: Any, **given: Any) -> dict[str, Any]:
    """What the command to set up an endpoint answered."""
    values = {
        "landlordId": f"Landlord_{told.landlord_id.hex}",
        "name": "Systemet",
        "url": "https://system.example.se/hemvist",
        "types": ["offer.made"],
        **given,
    }
    return command(who.actor, "addWebhookEndpoint", values, SECRET)


def test_a_connection_is_for_administrators_and_its_secret_for_who_made_it(told: Told) -> None:
    with receiver() as there:
        made = add(told, told.vera, url=there.url(), idempotencyKey="the same")
        again = add(told, told.vera, url=there.url(), idempotencyKey="the same")
        endpoint = made["webhookEndpoint"]
        assert endpoint["secret"].startswith("whsec_") and endpoint["state"] == "on"
        assert again == made
        renewed = command(
            told.vera.actor,
            "renewWebhookSecret",
            {"endpointId": endpoint["id"], "expectedVersion": 1},
            SECRET,
        )["webhookEndpoint"]
        assert renewed["secret"] not in (None, endpoint["secret"])
        # Nobody is shown it afterwards, not even with another command on the row.
        tried = command(
            told.vera.actor,
            "changeWebhookEndpoint",
            {
                "endpointId": endpoint["id"],
                "name": "Systemet",
                "url": there.url(),
                "types": ["offer.made"],
                "on": True,
                "expectedVersion": 2,
            },
            SECRET,
        )["webhookEndpoint"]
        assert tried["secret"] is None
        seen = ask(told.other.actor, "{ webhookEndpoints { id secret } }")["webhookEndpoints"]
        assert seen == [{"id": endpoint["id"], "secret": None}]
        test = command(
            told.other.actor,
            "testWebhookEndpoint",
            {"endpointId": endpoint["id"]},
            "webhookDelivery { state messageId label endpoint { id } }",
        )["webhookDelivery"]
        assert test["state"] == "waiting" and test["endpoint"]["id"] == endpoint["id"]
        row_id = tried["id"].removeprefix("WebhookEndpoint_")
        assert len(there.received) == 0
        assert webhooks.deliver(UUID(row_id)) == 1
        assert there.received[0][0]["webhook-id"] == test["messageId"]
        assert [one.state for one in deliveries(UUID(row_id))] == ["delivered"]


def test_others_find_neither_the_landlord_nor_its_connections(told: Told) -> None:
    endpoint = add(told, told.vera)["webhookEndpoint"]
    olle = agent(told.vera, told.other)
    stranger = told_landlord()
    for who in (olle, stranger.vera):
        assert ask(who.actor, "{ webhookEndpoints { id } }") == {"webhookEndpoints": []}
        looked = ask(who.actor, "query X($id: ID!) { node(id: $id) { id } }", id=endpoint["id"])
        assert looked == {"node": None}
        given = {"endpointId": endpoint["id"], "expectedVersion": 1}
        for name in ("renewWebhookSecret", "removeWebhookEndpoint"):
            answer = command(who.actor, name, given, "webhookEndpoint { id }")
            assert answer["__typename"] == "NotFound"
        assert add(told, who)["__typename"] == "NotFound"


def test_what_does_not_hold_is_named(told: Told) -> None:
    answer = add(told, told.vera, name=" ", url="ftp://x", types=["offer.exploded"])
    assert {(one["field"], one["rule"]) for one in answer["problems"]} == {
        ("name", "required"),
        ("url", "webhook_address_form"),
        ("types", "unknown_choice"),
    }
    assert all(one["message"] for one in answer["problems"])
    with_no_type = add(told, told.vera, types=[])
    assert [one["rule"] for one in with_no_type["problems"]] == ["required"]
    error = failure(told.vera.actor, "{ webhookDeliveries(first: -1) { totalCount } }")
    assert error["extensions"]["code"] == "BAD_PAGE"


def test_no_secret_stands_in_the_database(told: Told) -> None:
    secret = add(told, told.vera)["webhookEndpoint"]["secret"].removeprefix("whsec_")
    with platform_session() as session:
        for table in ("webhook_endpoints", "audit_entries", "command_receipts"):
            found = session.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
            assert found and not any(secret in row for row in found)


def test_every_kind_of_event_can_be_chosen(told: Told) -> None:
    found = ask(told.vera.actor, '{ eventTypes { type label(lang: "sv") } }')["eventTypes"]
    assert [one["type"] for one in found] == list(TYPES)
    assert all(one["label"] for one in found)
    assert add(told, told.vera, types=list(TYPES))["webhookEndpoint"]["state"] == "on"
