"""A kommun as data: what its TOML file says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hemvist.identity.delegation import Entrusted
from hemvist_tenants.switches import Choice


class DepartmentKind(StrEnum):
    """What a department (förvaltning) does in the programme."""

    #: Assesses households, decides, refers them.
    REFERRING = "referring"
    #: Registers referrals, holds the flats and signs for the kommun.
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Department:
    """A department (förvaltning) that takes part."""

    code: str
    kind: DepartmentKind
    name_sv: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Colours:
    """The kommun's colours, each ``#rrggbb``. Text on ``primary`` is ``on_primary``."""

    primary: str
    on_primary: str
    accent: str


@dataclass(frozen=True, slots=True)
class LetterText:
    """The kommun's own text in letters of a kind (``*``: of every kind), with its source."""

    kind: str
    text: str
    cite: str


@dataclass(frozen=True, slots=True)
class Letters:
    """How letters say whose they are, where to turn, and what the kommun adds to them."""

    name: str
    contact: tuple[str, ...]
    texts: tuple[LetterText, ...]


@dataclass(frozen=True, slots=True)
class MembershipRule:
    """Whoever has ``value`` in the claim holds ``role`` in ``department`` ("": the whole kommun)."""

    claim: tuple[str, ...]
    value: str
    role: str
    department: str


@dataclass(frozen=True, slots=True)
class IssuerEntry:
    """An OIDC issuer as the file has it: the address may hold ``{base_url}``, no secret is in it."""

    environments: tuple[str, ...]
    issuer: str
    client_id: str
    #: ``development``, ``env:NAME`` or ``file:/path``.
    client_secret_from: str
    scopes: tuple[str, ...]
    api_audience: str
    api_scope: str
    algorithms: tuple[str, ...]
    use_userinfo: bool
    required_claims: Mapping[str, str]
    rules: tuple[MembershipRule, ...]


@dataclass(frozen=True, slots=True)
class DelegationEntry:
    """A delegation order (delegationsordning) as the file has it, in force from a day."""

    since: date
    cite: str
    lines: tuple[Entrusted, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """Who gives support in the home (stödutförare): the kommun itself or one procured."""

    code: str
    name_sv: str
    name_en: str
    #: ``own`` or ``procured``.
    regime: str
    #: The share of commissions that the kommun aims at (volymfördelningsmål), where it states one.
    volume_percent: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """The register that people are looked up in, as the file has it: no secret is in it."""

    #: ``file`` or ``service``.
    kind: str
    #: The path of the file, or the address of the service.
    place: str
    #: What is noted as the source of a check.
    name: str
    #: ``env:NAME`` or ``file:/path``; empty for a file.
    token_from: str
    #: Whether it leaves out the marks that somebody does not have.
    left_out_means_no: bool


@dataclass(frozen=True, slots=True)
class TemporaryHousing:
    """What the kommun assumes of temporary housing (tillfälligt boende) from a day on.

    ``night_ore``: for a household's night there; ``rent_ore``: a home's rent for a month.
    """

    since: date
    night_ore: int
    rent_ore: int
    cite: str


@dataclass(frozen=True, slots=True)
class TenantConfig:
    """A kommun: its names, departments, guidelines and issuers."""

    kommun_code: str
    slug: str
    name: str
    colours: Colours
    departments: tuple[Department, ...]
    policy_packs: tuple[str, ...]
    issuers: tuple[IssuerEntry, ...]
    letters: Letters
    #: Who decides what for the board, each from its day; none means what the role matrix says.
    delegation: tuple[DelegationEntry, ...] = ()
    #: Domains of addresses that mail about the work may go to; none means that none is sent.
    mail_domains: tuple[str, ...] = ()
    support_providers: tuple[Provider, ...] = ()
    #: Days for which a check of protection is relied on; none means what the law pack says.
    protection_days: int | None = None
    register: RegisterEntry | None = None
    #: What the file says of feature switches; of the others what is declared holds.
    switches: tuple[Choice, ...] = ()
    #: What costs avoided are reckoned by; none where the kommun has not said.
    temporary_housing: tuple[TemporaryHousing, ...] = ()

    def department(self, code: str) -> Department:
        """The department with ``code``. Raises ``KeyError``."""
        for department in self.departments:
            if department.code == code:
                return department
        raise KeyError(code)

    def departments_of(self, kind: DepartmentKind) -> tuple[Department, ...]:
        """The departments of one kind, in the file's order."""
        return tuple(department for department in self.departments if department.kind is kind)


_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def is_colour(text: str) -> bool:
    """Whether ``text`` is ``#rrggbb``."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1, "contrast ratio")."""

    def luminance(colour: str) -> float:
        channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
