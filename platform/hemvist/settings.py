"""Settings from the environment (prefix ``HEMVIST_``). One place says what can be set and why."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PRODUCTION_SAMPLES = 0.01


class MissingSetting(RuntimeError):
    """A setting that this process cannot do without is not set; the message names it."""


class Settings(BaseSettings):
    """Everything an operator may set.

    ``database_url`` is the owner's connection: it migrates and makes the audience roles. A process
    that only serves requests may be given ``database_url_staff`` and its kin instead, so that it
    never holds the owner's password.
    """

    model_config = SettingsConfigDict(env_prefix="HEMVIST_", extra="ignore")

    environment: Literal["development", "test", "production"] = "development"
    database_url: str | None = None
    database_url_staff: str | None = None
    database_url_landlord: str | None = None
    database_url_worker: str | None = None
    database_url_exchange: str | None = None
    database_url_operator: str | None = None
    database_url_thinning: str | None = None
    #: Requests that a web process works on at once, and connections of one audience for them.
    database_pool_size: int = Field(default=8, ge=1, le=100)
    #: A pooler in transaction mode stands before the database: connections begin with no settings
    #: of their own, which it would refuse or give to others. See docs/pooling.md.
    database_pooled: bool = False
    #: The database is spread over many machines by Citus: each statement names its tenant as a value
    #: for every table, in a transaction that has set it. See docs/growing.md.
    database_distributed: bool = False
    #: Statements are prepared and kept by the server. Off for a pooler that cannot follow them.
    database_prepared: bool = True
    #: Requests that may wait for one of them, and how many seconds; beyond either the caller is told
    #: to come back (503, BUSY) instead of waiting in a growing queue.
    waiting_requests: int = Field(default=200, ge=0, le=10_000)
    waiting_limit: float = Field(default=5.0, gt=0, le=60)
    #: Whole lists that a web process sends at once (exports), and how many seconds one may take.
    export_places: int = Field(default=2, ge=1, le=50)
    export_time_limit: float = Field(default=600.0, gt=0, le=7200)
    #: Seconds that one statement of a read, and of a command, may take in PostgreSQL.
    read_time_limit: float = Field(default=5.0, gt=0, le=600)
    command_time_limit: float = Field(default=15.0, gt=0, le=600)
    #: Seconds that a transaction may be open in all (PostgreSQL 17 and later know this limit), and
    #: that it may wait for us between statements: a guideline's check alone may take 20.
    transaction_time_limit: float = Field(default=120.0, gt=0, le=3600)
    idle_time_limit: float = Field(default=60.0, gt=0, le=3600)
    #: Days for which backups of the database are kept: so long may one hold what was thinned.
    backup_days: int = Field(default=35, ge=0, le=3650)
    #: Folder beside the backups in which the worker keeps the sealed lists of what was thinned, by which a
    #: restored backup is thinned anew. Without one they are written by hand. See docs/retention.md.
    thinned_dir: Path | None = None
    #: The folder that backups lie in, on another machine's disk; the public half of the key that they
    #: are sealed to; who may read the whole server; and where the log lies until it is sealed (beside the
    #: folder). See docs/backups.md.
    backup_folder: Path | None = None
    backup_public_key: Path | None = None
    backup_url: str | None = None
    backup_spool: Path | None = None
    #: Seconds between copies of what the log has at its end, and the seconds of acknowledged work that
    #: may be lost with the server (recovery point): a drill that finds more fails.
    backup_every: float = Field(default=5.0, gt=0, le=3600)
    backup_point: float = Field(default=60.0, gt=0, le=86_400)
    #: The folder with PostgreSQL's own programs, where they are not in the path.
    postgres_bin: Path | None = None
    #: Hours for which a case closed to a circle is open to who broke the glass.
    break_glass_hours: int = Field(default=4, ge=1, le=72)
    #: Answer GraphQL reads by compiled plans where there is one; the ordinary path answers the rest.
    compiled_reads: bool = True
    #: Folder with documents (``*.graphql``) that callers' programs ask for by their digest.
    documents_dir: Path | None = None
    #: Other documents that one caller may send anew to a web process: so many at once, and a minute.
    new_documents_at_once: int = Field(default=60, ge=1, le=100_000)
    new_documents_per_minute: float = Field(default=60.0, gt=0, le=1_000_000)
    #: Requests that a web process takes from one person or program, from one kommun, and from one
    #: address of callers it does not know: so many at once, and a minute. See docs/limits.md.
    person_requests_at_once: int = Field(default=200, ge=1, le=1_000_000)
    person_requests_per_minute: float = Field(default=1_200.0, gt=0, le=100_000_000)
    kommun_requests_at_once: int = Field(default=400, ge=1, le=1_000_000)
    kommun_requests_per_minute: float = Field(default=3_600.0, gt=0, le=100_000_000)
    stranger_requests_at_once: int = Field(default=400, ge=1, le=1_000_000)
    stranger_requests_per_minute: float = Field(default=2_400.0, gt=0, le=100_000_000)
    #: Seconds within which a request's body must have come, whatever it is.
    body_time_limit: float = Field(default=60.0, gt=0, le=3600)
    redis_url: str | None = None
    #: Seconds that a worker's task may take; a task of a killed worker comes back after twice that.
    task_time_limit: int = Field(default=60, ge=2, le=3600)
    #: Signs what the browser carries and derives the audience roles' passwords. Never in the database.
    secret_key: SecretStr | None = None
    #: The folder with the keys that kommuner's data are sealed with. Never in the database, nor beside
    #: its backups. See docs/keys.md.
    key_folder: Path | None = None
    #: The file outside the database in which the audit log's chains are told how long they are, a line
    #: at a time. Without one, who can cut off the end of a log's tables is not found. See docs/audit.md.
    audit_anchor_file: Path | None = None
    #: What keys were derived from before there was a folder: taken over by it when a kommun's keys are
    #: first made, and needed no more when every kommun has them.
    master_key: SecretStr | None = None
    base_url: str = "http://127.0.0.1:8000"
    tenants_dir: Path | None = None
    #: A file with Navet's term codes for kommuner whose own file names no register. Not in production.
    register_file: Path | None = None
    #: Shifts the calendar so that years can be shown in an afternoon. Refused in production.
    today: date | None = None
    otlp_endpoint: str | None = None
    #: The mail server that the weekly mail goes through; without one, none is sent.
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    #: ``starttls`` or ``tls`` check the server's certificate; ``none`` is for development only.
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    #: Certificates that the server's is checked against, where the system's do not do (PEM).
    smtp_ca_file: Path | None = None
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str | None = None
    #: The share of requests whose spans are kept, unless their caller has decided (traceparent):
    #: all of them, in production one of a hundred.
    trace_sample_ratio: float = Field(default=1.0, ge=0.0, le=1.0)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.environment == "production":
            if self.today is not None:
                raise ValueError("HEMVIST_TODAY is only for development: unset it in production")
            if not self.base_url.startswith("https://"):
                raise ValueError("HEMVIST_BASE_URL must start with https:// in production")
            if self.smtp_host is not None and self.smtp_security == "none":
                raise ValueError("HEMVIST_SMTP_SECURITY must be starttls or tls in production")
            if "trace_sample_ratio" not in self.model_fields_set:
                self.trace_sample_ratio = PRODUCTION_SAMPLES
        if self.smtp_host is not None and self.mail_from is None:
            raise ValueError("HEMVIST_SMTP_HOST is set: set HEMVIST_MAIL_FROM too")
        for name in ("secret_key", "master_key"):
            value: SecretStr | None = getattr(self, name)
            if value is not None and len(value.get_secret_value()) < 32:
                raise ValueError(f"HEMVIST_{name.upper()} must have at least 32 characters")
        return self

    def require(self, name: str) -> str:
        """The value of a setting that this process cannot do without.

        Raises ``MissingSetting`` naming the environment variable when it is not set.
        """
        value = getattr(self, name)
        if value is None:
            raise MissingSetting(f"HEMVIST_{name.upper()} is not set")
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
