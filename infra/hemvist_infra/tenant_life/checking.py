"""Everything that is looked at before a kommun is taken on, none of which changes anything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from hemvist.clock import today
from hemvist.errors import HemvistError
from hemvist.identity import IssuerConfig, Role
from hemvist.policy import PolicyError, Registry
from hemvist.policy.pack import Pack
from hemvist.settings import get_settings
from hemvist_infra.tenant_life.findings import Report
from hemvist_infra.tenant_life.issuer import check_issuer
from hemvist_tenants import DepartmentKind, TenantConfig, TenantFileError, directory_of, load_tenant
from hemvist_tenants.loader import check_beside
from hemvist_tenants.reading import near


@dataclass(frozen=True, slots=True)
class Checked:
    """A kommun that was looked at; without a file that holds there is none."""

    report: Report
    tenant: TenantConfig | None
    packs: tuple[Pack, ...]


def check_kommun(
    file: Path, *, live: bool = True, claims: Path | None = None, folder: Path | None = None
) -> Checked:
    """Look at the kommun of ``file``: the file, its neighbours in ``folder``, guidelines, roles, secrets.

    With ``live`` its issuers are tried; ``claims`` is a file with what the issuer sends of somebody.
    """
    report = Report()
    try:
        tenant = load_tenant(file)
    except TenantFileError as error:
        report.faults_of(error.faults)
        return Checked(report, None, ())
    report.fine(file.name, "every key holds")
    _beside(report, tenant, folder)
    packs = _packs(report, tenant)
    _roles(report, tenant)
    _said_by_nobody(report, tenant)
    _register(report, tenant)
    configs = _configs(report, tenant)
    for config in configs:
        if live:
            _issuer(report, tenant, config)
        if claims is not None:
            _claims(report, config, claims)
    return Checked(report, tenant, packs)


def _beside(report: Report, tenant: TenantConfig, folder: Path | None) -> None:
    place = folder or get_settings().tenants_dir
    if place is None or not place.is_dir():
        return
    try:
        others = check_beside(place, tenant)
    except TenantFileError as error:
        report.faults_of(error.faults)
    else:
        report.fine("the other kommuner", f"{others} in {place}: no code, name or issuer is shared")


def packs_named(tenant: TenantConfig) -> Registry:
    """The installed guidelines, where it is one that is named no others: to read them all takes long."""
    names = tenant.policy_packs
    return Registry.discover(names[0] if len(names) == 1 else None)


def _packs(report: Report, tenant: TenantConfig) -> tuple[Pack, ...]:
    try:
        registry = packs_named(tenant)
    except PolicyError as error:
        report.fault("policy_packs", str(error), "hemvist policy check FOLDER tells where")
        return ()
    if not tenant.policy_packs:
        report.note(
            "policy_packs",
            "is empty: no case can be opened before a guideline is chosen",
            "hemvist policy list shows them",
        )
    found = []
    for name in tenant.policy_packs:
        try:
            pack = registry.in_force(name, today())
        except PolicyError as error:
            known = sorted({one.name for one in registry.packs()})
            report.fault("policy_packs", str(error), f"there are {', '.join(known)}")
            continue
        found.append(pack)
        report.fine("policy_packs", f"{name} {pack.version} is in force from {pack.in_force.start}")
        if pack.status.kind == "law":
            report.fault("policy_packs", f"{name} is law, which holds everywhere", "leave it out")
        elif pack.status.kind != "guideline":
            report.note("policy_packs", f"{name} is {pack.status.kind}, and no adopted guideline")
    _departments(report, tenant, found)
    return tuple(found)


def _departments(report: Report, tenant: TenantConfig, packs: Sequence[Pack]) -> None:
    """Whether the guidelines name the file's departments: else nothing can be done in those."""
    if not packs:
        return
    for kind in DepartmentKind:
        named = {
            code
            for pack in packs
            for code, department in pack.departments.items()
            if kind.value in department.roles
        }
        for department in tenant.departments_of(kind):
            if department.code not in named:
                message = f"no guideline of the file names {department.code} as {kind.value}"
                cure = f"the guideline's codes are {', '.join(sorted(named))}"
                if kind is DepartmentKind.REFERRING:
                    report.fault("departments", f"{message}: no case can be opened in it", cure)
                else:
                    report.note("departments", f"{message}: no referral reaches it", cure)


def _roles(report: Report, tenant: TenantConfig) -> None:
    """Whether somebody can do each thing that a case needs."""
    held = {(rule.role, rule.department) for issuer in tenant.issuers for rule in issuer.rules}
    for department in tenant.departments_of(DepartmentKind.REFERRING):
        for role in (Role.CASEWORKER, Role.DEPARTMENT_MANAGER):
            if (role.value, department.code) not in held:
                report.fault(
                    "issuers.memberships",
                    f"no group gives {role.value} in {department.code}",
                    f'add {{ value = "…", role = "{role.value}", department = "{department.code}" }}',
                )
    for department in tenant.departments_of(DepartmentKind.PROPERTY):
        if (Role.PROPERTY_OFFICER.value, department.code) not in held:
            report.fault(
                "issuers.memberships",
                f"no group gives property_officer in {department.code}",
                f'add {{ value = "…", role = "property_officer", department = "{department.code}" }}',
            )
    roles = {role for role, _ in held}
    if Role.TENANT_ADMIN.value not in roles:
        report.fault(
            "issuers.memberships",
            "no group gives tenant_admin: nobody can be invited as the first administrator",
            'add { value = "…", role = "tenant_admin" }',
        )
    for role, what in (
        (Role.POLICY_OFFICER, "change the guideline"),
        (Role.LOG_REVIEWER, "look through the log, which SoLPUL section 10 asks for"),
    ):
        if role.value not in roles:
            report.note("issuers.memberships", f"no group gives {role.value}: nobody can {what}")
    report.fine("roles", f"{len(held)} rules give {len(roles)} roles")


def _said_by_nobody(report: Report, tenant: TenantConfig) -> None:
    """What the file leaves to the platform, so that it is chosen and not forgotten."""
    if not tenant.delegation:
        report.note("delegation", "is missing: decisions are delegated as the role matrix says")
    if not tenant.letters.contact:
        report.note("letters.contact", "is missing: letters do not say where to turn")
    if not tenant.mail_domains:
        report.note("mail_domains", "is missing: no mail about the work is sent to anybody")
    if tenant.register is None:
        report.note("protection.register", "is missing: protected people are looked up by hand")


def _register(report: Report, tenant: TenantConfig) -> None:
    entry = tenant.register
    if entry is None:
        return
    kind, _, place = entry.token_from.partition(":")
    if entry.kind == "file" and not Path(entry.place).is_file():
        report.fault("protection.register.place", f"{entry.place} is no file on this machine")
    elif kind == "file" and not Path(place).is_file():
        report.fault("protection.register.token_from", f"{place} is no file on this machine")
    else:
        report.fine("protection.register", f"{entry.name} is asked")


def _configs(report: Report, tenant: TenantConfig) -> tuple[IssuerConfig, ...]:
    try:
        configs = directory_of({tenant.slug: tenant}).issuers(tenant.slug)
    except TenantFileError as error:
        report.faults_of(error.faults)
        return ()
    report.fine("issuers", f"every secret of {get_settings().environment} can be had")
    return configs


def _issuer(report: Report, tenant: TenantConfig, config: IssuerConfig) -> None:
    own = f"{get_settings().base_url.rstrip('/')}/dev-issuer/"
    if config.issuer.startswith(own) and not _served(config.issuer):
        report.note(
            f"issuer {config.issuer}",
            "is served by the platform itself, when it next starts: check again then",
        )
        return
    check_issuer(report, tenant.slug, config)


def _served(issuer: str) -> bool:
    try:
        answer = httpx2.get(f"{issuer}/.well-known/openid-configuration", timeout=5)
    except httpx2.HTTPError:
        return False
    return answer.status_code == 200


def _claims(report: Report, config: IssuerConfig, file: Path) -> None:
    """What somebody of whom the issuer sends the claims of ``file`` would be here."""
    claims = _read_claims(file)
    about = f"claims of {file.name}"
    for name, asked in config.required_claims.items():
        if claims.get(name) != asked:
            report.fault(
                about,
                f"{name} is {claims.get(name)!r}, the file asks for {asked!r} (required_claims)",
            )
    earned = config.memberships(claims)
    if earned:
        told = sorted(
            one.role.value + (f" in {one.department}" if one.department else "") for one in earned
        )
        report.fine(about, f"give {', '.join(told)}")
        return
    needed = sorted({rule.claim for rule in config.rules})
    for path in needed:
        sent: Any = claims
        for step in path:
            sent = sent.get(step) if isinstance(sent, Mapping) else None
        lacking = ".".join(path)
        if sent is None:
            like = near(path[0], [one for one in claims if isinstance(one, str)])
            report.fault(
                about,
                f"the claim {lacking!r} is missing; there are {', '.join(sorted(claims))}",
                like or "let the issuer send it, or name another claim in issuers.memberships",
            )
        else:
            report.fault(
                about,
                f"{lacking} is {json.dumps(sent, ensure_ascii=False)}, which no rule of the file has",
                "put the person into a group of the file, or add a rule",
            )


def _read_claims(file: Path) -> dict[str, Any]:
    try:
        claims = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HemvistError(f"{file} cannot be read: {error}") from None
    if not isinstance(claims, dict):
        raise HemvistError(f"{file} must be a JSON object with claims")
    return claims
