"""The landlords' schema holds, and is checked in as it is."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from hemvist_graphql.export import LANDLORD_SCHEMA_FILE
from hemvist_graphql.landlord.commands import commands
from hemvist_graphql.landlord.declaring import LENGTHS, shown_types
from hemvist_graphql.landlord.schema import executable_schema, schema_text


def _objects() -> list[Any]:
    return [
        type_
        for type_ in executable_schema().type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        and not type_.name.startswith("__")
    ]


def test_the_file_is_the_schema() -> None:
    written = LANDLORD_SCHEMA_FILE.read_text(encoding="utf-8")
    assert written == schema_text(), "run make schema"


def test_every_list_says_how_long_it_is_and_no_other() -> None:
    lists = {
        f"{type_.name}.{name}"
        for type_ in _objects()
        for name, field in type_.fields.items()
        if is_list_type(get_nullable_type(field.type))
        and is_composite_type(inner := get_named_type(field.type))
        and not inner.name.endswith("Edge")
        # What was wrong with an input, by the input itself.
        and f"{type_.name}.{name}" != "ValidationFailed.problems"
    }
    assert set(LENGTHS) == lists


def test_every_row_shows_whose_it_is_by_its_view_alone() -> None:
    """Each type of rows is of a declared view, and no field of it is read elsewhere."""
    assert shown_types()
    for cls in shown_types().values():
        assert cls.shape.view.name.startswith("lv_")
        assert {"tenant_id", "landlord_id"} <= set(cls.shape.view.c.keys())


def test_every_command_but_that_of_a_machine_names_what_it_is_about() -> None:
    schema = executable_schema()
    free = set()
    for label in commands():
        assert schema.mutation_type is not None
        given: Any = get_named_type(schema.mutation_type.fields[label].args["input"].type)
        assert "idempotencyKey" in given.fields
        if not any("ID" in str(one.type) for one in given.fields.values()):
            free.add(label)
    assert free == {"acceptInvitation"}


def test_everything_is_described() -> None:
    bare = [
        type_.name
        for type_ in _objects()
        if not type_.description and not type_.name.endswith(("Edge", "Connection"))
    ]
    assert bare == []
