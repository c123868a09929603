"""A request like one before: the same operation, roles and values, so everything about it is known.

Coercing variables, converting arguments, making conditions of them and looking up the plan give the
same for the same document, roles, kommun, day and variables. What they gave is kept, and a request
that is like it only fills in what is its own: who asks, when, and the ids and cursors that stand in
variables of their own (``Free``), since those differ from request to request and mean nothing but a
value. Everything else is compared by value: nothing is concluded from what a condition looks like.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
)
from graphql.execution.values import VariableValues

from hemvist.clock import today
from hemvist.identity import Actor
from hemvist.kept import Kept
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.connections import Connected
from hemvist_graphql.cursors import decode_cursor
from hemvist_graphql.failures import RequestFailed
from hemvist_graphql.ids import parse_global_id
from hemvist_graphql.reading import LookedUp

#: Requests that are remembered, and how large their variables may be: some kilobytes each.
KEPT_REQUESTS = 4_096
LONGEST_DOCUMENT = 5_000
LARGEST_VALUES = 64
LONGEST_TEXT = 200
DEEPEST_VALUE = 4

_BOOL, _FLOAT, _LIST, _OBJECT, _FREE = "b", "f", "l", "o", "free"
_PERSONAL = "personal"


class _TooMuch(Exception):
    """The variables are not worth remembering."""


def frozen(value: Any, room: list[int], depth: int = 0) -> Hashable:
    """``value`` of a request's variables so that only equals are equal: 1, 1.0 and true are not."""
    room[0] -= 1
    if room[0] < 0 or depth > DEEPEST_VALUE:
        raise _TooMuch
    if value is None or type(value) is int:
        return value
    if type(value) is str:
        if len(value) > LONGEST_TEXT:
            raise _TooMuch
        return value
    if type(value) is bool:
        return _BOOL, value
    if type(value) is float:
        return _FLOAT, value
    if type(value) is list:
        return _LIST, tuple(frozen(one, room, depth + 1) for one in value)
    if type(value) is dict:
        return _OBJECT, tuple((name, frozen(one, room, depth + 1)) for name, one in value.items())
    raise _TooMuch


@dataclass(frozen=True, slots=True)
class Free:
    """A variable that is nothing but the id or a cursor of root fields."""

    variable: str
    #: Names of parameters: of the id, or the beginning of those of a cursor's keys.
    names: tuple[str, ...]
    #: The ordering of the list, or None where the variable is an id.
    ordering: str | None

    def kind(self, given: Any) -> Hashable:
        """What shapes the statement of the value, and so is part of what requests have in common."""
        if given is None:
            return None
        if type(given) is not str or len(given) > 2 * LONGEST_TEXT:
            raise _TooMuch
        if self.ordering is not None:
            return _FREE
        parsed = parse_global_id(given)
        if parsed is None:
            raise _TooMuch
        return _FREE, parsed[0]

    def values(self, actor: Actor, given: str) -> Iterator[tuple[str, Any]]:
        """The parameters that the value makes. Raises ``RequestFailed`` for a wrong cursor."""
        if self.ordering is None:
            parsed = parse_global_id(given)
            assert parsed is not None
            for name in self.names:
                yield name, parsed[1]
            return
        keys = decode_cursor(actor.tenant_id, self.ordering, given)
        for name in self.names:
            for place, key in enumerate(keys):
                yield f"{name}{place}", key


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of an operation: what it is called, and its free variables by name."""

    #: The document's own text: keys hold this one and not a copy for each request.
    text: str
    name: str | None
    free: Mapping[str, Free]


@dataclass(frozen=True, slots=True)
class Repeated:
    """What requests that are alike have in common. ``plan`` has their values filled in."""

    asked: Asked
    plan: Any
    roots: list[Root]
    variables: VariableValues


@dataclass(frozen=True, slots=True)
class Known:
    """A request that is like one before, and the values that are its own."""

    like: Repeated
    own: dict[str, Any]


_asked: Kept[Asked] = Kept(KEPT_REQUESTS)
KNOWN_REQUESTS: Kept[Repeated | str] = Kept(KEPT_REQUESTS)


def forget() -> None:
    """Forget every request."""
    _asked.clear()
    KNOWN_REQUESTS.clear()


class Noting(Actor):
    """An actor that notices when it is asked who it is, and not only what roles it has."""

    __slots__ = ("personal",)

    def __getattribute__(self, name: str) -> Any:
        """The attribute ``name``, noted when it is the person's own."""
        if name in ("principal_id", "name"):
            object.__setattr__(self, "personal", True)
        return super().__getattribute__(name)

    @classmethod
    def of(cls, actor: Actor) -> Noting:
        """``actor``, not yet asked."""
        made = cls(
            actor.tenant_id, actor.principal_id, actor.name, actor.memberships, actor.channel
        )
        object.__setattr__(made, "personal", False)
        return made


def recall(
    actor: Actor,
    text: str,
    name: str | None,
    variables: Mapping[str, Any],
    proving: Hashable = None,
) -> Known | None:
    """What is known of a request like this one, or None. ``proving`` is what its statement proves."""
    asked = _asked.find((text, name))
    if asked is None:
        return None
    try:
        key = _key(actor, variables, asked, proving)
        found = KNOWN_REQUESTS.find(key)
        if found == _PERSONAL:
            found = KNOWN_REQUESTS.find((key, actor.principal_id, actor.name))
        if found is None or isinstance(found, str):
            return None
        own: dict[str, Any] = {}
        # Of the request that is alike: directives may have given this document other root fields.
        for free in found.asked.free.values():
            given = variables.get(free.variable)
            if given is not None:
                own.update(free.values(actor, given))
    except (_TooMuch, RequestFailed):
        # The slow way says what is wrong with it, if anything is.
        return None
    return Known(found, own)


def remember(
    actor: Noting,
    text: str,
    name: str | None,
    variables: Mapping[str, Any],
    made: Repeated,
    proving: Hashable = None,
) -> None:
    """Keep what was made of a request, for those that are like it."""
    if len(text) > LONGEST_DOCUMENT:
        return
    # Before the key asks it too.
    personal = actor.personal
    try:
        key = _key(actor, variables, made.asked, proving)
    except _TooMuch:
        return
    _asked.keep((text, name), made.asked)
    if personal:
        KNOWN_REQUESTS.keep(key, _PERSONAL)
        key = (key, actor.principal_id, actor.name)
    KNOWN_REQUESTS.keep(key, made)


def own_names(asked: Asked, variables: Mapping[str, Any]) -> frozenset[str]:
    """The beginnings of names of parameters that each request gives itself."""
    return frozenset(
        name
        for one in asked.free.values()
        if variables.get(one.variable) is not None
        for name in one.names
    )


def is_own(name: str, beginnings: frozenset[str]) -> bool:
    """Whether each request gives the parameter ``name`` itself."""
    return name in beginnings or name.rstrip("0123456789") in beginnings


def _key(
    actor: Actor,
    variables: Mapping[str, Any],
    asked: Asked,
    proving: Hashable,
) -> Hashable:
    room = [LARGEST_VALUES]
    given = tuple(
        (name, asked.free[name].kind(value) if name in asked.free else frozen(value, room))
        for name, value in variables.items()
    )
    # Lists' cursors are sealed with keys of the kommun; conditions may depend on the day.
    who = (actor.tenant_id, actor.memberships, actor.channel, actor.principal_id is None, today())
    return asked.text, asked.name, who, proving, given


def asked_of(
    text: str, document: DocumentNode, operation: OperationDefinitionNode, roots: Sequence[Root]
) -> Asked:
    """What is known of ``operation`` once its root fields are."""
    name = operation.name.value if operation.name else None
    found: dict[str, Free] = {}
    uses = _uses(document)
    for root in roots:
        for argument, free in _places(root):
            value = argument.value
            assert isinstance(value, VariableNode)
            variable = value.name.value
            uses[variable] -= len(root.field.nodes)
            known = found.get(variable)
            if known is not None and known.ordering != free.ordering:
                # An id in one place and a cursor in another: no use of either kind is the only one.
                uses[variable] += 1
            names = (*known.names, *free.names) if known else free.names
            found[variable] = replace(free, names=names)
    return Asked(text, name, {name: free for name, free in found.items() if uses[name] == 0})


def _places(root: Root) -> Iterator[tuple[ArgumentNode, Free]]:
    for argument in root.field.nodes[0].arguments or ():
        if not isinstance(argument.value, VariableNode):
            continue
        named, variable = argument.name.value, argument.value.name.value
        if isinstance(root.how, LookedUp) and named == "id":
            yield argument, Free(variable, (root.name("id"),), None)
        elif isinstance(root.how, Connected) and named in ("after", "before"):
            yield argument, Free(variable, (root.name(named),), root.how.ordering.name)


def _uses(document: DocumentNode) -> dict[str, int]:
    """How often each variable stands somewhere in the document, besides where it is declared."""
    found: dict[str, int] = {}
    waiting: list[Any] = [document.definitions]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, VariableNode):
            found[one.name.value] = found.get(one.name.value, 0) + 1
        elif isinstance(one, OperationDefinitionNode):
            waiting += [one.selection_set, one.directives]
        elif isinstance(one, Node):
            waiting += [getattr(one, key) for key in one.keys if key != "loc"]
    return found
