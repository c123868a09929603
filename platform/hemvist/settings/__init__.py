"""Settings from the environment (prefix ``HEMVIST_``). One model says what can be set and why."""

from __future__ import annotations

from hemvist.settings.faults import Fault, MissingSetting, WrongSettings
from hemvist.settings.fields import PREFIX, Process
from hemvist.settings.model import PRODUCTION_SAMPLES, Settings
from hemvist.settings.starting import begin, get_settings, read_settings

__all__ = [
    "PREFIX",
    "PRODUCTION_SAMPLES",
    "Fault",
    "MissingSetting",
    "Process",
    "Settings",
    "WrongSettings",
    "begin",
    "get_settings",
    "read_settings",
]
