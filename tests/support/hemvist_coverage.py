"""Following what ``coverage.csv`` names: an element of a pack, or a part of the platform."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules

from hemvist.policy import Node, Pack, Programme
from hemvist.policy.programmes import Plan, Referral, Signature
from hemvist_graphql.schema import executable_schema
from hemvist_portal import routes

ROOT = Path(__file__).parents[2]
#: Lists at the top of a pack, by the word that a reference uses.
LISTS = {
    "standing": "standing",
    "service_level": "service_levels",
    "quota": "quotas",
    "indicator": "indicators",
    "meeting": "meetings",
    "measure": "measures",
    "refused": "refused",
    "campaign": "campaigns",
}
#: Sections of a programme that a reference can name as a whole.
SECTIONS = (
    "referral",
    "matching",
    "offers",
    "contract",
    "guarantee",
    "plan",
    "commission",
    "takeover",
    "end_of_follow_up",
    "ladder",
    "landlord",
)
#: Lists inside those sections.
INSIDE = {
    "referral": ("requires", "optional", "notices"),
    "matching": ("priority",),
    "offers": ("decline_reasons",),
    "contract": ("lengths", "terms"),
    "guarantee": ("scope", "notices"),
    "plan": ("requires", "optional"),
    "commission": ("requires", "optional", "holds"),
    "report": ("requires", "optional"),
    "takeover": ("steps", "notices"),
    "ladder": ("steps",),
}
#: Lists of a programme itself.
OWN = {
    "decision": "decisions",
    "obligation": "obligations",
    "exit": "exits",
    "standing": "standing",
    "milestone": "milestones",
    "phase": "phases",
}


def coverage() -> list[dict[str, str]]:
    """The rows of the file, in its order."""
    text = files("hemvist_policy_packs").joinpath("coverage.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def element(pack: Pack, reference: str) -> object | None:
    """What ``kind:path`` names in the pack; nothing when it is not there."""
    kind, _, path = reference.partition(":")
    by_name: dict[str, Mapping[str, object]] = {
        "param": pack.params,
        "fact": pack.facts,
        "rule": pack.rules,
        "department": pack.departments,
        "programme": pack.programmes,
    }
    if kind in by_name:
        return by_name[kind].get(path)
    if kind == "node":
        rule = pack.rules.get(path.partition("/")[0])
        found = (node for node in _nodes(rule) if node.path == path) if rule else iter(())
        return next(found, None)
    first, *rest = path.split(".")
    if first in pack.programmes:
        return _of_programme(pack.programmes[first], kind, rest)
    if kind not in LISTS:
        return None
    return _deeper(_item(getattr(pack, LISTS[kind]), first), rest)


def _of_programme(programme: Programme, kind: str, path: list[str]) -> object | None:
    if kind in (*SECTIONS, "report"):
        section: object | None = (
            getattr(programme.commission, kind, None)
            if kind == "report"
            else getattr(programme, kind)
        )
        if not path or section is None:
            return section
        lists = (getattr(section, name) for name in INSIDE.get(kind, ()))
        return _only((item for items in lists for item in items), path)
    if kind in OWN:
        return _deeper(_item(getattr(programme, OWN[kind]), path[0]), path[1:]) if path else None
    if kind == "reopening":
        end = programme.end_of_follow_up
        return None if end is None or path else end.reopen
    if kind in ("when_missed", "checklist"):
        duty = _item(programme.obligations, path[0]) if path else None
        held = getattr(duty, kind, None)
        return held if kind == "when_missed" and len(path) == 1 else _only(held or (), path[1:])
    if kind == "agenda":
        return _deeper(_item(programme.obligations, path[0]), path[1:]) if len(path) == 2 else None
    contract, referral = programme.contract, programme.referral
    if kind == "clause":
        return _only(contract.clauses if contract else (), path)
    if kind in ("notice", "tenure_waiver"):
        return getattr(contract, kind, None) if not path else None
    if kind == "signature":
        return next((one for one in _signed_by(referral) if [one.by] == path), None)
    if kind == "party":
        return next((one for one in _signed_by(programme.plan) if [one.by] == path), None)
    if kind == "extension":
        return referral.extend if referral and not path else None
    return None


def _signed_by(document: Referral | Plan | None) -> tuple[Signature, ...]:
    return () if document is None else document.signatures


def _nodes(node: Node) -> Iterator[Node]:
    for child in (*node.children, *node.unless):
        yield child
        yield from _nodes(child)


def _item(items: Iterable[object], id: str) -> object | None:
    return next((item for item in items if getattr(item, "id", None) == id), None)


def _only(items: Iterable[object], path: list[str]) -> object | None:
    return _item(items, path[0]) if len(path) == 1 else None


def _deeper(found: object | None, path: list[str]) -> object | None:
    """The item, or the point of its agenda, or the step, that the rest of the path names."""
    inside = (*getattr(found, "agenda", ()), *getattr(found, "steps", ()))
    return found if not path else _only(inside, path)


def stands(reference: str) -> bool:
    """Whether a module's member, a field, a route or a test of the platform is there."""
    kind, _, name = reference.partition(":")
    return kind in _KINDS and _KINDS[kind](name)


def _member(name: str) -> bool:
    """``package.module.member``."""
    module, _, member = name.rpartition(".")
    try:
        return hasattr(import_module(module), member)
    except ImportError:
        return False


def _field(name: str) -> bool:
    """``Type.field`` of the schema."""
    of_type, _, field = name.partition(".")
    return field in getattr(executable_schema().get_type(of_type), "fields", {})


@cache
def _routes() -> frozenset[str]:
    """The addresses of the portal's pages."""
    pages = (
        import_module(f"{routes.__name__}.{page.name}") for page in iter_modules(routes.__path__)
    )
    routers = (page.router for page in pages if hasattr(page, "router"))
    return frozenset(route.path for router in routers for route in router.routes)


def _test(name: str) -> bool:
    """``tests/….py::test_…``."""
    file, _, test = name.partition("::")
    path = ROOT / file
    if not (test.startswith("test_") and path.is_file()):
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == test for node in tree.body)


_KINDS = {
    "module": _member,
    "field": _field,
    "route": lambda name: name in _routes(),
    "test": _test,
}
