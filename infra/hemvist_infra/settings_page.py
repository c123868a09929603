"""``docs/settings.md``, written from the model of settings (inställningar)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_origin

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from hemvist.settings.fields import about, variable
from hemvist.settings.files import by_file
from hemvist.settings.model import GROUPS
from hemvist.settings.names import OF_TESTS
from hemvist.settings.rules import kind, rule

_HEAD = """# Settings (inställningar)

<!-- Written by `make docs` from platform/hemvist/settings: change it there. -->

Everything that an operator sets of the platform itself. A kommun's own choices stand in
[its file](login.md), and what is turned on for some kommuner first among [the switches](switches.md).

- A setting is an **environment variable** that begins with `HEMVIST_`. An empty one is one that is not set.
- A **secret** may be given by a file instead: `HEMVIST_NAME_FILE` names it, and what it holds is the value,
  without space around it. Setting both is refused. No value of a secret is shown in any message.
- They are read when a process starts. One that does not hold stops it **with status 2 and a line for each
  fault**, which names the variable, what it must be and an example. A name that is nearly a setting's is
  refused too; another that nothing reads is told of.
- `hemvist settings check --process web` tries them without starting anything: `web`, `worker`, `beat`,
  `cli` or `dev`.
- **Read by** says which processes a variable must reach, and in bold which do not start without it in
  production: `web`, `worker` and `beat` are the service, `cli` the command `hemvist`, `dev` a run on one
  machine (`make run`).

In production (`HEMVIST_ENVIRONMENT=production`) a process also needs a way to the database:
`HEMVIST_DATABASE_URL`, or the connections of its own audiences, `_STAFF` and `_LANDLORD` for web,
`_WORKER`, `_EXCHANGE` and `_THINNING` for the worker.
"""
_TESTS = """## Only for tests and measurements

Read by the tests, the measuring commands and the examples, never by the platform.
"""


def page() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD]
    for group in GROUPS:
        parts.append(f"## {(group.__doc__ or '').strip().rstrip('.')}\n")
        parts.append("\n".join(_rows(group)) + "\n")
    lines = ["| Variable | Meaning |", "|---|---|"]
    lines += [f"| `{name}` | {what} |" for name, what in sorted(OF_TESTS.items())]
    parts.append(_TESTS + "\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _rows(group: type[BaseSettings]) -> Iterator[str]:
    yield "| Variable | Meaning | Value | Default | Read by |"
    yield "|---|---|---|---|---|"
    for name in group.__annotations__:
        if name in group.model_fields:
            yield _row(name, group.model_fields[name])


def _row(name: str, field: FieldInfo) -> str:
    told = about(field)
    meaning = field.description or ""
    if name in by_file(_holder(name)):
        meaning += " **Secret.**"
    example = f", such as `{told.example}`" if field.default is None and told.example else ""
    unit = f" {told.unit}" if told.unit else ""
    must = rule(field)
    if get_origin(kind(field)) is not None:
        must = ", ".join(f"`{one}`" for one in must.removeprefix("one of ").split(", "))
    readers = ", ".join(f"**{one}**" if one in told.needed_by else one for one in told.read_by)
    default = "none" if field.default is None else f"`{_plain(field.default)}`{unit}"
    return f"| `{variable(name)}` | {meaning} | {must}{unit}{example} | {default} | {readers} |"


def _holder(name: str) -> type[BaseSettings]:
    return next(group for group in GROUPS if name in group.model_fields)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
