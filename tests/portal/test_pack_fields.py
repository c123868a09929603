"""Fields that a pack describes, to JSON and back."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist_portal.forms import Form
from hemvist_portal.pack_fields import put_value, read_value

_RECORD = [{"id": "kind", "kind": "choice"}, {"id": "amount", "kind": "money_ore"}]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("bool", True),
        ("bool", False),
        ("int", -4),
        ("months", 12),
        ("money_ore", 850_050),
        ("date", "2026-11-21"),
        ("text", "En text"),
        ("long_text", "Två\nrader"),
        ("choice", "no_home"),
        ("choice_list", ["addiction", "disability"]),
        ("text_list", ["ett", "två"]),
        ("records", [{"kind": "rent", "amount": 100}, {"kind": "other", "amount": 5_000_000}]),
    ],
)
def test_there_and_back(kind: str, value: Any) -> None:
    """What the form shows is what it sends."""
    form = Form()
    put_value(form, "f", kind, value, _RECORD)
    assert read_value(form, "f", kind, _RECORD) == value


@pytest.mark.parametrize(
    "kind", ["bool", "int", "money_ore", "date", "text", "choice", "choice_list", "records"]
)
def test_nothing_is_nothing(kind: str) -> None:
    """An empty field has no value, whatever its kind."""
    assert read_value(Form.of(f=""), "f", kind, _RECORD) is None


@pytest.mark.parametrize("kind", ["choice_list", "records", "text_list"])
def test_none_of_these_is_an_answer(kind: str) -> None:
    """No group at all is known to be none; an untouched list is not known."""
    form = Form()
    put_value(form, "f", kind, [], _RECORD)
    assert read_value(form, "f", kind, _RECORD) == []
    form = Form.of(**{"f.none": "true", "f": ["addiction"]})
    assert read_value(form, "f", "choice_list") == ["addiction"]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("int", "fyra"), ("int", "4,5"), ("money_ore", "mycket"), ("bool", "kanske"), ("int", "²")],
)
def test_what_cannot_be_read_is_sent_as_typed(kind: str, typed: str) -> None:
    """The API names the rule; the form never guesses."""
    assert read_value(Form.of(f=typed), "f", kind) == typed
