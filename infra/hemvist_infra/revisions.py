"""Writing a new migration by comparing the code's tables with what the migrations make.

The comparison happens in a scratch schema inside one transaction that is rolled back, so it needs
a server but no particular database, and leaves nothing behind.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from hemvist.errors import HemvistError
from hemvist.migrations.rendering import compared
from hemvist.migrations.tables import metadata
from hemvist.settings import get_settings
from hemvist_infra.database import alembic_config, migrating_connection, prepare_roles

_SCRATCH = "hemvist_revision_scratch"


@contextmanager
def server_url() -> Iterator[str]:
    """The configured database, or an embedded server that lives as long as this is open."""
    configured = get_settings().database_url
    if configured is not None:
        yield configured
        return
    from hemvist_infra.embedded import EmbeddedPostgres

    with tempfile.TemporaryDirectory(prefix="hemvist-revision-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        stack.callback(server.stop)
        yield server.start()


@contextmanager
def scratch(url: str) -> Iterator[Connection]:
    """A connection whose tables go into a new schema, all of it undone at the end."""
    prepare_roles(url)
    with migrating_connection(url) as connection, connection.begin() as transaction:
        # As the administrator: the owner role may not make schemas.
        connection.execute(text("RESET ROLE"))
        connection.execute(text(f"CREATE SCHEMA {_SCRATCH} AUTHORIZATION hemvist_owner"))
        connection.execute(text("SET LOCAL ROLE hemvist_owner"))
        connection.execute(text(f"SET LOCAL search_path = {_SCRATCH}"))
        connection.dialect.default_schema_name = _SCRATCH
        try:
            yield connection
        finally:
            transaction.rollback()


def differences(connection: Connection) -> list[object]:
    """What the code's tables have that the database behind ``connection`` has not, or has else."""
    context = MigrationContext.configure(
        connection, opts={"include_name": compared, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def write_revision(message: str, *, replace_base: bool = False) -> Path:
    """Write the next migration file and return its path.

    ``replace_base`` first removes the migrations that are there: only before any of them has run
    on data that matters. Raises ``HemvistError`` when there is nothing to write.
    """
    with server_url() as url, scratch(url) as connection:
        config = alembic_config(connection)
        folder = Path(ScriptDirectory.from_config(config).versions)
        old = {path: path.read_text() for path in folder.glob("[0-9]*.py")} if replace_base else {}
        for path in old:
            path.unlink()
        numbers = [int(found[0]) for p in folder.glob("*.py") if (found := _number(p.name))]
        number = f"{max(numbers, default=0) + 1:04d}"
        try:
            path = _write(connection, config, message, number)
        except BaseException:
            for kept, content in old.items():
                kept.write_text(content)
            raise
    _tidy(path)
    return path


def _write(connection: Connection, config: Config, message: str, number: str) -> Path:
    command.upgrade(config, "head")
    if not differences(connection):
        raise HemvistError("the tables are as the migrations make them: nothing to write")
    made = command.revision(config, message=message, autogenerate=True, rev_id=number)
    if made is None or isinstance(made, list):
        raise HemvistError("Alembic wrote no single migration")
    return Path(made.path)


def _number(name: str) -> list[str]:
    return re.findall(r"^(\d+)_", name)


def _tidy(path: Path) -> None:
    """Without Alembic's marks; formatted as the rest, where the formatter is installed."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.strip().startswith("# ###")))
    for arguments in (["check", "--fix", "--quiet", "--select", "I,F401"], ["format", "--quiet"]):
        subprocess.run(  # noqa: S603 - our own formatter, as a list
            [sys.executable, "-m", "ruff", *arguments, str(path)], check=False, capture_output=True
        )
