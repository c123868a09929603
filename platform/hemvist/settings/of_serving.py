"""Settings of what is served: addresses, limits, rations, mail, telemetry, kommuner."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from hemvist.settings.fields import ASKING, BEAT, CLI, DEV, EVERY, WEB, WORKER, setting


class PlaceSettings(BaseSettings):
    """What and where it is."""

    environment: Literal["development", "test", "production"] = setting(
        "development",
        "In production the development issuer is gone, addresses are https and nothing shifts the"
        " calendar.",
        read_by=EVERY,
        example="production",
    )
    base_url: str = setting(
        "http://127.0.0.1:8000",
        "The address that people and programs reach the platform at, without a path.",
        read_by=(WEB, WORKER, CLI, DEV),
        needed_by=(WEB, WORKER),
        example="https://hemvist.example",
        rule="an address with http:// or https:// and no path",
        pattern=r"^https?://[^/\s]+/?$",
    )
    tenants_dir: Path | None = setting(
        None,
        "The folder with the kommuner's files; else those that come along. See [login](login.md).",
        read_by=(*ASKING, DEV),
        example="/etc/hemvist/kommuner",
    )
    documents_dir: Path | None = setting(
        None,
        "Folder with documents (`*.graphql`) that callers' programs ask for by their digest. See"
        " [the API](api.md#registered-documents).",
        example="/etc/hemvist/documents",
    )
    register_file: Path | None = setting(
        None,
        "A file with Navet's term codes for kommuner whose own file names no register. Not in"
        " production.",
        read_by=(WORKER,),
        example="tests/register.txt",
    )
    register_token: SecretStr | None = setting(
        None,
        "What a caller of `hemvist register serve` must hold, 20 characters or more.",
        read_by=(CLI,),
        secret=True,
        example="(64 hexadecimal digits)",
        min_length=20,
    )
    today: date | None = setting(
        None,
        "Shifts the calendar so that years can be shown in an afternoon. Refused in production.",
        read_by=(WEB, WORKER, BEAT, CLI, DEV),
        example="2027-03-01",
    )
    run_dir: Path | None = setting(
        None,
        "The folder in which worker and beat sign that they live, for probes.",
        read_by=(WORKER, BEAT),
        example="/run/hemvist",
    )


class LimitSettings(BaseSettings):
    """Time limits and places."""

    waiting_requests: int = setting(
        200,
        "Requests that may wait for a place. Beyond it the caller is told to come back (503, `BUSY`)"
        " instead of waiting in a growing queue. See [limits](limits.md).",
        unit="requests",
        ge=0,
        le=10_000,
    )
    waiting_limit: float = setting(
        5.0,
        "How long a request may wait for a place or a connection.",
        unit="seconds",
        read_by=ASKING,
        gt=0,
        le=60,
    )
    export_places: int = setting(
        2,
        "Whole lists that a web process sends at once.",
        unit="exports",
        ge=1,
        le=50,
    )
    export_time_limit: float = setting(
        600.0, "How long one whole list may take.", unit="seconds", gt=0, le=7200
    )
    read_time_limit: float = setting(
        5.0,
        "What one statement of a read may take in PostgreSQL.",
        unit="seconds",
        read_by=ASKING,
        gt=0,
        le=600,
    )
    command_time_limit: float = setting(
        15.0,
        "What one statement of a command may take in PostgreSQL.",
        unit="seconds",
        read_by=ASKING,
        gt=0,
        le=600,
    )
    transaction_time_limit: float = setting(
        120.0,
        "How long a transaction may be open in all (PostgreSQL 17 and later know this limit).",
        unit="seconds",
        read_by=ASKING,
        gt=0,
        le=3600,
    )
    idle_time_limit: float = setting(
        60.0,
        "How long a transaction may wait for us between statements: a guideline's check alone may take"
        " 20 seconds.",
        unit="seconds",
        read_by=ASKING,
        gt=0,
        le=3600,
    )
    task_time_limit: int = setting(
        60,
        "What a worker's task may take; a task of a killed worker comes back after twice that.",
        unit="seconds",
        read_by=(WORKER, BEAT, CLI),
        ge=2,
        le=3600,
    )
    body_time_limit: float = setting(
        60.0,
        "Within which a request's body must have come, whatever it is.",
        unit="seconds",
        gt=0,
        le=3600,
    )
    break_glass_hours: int = setting(
        4,
        "For which a case closed to a circle is open to who broke the glass. See"
        " [inner secrecy](inner-secrecy.md).",
        unit="hours",
        ge=1,
        le=72,
    )
    compiled_reads: bool = setting(
        True,
        "Answer GraphQL reads by compiled plans where there is one; the ordinary path answers the rest."
        " See [the read path](read-path.md).",
        read_by=(WEB, CLI),
    )


class RationSettings(BaseSettings):
    """How often one may ask."""

    new_documents_at_once: int = setting(
        60,
        "Documents that are new to a web process which one caller may send at once.",
        unit="documents",
        ge=1,
        le=100_000,
    )
    new_documents_per_minute: float = setting(
        60.0, "The same, over time.", unit="documents a minute", gt=0, le=1_000_000
    )
    person_requests_at_once: int = setting(
        200,
        "Requests that a web process takes from one person or program at once. See"
        " [limits](limits.md).",
        unit="requests",
        ge=1,
        le=1_000_000,
    )
    person_requests_per_minute: float = setting(
        1_200.0, "The same, over time.", unit="requests a minute", gt=0, le=100_000_000
    )
    kommun_requests_at_once: int = setting(
        400, "The same, from all of one kommun together.", unit="requests", ge=1, le=1_000_000
    )
    kommun_requests_per_minute: float = setting(
        1_800.0, "The same, over time.", unit="requests a minute", gt=0, le=100_000_000
    )
    stranger_requests_at_once: int = setting(
        400,
        "The same, from one address of callers that are not known yet.",
        unit="requests",
        ge=1,
        le=1_000_000,
    )
    stranger_requests_per_minute: float = setting(
        2_400.0, "The same, over time.", unit="requests a minute", gt=0, le=100_000_000
    )


class MailSettings(BaseSettings):
    """Mail."""

    smtp_host: str | None = setting(
        None,
        "The mail server that the weekly mail and landlords' mails go through; without one, none is"
        " sent. See [weekly mail](weekly-mail.md).",
        read_by=(WORKER,),
        example="smtp.example",
    )
    smtp_port: int = setting(587, "Its port.", read_by=(WORKER,), ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = setting(
        "starttls",
        "`starttls` and `tls` check the server's certificate; `none` is for development only.",
        read_by=(WORKER,),
    )
    smtp_ca_file: Path | None = setting(
        None,
        "Certificates that the server's is checked against, where the system's do not do (PEM).",
        read_by=(WORKER,),
        example="/etc/hemvist/mail-ca.pem",
    )
    smtp_user: str | None = setting(
        None, "Whom to log in to the mail server as.", read_by=(WORKER,), example="hemvist"
    )
    smtp_password: SecretStr | None = setting(
        None, "The password of that login.", read_by=(WORKER,), secret=True, example="…"
    )
    mail_from: str | None = setting(
        None,
        "Whom mail is from. Needed where there is a mail server.",
        read_by=(WORKER,),
        example="hemvist@kommun.example",
        rule="an address of mail",
        pattern=r"^[^@\s]+@[^@\s]+$",
    )


class TelemetrySettings(BaseSettings):
    """Logs, metrics and traces."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "INFO", "From which level lines are written to the log.", read_by=(WEB, WORKER, BEAT)
    )
    otlp_endpoint: str | None = setting(
        None,
        "Where metrics and traces are sent, over OTLP/HTTP; without one they stay in the process.",
        read_by=(WEB, WORKER, BEAT, CLI),
        example="http://collector.example:4318",
        rule="an address with http:// or https://",
        pattern=r"^https?://\S+$",
    )
    trace_sample_ratio: float = setting(
        1.0,
        "The share of requests whose spans are kept, unless their caller has decided (traceparent): all"
        " of them, in production one of a hundred where nothing is set.",
        read_by=(WEB, WORKER),
        ge=0.0,
        le=1.0,
    )


class WatchSettings(BaseSettings):
    """The watch and incidents."""

    watch_every: float = setting(
        15.0,
        "Between two looks of `hemvist watch run`. See [telemetry](telemetry.md).",
        unit="seconds",
        read_by=(CLI,),
        ge=1,
        le=600,
    )
    watch_token: SecretStr | None = setting(
        None,
        "Opens the operator's page, 32 characters or more; without one there is no page.",
        read_by=(CLI,),
        secret=True,
        example="(64 hexadecimal digits)",
        min_length=32,
    )
    watch_database_url: str | None = setting(
        None,
        "Who reads the database server's own figures, a role with `pg_monitor`; else the operator's"
        " connection, which sees fewer.",
        read_by=(CLI,),
        secret=True,
        example="postgresql://hemvist_watch:…@db.example/hemvist",
        rule="an address that begins with postgresql://",
        pattern=r"^postgresql(\+psycopg)?://\S+$",
    )
    incident_file: Path | None = setting(
        None,
        "The file outside the database in which incidents of the service and their clocks are kept. See"
        " [incidents](incidents.md).",
        read_by=(CLI,),
        example="/srv/incidents/hemvist.jsonl",
    )
