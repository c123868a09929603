"""Settings of what is kept: database, keys, the audit log's anchors, backups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from hemvist.settings.fields import ASKING, BEAT, CLI, DEV, WEB, WORKER, setting

_POSTGRES: dict[str, Any] = {
    "rule": "an address that begins with postgresql://",
    "pattern": r"^postgres(ql)?(\+\w+)?://",
}


class DatabaseSettings(BaseSettings):
    """Database and broker."""

    database_url: str | None = setting(
        None,
        "The owner's connection: it migrates and makes the roles of the audiences. A process that only"
        " serves may be given the roles' own connections instead, and then never holds the owner's"
        " password.",
        read_by=(*ASKING, DEV),
        secret=True,
        example="postgresql://hemvist:…@db.example/hemvist",
        **_POSTGRES,
    )
    database_url_staff: str | None = setting(
        None,
        "The connection that a kommun's people are served by; else the owner's server with the role"
        " `hemvist_staff` and a password derived from the secret key. The same holds for those below.",
        read_by=ASKING,
        secret=True,
        example="postgresql://hemvist_staff:…@db.example/hemvist",
        **_POSTGRES,
    )
    database_url_landlord: str | None = setting(
        None,
        "The connection that landlords are served by.",
        read_by=(WEB, CLI),
        secret=True,
        example="postgresql://hemvist_landlord:…@db.example/hemvist",
        **_POSTGRES,
    )
    database_url_worker: str | None = setting(
        None,
        "The connection of the worker's own tasks.",
        read_by=(WORKER, CLI),
        secret=True,
        example="postgresql://hemvist_worker:…@db.example/hemvist",
        **_POSTGRES,
    )
    database_url_exchange: str | None = setting(
        None,
        "The connection that carries what kommuner exchange.",
        read_by=(WORKER, CLI),
        secret=True,
        example="postgresql://hemvist_exchange:…@db.example/hemvist",
        **_POSTGRES,
    )
    database_url_operator: str | None = setting(
        None,
        "The operator's connection, which sees how things stand and nobody's data.",
        read_by=(WEB, CLI),
        secret=True,
        example="postgresql://hemvist_operator:…@db.example/hemvist",
        **_POSTGRES,
    )
    database_url_thinning: str | None = setting(
        None,
        "The connection that deletes what is thinned, and nothing else.",
        read_by=(WORKER, CLI),
        secret=True,
        example="postgresql://hemvist_thinning:…@db.example/hemvist",
        **_POSTGRES,
    )
    database_pool_size: int = setting(
        8,
        "Requests that a web process works on at once, and connections of one audience for them; as many"
        " again may be opened for a while.",
        unit="connections",
        read_by=ASKING,
        ge=1,
        le=100,
    )
    database_pooled: bool = setting(
        False,
        "A pooler in transaction mode stands before the database: connections begin with no settings of"
        " their own, which it would refuse or give to others. See [pooling](pooling.md).",
        read_by=ASKING,
    )
    database_distributed: bool = setting(
        False,
        "The database is spread over many machines by Citus: each statement names its tenant as a value"
        " for every table, in a transaction that has set it. See [growing](growing.md).",
        read_by=ASKING,
    )
    database_prepared: bool = setting(
        True,
        "Statements are prepared and kept by the server. Off for a pooler that cannot follow them.",
        read_by=ASKING,
    )
    redis_url: str | None = setting(
        None,
        "The broker (Valkey or Redis) that events and tasks go through.",
        read_by=(WEB, WORKER, BEAT, CLI, DEV),
        needed_by=(WEB, WORKER, BEAT),
        secret=True,
        example="redis://:…@broker.example:6379/0",
        rule="an address that begins with redis://, rediss:// or unix://",
        pattern=r"^(rediss?|unix)://",
    )


class KeySettings(BaseSettings):
    """Keys and the audit log."""

    secret_key: SecretStr | None = setting(
        None,
        "Signs what the browser carries and derives the audience roles' passwords. Never in the"
        " database. At least 32 characters; `openssl rand -hex 32` makes one.",
        read_by=(*ASKING, DEV),
        needed_by=(WEB, WORKER),
        secret=True,
        example="(64 hexadecimal digits)",
        min_length=32,
    )
    key_folder: Path | None = setting(
        None,
        "The folder with the keys that kommuner's data are sealed with. Never in the database, nor"
        " beside its backups. See [keys](keys.md).",
        read_by=(*ASKING, DEV),
        needed_by=(WEB, WORKER),
        example="/srv/hemvist/keys",
    )
    master_key: SecretStr | None = setting(
        None,
        "What keys were derived from before there was a folder: taken over by it when a kommun's keys"
        " are first made, and needed no more when every kommun has them.",
        read_by=(CLI, DEV),
        secret=True,
        example="(64 hexadecimal digits)",
        min_length=32,
    )
    audit_anchor_file: Path | None = setting(
        None,
        "The file outside the database in which the audit log's chains are told how long they are, a"
        " line at a time. Without one, who can cut off the end of a log's tables is not found. See"
        " [the audit log](audit.md).",
        read_by=(WORKER, CLI, DEV),
        example="/srv/anchors/hemvist.jsonl",
    )


class BackupSettings(BaseSettings):
    """Backups and thinning."""

    backup_folder: Path | None = setting(
        None,
        "The folder that backups lie in, on another machine's disk. See [backups](backups.md).",
        read_by=(CLI,),
        example="/srv/backups/hemvist",
    )
    backup_public_key: Path | None = setting(
        None,
        "The public half of the key that backups are sealed to.",
        read_by=(CLI,),
        example="/etc/hemvist/backup.key.pub",
    )
    backup_url: str | None = setting(
        None,
        "The connection that may read the whole server, for backups.",
        read_by=(CLI,),
        secret=True,
        example="postgresql://hemvist_backup:…@db.example/hemvist",
        **_POSTGRES,
    )
    backup_spool: Path | None = setting(
        None,
        "Where the log lies, in clear, until it is sealed: beside the folder and not in it.",
        read_by=(CLI,),
        example="/srv/spool/hemvist",
    )
    backup_every: float = setting(
        5.0,
        "Time between copies of what the log has at its end.",
        unit="seconds",
        read_by=(CLI,),
        gt=0,
        le=3600,
    )
    backup_point: float = setting(
        60.0,
        "Acknowledged work that may be lost with the server (recovery point): a drill that finds more"
        " fails.",
        unit="seconds",
        read_by=(CLI,),
        gt=0,
        le=86_400,
    )
    backup_days: int = setting(
        35,
        "How long backups of the database are kept: so long may one hold what was thinned.",
        unit="days",
        read_by=(WEB, WORKER, CLI),
        ge=0,
        le=3650,
    )
    postgres_bin: Path | None = setting(
        None,
        "The folder with PostgreSQL's own programs, where they are not in the path.",
        read_by=(CLI,),
        example="/usr/lib/postgresql/17/bin",
    )
    thinned_dir: Path | None = setting(
        None,
        "Folder beside the backups in which the worker keeps the sealed lists of what was thinned, by"
        " which a restored backup is thinned anew. Without one they are written by hand. See"
        " [keeping and thinning](retention.md).",
        read_by=(WORKER, CLI),
        example="/srv/backups/thinned",
    )
