"""The development issuer's pages: choose who to be; logged out; an error. No JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from hemvist_infra.dev_issuer.people import Person, memberships_in, role_name
from hemvist_tenants import TenantConfig

_STYLE = """
:root { font: 1.05rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #f4f2ee; }
body { margin: 0; }
header { background: var(--primary); color: var(--on-primary); padding: 1rem; }
header p, main { max-width: 44rem; margin: 0 auto; }
main { padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
button { font: inherit; text-align: left; width: 100%; padding: .75rem 1rem; cursor: pointer;
  background: #fff; color: inherit; border: 1px solid #8a8a8a; border-radius: .4rem; }
button:hover { border-color: var(--primary); }
button:focus-visible { outline: 3px solid var(--primary); outline-offset: 2px; }
button strong { display: block; }
.role { color: #4a4a4a; }
.error { border-left: 4px solid #b00020; padding: .5rem 1rem; background: #fff; }
"""


def _page(tenant: TenantConfig, title: str, body: str) -> str:
    colours = tenant.colours
    return f"""<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – {escape(tenant.name)}</title>
<style>:root {{ --primary: {colours.primary}; --on-primary: {colours.on_primary}; }}{_STYLE}</style>
</head>
<body>
<header><p>{escape(tenant.name)} · inloggning för utveckling</p></header>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""


def choose_person(
    tenant: TenantConfig,
    people: Mapping[str, Person],
    request: Mapping[str, str],
    *,
    unknown: str | None = None,
) -> str:
    """The list of people; a click logs in as one of them. ``request`` is passed on as it came."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.items()
    )
    rows = "\n".join(_person(tenant, person) for person in people.values())
    error = (
        f'<p class="error" role="alert">Ingen heter {escape(unknown)} här.</p>' if unknown else ""
    )
    body = f"""{error}
<p>Alla personer är påhittade. Välj vem du vill vara.
<span lang="en">Everyone is made up: choose who to be.</span></p>
<form method="post" action="authorize">
{hidden}
<ul>
{rows}
</ul>
</form>"""
    return _page(tenant, "Välj person", body)


def _person(tenant: TenantConfig, person: Person) -> str:
    held = ", ".join(
        " ".join(part for part in (role_name(membership), membership.department) if part)
        for membership in memberships_in(tenant, person.groups)
    )
    return f"""<li><button name="username" value="{escape(person.username)}">
<strong>{escape(person.name)}</strong>
<span class="role">{escape(person.title)} · {escape(held or "ingen roll")}</span></button></li>"""


def logged_out(tenant: TenantConfig) -> str:
    """After a logout that leads nowhere else."""
    return _page(tenant, "Utloggad", "<p>Du är utloggad.</p>")


def refused(tenant: TenantConfig, reason: str) -> str:
    """A request that cannot be answered at its redirect address."""
    return _page(tenant, "Begäran avvisades", f'<p class="error">{escape(reason)}</p>')
