"""A landlord's command: first the door, then one act of the kommun's own, in one transaction.

Every id in the input is looked up through its view, as the landlords' role; what is not seen is not
found. All of them must be of one kommun and one landlord. Then the service is called in that
kommun's session by the kommun's own principal for the person, once per idempotency key.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union
from uuid import UUID

import psycopg
import strawberry
from sqlalchemy.exc import DBAPIError
from strawberry.utils.str_converters import to_camel_case

from hemvist.errors import Conflict, HemvistError, NotFound, PolicyRefused
from hemvist.identity import Actor
from hemvist.landlords.acting import landlord_actor, landlord_person
from hemvist.outbox import earlier_answer, keep_answer, request_hash
from hemvist.policy import PolicyError
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.tenancy.declaration import THE_PLATFORM
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_graphql.command import LOST_RACE
from hemvist_graphql.ids import require_row_id
from hemvist_graphql.inputs import KEY_FIELD, REFERS, arguments, canonical
from hemvist_graphql.landlord.context import Context, Info
from hemvist_graphql.landlord.declaring import Shown, shown_type
from hemvist_graphql.landlord.loading import asked, find
from hemvist_graphql.landlord.refs import REFS
from hemvist_graphql.landlord.refusals import REFUSALS, refusal
from hemvist_graphql.refused import log_refusal

#: Ids of these say where something is done, and are no business of the service.
DOORS = ("Kommun", "Landlord")


@dataclass(frozen=True, slots=True)
class Act:
    """What a command's function is given beside its values."""

    #: In the kommun, or in the landlords' own tenant where no kommun is concerned.
    session: TenantSession
    actor: Actor
    #: The landlord in question: everything that the input names is of it. None in a command without
    #: ids (``free``).
    landlord: UUID | None
    #: What the input names, as the caller sees it, by the names of its fields (``unit_id``).
    seen: Mapping[str, Mapping[str, Any]]
    #: The caller's principal in the landlords' tenant.
    reader: UUID

    @property
    def landlord_id(self) -> UUID:
        """The landlord in question."""
        assert self.landlord is not None
        return self.landlord


#: What a command does with the input's values; gives the row made or changed, which has an ``id``.
Run = Callable[[Act, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Command:
    """A declared mutation."""

    label: str
    input_type: type
    run: Run
    #: Names of the types of a carried-out command and of the row that it gives.
    done: str
    target: str
    #: Fields with ids that need not be of the kommun and landlord in question.
    elsewhere: frozenset[str] = frozenset()
    #: It names nothing, and is carried out in the landlords' own tenant.
    free: bool = False
    #: The answer may show the row's secret, which no other answer does.
    reveals: bool = False


_FIELDS: dict[str, Any] = {}
_DECLARED: dict[str, Command] = {}


def command_fields() -> Mapping[str, Any]:
    """Every declared mutation, as Strawberry fields by Python name."""
    return _FIELDS


def commands() -> Mapping[str, Command]:
    """Every declared mutation by its name in the schema."""
    return _DECLARED


def command_ids(input_type: type) -> Iterator[tuple[str, str]]:
    """Every id that an input takes: its path in Python names (``rows.unit_id``), and the type named."""
    for item in input_type.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        type_name = item.metadata.get(REFERS)
        if type_name is not None:
            yield item.python_name, type_name
            continue
        inner: Any = item.type
        while hasattr(inner, "of_type"):
            inner = inner.of_type
        if hasattr(inner, "__strawberry_definition__") and dataclasses.is_dataclass(inner):
            for path, name in command_ids(inner):  # type: ignore[arg-type]
                yield f"{item.python_name}.{path}", name


def command(
    input_type: type,
    *,
    gives: str,
    description: str,
    elsewhere: tuple[str, ...] = (),
    free: bool = False,
    reveals: bool = False,
) -> Callable[[Run], Run]:
    """Declare the decorated function as a mutation.

    ``input_type`` is named ``XInput``, has ``idempotency_key`` and at least one id by ``refers_to``;
    ``gives`` names the done type's field (``vacancy``) and, in capitals, its type (``Vacancy``), which
    stands in ``REFS``. Ids of ``Kommun`` and ``Landlord`` are not among the values that the function is
    given; those named in ``elsewhere`` may be of other kommuner, each within reach. A ``free`` command
    names nothing: it is about the caller alone. The answer to one that ``reveals`` may show the secret
    of the row that it gives.
    """
    name = input_type.__name__.removesuffix("Input")
    target = "".join(part.capitalize() for part in gives.split("_"))
    done = _done_type(f"{name}Done", gives, target)
    members: Any = Union[(done, *REFUSALS)]
    result = Annotated[members, strawberry.union(f"{name}Result")]

    def declare(run: Run) -> Run:
        label = to_camel_case(run.__name__)
        if label in _DECLARED:
            raise ValueError(f"{label} is declared twice")
        made = Command(
            label, input_type, run, done.__name__, target, frozenset(elsewhere), free, reveals
        )
        _DECLARED[label] = made

        def resolve(info: Any, input: Any) -> Any:
            return _answer(info.context, made, input, done)

        resolve.__name__ = run.__name__
        resolve.__annotations__ = {"info": strawberry.Info, "input": input_type, "return": result}
        _FIELDS[run.__name__] = strawberry.field(resolver=resolve, description=description)
        return run

    return declare


def _done_type(name: str, field: str, target: str) -> type:
    def resolve(root: Any, info: Info) -> Any:
        return find(info.context, shown_type(target), root.row_id, asked(info))

    body = {
        "__annotations__": {field: REFS[target] | None, "row_id": strawberry.Private[UUID]},
        "__module__": __name__,
        field: strawberry.field(
            resolver=resolve, description="Null only when it is no longer within reach."
        ),
    }
    return strawberry.type(type(name, (), body), description="The command was carried out.")


def _answer(context: Context, command: Command, given: Any, done: type) -> Any:
    try:
        return done(row_id=carry_out(context, command, given))
    except HemvistError as refused:
        # In the landlords' own log: in a kommun they may have no place to be refused at.
        log_refusal(context.actor, command.label, given, refused)
        answer = refusal(refused, given)
        if answer is None:
            raise
        return answer


def carry_out(context: Context, command: Command, given: Any) -> UUID:
    """Carry the command out, or find what it did under this key before. Raises ``HemvistError``."""
    values = arguments(given)
    tenant_id, landlord_id, seen = (
        (PLATFORM_TENANT, None, {}) if command.free else _door(context, command, given)
    )
    for name, type_name in _doors(given):
        if type_name in DOORS:
            values.pop(name, None)
    key, digest = getattr(given, KEY_FIELD), request_hash(command.label, canonical(given))
    # What earlier fields disclosed is logged first; a command has the connection to itself.
    context.finish()
    try:
        person = landlord_person(context.principal_id)
        with tenant_session(
            Audience.STAFF, tenant_id, _own_principal(context, tenant_id)
        ) as session:
            if landlord_id is not None and tenant_id != PLATFORM_TENANT:
                actor = landlord_actor(session, person, landlord_id)
            else:
                own = frozenset() if landlord_id is None else frozenset({landlord_id})
                actor = dataclasses.replace(context.actor, landlords=own)
            earlier = earlier_answer(session, actor, key, command.label, digest)
            if earlier is None:
                act = Act(session, actor, landlord_id, seen, context.principal_id)
                row_id: UUID = command.run(act, values).id
                keep_answer(session, actor, key, command.label, digest, {"id": row_id})
            else:
                row_id = UUID(earlier["id"])
        context.carried_out.append(command.label)
        if command.reveals:
            context.revealed.add(row_id)
        return row_id
    except (DBAPIError, psycopg.Error) as error:
        told_by = error.orig if isinstance(error, DBAPIError) else error
        if getattr(told_by, "sqlstate", None) in LOST_RACE:
            raise Conflict("concurrent_change", "somebody else got there first") from error
        raise
    except PolicyError as error:
        raise PolicyRefused(error.rule, error.message) from error


def _own_principal(context: Context, tenant_id: UUID) -> UUID | None:
    # In a kommun the person has a principal of its own, which the act looks up; what they have been
    # shown they act on, also where the case is closed to a circle of the kommun's own.
    return context.principal_id if tenant_id == PLATFORM_TENANT else THE_PLATFORM


def _doors(given: Any) -> Iterator[tuple[str, str]]:
    """Fields of the input that hold ids, with the types that they name."""
    for item in dataclasses.fields(given):
        type_name = item.metadata.get(REFERS)
        if type_name is not None:
            yield item.name, type_name


def _door(
    context: Context, command: Command, given: Any
) -> tuple[UUID, UUID, dict[str, Mapping[str, Any]]]:
    """The kommun and the landlord of what the input names, and the rows. Raises ``NotFound``."""
    seen: dict[str, Mapping[str, Any]] = {}
    where: set[tuple[UUID, UUID]] = set()
    for path, type_name, text in _named(given, ""):
        cls = shown_type(type_name)
        row = _seen(context, cls, type_name, text)
        seen[path] = row
        if path.partition("[")[0].partition(".")[0] not in command.elsewhere:
            where.add((row["tenant_id"], row["landlord_id"]))
    if len(where) != 1:
        # Each is within reach, but they are not of each other: as if one of them were not there.
        raise NotFound("row")
    ((tenant_id, landlord_id),) = where
    return tenant_id, landlord_id, seen


def _seen(context: Context, cls: type[Shown], type_name: str, text: str) -> Mapping[str, Any]:
    everything = {*cls.shape.needs}
    found = find(context, cls, require_row_id(type_name, text), everything)
    if found is None:
        raise NotFound(type_name)
    return found.row


def _named(given: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Every id in the input, wherever it stands: its path, type and text."""
    for item in dataclasses.fields(given):
        value, here = getattr(given, item.name), path + item.name
        type_name = item.metadata.get(REFERS)
        many = value if isinstance(value, list) else [value]
        for place, one in enumerate(many):
            at = f"{here}[{place}]" if isinstance(value, list) else here
            if one is None:
                continue
            if type_name is not None:
                yield at, type_name, one
            elif dataclasses.is_dataclass(one):
                yield from _named(one, f"{at}.")
