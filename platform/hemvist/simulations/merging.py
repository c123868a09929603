"""One definition for a fact that two versions both ask, so that both can read one column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hemvist.policy import FactDef, FactType


def merged_facts(
    old: Mapping[str, FactDef], new: Mapping[str, FactDef]
) -> Mapping[str, FactDef] | None:
    """Every fact of either version, wide enough for both; None when a fact is of two types."""
    found = dict(old)
    for name, fact in new.items():
        if name in found:
            both = _wider(found[name], fact)
            if both is None:
                return None
            found[name] = both
        else:
            found[name] = fact
    return found


def _wider(one: FactDef, other: FactDef) -> FactDef | None:
    if one.type is not other.type:
        return None
    if one.fields.keys() != other.fields.keys():
        return None
    fields: dict[str, FactDef] = {}
    for name, field in one.fields.items():
        both = _wider(field, other.fields[name])
        if both is None or field.optional != other.fields[name].optional:
            return None
        fields[name] = both
    both = replace(
        one,
        options=MappingProxyType({**one.options, **other.options}),
        fields=MappingProxyType(fields),
    )
    if one.type not in (FactType.INT, FactType.MONEY):
        return both
    (low, high), (lower, higher) = one.bounds, other.bounds
    return replace(both, minimum=min(low, lower), maximum=max(high, higher))
