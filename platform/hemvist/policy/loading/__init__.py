"""From the files of a pack to a checked, immutable ``Pack``."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.arrangements import Arrangements
from hemvist.policy.loading.basics import (
    optional,
    read_facts,
    read_groups,
    read_legal_bases,
    read_params,
    read_sources,
)
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.parts import Parts, read_parts
from hemvist.policy.loading.programmes import read_programmes
from hemvist.policy.loading.rules import read_rules
from hemvist.policy.loading.source import Mapping, Node
from hemvist.policy.months import FIRST_DAY, LAST_DAY
from hemvist.policy.pack import Department, Pack

__all__ = ["load_pack"]


def load_pack(folder: Path | Traversable) -> Pack:
    """Load the pack whose ``pack.yaml`` lies in ``folder``.

    Raises ``PackError`` with file, line and column of the first fault: YAML, unknown keys, types
    of expressions, references, gaps in dated values.
    """
    parts = read_parts(folder)
    context = Context()
    if not FIRST_DAY <= parts.in_force.start <= LAST_DAY:
        parts.place.fail(f"in_force must be between {FIRST_DAY} and {LAST_DAY}")
    read_sources(parts, context)
    bases = read_legal_bases(parts, context)
    read_params(parts, context)
    read_groups(parts, context)
    read_facts(parts, context, _own_options(parts))
    read_rules(parts, context)
    _read_departments(parts, context)
    programmes = read_programmes(parts, context, bases)
    top = Arrangements(parts, context)
    standing, service_levels, quotas = top.standing(), top.service_levels(), top.quotas()
    indicators, meetings, measures = top.indicators(), top.meetings(), top.measures()
    refused, checks = top.refused(), top.checks()
    campaigns = top.campaigns()
    return Pack(
        parts.name,
        parts.version,
        parts.in_force,
        parts.title,
        sources=MappingProxyType(context.sources),
        legal_bases=MappingProxyType(dict(bases)),
        params=MappingProxyType(context.params),
        groups=MappingProxyType(context.groups),
        facts=MappingProxyType(context.facts),
        rules=MappingProxyType(context.rules),
        departments=MappingProxyType(context.departments),
        programmes=MappingProxyType(dict(programmes)),
        covers=MappingProxyType({id: tuple(found) for id, found in context.carriers.items()}),
        content_hash=parts.content_hash,
        status=parts.status,
        standing=standing,
        service_levels=service_levels,
        quotas=quotas,
        indicators=indicators,
        meetings=meetings,
        measures=measures,
        refused=refused,
        checks=checks,
        campaigns=campaigns,
    )


def _read_departments(parts: Parts, context: Context) -> None:
    for key, node in parts.entries("departments"):
        code = r.code(key, "a department")
        with r.reading(node, f"department {code}") as keys:
            context.departments[code] = Department(
                code,
                context.label(keys),
                optional(keys, "board", r.label),
                context.help(keys),
                context.cite(keys),
                context.covers(keys, f"department:{code}"),
                words(keys.need("roles"), "roles", ("referring", "property")),
                context.optional_rule(keys, "responsible"),
            )


def _own_options(parts: Parts) -> dict[str, dict[str, Label]]:
    """The pack's departments, programmes and contract forms, for facts that choose among them."""
    forms = {"none": Label("Inget", "None")}
    for _, node in parts.entries("programmes"):
        contract = _get(node, "contract")
        form, label = _get(contract, "form"), _get(contract, "label")
        if form is not None and label is not None:
            forms[r.name(form, "form")] = r.label(label, "label")
    return {
        "departments": _labels(parts, "departments"),
        "programmes": _labels(parts, "programmes"),
        "contract_forms": forms,
    }


def _labels(parts: Parts, section: str) -> dict[str, Label]:
    found: dict[str, Label] = {}
    for key, node in parts.entries(section):
        label = _get(node, "label")
        if label is not None:
            found[key.text] = r.label(label, "label")
    return found


def _get(node: Node | None, key: str) -> Node | None:
    """A key of a map that is read in full later."""
    entries = node.entries if isinstance(node, Mapping) else ()
    return next((value for name, value in entries if name.text == key), None)
