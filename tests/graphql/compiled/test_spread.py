"""On a database over many machines every page says what it says on one, and no statement leaves its kommun.

Citus does not run here: the plans for it run on PostgreSQL, as does all else; what Citus asks of them is
what ``hemvist_infra.distribution`` holds them to.
"""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.identity import Actor
from hemvist.settings import get_settings
from hemvist_infra.distribution.sent import Sent, problems
from hemvist_paths import Told, forget, planned
from hemvist_portal.documents import document
from hemvist_portal_reads import READS, given, reader_of_everything
from hemvist_statements import Noted, noting


@pytest.fixture(scope="module")
def somebody(populated: Any) -> Actor:
    """Somebody who may read everything that the portal shows."""
    return reader_of_everything(populated.world)


#: Pages that every run reads; the others are read by the slow tests.
SOME = ("assessment", "cases", "policy_previews", "today", "transfer_function")


@pytest.mark.parametrize(
    "name", [one if one in SOME else pytest.param(one, marks=pytest.mark.slow) for one in READS]
)
def test_a_page_is_read_by_the_kommuns_value(
    name: str, populated: Any, somebody: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = given(name, populated.world)
    alone = planned(somebody, document(name), variables)
    assert isinstance(alone, Told)
    noted = Noted()
    monkeypatch.setattr(get_settings(), "database_distributed", True)
    forget()
    try:
        with noting(noted):
            spread = planned(somebody, document(name), variables)
    finally:
        forget()
    assert isinstance(spread, Told), spread
    assert spread.data == alone.data
    assert spread.logged == alone.logged
    sent = [
        Sent(role, place, text)
        for (role, text), place in noted.found.items()
        if "asking" in text or place != "tests"
    ]
    assert [str(one) for one in problems(sent)] == []


def test_a_plan_for_one_machine_would_be_refused(populated: Any, somebody: Actor) -> None:
    """The check above can fail: the plain plan hands its tenant on, and sets it by itself."""
    noted = Noted()
    forget()
    with noting(noted):
        planned(somebody, document("cases"), given("cases", populated.world))
    sent = [Sent(role, place, text) for (role, text), place in noted.found.items()]
    rules = {one.rule.name for one in problems(sent)}
    assert {"HANDED", "SETTING"} <= rules
