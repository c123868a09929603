"""The page that a kommun's first administrator is invited to."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from hemvist.identity import LoginRefused, Role, authenticate_session, get_directory
from hemvist.identity.first_admin import Invitation, standing
from hemvist.identity.sessions import cookie_name
from hemvist_portal.errors import Missing
from hemvist_portal.login import login_refused
from hemvist_portal.pages import portal_router
from hemvist_portal.rendering import show_plain
from hemvist_tenants import TenantConfig, known_tenants

router = portal_router()


@router.get("/{slug}/welcome/{token}")
def welcome(request: Request, slug: str, token: str) -> Response:
    """Where the invitation stands, and whether the kommun's login has given the role."""
    kommun = known_tenants().get(slug)
    if kommun is None:
        raise Missing
    try:
        invitation = standing(get_directory().open_tenant_id(slug), token)
    except LoginRefused as refused:
        return login_refused(request, refused.code.value, {"slug": slug}, 403)
    if invitation is Invitation.UNKNOWN:
        raise Missing
    session = authenticate_session(request.cookies.get(cookie_name(), ""))
    person = session.actor if session is not None and session.tenant_slug == slug else None
    return show_plain(
        request,
        "pages/welcome.html",
        slug=slug,
        invitation=invitation.value,
        person=person,
        administers=person is not None and Role.TENANT_ADMIN in person.roles,
        groups=_groups(kommun),
        token=token,
    )


def _groups(kommun: TenantConfig) -> list[str]:
    """What an issuer sends of an administrator, as the kommun's file has it."""
    return sorted(
        {
            rule.value
            for issuer in kommun.issuers
            for rule in issuer.rules
            if rule.role == Role.TENANT_ADMIN.value
        }
    )
