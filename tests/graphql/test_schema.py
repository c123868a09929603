"""The schema as a whole: checked in, declared throughout, no internals in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_leaf_type

from hemvist_graphql.cases.types import Case
from hemvist_graphql.connections import Connected
from hemvist_graphql.export import SCHEMA_FILE
from hemvist_graphql.query import Query
from hemvist_graphql.reading import READING, check_declarations, readable, readable_names
from hemvist_graphql.schema import executable_schema, schema, schema_text

#: Types whose rows everybody in the kommun may see.
OPEN = {"Principal", "Landlord", "ContactCard"}


def test_the_checked_in_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run make schema"


def test_every_type_that_is_read_says_who_sees_it() -> None:
    hidden = [name for name in readable_names() if readable(name).reading.visible is None]
    assert set(hidden) == OPEN


def test_every_field_of_a_type_that_is_read_says_how() -> None:
    check_declarations()
    for name in readable_names():
        for field in readable(name).__strawberry_definition__.fields:  # type: ignore[attr-defined]
            assert READING in field.metadata or field.python_name == "id", (name, field.python_name)


def test_every_list_that_grows_says_its_order_and_who_may_ask() -> None:
    fields = {field.python_name: field for field in Query.__strawberry_definition__.fields}  # type: ignore[attr-defined]
    lists = {name: field.metadata.get(READING) for name, field in fields.items()}
    connected = {name: how for name, how in lists.items() if isinstance(how, Connected)}
    assert len(connected) == 49
    for name, how in connected.items():
        assert how.ordering.name == name
        model = readable(how.target).reading.model
        # A total order ends with the id; otherwise rows of one day would be lost between pages.
        assert [key.class_ for key in how.ordering.keys] == [model] * len(how.ordering.keys)
        assert how.ordering.keys[-1].key == "id"
    assert {name for name, how in connected.items() if how.needs is None} == {
        "notices",
        "saved_filters",
        # Whom landlords call is no secret among those who work here.
        "contact_cards",
        # Seen by those who admit landlords, or read homes or cases.
        "landlord_accesses",
        # Seen by those who see to thinning, or may hold cases of a department.
        "retention_marks",
        # Seen by those who read figures, or decide on comparing them.
        "indicator_sharings",
    }


def test_every_command_takes_a_key_and_answers_with_the_same_refusals() -> None:
    mutation = executable_schema().mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        given = get_named_type(field.args["input"].type)
        assert isinstance(given, GraphQLInputObjectType)
        assert str(given.fields["idempotencyKey"].type) == "String!", name
        union = get_named_type(field.type)
        assert (
            [one.name for one in union.types]
            == [  # type: ignore[union-attr]
                f"{name[0].upper()}{name[1:]}Done",
                *("ValidationFailed", "PolicyRefused", "Conflict", "NotAllowed", "NotFound"),
            ]
        )


def test_every_public_thing_is_described() -> None:
    undescribed = [
        type_.name
        for type_ in executable_schema().type_map.values()
        if isinstance(type_, GraphQLObjectType)
        and not type_.name.startswith("__")
        and not type_.description
    ]
    assert undescribed == []
    fields = executable_schema().query_type.fields  # type: ignore[union-attr]
    assert [name for name, field in fields.items() if is_leaf_type(field.type)] == []


def test_nothing_secret_is_in_the_schema() -> None:
    text = schema_text().lower()
    for word in ("sealed", "tenant_id", "tenantid", "blind", "secret", "hash"):
        assert word not in text, word
    assert schema() is schema()


def test_a_computed_field_needs_what_its_type_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    poorer = replace(Case.reading, ingredients={})
    monkeypatch.setattr(Case, "reading", poorer)
    with pytest.raises(ValueError, match=r"Case.stage needs happened"):
        check_declarations.__wrapped__()
