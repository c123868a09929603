"""A GraphQL read carried out as one SQL statement.

``selection`` says what is asked, ``roots`` what a request's arguments mean, ``statement`` (with
``objects``, ``listing``, ``printing``, ``trail``) makes the SQL, ``parameters`` fills it in,
``finishing`` (with ``completing``, ``ingredients``) says what Python has left to do, ``execution``
looks a plan up or makes it, ``repeated`` knows requests like one before, ``carrying`` runs it, and
``at_once`` does so on an event loop.
What is left out of a plan goes to the ordinary path.
"""

from hemvist_graphql.compiled.at_once import data_of, ready
from hemvist_graphql.compiled.execution import answer_claimed, answer_text
from hemvist_graphql.compiled.proof import Unproven
from hemvist_graphql.compiled.refusal import NotPlanned, Why

__all__ = [
    "NotPlanned",
    "Unproven",
    "Why",
    "answer_claimed",
    "answer_text",
    "data_of",
    "ready",
]
