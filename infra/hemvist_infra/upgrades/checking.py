"""``hemvist db lint``: each migration against the rules, but for what is accepted with a reason.

What was made before the first release stands in ``accepted.toml``: each find by rule, with its reason. From
then on a migration that breaks a rule on purpose says so itself: ``accepts = {"rename": "why"}``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from hemvist.migrations.chain import in_order
from hemvist.migrations.fit import FIRST_RELEASE
from hemvist_infra.upgrades import rules, squawk
from hemvist_infra.upgrades.released import released, views_that_lose
from hemvist_infra.upgrades.rendering import render

#: What a migration says that breaks a rule on purpose: the rule, and why.
ACCEPTS = "accepts"
#: A reason has so many letters at least.
_REASON = 20


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A migration, the rule that it breaks, and how."""

    revision: str
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.revision} {self.rule}: {self.what}"


def findings(only: Iterable[str] = (), config: Config | None = None) -> list[Finding]:
    """Everything that is not accepted, of every migration or of those in ``only``."""
    chosen = set(only)
    scripts = [one for one in in_order(scripts_of(config)) if not chosen or one.revision in chosen]
    accepted = _accepted()
    everything = judged(scripts)
    found = [one for one in everything if one.rule not in accepted.get(one.revision, {})]
    used = {(one.revision, one.rule) for one in everything}
    for script in scripts:
        for rule, why in getattr(script.module, ACCEPTS, {}).items():
            if len(why) < _REASON:
                found.append(Finding(script.revision, rule, "is accepted without a reason"))
    if not chosen:
        found += [
            Finding(revision, rule, "is accepted and not found: take it out of the list")
            for revision, of in accepted.items()
            for rule in of
            if (revision, rule) not in used
        ]
        found += [Finding("views", "view-loses", line) for line in views_that_lose()]
    return sorted(found)


def judged(scripts: list[Script]) -> list[Finding]:
    """What the rules say of migrations, before anything is accepted for a reason in a list."""
    up = {one.revision: render(one) for one in scripts}
    general = squawk.found(up)
    found: list[Finding] = []
    for one in scripts:
        if up[one.revision].problem:
            found.append(Finding(one.revision, "not-rendered", up[one.revision].problem))
            continue
        said = general[one.revision]
        said += rules.found(one, up[one.revision], render(one, "downgrade"), released())
        own = getattr(one.module, ACCEPTS, {})
        found += [Finding(one.revision, *each) for each in said if each[0] not in own]
    return found


def scripts_of(config: Config | None = None) -> ScriptDirectory:
    """The migrations, with no database."""
    if config is None:
        config = Config()
        config.set_main_option("script_location", "hemvist:migrations")
    return ScriptDirectory.from_config(config)


def _accepted() -> dict[str, dict[str, str]]:
    """By revision before the first release and rule, why it is let be."""
    text = (resources.files("hemvist.migrations") / "accepted.toml").read_text()
    found: dict[str, dict[str, str]] = {}
    for reason in tomllib.loads(text)["reason"]:
        for rule, revisions in reason["rules"].items():
            for revision in revisions:
                if int(revision) > FIRST_RELEASE:
                    raise ValueError(f"{revision}: a later migration says itself what it accepts")
                found.setdefault(revision, {})[rule] = reason["why"]
    return found
