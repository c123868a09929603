"""Settings of a run on one machine (``make run``). A service in production reads none of them."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings

from hemvist.settings.fields import DEV, WEB, setting


class DevelopmentSettings(BaseSettings):
    """A run on one machine."""

    host: str = setting("127.0.0.1", "Where the web answers.", read_by=(DEV,))
    port: int = setting(8000, "The port it answers at.", read_by=(DEV,), ge=1, le=65535)
    local_dir: Path | None = setting(
        None,
        "The folder of the data, keys and logs of a run; else `.local` in the clone.",
        read_by=(DEV, WEB),
        example="/srv/hemvist-local",
    )
    postgres_port: int | None = setting(
        None,
        "A fixed port for the embedded PostgreSQL; else any that is free.",
        read_by=(DEV,),
        example="5433",
        ge=1,
        le=65535,
    )
    valkey_port: int | None = setting(
        None,
        "A fixed port for the embedded Valkey; else any that is free.",
        read_by=(DEV,),
        example="6380",
        ge=1,
        le=65535,
    )
    demo_households: int | None = setting(
        None,
        "How many invented households the demo kommuner share; else 2 000, and none with 0.",
        unit="households",
        read_by=(DEV,),
        example="200",
        ge=0,
        le=100_000,
    )
