"""From TOML files to ``TenantConfig``, with everything checked that can be before anyone logs in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from hemvist.identity import MATRIX, Condition, Role
from hemvist.identity.issuers import KEY_TYPES
from hemvist.settings import get_settings
from hemvist.tenancy.platform import PLATFORM_CODE, PLATFORM_SLUG
from hemvist_tenants.config import (
    Colours,
    DelegationEntry,
    Department,
    DepartmentKind,
    IssuerEntry,
    Letters,
    LetterText,
    MembershipRule,
    RegisterEntry,
    TenantConfig,
    contrast,
    is_colour,
)
from hemvist_tenants.delegation import read_order
from hemvist_tenants.providers import read_provider
from hemvist_tenants.reading import Table, TenantFileError, near
from hemvist_tenants.registers import read_register
from hemvist_tenants.switches import read_switches
from hemvist_tenants.temporary_housing import read_temporary_housing

ENVIRONMENTS = ("development", "test", "production")
#: WCAG 2.1 AA for text (criterion 1.4.3).
MIN_CONTRAST = 4.5
#: Not for a kommun's issuer to give: these roles are held outside the kommun's staff.
NOT_STAFF = frozenset({Role.LANDLORD_AGENT, Role.OPERATOR})
_STAFF = frozenset(Role) - NOT_STAFF
#: Conditions that ask for no department.
_UNBOUND = (Condition.ALWAYS, Condition.OWN_LANDLORD)
#: First parts of an address that the platform uses itself.
RESERVED_SLUGS = frozenset(
    {
        *("api", "dev-issuer", "docs", "graphql", "healthz", "landlord", "readyz", "static"),
        PLATFORM_SLUG,
    }
)

#: Nobody who was looked up longer ago is known to be unprotected.
LONGEST_TRUST = 366
#: Kinds of letters, as the core knows them; ``*`` is every kind.
LETTERS = (
    *("*", "decision", "referral", "offer", "contract", "waiver", "guarantee", "demand"),
    *("notice", "explanation", "board_notice", "eviction_answer", "ladder_demand", "meeting_call"),
)

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,40}")
_DEPARTMENT = re.compile(r"[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9-]{0,19}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_SECRET = re.compile(r"development|env:[A-Z][A-Z0-9_]*|file:/.+")


def load_tenants(folder: Path | None = None) -> dict[str, TenantConfig]:
    """Every kommun by slug: of ``folder``, else of the setting ``tenants_dir``, else the built-in.

    Raises ``TenantFileError`` naming the file and the key.
    """
    place = folder or get_settings().tenants_dir or Path(__file__).parent
    files = sorted(file for file in place.glob("*.toml") if file.stem != PLATFORM_SLUG)
    if not files:
        raise TenantFileError(str(place), "", "holds no *.toml file of a kommun")
    tenants: dict[str, TenantConfig] = {}
    codes: dict[str, str] = {}
    for file in files:
        tenant = load_tenant(file)
        if tenant.slug in tenants:
            raise TenantFileError(file.name, "slug", f"{tenant.slug!r} is another kommun's")
        if tenant.kommun_code in codes:
            raise TenantFileError(
                file.name, "kommun_code", f"is also that of {codes[tenant.kommun_code]}"
            )
        codes[tenant.kommun_code] = tenant.slug
        tenants[tenant.slug] = tenant
    _check_shared_issuers(tenants)
    return tenants


def login_tenants(folder: Path | None = None) -> dict[str, TenantConfig]:
    """The kommuner, and the landlords' own tenant where the folder has its file: who can log in.

    Raises ``TenantFileError`` as ``load_tenants``.
    """
    tenants = load_tenants(folder)
    file = (folder or get_settings().tenants_dir or Path(__file__).parent) / f"{PLATFORM_SLUG}.toml"
    if file.is_file():
        tenants[PLATFORM_SLUG] = _load_landlords(file)
        _check_shared_issuers(tenants)
    return tenants


def known_tenants() -> Mapping[str, TenantConfig]:
    """``load_tenants()`` of the setting's folder, read once per process and folder."""
    return _known(get_settings().tenants_dir)


@lru_cache(maxsize=4)
def _known(folder: Path | None) -> Mapping[str, TenantConfig]:
    return MappingProxyType(load_tenants(folder))


def slug_holds(slug: str) -> bool:
    """Whether a kommun may be called ``slug`` in addresses."""
    return _SLUG.fullmatch(slug) is not None and slug not in RESERVED_SLUGS


def load_tenant(file: Path) -> TenantConfig:
    """The kommun that ``file`` describes. Raises ``TenantFileError`` with everything that is wrong."""
    top = Table.load(file)
    code, slug = top.text("kommun_code"), top.text("slug")
    if top.sound("kommun_code") and not (len(code) == 4 and code.isascii() and code.isdigit()):
        top.fault("kommun_code", f"is {code!r}, must be four digits", 'such as "0114"')
    if top.sound("slug") and not slug_holds(slug):
        top.fault(
            "slug",
            f"is {slug!r}, must be a-z, 0-9 and '-', and no reserved word",
            f"reserved are {', '.join(sorted(RESERVED_SLUGS))}",
        )
    departments = tuple(_department(table) for table in top.tables("departments"))
    codes = [department.code for department in departments]
    for department_code in codes:
        if department_code and codes.count(department_code) > 1:
            top.fault("departments", f"has {department_code!r} twice")
    # A code in small letters is told once, and not again wherever it is named.
    named = frozenset((*codes, *(department_code.upper() for department_code in codes)))
    providers = tuple(
        read_provider(table) for table in top.tables("support_providers", optional=True)
    )
    provided = [provider.code for provider in providers]
    for code_of_provider in provided:
        if (codes + provided).count(code_of_provider) > 1:
            top.fault("support_providers", f"has {code_of_provider!r} twice")
    protection_days, register = _protection(top.table("protection", optional=True))
    tenant = TenantConfig(
        kommun_code=code,
        slug=slug,
        name=top.text("name"),
        colours=_colours(top.table("colours")),
        departments=departments,
        policy_packs=top.texts("policy_packs", ()),
        issuers=tuple(
            _issuer(table, named, frozenset(provided)) for table in top.tables("issuers")
        ),
        letters=_letters(top.table("letters", optional=True), top.text("name")),
        delegation=_delegation(top),
        mail_domains=_mail_domains(top),
        support_providers=providers,
        protection_days=protection_days,
        register=register,
        switches=read_switches(top.tables("switches", optional=True)),
        temporary_housing=tuple(
            read_temporary_housing(table)
            for table in top.tables("temporary_housing", optional=True)
        ),
    )
    top.finish()
    top.faults.settle()
    return tenant


def check_beside(folder: Path, tenant: TenantConfig) -> int:
    """Whether ``tenant`` goes with the kommuner of ``folder``, but for its own file there; how many.

    Raises ``TenantFileError`` when a code, a slug or an issuer is shared, and for a neighbour's file
    that does not hold.
    """
    others: dict[str, TenantConfig] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.stem == tenant.slug:
            continue
        other = _load_landlords(file) if file.stem == PLATFORM_SLUG else load_tenant(file)
        for key in ("kommun_code", "slug"):
            if getattr(other, key) == getattr(tenant, key):
                name = f"{tenant.slug}.toml"
                raise TenantFileError(name, key, f"is also that of {file.name}")
        others[other.slug] = other
    _check_shared_issuers({**others, tenant.slug: tenant})
    return len(others)


def _load_landlords(file: Path) -> TenantConfig:
    """The landlords' tenant: colours and issuers, whose people are landlords' agents and no more."""
    top = Table.load(file)
    if top.text("slug") != PLATFORM_SLUG:
        top.fault("slug", f"must be {PLATFORM_SLUG}")
    name = top.text("name")
    agents = frozenset({Role.LANDLORD_AGENT})
    tenant = TenantConfig(
        kommun_code=PLATFORM_CODE,
        slug=PLATFORM_SLUG,
        name=name,
        colours=_colours(top.table("colours")),
        departments=(),
        policy_packs=(),
        issuers=tuple(
            _issuer(table, frozenset(), frozenset(), agents) for table in top.tables("issuers")
        ),
        letters=Letters(name=name, contact=(), texts=()),
    )
    top.finish()
    top.faults.settle()
    return tenant


def _protection(table: Table) -> tuple[int | None, RegisterEntry | None]:
    days = table.number("checked_days")
    if days is not None and not 1 <= days <= LONGEST_TRUST:
        table.fault("checked_days", f"is {days}, must be between 1 and {LONGEST_TRUST}")
    given = table.table("register") if table.has("register") else None
    register = None if given is None else read_register(given)
    table.finish()
    return days, register


def _mail_domains(top: Table) -> tuple[str, ...]:
    domains = top.texts("mail_domains", ())
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            top.fault("mail_domains", f"has {domain!r}, must be names such as kommun.se")
    return domains


def _delegation(top: Table) -> tuple[DelegationEntry, ...]:
    """The file's delegation orders, the earliest first; none where it has no such table."""
    orders = [read_order(table) for table in top.tables("delegation", optional=True)]
    days = [order.since for order in orders]
    if top.sound("delegation") and len(set(days)) < len(days):
        top.fault("delegation", "has two orders from the same day")
    return tuple(sorted(orders, key=lambda order: order.since))


def _department(table: Table) -> Department:
    code = table.text("code")
    if table.sound("code") and not _DEPARTMENT.fullmatch(code):
        table.fault(
            "code", f"is {code!r}, must be capital letters, digits and '-'", f"{code.upper()!r}"
        )
    department = Department(
        code=code,
        kind=DepartmentKind(table.choice("kind", tuple(DepartmentKind))),
        name_sv=table.text("name_sv"),
        name_en=table.text("name_en"),
    )
    table.finish()
    return department


def _letters(table: Table, name: str) -> Letters:
    letters = Letters(
        name=table.text("name", name),
        contact=table.texts("contact", ()),
        texts=tuple(_letter_text(one) for one in table.tables("texts", optional=True)),
    )
    table.finish()
    return letters


def _letter_text(table: Table) -> LetterText:
    # A text without its source is nobody's rule.
    text = LetterText(
        kind=table.choice("kind", LETTERS), text=table.text("text"), cite=table.text("cite")
    )
    table.finish()
    return text


def _colours(table: Table) -> Colours:
    values = {}
    for key in ("primary", "on_primary", "accent"):
        values[key] = table.text(key)
        if table.sound(key) and not is_colour(values[key]):
            table.fault(key, f"is {values[key]!r}, must look like #1a2b3c")
    if table.sound("primary") and table.sound("on_primary"):
        ratio = contrast(values["primary"], values["on_primary"])
        if ratio < MIN_CONTRAST:
            better = max(("#ffffff", "#000000"), key=lambda one: contrast(values["primary"], one))
            table.fault(
                "on_primary",
                f"has contrast {ratio:.1f} with primary, needs {MIN_CONTRAST}",
                f"{better} has {contrast(values['primary'], better):.1f}",
            )
    table.finish()
    return Colours(**values)


def _issuer(
    table: Table,
    departments: frozenset[str],
    providers: frozenset[str],
    roles: frozenset[Role] = _STAFF,
) -> IssuerEntry:
    environments = table.texts("environments", ENVIRONMENTS)
    for environment in environments:
        if environment not in ENVIRONMENTS:
            table.fault(
                "environments",
                f"has {environment!r}, which is no environment",
                f"they are {', '.join(ENVIRONMENTS)}",
            )
    secret = table.text("client_secret_from")
    if table.sound("client_secret_from") and not _SECRET.fullmatch(secret):
        table.fault("client_secret_from", "must be development, env:NAME or file:/path")
    if secret == "development" and "production" in environments:  # noqa: S105 - the word for one that is made here
        table.fault("client_secret_from", "development is not for production")
    algorithms = table.texts("algorithms", ("RS256",))
    for algorithm in algorithms:
        if algorithm not in KEY_TYPES:
            table.fault("algorithms", f"has {algorithm!r}, may have only {', '.join(KEY_TYPES)}")
    if not algorithms:
        table.fault("algorithms", "must not be empty")
    entry = IssuerEntry(
        environments=environments,
        issuer=_address(table, production="production" in environments),
        client_id=table.text("client_id"),
        client_secret_from=secret,
        scopes=_scopes(table),
        api_audience=table.text("api_audience"),
        api_scope=table.text("api_scope"),
        algorithms=algorithms,
        use_userinfo=table.flag("use_userinfo", False),
        required_claims=table.table("required_claims", optional=True).every_text(),
        rules=_rules(table.table("memberships"), departments, providers, roles),
    )
    # With one name for both, an ID token would open the API (RFC 8725 §3.12).
    if entry.api_audience == entry.client_id and table.sound("api_audience"):
        table.fault("api_audience", "must differ from client_id")
    table.finish()
    return entry


def _address(table: Table, *, production: bool) -> str:
    address = table.text("issuer")
    if table.sound("issuer") and not address.startswith(("https://", "http://", "{base_url}/")):
        table.fault("issuer", f"is {address!r}, must be an https address")
    if production and address.startswith("http://"):
        table.fault("issuer", "must be https in production")
    return address


def _scopes(table: Table) -> tuple[str, ...]:
    scopes = table.texts("scopes", ("openid", "profile"))
    if "openid" not in scopes:
        table.fault("scopes", "must have openid")
    return scopes


def _rules(
    table: Table,
    departments: frozenset[str],
    providers: frozenset[str],
    roles: frozenset[Role],
) -> tuple[MembershipRule, ...]:
    claim = table.texts("claim")
    if not claim:
        table.fault("claim", "must name a claim")
    rules = []
    for row in table.tables("rules"):
        role = Role(row.choice("role", tuple(r for r in Role if r in roles)))
        department = row.text("department", "")
        # Staff of a provider see what is commissioned of it: never what a department sees.
        places = providers if role is Role.SUPPORT_PROVIDER else departments
        if department and department not in places:
            what = "support provider" if role is Role.SUPPORT_PROVIDER else "department"
            known = tuple(sorted(places))
            row.fault(
                "department",
                f"is {department!r}, which is no {what} of the file",
                near(department.upper(), known) or f"the file has {', '.join(known) or 'none'}",
            )
        bound = any(condition not in _UNBOUND for condition in MATRIX[role].values())
        if row.sound("role") and bound and not department:
            row.fault("department", f"is missing: {role.value} is held in a department")
        rules.append(MembershipRule(claim, row.text("value"), role.value, department))
        row.finish()
    table.finish()
    return tuple(rules)


def _check_shared_issuers(tenants: dict[str, TenantConfig]) -> None:
    """Kommuner that share an issuer must be told apart by the tokens themselves."""
    seen: dict[tuple[str, str], str] = {}
    for slug, tenant in tenants.items():
        for entry in tenant.issuers:
            for mark in (f"client {entry.client_id}", f"audience {entry.api_audience}"):
                told_apart = ",".join(f"{k}={v}" for k, v in sorted(entry.required_claims.items()))
                other = seen.setdefault((entry.issuer, f"{mark} {told_apart}"), slug)
                if other != slug:
                    raise TenantFileError(
                        f"{slug}.toml",
                        "issuers",
                        f"shares issuer and {mark} with {other}: give it its own,"
                        " or tell them apart by required_claims",
                    )
