"""A GraphQL read carried out as one SQL statement.

``selection`` says what is asked, ``roots`` what a request's arguments mean, ``statement`` (with
``objects``, ``listing``, ``printing``, ``trail``) makes the SQL, ``parameters`` fills it in,
``cache`` keeps it, and ``execution`` runs it or leaves the operation to the ordinary path.
"""

from hemvist_graphql.compiled.execution import answer_text
from hemvist_graphql.compiled.refusal import NotPlanned, Why

__all__ = ["NotPlanned", "Why", "answer_text"]
