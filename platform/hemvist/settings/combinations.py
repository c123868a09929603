"""What settings must be together, and what a process cannot do without in production."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hemvist.settings.faults import Fault
from hemvist.settings.fields import WEB, WORKER, Process, about, variable

if TYPE_CHECKING:
    from hemvist.settings.model import Settings

#: The audiences that a process serves as, where it is not given the owner's connection.
AUDIENCES = {WEB: ("staff", "landlord"), WORKER: ("worker", "exchange", "thinning")}
_SPOKEN = {
    Process.WEB: "a web process",
    Process.WORKER: "a worker",
    Process.BEAT: "beat",
    Process.CLI: "the command",
    Process.DEV: "a run",
}


def combined(settings: Settings) -> Iterator[Fault]:
    """What is right by itself and wrong together."""
    if settings.environment == "production":
        yield from _of_production(settings)
    if settings.smtp_host is not None and settings.mail_from is None:
        yield Fault.of(
            "HEMVIST_SMTP_HOST is set: set HEMVIST_MAIL_FROM too", "smtp_host", "mail_from"
        )
    if (settings.smtp_user is None) is not (settings.smtp_password is None):
        yield Fault.of(
            "HEMVIST_SMTP_USER and HEMVIST_SMTP_PASSWORD go together: set both or none",
            *("smtp_user", "smtp_password"),
        )
    if settings.export_places > settings.database_pool_size:
        yield Fault.of(
            f"HEMVIST_EXPORT_PLACES ({settings.export_places}) is more than"
            f" HEMVIST_DATABASE_POOL_SIZE ({settings.database_pool_size}): exports would take every"
            " connection",
            *("export_places", "database_pool_size"),
        )
    if settings.backup_every > settings.backup_point:
        yield Fault.of(
            f"HEMVIST_BACKUP_EVERY ({settings.backup_every:g} seconds) is more than"
            f" HEMVIST_BACKUP_POINT ({settings.backup_point:g}): copies would come too late for it",
            *("backup_every", "backup_point"),
        )
    for name, why in (
        ("backup_spool", "the log lies there in clear"),
        ("key_folder", "a backup must not hold the keys to it"),
    ):
        place: Path | None = getattr(settings, name)
        if _inside(place, settings.backup_folder):
            yield Fault.of(
                f"{variable(name)} lies in HEMVIST_BACKUP_FOLDER: {why}", name, "backup_folder"
            )


def _of_production(settings: Settings) -> Iterator[Fault]:
    for name in ("today", "register_file"):
        if getattr(settings, name) is not None:
            yield Fault.of(
                f"{variable(name)} is only for development: unset it in production", name
            )
    if not settings.base_url.startswith("https://"):
        yield Fault.of("HEMVIST_BASE_URL must start with https:// in production", "base_url")
    if settings.smtp_host is not None and settings.smtp_security == "none":
        yield Fault.of(
            "HEMVIST_SMTP_SECURITY must be starttls or tls in production", "smtp_security"
        )


def missing(settings: Settings, process: Process) -> Iterator[Fault]:
    """What ``process`` lacks, in production; a run on one machine makes what it needs itself."""
    if settings.environment != "production":
        return
    for name, field in type(settings).model_fields.items():
        if process in about(field).needed_by and getattr(settings, name) is None:
            yield Fault.of(
                f"{variable(name)} is not set: {_SPOKEN[process]} needs it in production", name
            )
    names = [f"database_url_{audience}" for audience in AUDIENCES.get(process, ())]
    absent = [name for name in names if getattr(settings, name) is None]
    if settings.database_url is None and absent:
        yield Fault.of(
            f"{', '.join(map(variable, absent))}: not set, and no HEMVIST_DATABASE_URL:"
            f" {_SPOKEN[process]} needs them in production",
            *("database_url", *absent),
        )


def _inside(place: Path | None, folder: Path | None) -> bool:
    if place is None or folder is None:
        return False
    return place.absolute().is_relative_to(folder.absolute())
