"""The kommun's API attacked by what stands beside the honest part of an operation: another kommun's row
under an alias beside one's own, and fields of an input that there are not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist.ids import new_id
from hemvist_api_inputs import commands, input_type, look_ups, random_id, whole_input
from hemvist_attack import Tally
from hemvist_attack_api import Ask, Target, own_ids, tables_by_type
from hemvist_graphql.schema import executable_schema
from hemvist_landlord_attack import told

#: What a program that believes its caller would take from an input: whose, who, and by which right.
_TOO_MUCH = {
    "tenantId": "00000000-0000-0000-0000-000000000000",
    "principalId": "x",
    "roles": ["housing_manager"],
    "isAdmin": True,
    "__proto__": {"roles": ["x"]},
}


def attack_aliases(
    tally: Tally,
    target: Target,
    own: Target,
    ask: Ask,
    *,
    types: frozenset[str] = frozenset(),
) -> int:
    """Every look-up of every type, of one's own row, of the target's and of nothing in one operation.

    What is read together must not answer for each other: one's own comes as it comes alone, and nothing
    else does. Gives how many of one's own came.
    """
    query = executable_schema().query_type
    assert query is not None
    came = 0
    for name in tables_by_type():
        if types and name not in types:
            continue
        ways = {"node": "id", **{way: key for way, key in look_ups().items() if _finds(way, name)}}
        mine, theirs = own.id_of(name), target.id_of(name)
        given = {"mine": mine, "theirs": theirs, "nothing": random_id(name)}
        for way, key in ways.items():
            tally.strike("look-ups beside one's own", f"{way}({name})")
            one = f"{way}({key}: $mine) {{ {_LEAVES} }}"
            alone = ask(f"query A($mine: ID!) {{ own: {one} }}", {"mine": mine})
            places = {
                f"f{number}": which
                for number, which in enumerate(("theirs", "mine", "nothing", "theirs", "mine"))
            }
            fields = " ".join(
                f"{alias}: {way}({key}: ${which}) {{ {_LEAVES} }}"
                for alias, which in places.items()
            )
            heads = "$mine: ID!, $theirs: ID!, $nothing: ID!"
            beside = ask(f"query B({heads}) {{ {fields} }}", given)
            expected = (alone.get("data") or {}).get("own")
            came += expected is not None
            for alias, which in places.items():
                got = (beside.get("data") or {}).get(alias)
                if which == "mine" and got != expected:
                    tally.find(f"{way}({name}) of one's own is another beside another's")
                if which != "mine" and got is not None:
                    tally.find(f"{way}({name}) shows another's beside one's own")
    return came


_LEAVES = "__typename"


def _finds(way: str, type_name: str) -> bool:
    query = executable_schema().query_type
    assert query is not None
    named = query.fields[way].type
    return getattr(getattr(named, "of_type", named), "name", "") == type_name


def attack_inputs(
    tally: Tally, own: Target, ask: Ask, *, only: frozenset[str] = frozenset()
) -> None:
    """Every command with fields that its input has not: refused whole, whatever else it says."""
    for command in commands():
        if only and command not in only:
            continue
        known = input_type(command).fields
        body = own_ids(command, whole_input(command), own, "")
        for extra, value in _TOO_MUCH.items():
            if extra in known:
                continue
            tally.strike("inputs with a field too many", command)
            tally.tried()
            sent: Mapping[str, Any] = {**body, "idempotencyKey": str(new_id()), extra: value}
            answer = ask(
                f"mutation M($input: {input_type(command).name}!)"
                f" {{ {command}(input: $input) {{ __typename }} }}",
                {"input": sent},
            )
            if answer.get("data") or not answer.get("errors"):
                tally.find(f"{command} takes {extra}: {told(answer)[:80]}")
