"""``hemvist keys``: the keys that kommuner's data are sealed with. See docs/keys.md."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import Connection

from hemvist.clock import real_now
from hemvist.errors import HemvistError
from hemvist.tenancy import key_making
from hemvist.tenancy.key_folder import KeyFolder, KeysMissing, TenantFile, key_folder
from hemvist.tenancy.keys import LOOKS_AGAIN, SealBroken, forget_keys
from hemvist_infra import resealing
from hemvist_infra.database import administrator_url, migrating_connection
from hemvist_infra.resealing import Registered

#: After a rotation the older key may still seal for LOOKS_AGAIN seconds in each process, and what it
#: sealed may be committed later: a transaction is open for two minutes at most.
_SETTLED = timedelta(seconds=LOOKS_AGAIN + 150)

app = typer.Typer(no_args_is_help=True, help="The keys that kommuner's data are sealed with.")

Slug = Annotated[str, typer.Argument(help="The kommun's slug; without one, all of them.")]


@app.command()
def create() -> None:
    """Make the first master key where there is none, and keys for every kommun that has had none."""
    folder = key_folder()
    folder.start()
    with _register() as (_, everyone):
        made = [one.slug for one in everyone if key_making.create_keys(folder, one.tenant_id)]
    typer.echo(f"Keys made for: {', '.join(made)}." if made else "Every kommun has its keys.")


@app.command()
def check() -> None:
    """Whether this process reaches every key, and nobody else can read the files; status 1 if not."""
    folder = key_folder()
    found = _open_to_others(folder)
    folder.masters()
    with _register() as (_, everyone):
        for one in everyone:
            try:
                file = folder.read(one.tenant_id)
                if file is None:
                    found.append(f"{one.slug}: no keys; make them with: hemvist keys create")
                elif file.erased is None:
                    dict(key_making.unwrapped(folder, file))
            except KeysMissing as problem:
                found.append(f"{one.slug}: {problem}")
    for line in found:
        typer.echo(line)
    if found:
        raise typer.Exit(1)
    typer.echo(f"{len(everyone)} in the register, every key opens.")


@app.command()
def status(slug: Slug = "") -> None:
    """Each kommun's data keys, how old they are, and how many values each has sealed."""
    folder = key_folder()
    typer.echo(_line("slug", "key", "made", "master", "seals", "values"))
    with _register() as (connection, everyone):
        for one in _chosen(everyone, slug):
            file = folder.read(one.tenant_id)
            if file is None or file.erased is not None:
                gone = "none" if file is None else f"erased {str(file.erased)[:10]}"
                typer.echo(f"{one.slug:<28} {gone}")
                continue
            counted = resealing.generations(connection, one.tenant_id)
            for number in sorted({*file.data, *counted}):
                key = file.data.get(number)
                made = "gone" if key is None else key.made[:10]
                master = "-" if key is None else str(key.master)
                seals = "yes" if number == file.current else "no"
                count = str(counted[number])
                typer.echo(_line(one.slug, str(number), made, master, seals, count))


@app.command()
def rotate(slug: Slug = "") -> None:
    """A new data key from now on. What is sealed stays as it is, and opens, until it is resealed."""
    folder = key_folder()
    with _register() as (_, everyone):
        for one in _chosen(everyone, slug):
            if _has_keys(folder, one):
                number = key_making.rotate(folder, one.tenant_id)
                typer.echo(f"{one.slug}: data key {number} seals from now on.")


@app.command()
def reseal(slug: Slug = "") -> None:
    """Seal what earlier data keys sealed with the current one, while the service runs."""
    folder = key_folder()
    forget_keys()
    with _register() as (connection, everyone):
        for one in _chosen(everyone, slug):
            if _has_keys(folder, one):
                try:
                    count = resealing.reseal(connection, one.tenant_id)
                except SealBroken as broken:
                    raise HemvistError(
                        f"{one.slug}: a value of {broken} does not open; those before it are resealed"
                    ) from None
                typer.echo(f"{one.slug}: {count} values resealed.")


@app.command()
def retire(slug: str, number: Annotated[int, typer.Argument(help="The data key.")]) -> None:
    """Destroy a data key that no value in the database is sealed with any more."""
    folder = key_folder()
    with _register() as (connection, everyone):
        (one,) = _chosen(everyone, slug)
        file = _file(folder, one)
        made = datetime.fromisoformat(file.data[file.current].made)
        if real_now() - made < _SETTLED:
            raise HemvistError(
                f"the current key of {slug} is of {made:%H:%M:%S} UTC: until"
                f" {made + _SETTLED:%H:%M:%S} an earlier one may still be sealing"
            )
        left = resealing.generations(connection, one.tenant_id)[number]
        if left:
            raise HemvistError(
                f"data key {number} of {slug} has sealed {left} values that are still there:"
                f" hemvist keys reseal {slug}"
            )
        key_making.retire(folder, one.tenant_id, number)
    typer.echo(f"{slug}: data key {number} is destroyed; remove it from the folder's copies too.")


@app.command()
def rewrap() -> None:
    """A new master key: every kommun's keys are wrapped by it, and the older ones are removed."""
    number = key_making.rewrap(key_folder())
    typer.echo(f"Every key is wrapped by master key {number}; the older are removed.")


@app.command()
def erase(
    slug: str,
    confirm: Annotated[str, typer.Option(help="The slug once more: there is no way back.")] = "",
) -> None:
    """Destroy every key of a kommun that is closed: what they sealed opens nowhere, copies included."""
    folder = key_folder()
    if confirm != slug:
        raise HemvistError(f"this cannot be undone: say it with --confirm {slug}")
    with _register() as (_, everyone):
        (one,) = _chosen(everyone, slug)
        if one.status != "closed":
            raise HemvistError(f"{slug} is not closed: hemvist tenant close {slug}")
        _file(folder, one)
        folder.erase(one.tenant_id)
    typer.echo(f"The keys of {slug} are erased here; erase them in the folder's copies too.")


def _line(slug: str, key: str, made: str, master: str, seals: str, values: str) -> str:
    return f"{slug:<28} {key:>4}  {made:<10}  {master:>6}  {seals:<5}  {values:>9}"


@contextmanager
def _register() -> Iterator[tuple[Connection, list[Registered]]]:
    with migrating_connection(administrator_url()) as connection:
        yield connection, resealing.registered(connection)


def _chosen(everyone: list[Registered], slug: str) -> list[Registered]:
    chosen = [one for one in everyone if slug in ("", one.slug)]
    if not chosen:
        raise HemvistError(f"there is no {slug!r} in the register")
    return chosen


def _file(folder: KeyFolder, one: Registered) -> TenantFile:
    file = folder.read(one.tenant_id)
    if file is None or file.erased is not None:
        raise HemvistError(f"{one.slug} has no keys")
    return file


def _has_keys(folder: KeyFolder, one: Registered) -> bool:
    file = folder.read(one.tenant_id)
    return file is not None and file.erased is None


def _open_to_others(folder: KeyFolder) -> list[str]:
    places = [folder.path, *folder.path.glob("*/*.key"), *folder.path.glob("*/*.json")]
    return [
        f"{place} can be read by everyone on this machine: chmod o-rwx"
        for place in places
        if place.exists() and stat.S_IMODE(place.stat().st_mode) & stat.S_IRWXO
    ]
