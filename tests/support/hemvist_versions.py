"""Versions of a guideline in a kommun of a test, made through the services, and other days."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from hemvist.clock import today
from hemvist.identity import Actor, Membership, Role
from hemvist.pack_versions import drafting, service
from hemvist.pack_versions.library import files_of
from hemvist.pack_versions.models import PackVersion
from hemvist.settings import get_settings
from hemvist_world import PACK, World

OFFICER = "policy officer"
OTHER = "other policy officer"
ADMIN = "administrator"


def policy_people(world: World) -> World:
    """The world with two policy officers and an administrator."""
    world.add(OFFICER, Membership(Role.POLICY_OFFICER))
    world.add(OTHER, Membership(Role.POLICY_OFFICER))
    world.add(ADMIN, Membership(Role.TENANT_ADMIN))
    return world


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """The platform's calendar shows ``day``."""
    before = os.environ.get("HEMVIST_TODAY")
    os.environ["HEMVIST_TODAY"] = day.isoformat()
    get_settings.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ["HEMVIST_TODAY"]
        else:
            os.environ["HEMVIST_TODAY"] = before
        get_settings.cache_clear()


def soon(days: int = 30) -> date:
    """A day to come."""
    return today() + timedelta(days=days)


class Hand:
    """Somebody who works on one version; each act sends the version that they last saw."""

    def __init__(self, world: World, version: PackVersion) -> None:
        self.world = world
        self.version = version

    @classmethod
    def draft(cls, world: World, who: str | Actor = OFFICER, **given: Any) -> Hand:
        """A new draft from the version in force."""
        given.setdefault("in_force_from", soon())
        made = world.act(who, drafting.start_draft, pack=PACK, **given)
        return cls(world, made)

    def act(self, verb: Any, who: str | Actor = OFFICER, **given: Any) -> PackVersion:
        """An act on the version."""
        given.setdefault("expected_version", self.version.version)
        self.version = self.world.act(who, verb, pack_version_id=self.version.id, **given)
        return self.version

    def parameter(self, name: str, value: Any, who: str = OFFICER, **given: Any) -> PackVersion:
        """Give a parameter a value."""
        return self.act(drafting.change_parameter, who, parameter=name, value=value, **given)

    def replace(self, name: str, content: str, who: str = OFFICER) -> PackVersion:
        """Write a file anew."""
        return self.act(drafting.replace_file, who, name=name, content=content)

    def approved(self, by: str = OTHER) -> PackVersion:
        """Checked, sent and approved."""
        self.act(service.check)
        assert self.version.state == "checked", self.version.check_result
        self.act(service.submit)
        return self.act(service.approve, by)

    @property
    def files(self) -> dict[str, str]:
        """The files as they are now."""
        files: dict[str, str] = self.world.read(lambda s: files_of(s, self.version.id))
        return files


def archive(files: dict[str, str | bytes], folder: str = "") -> bytes:
    """A zip of files."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(folder + name, content)
    return made.getvalue()
