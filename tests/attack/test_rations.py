"""Every address asked by those who have asked often enough."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hemvist_attack import Tally
from hemvist_attack_edges import FREE, attack_rations
from hemvist_attack_people import Front, logged_in, who_uses_it, whole_front
from hemvist_attack_web import SLUG, Caller

pytestmark = pytest.mark.slow

#: So many at once, and so few a minute that nothing comes back while a test runs.
PERSON, KOMMUN, STRANGER = 8, 30, 40


@pytest.fixture(scope="module")
def rationed(database: str, valkey: str) -> Iterator[Front]:
    """The application with few requests for each."""
    with pytest.MonkeyPatch.context() as patch:
        for who, most in (("PERSON", PERSON), ("KOMMUN", KOMMUN), ("STRANGER", STRANGER)):
            patch.setenv(f"HEMVIST_{who}_REQUESTS_AT_ONCE", str(most))
            patch.setenv(f"HEMVIST_{who}_REQUESTS_PER_MINUTE", "0.01")
        with whole_front() as front:
            yield front


def _ask(front: Front, who: Caller, times: int) -> list[int]:
    headers = dict(who.headers)
    return [
        front.client.get(f"/{who.slug or SLUG}/cases", headers=headers).status_code
        for _ in range(times)
    ]


def test_no_address_answers_who_has_asked_too_often(tally: Tally, rationed: Front) -> None:
    elsewhere = logged_in("petra.solberg", "karlstad")
    assert _ask(rationed, elsewhere, 2) == [200, 200]
    # One person has had theirs, then all of the kommun together, then all of one address.
    assert _ask(rationed, rationed.manager, PERSON + 1)[PERSON - 1 :] == [200, 429]
    others = [who_uses_it(f"newcomer {number}") for number in range(KOMMUN // PERSON + 1)]
    said = [_ask(rationed, one, PERSON) for one in others]
    assert said[0] == [200] * PERSON
    assert said[-1][-1] == 429
    assert _ask(rationed, Caller("nobody"), STRANGER)[-1] == 429
    spent = [
        Caller("a person", rationed.manager.headers, rationed.manager.csrf),
        Caller("somebody of a kommun", others[-1].headers, others[-1].csrf),
        Caller("an address"),
    ]
    attack_rations(tally, rationed.client, rationed.places, spent, [elsewhere])
    assert tally.count("rationed routes") == len(rationed.places)
    assert {str(one) for one in rationed.places} >= set(FREE)
