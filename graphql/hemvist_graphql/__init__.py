"""The GraphQL API: schema, limits, the HTTP route, and ``execute`` for the portal.

``execute(actor, document, variables, operation_name)`` carries an operation out in-process;
``hemvist_graphql.http.router`` serves ``POST /{slug}/graphql``.
"""

from hemvist_graphql.execution import execute

__all__ = ["execute"]
