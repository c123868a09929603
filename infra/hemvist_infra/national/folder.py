"""The generated kommuner's files, for the server to read: departments, guideline, issuer, people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from hemvist.identity import Role
from hemvist_infra.national.guidelines import EARLIER_DEPARTMENT, EARLIER_OFFICE, PACK
from hemvist_infra.national.kommuner import Kommun
from hemvist_infra.national.lives import DEPARTMENTS
from hemvist_infra.national.staff import PROPERTY, colleagues, group_of, posts

#: Below the folder of the kommuner's files: who can log in at the development issuer.
PEOPLE = "people"
_NAMES = {
    "SOF-VUX": ("Socialförvaltningen, vuxna", "Social administration, adults"),
    "SOF-BUF": (
        "Socialförvaltningen, barn, unga och familj",
        "Social administration, children, young people and families",
    ),
    "AMF": ("Arbetsmarknadsförvaltningen", "Labour market administration"),
    "VOF": ("Vård- och omsorgsförvaltningen", "Health and care administration"),
    PROPERTY: ("Fastighetsförvaltningen", "Property administration"),
    EARLIER_DEPARTMENT: (
        "Arbetsmarknads- och socialförvaltningen",
        "Labour market and social administration",
    ),
    EARLIER_OFFICE: ("Bostadsgruppen", "The housing group"),
}
_TITLES = {
    Role.CASEWORKER: "Socialsekreterare",
    Role.DEPARTMENT_MANAGER: "Enhetschef",
    Role.SUPPORT_WORKER: "Boendestödjare",
    Role.PROPERTY_OFFICER: "Bostadshandläggare",
    Role.POLICY_OFFICER: "Riktlinjeansvarig",
    Role.LOG_REVIEWER: "Loggranskare",
    Role.STEERING: "Styrgrupp",
    Role.TENANT_ADMIN: "Administratör",
}


def write_folder(folder: Path, kommuner: Sequence[Kommun], seed: int) -> None:
    """Write every kommun's file; ``HEMVIST_TENANTS_DIR`` names ``folder`` when the server starts."""
    (folder / PEOPLE).mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("*.toml"), *(folder / PEOPLE).glob("*.toml")]:
        old.unlink()
    for kommun in kommuner:
        (folder / f"{kommun.slug}.toml").write_text(_kommun(kommun), encoding="utf-8")
        people = _people(kommun, seed)
        (folder / PEOPLE / f"{kommun.slug}.toml").write_text(people, encoding="utf-8")


def _kommun(kommun: Kommun) -> str:
    referring = (*DEPARTMENTS, EARLIER_DEPARTMENT)
    departments = "".join(
        f"\n[[departments]]\ncode = {_text(code)}\n"
        f"kind = {_text('referring' if code in referring else 'property')}\n"
        f"name_sv = {_text(names[0])}\nname_en = {_text(names[1])}\n"
        for code, names in _NAMES.items()
    )
    rules = "".join(
        f"  {{ value = {_text(group_of(role, department))}, role = {_text(role.value)}"
        + (f", department = {_text(department)}" if department else "")
        + " },\n"
        for role, department in posts()
    )
    return f"""# Generated: everybody in this kommun is invented.
kommun_code = {_text(kommun.code)}
slug = {_text(kommun.slug)}
name = {_text(kommun.name)}
policy_packs = [{_text(PACK)}]

[colours]
primary = "#1d4e5f"
on_primary = "#ffffff"
accent = "#d9a441"
{departments}
[[issuers]]
environments = ["development", "test"]
issuer = "{{base_url}}/dev-issuer/{kommun.slug}"
client_id = "hemvist-{kommun.slug}"
client_secret_from = "development"
scopes = ["openid", "profile", "groups"]
api_audience = "hemvist-api"
api_scope = "hemvist.api"
algorithms = ["ES256"]

[issuers.memberships]
claim = "groups"
rules = [
{rules}]
"""


def _people(kommun: Kommun, seed: int) -> str:
    return "".join(
        f"[[people]]\nusername = {_text(one.username)}\nname = {_text(one.name)}\n"
        f"title = {_text(_TITLES[one.role] + (f', {one.department}' if one.department else ''))}\n"
        f"groups = [{_text(one.group)}]\n\n"
        for one in colleagues(kommun, seed)
    )


def _text(value: str) -> str:
    # A JSON string of printable characters is a TOML string too.
    return json.dumps(value, ensure_ascii=False)
