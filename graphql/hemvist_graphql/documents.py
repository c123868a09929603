"""Documents: parsed, validated and reckoned once, found by their text or by their digest.

The portal's and partners' own are registered at start and never forgotten. Any other is kept for as
long as there is room, and reading one that is not kept is what strangers may not do too often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)
from graphql.validation import recommended_rules, specified_rules

from hemvist.kept import Kept
from hemvist_graphql.cardinalities import CARDINALITIES
from hemvist_graphql.costs import Cost, cost_of
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.limits import MAX_TOKENS, check_shape, check_size
from hemvist_graphql.schema import executable_schema
from hemvist_graphql.telling import root_fields

#: How many are kept, and the longest that is: a parsed one takes some eighty times its text, and
#: nobody may fill the memory by sending new ones.
KEPT_DOCUMENTS = 256
KEPT_LENGTH = 5_000
MAX_ERRORS = 20
MAX_MESSAGE = 500
#: The kind of identifier that there is; another would have another word before the colon.
PREFIX = "sha256:"

_RULES = [*specified_rules, *(rule for rule in recommended_rules if rule not in specified_rules)]


class Invalid(Exception):
    """The document is not valid for the schema; what is wrong with it."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("invalid document")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of a valid document."""

    text: str
    document: DocumentNode
    operation: OperationDefinitionNode
    #: The operation's own name.
    name: str | None
    #: What is asked for, in the schema's words: the name is the caller's to choose, and may hold
    #: anything.
    fields: str
    cost: Cost


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was sent, whatever came of it."""

    text: str
    parsed: DocumentNode | None
    #: What an operation of it costs, by the schema that it is of.
    reckoned: Callable[[DocumentNode, OperationDefinitionNode], Cost]
    #: Why it could not be parsed, or is too large.
    failed: RequestFailed | None = None
    errors: Sequence[GraphQLError] = ()
    _operations: dict[str | None, Prepared] = field(default_factory=dict)

    def operation(self, name: str | None) -> Prepared:
        """The operation ``name``, or the only one.

        Raises ``RequestFailed`` or ``Invalid``.
        """
        found = self._operations.get(name)
        if found is not None:
            return found
        if self.failed is not None:
            # It is kept and raised again: its traceback must not grow each time.
            raise self.failed.with_traceback(None)
        if self.errors:
            raise Invalid(self.errors)
        assert self.parsed is not None
        operation = get_operation_ast(self.parsed, name)
        if operation is None:
            raise RequestFailed(
                Code.UNKNOWN_OPERATION, "name one of the document's operations in operationName"
            )
        made = Prepared(
            self.text,
            self.parsed,
            operation,
            operation.name.value if operation.name else None,
            root_fields(operation),
            self.reckoned(self.parsed, operation),
        )
        # Only names that the document has come here: as many as it is long.
        self._operations[name] = made
        return made

    def operations(self) -> list[Prepared]:
        """Every operation, of a document that holds."""
        assert self.parsed is not None
        return [
            self.operation(one.name.value if one.name else None)
            for one in self.parsed.definitions
            if isinstance(one, OperationDefinitionNode)
        ]


def document_id(text: str) -> str:
    """The identifier of a document: its text and nothing else decides it."""
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()


class Library:
    """The documents of one schema that are at hand."""

    def __init__(
        self,
        schema: Callable[[], GraphQLSchema],
        lengths: Callable[[], Mapping[str, Any]],
    ) -> None:
        """``lengths`` says how long the schema's lists are (see ``cardinalities``)."""
        self._schema, self._lengths = schema, lengths
        self._registered: dict[str, Document] = {}
        self._by_id: dict[str, Document] = {}
        self._kept: Kept[Document] = Kept(KEPT_DOCUMENTS)

    def register(self, text: str) -> Document:
        """Keep the document for good, so that it can be asked for by its id."""
        found = self._registered.get(text)
        if found is None:
            found = self._registered[text] = self.read(text)
            self._by_id[document_id(text)] = found
        return found

    def document(self, text: str) -> Document:
        """The document of a text, read now unless it is known."""
        found = self._registered.get(text)
        if found is not None:
            return found
        if len(text) > KEPT_LENGTH:
            return self.read(text)
        return self._kept.get(text, lambda: self.read(text))

    def known(self, text: str) -> bool:
        """Whether the document is at hand without being read."""
        if text in self._registered:
            return True
        return len(text) <= KEPT_LENGTH and self._kept.find(text) is not None

    def by_id(self, id_: str) -> Document:
        """The registered document with this id. Raises ``RequestFailed`` (UNKNOWN_DOCUMENT)."""
        found = self._by_id.get(id_)
        if found is None:
            raise RequestFailed(
                Code.UNKNOWN_DOCUMENT, "no document is registered under this documentId"
            )
        return found

    def read(self, text: str) -> Document:
        """The document parsed, measured and validated, or why it cannot be."""
        try:
            check_size(text)
            parsed = parse(text, max_tokens=MAX_TOKENS)
            check_shape(parsed)
        except RequestFailed as failed:
            return Document(text, None, self._cost, failed)
        except GraphQLError as error:
            places = [place.formatted for place in error.locations or ()]
            message = error.message[:MAX_MESSAGE]
            unread = RequestFailed(Code.PARSE_FAILED, message, locations=places)
            return Document(text, None, self._cost, unread)
        except RecursionError:
            unread = RequestFailed(Code.TOO_DEEP, "the document is nested too deep")
            return Document(text, None, self._cost, unread)
        errors = tuple(
            GraphQLError(
                error.message[:MAX_MESSAGE],
                nodes=error.nodes,
                extensions={"code": Code.INVALID_DOCUMENT.value},
            )
            for error in validate(self._schema(), parsed, _RULES, max_errors=MAX_ERRORS)
        )
        return Document(text, parsed, self._cost, None, errors)

    def _cost(self, parsed: DocumentNode, operation: OperationDefinitionNode) -> Cost:
        return cost_of(self._schema(), parsed, operation, self._lengths())


#: The documents of a kommun's own API.
STAFF = Library(executable_schema, lambda: CARDINALITIES)

register = STAFF.register
document = STAFF.document
known = STAFF.known
by_id = STAFF.by_id
read = STAFF.read
