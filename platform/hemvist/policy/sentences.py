"""``cases.yaml``: sentences about a pack that must stay true.

Three kinds: what a rule says of a household, which dates a programme gives, what a document
lacks. A pack without such sentences is not checked by loading alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from hemvist.policy.contents import documents, missing_contents
from hemvist.policy.errors import PackError, PolicyError
from hemvist.policy.evaluation import Evaluation, Outcome, evaluate
from hemvist.policy.facts import FactDef, FactType
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.parts import MAX_BYTES, decode
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Mapping as MappingNode
from hemvist.policy.loading.source import Node, Place, Scalar
from hemvist.policy.pack import Pack
from hemvist.policy.programmes import EVENTS, ContentItem
from hemvist.policy.scheduling import schedule

CASES = "cases.yaml"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One case: ``judge`` gives what is wrong, or nothing; ``tests`` names what it is about.

    ``question`` is a hash of what is put to the pack, whatever is expected, and ``outcome`` gives
    the pack's answer in words. ``on`` is the day that it speaks of; a schedule has none. ``written``
    is a hash of the case as it is written, expectation included.
    """

    name: str
    place: Place
    tests: str
    judge: Callable[[], str | None]
    question: str
    outcome: Callable[[], str]
    on: date | None = None
    written: str = ""


#: What a case is about, the question as JSON data, its judgement, and the answer in words.
_Read = tuple[str, object, Callable[[], str | None], Callable[[], str]]


def read_sentences(
    pack: Pack, folder: Path | Traversable, *, not_before: date | None = None
) -> tuple[Sentence, ...]:
    """The cases beside a pack. Raises ``PackError`` where the file does not hold.

    A pack without the file has none. What is asked of a day before ``not_before`` is asked of that
    day instead, to see what a version says of the same households from its first day on.
    """
    entry = folder.joinpath(CASES)
    if not entry.is_file():
        return ()
    file = f"{folder}/{CASES}"
    with entry.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise PackError(file, 1, 1, f"the file is larger than {MAX_BYTES} bytes")
    return _File(pack, not_before or date.min).read(decode(content, file))


class _File:
    def __init__(self, pack: Pack, not_before: date) -> None:
        self.pack = pack
        self.not_before = not_before
        self.households: dict[str, dict[str, object]] = {}
        self.names: set[str] = set()

    def read(self, node: Node) -> tuple[Sentence, ...]:
        if not isinstance(node, MappingNode):
            return tuple(self.sentence(item) for item in r.items(node, CASES))
        with r.reading(node, CASES) as keys:
            households = keys.get("households")
            for key, value in r.entries(households, "households") if households else ():
                self.households[r.name(key, "a household")] = self.facts(value)
            return tuple(self.sentence(item) for item in r.items(keys.need("cases"), "cases"))

    def sentence(self, node: Node) -> Sentence:
        with r.reading(node, "a case") as keys:
            name = r.text(keys.need("name"), "name")
            if name in self.names:
                keys.fail("name", f"the case {name!r} is written twice")
            self.names.add(name)
            kinds = [kind for kind in ("rule", "schedule", "contents") if keys.has(kind)]
            if len(kinds) != 1:
                node.place.fail("a case is about exactly one of rule, schedule and contents")
            read = {"rule": self.rule, "schedule": self.schedule, "contents": self.contents}
            tests, question, judge, outcome = read[kinds[0]](keys)
            return Sentence(
                *(name, node.place, tests, _guarded(judge), _hash([tests, question])),
                _guarded(outcome),
                self.day(keys) if keys.has("as_of") else None,
                _hash(_plain(node)),
            )

    def day(self, keys: Keys) -> date:
        return max(r.day(keys.need("as_of"), "as_of"), self.not_before)

    # The three kinds.

    def rule(self, keys: Keys) -> _Read:
        rule = r.choice(keys.need("rule"), "rule", self.pack.rules)
        given, on = self.given(keys), self.day(keys)
        expected = Outcome(r.choice(keys.need("expect"), "expect", Outcome))
        asked = keys.get("ask")
        if (expected is Outcome.UNKNOWN) != (asked is not None):
            keys.fail("expect", "ask belongs to a case that expects unknown, and only there")
        ask = self.fact_names(asked)
        nodes_node = keys.get("nodes")
        nodes = {
            r.name(key, "a node"): Outcome(r.choice(value, "an outcome", Outcome))
            for key, value in (r.entries(nodes_node, "nodes") if nodes_node else ())
        }

        def judge() -> str | None:
            found = evaluate(self.pack, rule, given, on)
            if found.outcome is not expected:
                return f"expected {expected}, found {found.outcome}{_why(found)}"
            if set(found.ask) != ask:
                return f"expected to ask {_list(ask)}, found {_list(found.ask)}"
            for id, outcome in nodes.items():
                if found.node(id).outcome is not outcome:
                    return f"expected {id} to be {outcome}, found {found.node(id).outcome}"
            return None

        def outcome() -> str:
            found = evaluate(self.pack, rule, given, on)
            return f"{found.outcome}: {_list(found.ask)}" if found.ask else found.outcome.value

        return f"rule:{rule}", [given, on], judge, outcome

    def schedule(self, keys: Keys) -> _Read:
        programme = r.choice(keys.need("schedule"), "schedule", self.pack.programmes)
        anchors = {
            r.choice(key, "an anchor", EVENTS): r.day(value, "an anchor")
            for key, value in r.entries(keys.need("anchors"), "anchors")
        }
        until = r.day(keys.need("until"), "until")
        named = keys.get("department")
        department = None if named is None else r.choice(named, "department", self.pack.departments)
        known = [duty.id for duty in self.pack.programmes[programme].obligations]
        expected = {
            r.choice(key, "an obligation", known): [
                r.day(item, "a due date") for item in r.items(value, "due dates")
            ]
            for key, value in r.entries(keys.need("expect"), "expect")
        }

        def laid_out() -> dict[str, list[date]]:
            found: dict[str, list[date]] = {}
            for due in schedule(self.pack, programme, anchors, until, department=department):
                found.setdefault(due.obligation, []).append(due.due_on)
            return found

        def judge() -> str | None:
            found = laid_out()
            wanted = {id: days for id, days in expected.items() if days}
            return None if found == wanted else f"expected {_dates(wanted)}, found {_dates(found)}"

        question = [anchors, until, department]
        return f"schedule:{programme}", question, judge, lambda: _dates(laid_out())

    def contents(self, keys: Keys) -> _Read:
        programme = r.choice(keys.need("contents"), "contents", self.pack.programmes)
        written = documents(self.pack.programmes[programme])
        of = r.choice(keys.need("of"), "of", [id for id, part in written.items() if part])
        document = written[of]
        assert document is not None
        items = {item.id: item for item in (*document.requires, *document.optional)}
        given, on = self.given(keys), self.day(keys)
        content = {
            r.choice(key, "an item", items): _content(value, items[key.text])
            for key, value in r.entries(keys.need("content"), "content")
        }
        missing = {
            r.choice(item, "missing", items) for item in r.items(keys.need("missing"), "missing")
        }

        def lacking() -> set[str]:
            found = missing_contents(self.pack, programme, content, given, on, of=of)
            return {item.id for item in found}

        def judge() -> str | None:
            found = lacking()
            if found == missing:
                return None
            return f"expected {_list(missing)} missing, found {_list(found)}"

        question = [content, given, on]
        return f"contents:{programme}.{of}", question, judge, lambda: _list(lacking())

    # Facts.

    def given(self, keys: Keys) -> dict[str, object]:
        facts: dict[str, object] = {}
        household = keys.get("household")
        if household is not None:
            facts |= self.households[r.choice(household, "household", self.households)]
        given = keys.get("given")
        if given is not None:
            facts |= self.facts(given)
        return facts

    def facts(self, node: Node) -> dict[str, object]:
        return {
            r.choice(key, "a fact", self.pack.facts): _raw(value, self.pack.facts[key.text])
            for key, value in r.entries(node, "given")
        }

    def fact_names(self, node: Node | None) -> set[str]:
        members = r.items(node, "ask") if node is not None else ()
        return {r.choice(item, "ask", self.pack.facts) for item in members}


def _raw(node: Node, fact: FactDef) -> object:
    """The written value as JSON data; the engine checks that it holds."""
    if isinstance(node, Scalar) and node.is_null:
        return None
    match fact.type:
        case FactType.BOOL:
            return r.boolean(node, fact.name)
        case FactType.INT | FactType.MONEY:
            return r.integer(node, fact.name)
        case FactType.CHOICE_LIST:
            return [r.scalar(item, fact.name).text for item in r.items(node, fact.name)]
        case FactType.RECORDS:
            return [_record(item, fact) for item in r.items(node, fact.name)]
        case _:
            return r.scalar(node, fact.name).text


def _record(node: Node, fact: FactDef) -> Mapping[str, object]:
    return {
        r.choice(key, "a field", fact.fields): _raw(value, fact.fields[key.text])
        for key, value in r.entries(node, fact.name)
    }


def _content(node: Node, item: ContentItem) -> object:
    if isinstance(node, Scalar) and node.is_null:
        return None
    match item.kind:
        case "bool":
            return r.boolean(node, item.id)
        case "int" | "money_ore":
            return r.integer(node, item.id)
        case "text_list" | "choice_list":
            return [r.scalar(line, item.id).text for line in r.items(node, item.id)]
        case _:
            return r.scalar(node, item.id).text


def _guarded(judge: Callable[[], T]) -> Callable[[], T | str]:
    """A question that the pack refuses is a failed case, not a crash of the check."""

    def guarded() -> T | str:
        try:
            return judge()
        except PolicyError as error:
            return str(error)

    return guarded


def _hash(question: object) -> str:
    """Facts left open and facts that are not named are the same question."""
    written = json.dumps(_known(question), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return [node.text, node.plain]
    if isinstance(node, MappingNode):
        return {key.text: _plain(value) for key, value in node.entries}
    return [_plain(item) for item in node.items]


def _known(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _known(part) for key, part in value.items() if part is not None}
    return [_known(part) for part in value] if isinstance(value, list) else value


def _why(found: Evaluation) -> str:
    open_nodes = [f"{node.path} {node.outcome}" for node in found.trace[1:] if node.because]
    return f" ({', '.join(open_nodes)})" if open_nodes else ""


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _dates(found: Mapping[str, list[date]]) -> str:
    return "; ".join(f"{id} {', '.join(map(str, days))}" for id, days in found.items()) or "nothing"
