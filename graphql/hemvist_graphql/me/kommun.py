"""The caller's kommun as its file says: departments and their names."""

from __future__ import annotations

from hemvist.policy import PolicyError
from hemvist_graphql.context import Context
from hemvist_graphql.labels import language
from hemvist_graphql.pinned import pinned
from hemvist_tenants import Department, known_tenants


def departments_of(context: Context) -> tuple[Department, ...]:
    """The kommun's departments in its file's order; none for a kommun without a file."""
    config = known_tenants().get(context.tenant.slug)
    return config.departments if config is not None else ()


def department_name(
    context: Context, code: str, lang: str, pack: tuple[str, str] | None = None
) -> str:
    """The department's name; by the pack, or its code, when the kommun's file does not have it."""
    for department in departments_of(context):
        if department.code == code:
            return department.name_sv if language(lang) == "sv" else department.name_en
    if pack is not None:
        try:
            return pinned(context, *pack).department(code).label.text(language(lang))
        except PolicyError:
            pass
    return code
