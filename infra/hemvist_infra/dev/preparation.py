"""What a run needs in the database before it serves, and what it says when it does."""

from __future__ import annotations

from hemvist.settings import read_settings
from hemvist_infra.database import migrate
from hemvist_infra.demo import seed
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_infra.dev.progress import Steps
from hemvist_infra.dev_issuer import DemoLogin, demo_logins
from hemvist_infra.onboarding import onboard_all


def prepare(steps: Steps) -> None:
    """Bring the schema and the register up to date and, where there are none, make demo households."""
    with steps.step("migrating the database"):
        migrate()
        onboard_all()
    sizes = demo_sizes()
    if any(sizes.values()):
        with steps.step("demo kommuner and households") as step:
            seed(step.advance, sizes)


def demo_sizes() -> dict[str, int]:
    """How many households each demo kommun gets: all, or ``HEMVIST_DEMO_HOUSEHOLDS`` shared out."""
    whole = {slug: kommun.size for slug, kommun in KOMMUNER.items()}
    asked = read_settings().demo_households
    if asked is None:
        return whole
    return {slug: asked * size // sum(whole.values()) for slug, size in whole.items()}


def welcome(address: str) -> str:
    """Where it answers and who can log in."""
    lines = ["", f"Hemvist answers on {address}   (Ctrl-C stops it)", ""]
    slugs = list(dict.fromkeys(login.slug for login in demo_logins()))
    for slug in slugs:
        people = [login for login in demo_logins() if login.slug == slug]
        lines.append(f"{people[0].kommun}: {address}/{slug} - log in by a click, no password")
        lines += _people(people)
        lines.append("")
    lines.append(
        "What the processes tell of their work stands in .local/log/; only trouble is shown here."
    )
    return "\n".join(lines)


def _people(people: list[DemoLogin]) -> list[str]:
    width = max(len(login.name) for login in people)
    return [
        f"  {login.name:<{width}}  {login.role}"
        + (f" ({login.department})" if login.department else "")
        for login in people
    ]
