"""Figures of a guideline as people write them, and two texts beside each other."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist_portal import policy_values
from hemvist_portal.comparing import beside, excerpt
from hemvist_portal.forms import Form
from hemvist_portal.policy_words import SETTING_CHOICES
from hemvist_registry import discovered

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (1_500_000, "money_ore", f"15{NBSP}000{NBSP}kr"),
        (12, "months", "12 månader"),
        (1, "months", "1 månad"),
        (14, "days", "14 dagar"),
        (1, "days", "1 dag"),
        (7, "int", "7"),
        (True, "bool", "Ja"),
        (False, "bool", "Nej"),
        ([6, 12, 24], "months_list", "6, 12, 24 månader"),
        (["a", "b"], "text_list", "a, b"),
        ("2027-01-01", "date", "2027-01-01"),
        (None, "money_ore", "inget värde"),
    ],
)
def test_a_value_in_words(value: Any, kind: str, words: str) -> None:
    """Kronor and not öre, months and days by name."""
    assert policy_values.shown(value, kind, str) == words


def test_what_a_setting_chooses_among_is_said_in_words() -> None:
    said = policy_values.with_choices("Läsning (is_left_out eller annat): is_left_out", str)
    assert said == "Läsning (omfattas inte eller annat): omfattas inte"


def test_every_code_that_a_guideline_chooses_among_has_words() -> None:
    """A new setting with codes of its own is worded here, or by the options of a fact."""
    bare = set()
    for pack in discovered().packs():
        known = {code for fact in pack.facts.values() for code in fact.options}
        for param in pack.params.values():
            for choice in param.setting.choices if param.setting else ():
                if isinstance(choice, str) and "_" in choice:
                    bare |= {choice} - known
    assert bare == SETTING_CHOICES.keys()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1_500_050, "money_ore"),
        (12, "months"),
        (14, "days"),
        (-3, "int"),
        (True, "bool"),
        (False, "bool"),
        ("2027-01-01", "date"),
        ("Tolkas fritt", "text"),
        ([6, 12], "months_list"),
        (["ett", "två"], "text_list"),
    ],
)
def test_what_is_put_into_a_field_is_read_from_it(value: Any, kind: str) -> None:
    """A form that is sent unchanged changes nothing."""
    form = Form.of()
    policy_values.put(form, "value", value, kind)
    assert policy_values.read(form, "value", kind) == value
    assert not form.problems


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "money_ore"),
        ("femton tusen", "money_ore"),
        ("ett år", "months"),
        ("1,5", "days"),
        ("31/12", "date"),
        ("", "text"),
        ("", "bool"),
        ("", "text_list"),
        ("6\ntolv", "int_list"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_the_field(text: str, kind: str) -> None:
    """It is never taken for something else, and stays as it was typed."""
    form = Form.of(value=text)
    policy_values.read(form, "value", kind)
    assert form.error("value")
    assert form.raw("value") == text


def test_the_value_of_a_day() -> None:
    """A value holds until a later one takes over; before all of them, the first."""
    values = [{"validFrom": "2020-01-01", "value": 1}, {"validFrom": "2027-01-01", "value": 2}]
    parameter = {"values": values}
    days = ("2019-01-01", "2026-12-31", "2027-01-01")
    assert [policy_values.latest(parameter, day) for day in days] == [1, 1, 2]


def test_texts_beside_each_other() -> None:
    """Lines that are alike stand as they are; in the others the words that differ are marked."""
    before = "Titel 1 (gäller)\n\nRegeln [RL]\n  högst 10\xa0000 kr (gränsen).\n\nKällor:\n- a"
    after = (
        "Titel 2 (gäller)\n\nRegeln [RL]\n  högst 15\xa0000 kr (gränsen).\nNy rad\n\nKällor:\n- b"
    )
    same, changed, added = beside(before, after)
    assert same == ([("Regeln [RL]", False)], [("Regeln [RL]", False)], False)
    left, right, differs = changed
    assert differs
    assert [words.strip() for words, new in left if new] == ["10\xa0000"]
    assert [words.strip() for words, new in right if new] == ["15\xa0000"]
    assert "".join(words for words, _ in right) == "  högst 15\xa0000 kr (gränsen)."
    assert added == ([("", True)], [("Ny rad", True)], True)


def test_a_rule_that_is_new_or_gone() -> None:
    """One side is empty."""
    text = "Titel\n\nRegeln\n\nSources:\n- a"
    assert beside(None, text) == [([("", True)], [("Regeln", True)], True)]
    assert beside(text, None) == [([("Regeln", True)], [("", True)], True)]


def test_lines_about_a_place() -> None:
    """The first and the last line have neighbours on one side only."""
    text = "a\nb\nc"
    assert excerpt(text, 1) == [(1, "a"), (2, "b")]
    assert excerpt(text, 2) == [(1, "a"), (2, "b"), (3, "c")]
    assert excerpt(text, 3) == [(2, "b"), (3, "c")]
    assert excerpt(text, 99) == []
