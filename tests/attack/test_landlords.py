"""The landlords' API attacked by the strangers' own means (``hemvist_landlord_attack``), and counted."""

from __future__ import annotations

from uuid import uuid4

import pytest
from graphql import GraphQLObjectType

from hemvist_attack import Tally
from hemvist_graphql.ids import global_id
from hemvist_graphql.landlord.schema import executable_schema
from hemvist_landlord_attack import crawled, ids_in, looked_up, places, told, tried, type_names
from hemvist_landlord_town import Town, made_town

pytestmark = pytest.mark.slow

#: Types of the kommun as a whole, which every landlord it has let in may read.
COMMON = {"ContactCard"}


@pytest.fixture(scope="module")
def town(database: str) -> Town:
    return made_town()


def test_no_field_of_the_landlords_shows_anything_of_anothers(tally: Tally, town: Town) -> None:
    common = town.words.of("contact_cards")
    words = town.words.of() - common
    theirs = [one for name, ids in town.ids.items() if name not in COMMON for one in ids]
    for who in (town.other, town.nobody):
        answer = crawled(who)
        for kind in executable_schema().type_map.values():
            if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
                tally.strike("landlords' fields", *(f"{kind.name}.{name}" for name in kind.fields))
        text = told(answer)
        for word in (word for word in words if word in text):
            tally.find(f"{who.name} of another landlord reads {word}")
        for one in ids_in(answer) & set(theirs):
            tally.find(f"{who.name} of another landlord sees {one.partition('_')[0]}")
        for place in looked_up(who, theirs):
            tally.find(f"{who.name} of another landlord looks up {place.partition('_')[0]}")


def test_no_command_of_the_landlords_takes_an_id_of_anothers(tally: Tally, town: Town) -> None:
    for label, path, type_name in places():
        tally.strike("ids in landlords' commands", f"{label}.{path}")
        nothing = tried(town.other, label, path, global_id(type_name, uuid4()), {})
        for row_id in [*town.ids.get(type_name, [])[:1], global_id(type_name, town.rows["cases"])]:
            if type_name in COMMON and row_id in town.ids.get(type_name, []):
                continue
            if tried(town.other, label, path, row_id, {}) != nothing:
                tally.find(f"{label}.{path} tells another landlord's id from one of nothing")
    assert tally.count("ids in landlords' commands") == len(places())
    assert type_names()
