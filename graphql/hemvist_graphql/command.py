"""A mutation is one command: one transaction, once per idempotency key, with typed refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union
from uuid import UUID

import psycopg
import strawberry
from sqlalchemy import Text, cast
from sqlalchemy.exc import DBAPIError
from strawberry.utils.str_converters import to_camel_case

from hemvist import audit
from hemvist.errors import Conflict, Guarded, HemvistError, PolicyRefused
from hemvist.identity import Actor
from hemvist.outbox import earlier_and, earlier_answer_and, keep_answer, request_hash
from hemvist.pack_versions import packs_of
from hemvist.pack_versions.adoptions import learn_adoptions
from hemvist.policy import PolicyError
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.tenancy.statements import of_tenant
from hemvist_graphql.compiled.known import known_text
from hemvist_graphql.context import Context, Info
from hemvist_graphql.errors import REFUSALS, refusal
from hemvist_graphql.inputs import KEY_FIELD, arguments, canonical
from hemvist_graphql.known import read_known
from hemvist_graphql.loading import find
from hemvist_graphql.reading import readable
from hemvist_graphql.refs import REFS
from hemvist_graphql.refused import log_refusal

#: What a command does: a session, who acts, and the input's values; gives the row made or changed.
Run = Callable[[TenantSession, Actor, dict[str, Any]], Any]

#: What takes long is done before the command's transaction: who acts, and the input's values; gives
#: further values for ``Run``.
Before = Callable[[Actor, dict[str, Any]], dict[str, Any]]

#: Reads the reply of what was done to a row, or gives None. Raises ``Untold``.
Told = Callable[[TenantSession, UUID], str | None]


class Untold(Exception):
    """The reply's statement failed, and with it the transaction."""


#: SQLSTATEs that mean that somebody else got there first (class 40, unique and exclusion).
LOST_RACE = frozenset({"40001", "40P01", "23505", "23P01"})

#: Whether the command was carried out before, and by which guidelines the kommun works.
_BEGINNING = earlier_and(cast(known_text(of_tenant()), Text))

_COMMANDS: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Command:
    """A declared mutation: its name in the schema, what it takes, does and gives."""

    label: str
    input_type: type
    run: Run
    #: Names of the types of a carried-out command and of the row that it gives.
    done: str
    target: str
    before: Before | None = None


_DECLARED: dict[str, Command] = {}


def declared_command(label: str) -> Command:
    """The command that is ``label`` in the schema."""
    return _DECLARED[label]


def commands() -> Mapping[str, Any]:
    """Every declared mutation, as Strawberry fields by Python name."""
    return _COMMANDS


def command(
    input_type: type, *, gives: str, description: str, before: Before | None = None
) -> Callable[[Run], Run]:
    """Declare the decorated function as a mutation.

    ``input_type`` is named ``XInput``; ``gives`` names the done type's field (``follow_up``) and, in
    capitals, its type (``FollowUp``). The answer is the union ``XResult``.
    """
    name = input_type.__name__.removesuffix("Input")
    target = "".join(part.capitalize() for part in gives.split("_"))
    done = _done_type(f"{name}Done", gives, target)
    members: Any = Union[(done, *REFUSALS)]
    result = Annotated[members, strawberry.union(f"{name}Result")]

    def declare(run: Run) -> Run:
        label = to_camel_case(run.__name__)
        declared = _DECLARED[label] = Command(label, input_type, run, done.__name__, target, before)

        def resolve(info: Any, input: Any) -> Any:
            return _answer(info.context, declared, input, done)

        resolve.__name__ = run.__name__
        resolve.__annotations__ = {"info": strawberry.Info, "input": input_type, "return": result}
        _COMMANDS[run.__name__] = strawberry.field(resolver=resolve, description=description)
        return run

    return declare


def _done_type(name: str, field: str, target: str) -> type:
    """The type of a carried-out command: it reads the row through the reading session."""

    def resolve(root: Any, info: Info) -> Any:
        return find(info.context, readable(target), root.row_id)

    body = {
        "__annotations__": {field: REFS[target] | None, "row_id": strawberry.Private[UUID]},
        "__module__": __name__,
        field: strawberry.field(
            resolver=resolve, description="Null only when what was done is not the caller's to see."
        ),
    }
    return strawberry.type(type(name, (), body), description="The command was carried out.")


def _answer(context: Context, command: Command, given: Any, done: type) -> Any:
    happened, context.outcome = context.outcome, None
    try:
        if isinstance(happened, Exception):
            raise happened
        return done(row_id=happened or carry_out(context, command.label, given, command.run)[0])
    except HemvistError as refused:
        answer = refusal(refused, given)
        if answer is None:
            raise
        return answer


def carry_out(
    context: Context, name: str, given: Any, run: Run, told: Told | None = None
) -> tuple[UUID, str | None]:
    """Carry the command out, or find what it did under this key before. Raises ``HemvistError``.

    Gives the row and what ``told`` reads of it in the same transaction, as its last statement. Where
    that has to be read in another one it is None; where it fails, nothing has been done
    (``Untold``). A refusal is logged after it was rolled back.
    """
    try:
        return _carry_out(context, name, given, run, told)
    except HemvistError as refused:
        log_refusal(context.actor, name, given, refused)
        raise


def _carry_out(
    context: Context, name: str, given: Any, run: Run, told: Told | None
) -> tuple[UUID, str | None]:
    values = arguments(given)
    key, digest = getattr(given, KEY_FIELD), request_hash(name, canonical(given))
    actor = context.actor
    # What earlier fields laid open is logged first; a command has the connection to itself.
    context.finish()
    before = declared_command(name).before
    try:
        if before is not None:
            values |= before(actor, values)
        with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
            earlier, (known,) = earlier_answer_and(_BEGINNING, session, actor, key, name, digest)
            if earlier is not None:
                context.carried_out.append(name)
                return UUID(earlier["id"]), None
            guidelines = read_known(known)
            packs_of(session).learn(guidelines.own)
            learn_adoptions(session, guidelines.adopted)
            row_id: UUID = run(session, actor, values).id
            keep_answer(session, actor, key, name, digest, {"id": row_id})
            text = None if told is None else told(session, row_id)
        context.carried_out.append(name)
        return row_id, text
    except Guarded as refused:
        # The command's own transaction is undone. No entry, no answer.
        with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
            audit.record(session, actor, refused.action, kind="read", persons=refused.persons)
        raise
    except (DBAPIError, psycopg.Error) as error:
        # The ORM wraps what its own statements raise; a row that is locked by its key tells it plainly.
        told_by = error.orig if isinstance(error, DBAPIError) else error
        if getattr(told_by, "sqlstate", None) in LOST_RACE:
            raise Conflict("concurrent_change", "somebody else got there first") from error
        raise
    except PolicyError as error:
        raise PolicyRefused(error.rule, error.message) from error
