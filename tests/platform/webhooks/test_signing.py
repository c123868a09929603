"""Signatures are those of the standard, and bodies are CloudEvents."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from hemvist.landlord_events import TYPES
from hemvist.webhooks import backing_off, contents, signing
from hemvist_examples import example

RECEIVER = example("webhook_receiver")
EVENT = UUID("0197a000-0000-7000-8000-00000000abcd")
TOLD = contents.Told(
    EVENT,
    "offer.made",
    datetime(2026, 11, 21, 23, 30, 0, 120_000, tzinfo=UTC),
    "5561234567",
    "karlstad",
    f"Offer_{EVENT.hex}",
)


def test_the_vector_of_the_standard() -> None:
    """The one that its libraries are tested with."""
    made = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_an_endpoints_own_and_every_renewal_another() -> None:
    tenant, endpoint = uuid4(), uuid4()
    found = {
        signing.secret_of(tenant, endpoint, 1),
        signing.secret_of(tenant, endpoint, 2),
        signing.secret_of(tenant, uuid4(), 1),
        signing.secret_of(uuid4(), endpoint, 1),
    }
    assert len(found) == 4
    for secret in found:
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert signing.secret_of(tenant, endpoint, 1) in found


def test_the_documented_receiver_takes_either_of_two_secrets() -> None:
    body, now = contents.body(TOLD, "https://hemvist.test"), 1_700_000_000
    new, old = ("whsec_" + base64.b64encode(bytes([number] * 32)).decode() for number in (1, 2))
    made = signing.headers("evt_1", now, body, [new, old])
    assert len(made["webhook-signature"].split()) == 2
    for secret in (new, old):
        assert RECEIVER.verify(secret, made, body, now) == "evt_1"
    strange = "whsec_" + base64.b64encode(bytes(32)).decode()
    for secret, headers, said, at in (
        (strange, made, body, now),
        (new, made, body + b" ", now),
        (new, {**made, "webhook-id": "evt_2"}, body, now),
        (new, {**made, "webhook-timestamp": str(now + 1)}, body, now),
        (new, made, body, now + 301),
        (new, made, body, now - 301),
        (new, {**made, "webhook-timestamp": "soon"}, body, now),
        (new, {**made, "webhook-signature": "v1,short"}, body, now),
        (new, {}, body, now),
    ):
        with pytest.raises(RECEIVER.Refused):
            RECEIVER.verify(secret, headers, said, at)


def test_a_body_is_a_cloud_event_without_anybody_in_it() -> None:
    event = json.loads(contents.body(TOLD, "https://hemvist.test/"))
    assert event == {
        "specversion": "1.0",
        "id": "evt_0197a00000007000800000000000abcd",
        "source": "https://hemvist.test/landlord/karlstad",
        "type": "se.hemvist.offer.made",
        "time": "2026-11-21T23:30:00.120Z",
        "datacontenttype": "application/json",
        "subject": "Offer_0197a00000007000800000000000abcd",
        "data": {
            "landlord": "5561234567",
            "kommun": "karlstad",
            "subjectId": "Offer_0197a00000007000800000000000abcd",
        },
    }


def test_every_event_has_a_subject_and_a_test_has_none() -> None:
    for type_ in TYPES:
        found = contents.subject_id(type_, EVENT)
        assert found is not None and found.endswith(f"_{EVENT.hex}")
    assert contents.subject_id(contents.TEST, EVENT) is None
    assert contents.TEST not in TYPES


def test_attempts_are_backed_off_for_three_days() -> None:
    waits = [backing_off.delay(number, chance=0) for number in range(1, backing_off.MOST_ATTEMPTS)]
    assert waits[0] == timedelta(seconds=5) and waits[-1] == timedelta(hours=24)
    assert None not in waits
    assert sum(waits, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert backing_off.delay(backing_off.MOST_ATTEMPTS) is None
    for number in range(1, backing_off.MOST_ATTEMPTS):
        drawn = backing_off.delay(number)
        assert drawn is not None and waits[number - 1] <= drawn <= waits[number - 1] * 1.2  # type: ignore[operator]


def test_a_receivers_own_wish_is_followed_within_a_day() -> None:
    assert backing_off.delay(1, timedelta(minutes=2), 0) == timedelta(minutes=2)
    assert backing_off.delay(1, timedelta(seconds=1), 0) == timedelta(seconds=5)
    assert backing_off.delay(1, timedelta(days=9), 0) == timedelta(hours=24)
    assert backing_off.rest(1) == timedelta(seconds=5)
    assert backing_off.rest(50) == timedelta(minutes=5)
