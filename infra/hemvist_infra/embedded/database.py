"""A database with an administrator of its own on an embedded server."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

#: Administers; the tables belong to hemvist_owner, which logs in nowhere.
_ADMIN = "hemvist_admin"


def own_database(superuser_url: str, name: str = "hemvist") -> str:
    """The administrator's URL of database ``name``, both made first where they are missing.

    The administrator may make roles but is no superuser, as on a hosted server: so a migration
    that needs more fails here already. There is one for all databases of a server, since what it
    may do with the audience roles follows from having made them. Its password is the superuser's:
    one secret, kept in one place.
    """
    parts = urlsplit(superuser_url)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        exists = "SELECT 1 FROM pg_roles WHERE rolname = %s"
        verb = "ALTER" if connection.execute(exists, [_ADMIN]).fetchone() else "CREATE"
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(_ADMIN), sql.Literal(parts.password)
            )
        )
        exists = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(exists, [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(_ADMIN)
                )
            )
    place = f"{_ADMIN}:{parts.password}@{parts.hostname}:{parts.port}"
    return urlunsplit((parts.scheme, place, f"/{name}", parts.query, ""))
