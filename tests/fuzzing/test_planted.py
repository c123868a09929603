"""Holes planted in both APIs and in the web: cases find each of them."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import structlog

from hemvist.agreements import service as agreements
from hemvist.errors import Conflict
from hemvist.settings import get_settings
from hemvist_fuzz_run import Fuzzing
from hemvist_fuzz_town import Town
from hemvist_graphql import command, errors, execution, explaining, inputs, messages, naming
from hemvist_graphql.units import mutations as unit_commands
from hemvist_portal import forms, rendering, visitor
from hemvist_portal.routes import units
from hemvist_testing import owner_connection

pytestmark = pytest.mark.slow

Patch = pytest.MonkeyPatch
NOTE = "noteOnAgreement"
#: Its title is kept in the clear: what is sealed may hold a NUL.
MEETING = "planAgreementMeeting"
NEW_UNIT = "POST /{slug}/units/new"
UNITS = "GET /{slug}/units"


@pytest.fixture(autouse=True)
def ordinary(monkeypatch: Patch) -> None:
    """Plans are kept; a hole in what is declared is looked for where it is asked anew."""
    monkeypatch.setattr(get_settings(), "compiled_reads", False)


def found(town: Town, only: str, number: int = 40, seed: int = 7) -> list[str]:
    """What so many cases at some targets find."""
    count = Fuzzing(town, seed).run(number, only)
    assert sum(count.sent.values()) == number
    return [told for told, _ in count.finds]


def any_of(finds: list[str], words: str) -> bool:
    return any(words in one for one in finds)


@pytest.mark.parametrize("only", [NOTE, NEW_UNIT, UNITS])
def test_without_a_hole_nothing_is_found_this_way(town: Town, only: str) -> None:
    """A control: it is the hole that is found, not the way of looking."""
    assert found(town, only) == []


def test_cases_get_as_far_as_being_carried_out(town: Town) -> None:
    """What comes after the rights is tried too."""
    assert Fuzzing(town, 7).run(80, NOTE).ended["done"] > 5


def test_a_null_character_that_reaches_the_database(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.setattr(inputs, "storable", lambda value: not _half(value))
    assert any_of(found(town, MEETING, 500), "server error")


def test_half_of_a_surrogate_pair(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.setattr(inputs, "storable", lambda value: "\0" not in value)
    assert any_of(found(town, NOTE, 300), "server error")


def _half(value: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in value)


def test_a_file_that_is_decoded_as_it_stands(town: Town, monkeypatch: Patch) -> None:
    """An exception that nobody catches: what is no base64."""
    monkeypatch.setattr(
        unit_commands, "decoded", lambda text: base64.b64decode(text, validate=True)
    )
    finds = found(town, "addUnitFile", 60)
    assert any_of(finds, "server error INTERNAL") and any_of(finds, "server error in the log")


def test_a_number_of_a_form_that_is_read_as_it_stands(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.setattr(
        forms.Form, "read_int", lambda self, name, *, required=False: int(self.one(name) or 0)
    )
    assert any_of(found(town, NEW_UNIT, 60), "server error 500")


def test_an_address_that_is_read_as_it_stands(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.setattr(
        units, "chosen", lambda state, rooms="": {"minRooms": int(rooms) if rooms else None}
    )
    assert any_of(found(town, UNITS, 60), "server error 500")


def test_a_refusal_that_keeps_what_it_did(town: Town, monkeypatch: Patch) -> None:
    note = agreements.note_on_agreement

    def kept(session: Any, actor: Any, **values: Any) -> Any:
        note(session, actor, **values)
        session.flush()
        session.connection().exec_driver_sql("COMMIT")
        raise Conflict("stale_version", "it was changed meanwhile")

    monkeypatch.setattr(agreements, "note_on_agreement", kept)
    assert any_of(found(town, NOTE), "changed on refusal: INSERT agreement_notes")


def test_a_refusal_in_whose_wake_something_is_changed(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.setattr(command, "log_refusal", lambda *_: _write())
    assert any_of(found(town, NOTE), "changed on refusal: UPDATE tenants")


def test_a_page_that_changes_what_it_shows(town: Town, monkeypatch: Patch) -> None:
    read = visitor.Visitor.read

    def writing(self: Any, name: str, /, **variables: Any) -> Any:
        _write()
        return read(self, name, **variables)

    monkeypatch.setattr(visitor.Visitor, "read", writing)
    assert any_of(found(town, UNITS), "changed on reading: UPDATE tenants")


def _write() -> None:
    with owner_connection() as connection:
        connection.execute("UPDATE tenants SET protection_days = 36499 + protection_days % 2")


def test_a_problem_that_names_no_field(town: Town, monkeypatch: Patch) -> None:
    problem = errors.problem

    def nameless(one: Any) -> Any:
        made = problem(one)
        made.field = ""
        return made

    monkeypatch.setattr(errors, "problem", nameless)
    assert any_of(found(town, NOTE, 80), "names no field")


def test_an_error_that_names_no_field(town: Town, monkeypatch: Patch) -> None:
    for module in (explaining, execution):
        monkeypatch.setattr(module, "named", lambda told, *_: told, raising=False)
    assert any_of(found(town, f"Mutation.{NOTE}"), "names no field")


def test_english_in_swedish(town: Town, monkeypatch: Patch) -> None:
    english = messages.MESSAGES["not_found"][1]
    monkeypatch.setitem(messages.MESSAGES, "not_found", (f"{english} It is not there.", english))
    assert any_of(found(town, NOTE, 60), "is English in Swedish")


def test_a_rule_without_words(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.delitem(messages.MESSAGES, "not_found")  # type: ignore[arg-type]
    assert any_of(found(town, NOTE, 60), "the same in both languages")


def test_a_sentence_without_its_translation(town: Town, monkeypatch: Patch) -> None:
    said = {code: (field, "the request is not what it must be") for code, (field, _) in
            naming._SAID.items()}  # fmt: skip
    monkeypatch.setattr(naming, "_SAID", said)
    assert any_of(found(town, f"Mutation.{NOTE}"), "is English in Swedish")


def test_a_page_in_the_wrong_language(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.setattr(rendering, "translate", lambda lang, text: text)
    assert any_of(found(town, NEW_UNIT, 20), "a page in en says")


def test_an_answer_that_quotes_a_statement(town: Town, monkeypatch: Patch) -> None:
    monkeypatch.setattr(inputs, "storable", lambda _: True)
    internal = explaining.internal

    def telling(error: Any, *more: Any) -> Any:
        return {**internal(error, *more), "message": f"{type(error).__name__}: {error}"}

    monkeypatch.setattr(explaining, "internal", telling)
    assert any_of(found(town, MEETING, 500), "tells of our insides")


def test_an_error_that_only_the_log_knows_of(town: Town, monkeypatch: Patch) -> None:
    log_refusal = command.log_refusal

    def failing(*given: Any) -> None:
        structlog.get_logger("hemvist.graphql").error("refused_twice")
        log_refusal(*given)

    monkeypatch.setattr(command, "log_refusal", failing)
    assert any_of(found(town, NOTE), "server error in the log")
