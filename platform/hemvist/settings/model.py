"""The one settings model: every group of settings, what they must be together, and what is refused."""

from __future__ import annotations

import os
from typing import Self

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hemvist.settings.combinations import combined
from hemvist.settings.faults import MissingSetting
from hemvist.settings.fields import PREFIX, variable
from hemvist.settings.files import FileSource, file_faults
from hemvist.settings.of_data import BackupSettings, DatabaseSettings, KeySettings
from hemvist.settings.of_development import DevelopmentSettings
from hemvist.settings.of_serving import (
    LimitSettings,
    MailSettings,
    PlaceSettings,
    RationSettings,
    TelemetrySettings,
    WatchSettings,
)

PRODUCTION_SAMPLES = 0.01

#: In the order of the generated page.
GROUPS: tuple[type[BaseSettings], ...] = (
    PlaceSettings,
    DatabaseSettings,
    KeySettings,
    LimitSettings,
    RationSettings,
    MailSettings,
    TelemetrySettings,
    WatchSettings,
    BackupSettings,
    DevelopmentSettings,
)


class Settings(
    PlaceSettings,
    DatabaseSettings,
    KeySettings,
    LimitSettings,
    RationSettings,
    MailSettings,
    TelemetrySettings,
    WatchSettings,
    BackupSettings,
    DevelopmentSettings,
):
    """Everything an operator may set, from ``HEMVIST_`` variables and from files of secrets.

    The page ``docs/settings.md`` is made from it. An empty variable is one that is not set.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What was given in the call, then variables, then the files that variables name."""
        return init_settings, env_settings, FileSource(settings_cls)

    @model_validator(mode="after")
    def _samples_of_production(self) -> Self:
        if self.environment == "production" and "trace_sample_ratio" not in self.model_fields_set:
            self.trace_sample_ratio = PRODUCTION_SAMPLES
        return self

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        found = [*file_faults(os.environ, type(self)), *combined(self)]
        if found:
            raise ValueError("; ".join(fault.line for fault in found))
        return self

    def require(self, name: str) -> str:
        """The value of a setting that this process cannot do without.

        Raises ``MissingSetting`` naming the environment variable when it is not set.
        """
        value = self.text(name)
        if value is None:
            raise MissingSetting(f"{variable(name)} is not set")
        return value

    def text(self, name: str) -> str | None:
        """The value of a setting as it would be written, also a secret's; ``None`` when not set."""
        value = getattr(self, name)
        if value is None:
            return None
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
