"""Every rule code that a service may give has words, and words never fail."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import hemvist
import hemvist_graphql
from hemvist_graphql.messages import MESSAGES, message_for, message_for_field
from hemvist_graphql.wording import EVENTS

CORE = Path(hemvist.__file__).parent
API = Path(hemvist_graphql.__file__).parent
#: Refusals with a rule code, and the place of the code among their arguments.
PLACES = {"Problem": 1, "one": 1, "Conflict": 0, "PolicyRefused": 0}


def codes() -> set[str]:
    found = set()
    for folder in (CORE, API):
        for file in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
                place = PLACES.get(name)
                if place is None or len(node.args) <= place:
                    continue
                code = node.args[place]
                if isinstance(code, ast.Constant) and re.fullmatch(r"[a-z0-9_]+", str(code.value)):
                    found.add(str(code.value))
    return found


def test_every_code_of_the_services_has_words() -> None:
    found = codes()
    assert len(found) > 40
    assert sorted(found - set(MESSAGES)) == []


def test_both_languages_are_there_and_differ() -> None:
    for rule, (swedish, english) in MESSAGES.items():
        assert swedish and english and swedish != english, rule


def test_a_missing_parameter_never_fails() -> None:
    for rule in MESSAGES:
        for lang in ("sv", "en", "fi", None):
            assert message_for(rule, lang, {}, "")


def test_an_unknown_code_falls_back() -> None:
    assert message_for("no_such_rule", "sv", {}, "the service's words") == "the service's words"
    assert message_for("no_such_rule", "sv", {}, "") == "no_such_rule"


def test_parameters_are_shown() -> None:
    assert message_for("too_long", "en", {"limit": 100}, "") == "At most 100 characters."


def test_every_event_of_the_core_has_words() -> None:
    from hemvist.policy import EVENTS as OF_PACKS

    assert set(OF_PACKS) <= set(EVENTS)


def test_bounds_of_money_are_told_in_kronor() -> None:
    """The API counts in öre; a person is told kronor."""
    bounds = {"min": 0, "max": 10_000_050}
    said = message_for_field("items[0].costOre", "range", "sv", bounds, "")
    assert said == "Ange ett belopp från 0\xa0kr till 100\xa0000,50\xa0kr."
    assert "öre" not in said and "kr" in message_for_field("rentOre", "range", "en", bounds, "")
    assert message_for_field("rooms", "range", "sv", {"min": 1, "max": 20}, "") == (
        "Ange ett tal från 1 till 20."
    )
