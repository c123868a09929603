"""The letter to a kommun's first administrator: printed, or handed to the mail server."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from uuid import UUID

from hemvist.clock import real_now
from hemvist.errors import HemvistError
from hemvist.identity import Role
from hemvist.identity.first_admin import OPEN_DAYS, new_token
from hemvist.settings import get_settings
from hemvist_tenants import TenantConfig
from hemvist_workers.mailing import NotNow, Refused, Unknown, postbox

SUBJECT = "Hemvist: du är inbjuden som administratör"


def link_of(tenant: TenantConfig, tenant_id: UUID) -> str:
    """The address that the first administrator is invited to."""
    return f"{get_settings().base_url.rstrip('/')}/{tenant.slug}/welcome/{new_token(tenant_id)}"


def letter(tenant: TenantConfig, tenant_id: UUID) -> str:
    """What the first administrator is told, in Swedish."""
    groups = sorted(
        {
            rule.value
            for issuer in tenant.issuers
            for rule in issuer.rules
            if rule.role == Role.TENANT_ADMIN.value
        }
    )
    last = real_now().date() + timedelta(days=OPEN_DAYS)
    return (
        f"Hej!\n\nDu är inbjuden som första administratör (systemförvaltare) för {tenant.name} i"
        f" Hemvist.\n\n1. Be den som sköter kommunens inloggning att lägga dig i gruppen"
        f" {' eller '.join(groups)}.\n2. Öppna adressen och logga in med kommunens inloggning:\n\n"
        f"   {link_of(tenant, tenant_id)}\n\nAdressen gäller till och med {last} och kan användas en"
        " gång. Den ger ingen behörighet i sig: det gör kommunens inloggning.\n"
    )


def require_own_address(tenant: TenantConfig, address: str) -> None:
    """Raise ``HemvistError`` unless ``address`` lies in a domain that the kommun's file has."""
    name, at, domain = address.rpartition("@")
    if not (name and at) or any(sign.isspace() or not sign.isprintable() for sign in address):
        raise HemvistError(f"{address!r} is no address")
    if domain.lower() not in tenant.mail_domains:
        known = ", ".join(tenant.mail_domains) or "none"
        raise HemvistError(f"{domain} is not among the file's mail_domains ({known})")


def send(tenant: TenantConfig, tenant_id: UUID, address: str) -> None:
    """Hand the letter to the mail server. Raises ``HemvistError`` when it was not taken."""
    settings = get_settings()
    if settings.smtp_host is None:
        raise HemvistError("HEMVIST_SMTP_HOST is not set: hand the letter over by other means")
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, address
    message["Subject"], message["Date"] = SUBJECT, formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain="hemvist.invalid")
    message.set_content(letter(tenant, tenant_id))
    try:
        with postbox(settings) as box:
            box.address(address)
            box.hand_over(message)
    except (NotNow, Refused) as error:
        raise HemvistError(f"the mail server did not take it ({error}): run it again") from None
    except Unknown:
        raise HemvistError(
            "the connection broke: the mail may have gone, ask before again"
        ) from None
