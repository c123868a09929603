"""The file that a new kommun begins with: every key, why it is there, and what is to be filled in."""

from __future__ import annotations

from importlib.resources import files

from hemvist.errors import HemvistError
from hemvist.identity.exchange import callback_url
from hemvist_tenants.loader import slug_holds

_OWN = """[[issuers]]
environments = ["production"]
# To the letter as its discovery document says.
issuer = ""
client_id = ""
# env:NAME or file:/path; no secret stands in this file.
client_secret_from = "file:/run/secrets/@SLUG@-oidc"
scopes = ["openid", "profile", "groups"]
api_audience = "hemvist-api"
api_scope = "hemvist.api"
algorithms = ["RS256"]
"""
_DEVELOPMENT = """# Made up: anybody can be anybody, so never in production. The people: people/@SLUG@.toml.
[[issuers]]
environments = ["development", "test"]
issuer = "{base_url}/dev-issuer/@SLUG@"
client_id = "hemvist-@SLUG@"
client_secret_from = "development"
scopes = ["openid", "profile", "groups"]
api_audience = "hemvist-api"
api_scope = "hemvist.api"
algorithms = ["ES256"]
"""
#: Who can log in at the development issuer: everybody is invented.
_PEOPLE = (
    ("hanna.lind", "Hanna Lind", "Socialsekreterare", "hv-caseworker"),
    ("mikael.strom", "Mikael Ström", "Enhetschef", "hv-manager"),
    ("petra.ek", "Petra Ek", "Bostadshandläggare", "hv-property"),
    ("rolf.wiklund", "Rolf Wiklund", "Utvecklingsledare, riktlinjer", "hv-policy-officer"),
    ("liv.granat", "Liv Granat", "Loggranskare", "hv-log-reviewer"),
    ("astrid.nord", "Astrid Nord", "Systemförvaltare", "hv-admin"),
)


def starting_file(slug: str, *, development: bool = False) -> str:
    """The text of the file. Raises ``HemvistError`` when no kommun can be called so."""
    if not slug_holds(slug):
        raise HemvistError(f"{slug!r} must be a-z, 0-9 and '-', and no reserved word")
    text = files("hemvist_infra.tenant_life").joinpath("starting.toml").read_text("utf-8")
    issuer = _DEVELOPMENT if development else _OWN
    text = text.replace("@ISSUER@", issuer.rstrip("\n"))
    return text.replace("@SLUG@", slug).replace("@CALLBACK@", callback_url(slug))


def people_file() -> str:
    """Invented people of every role, for the development issuer."""
    return "# Everybody here is invented.\n" + "".join(
        f'\n[[people]]\nusername = "{username}"\nname = "{name}"\ntitle = "{title}"\n'
        f'groups = ["{group}"]\n'
        for username, name, title, group in _PEOPLE
    )
