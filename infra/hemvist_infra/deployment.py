"""The secrets of a deployment, a file each, as containers are given them. See docs/running.md."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL

from hemvist.db import Audience, derived_password
from hemvist.errors import HemvistError
from hemvist_infra.embedded.folder import write_secret

SECRET_KEY = "secret-key"  # noqa: S105 - the name of a file
WATCH_TOKEN = "watch-token"  # noqa: S105 - the name of a file
MASTER_KEY = "master-1.key"
USERS = "pgbouncer-users"
#: The servers of ``infra/docker/compose.yaml``, and who is PostgreSQL's administrator for Hemvist.
OWN_POSTGRES, OWN_VALKEY, ADMINISTRATOR = "postgres", "valkey", "hemvist_admin"


def write_secrets(folder: Path, pooler: str, database: str) -> Iterator[Path]:
    """Write what is missing in ``folder``; the paths, as they are written.

    The secret key, the first master key and the watch's token are drawn by lot; from the secret key follow
    the addresses of every audience at ``pooler`` (``host:port``) and PgBouncer's list of users. A file that
    is there is left as it is. Raises ``HemvistError`` for a pooler without a port, or a secret key that is
    none.
    """
    host, _, port = pooler.rpartition(":")
    if not host or not re.fullmatch(r"\d{1,5}", port):
        raise HemvistError(f"--pooler is HOST:PORT, as pgbouncer:6432, not {pooler!r}")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = folder / SECRET_KEY
    yield from _missing(key, secrets.token_hex(32))
    secret = key.read_text().strip()
    if len(secret) < 32:
        raise HemvistError(f"{key} must have at least 32 characters")
    yield from _missing(folder / MASTER_KEY, secrets.token_hex(32))
    yield from _missing(folder / WATCH_TOKEN, secrets.token_hex(32))
    for audience in Audience:
        url = URL.create(
            "postgresql",
            username=audience.value,
            password=derived_password(secret, audience),
            host=host,
            port=int(port),
            database=database,
        )
        name = f"database-url-{audience.short}"
        yield from _missing(folder / name, url.render_as_string(hide_password=False))
    users = [f'"{one.value}" "{derived_password(secret, one)}"' for one in Audience]
    yield from _missing(folder / USERS, "\n".join(users))


def write_own_servers(folder: Path, database: str) -> Iterator[Path]:
    """The same for a PostgreSQL and a Valkey of the deployment's own: passwords drawn by lot, the
    administrator's address and the broker's with them, and what Valkey reads."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    yield from _missing(folder / "postgres-superuser-password", secrets.token_hex(24))
    password = folder / "postgres-admin-password"
    yield from _missing(password, secrets.token_hex(24))
    url = URL.create(
        "postgresql", ADMINISTRATOR, password.read_text().strip(), OWN_POSTGRES, 5432, database
    )
    yield from _missing(folder / "database-url", url.render_as_string(hide_password=False))
    broker = folder / "redis-url"
    drawn = secrets.token_hex(24)
    yield from _missing(broker, f"redis://:{drawn}@{OWN_VALKEY}:6379/0")
    password_of_broker = urlsplit(broker.read_text().strip()).password
    yield from _missing(folder / "valkey-conf", f"requirepass {password_of_broker}")


def _missing(path: Path, text: str) -> Iterator[Path]:
    if not path.exists():
        write_secret(path, text + "\n")
        os.chmod(path, 0o400)
        yield path
