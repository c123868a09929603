"""What a letter is made from, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hemvist.cases.models import Case
from hemvist.documents import Block
from hemvist.identity import Actor
from hemvist.identity.models import Principal
from hemvist.letters.household import Home
from hemvist.policy import Pack, Programme
from hemvist.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Material:
    """What a letter is made from."""

    session: TenantSession
    actor: Actor
    case: Case
    pack: Pack
    home: Home
    office: str
    kommun: str

    def programme(self, name: str | None) -> Programme | None:
        """The guideline's programme, if it has it."""
        wanted = name or self.case.programme
        return self.pack.programmes.get(wanted) if wanted else None

    def name_of(self, principal: Any) -> str:
        """The name of somebody who acted; empty where the platform did."""
        return "" if principal is None else self.session.find(Principal, principal).display_name


@dataclass(frozen=True, slots=True)
class Content:
    """The body of a letter, and whom it is addressed to where that is not the household."""

    blocks: tuple[Block, ...]
    recipient: tuple[str, ...] | None = None
    title: str = ""
