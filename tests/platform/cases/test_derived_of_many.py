"""What the record answers of many cases at once is what it answers of each alone."""

from __future__ import annotations

import pytest

import hemvist.follow_ups
import hemvist.guarantees  # noqa: F401 - every concept that answers facts has said so
from hemvist.cases import derived
from hemvist.cases.derived import derived_facts, derived_facts_of
from hemvist.clock import today
from hemvist.tenancy import statements
from hemvist.tenancy.statements import answered
from hemvist_world import adult, child, new_world


def test_many_cases_at_once_are_told_what_each_is_told_alone(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, whatever they share, and with one statement for as many as go into one."""
    world = new_world()
    together = world.case()
    cases = [
        world.case(),
        world.case(adult(), child()),
        together,
        world.case(adult(protection="secrecy_mark", protection_source="Skatteverket")),
    ]
    world.housed(cases[0])
    world.registered(together)
    with world.session() as session:
        alone = {one.id: derived_facts(session, one, today()) for one in cases}
        texts: list[str] = []
        monkeypatch.setattr(
            statements,
            "answered",
            lambda session, text, values: texts.append(text) or answered(session, text, values),
        )
        assert derived_facts_of(session, cases, today()) == alone
        assert list(derived_facts_of(session, cases[::-1], today())) == [
            one.id for one in cases[::-1]
        ]
        assert len(texts) == 2
        monkeypatch.setattr(derived, "AT_ONCE", 3)
        assert derived_facts_of(session, cases, today()) == alone
        assert len(texts) == 4
        assert derived_facts_of(session, [], today()) == {}
    assert len({str(facts) for facts in alone.values()}) == len(cases)
