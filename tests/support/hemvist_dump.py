"""What a stolen dump of the database holds: every column of every row, as COPY writes it out."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
 GROUP BY c.relname ORDER BY c.relname
"""


def dumped(server: str, database: str) -> dict[tuple[str, str], str]:
    """All that stands in each column, of all kommuner; ``server`` is who may see everything."""
    url = urlunsplit(urlsplit(server)._replace(path=urlsplit(database).path))
    found: dict[tuple[str, str], str] = {}
    with psycopg.connect(url) as connection:
        for table, columns in connection.execute(_COLUMNS).fetchall():
            values: list[list[str]] = [[] for _ in columns]
            statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for row in copy:
                    for place, value in enumerate(bytes(row).decode().rstrip("\n").split("\t")):
                        values[place].append(value)
            found |= {
                (table, column): "\n".join(stood)
                for column, stood in zip(columns, values, strict=True)
            }
    return found


def forms(texts: Iterable[str]) -> Iterator[str]:
    """Each text as it may stand: in clear, in hex and in base64 at each of the three places."""
    for text in texts:
        raw = text.encode()
        yield text
        yield raw.hex()
        for place in range(3):
            whole = base64.b64encode(bytes(place) + raw).decode()
            # Without what the neighbours decide.
            yield whole[(place * 8 + 5) // 6 : len(whole) - 4]
