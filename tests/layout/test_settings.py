"""Every variable goes through the one settings model, its page is current, and nothing is unread."""

from __future__ import annotations

import re
from pathlib import Path

from hemvist.settings.model import Settings
from hemvist.settings.names import OF_TESTS, known
from hemvist_infra.settings_page import page

ROOT = Path(__file__).resolve().parents[2]
CODE = ("platform", "graphql", "portal", "workers", "tenants", "policy_packs", "infra")
#: Files of the product that touch the environment themselves, and why.
TOUCH = {
    "platform/hemvist/settings/files.py": "the model's own source of secrets by file",
    "platform/hemvist/settings/model.py": "the model",
    "platform/hemvist/settings/starting.py": "the model, when a process starts",
    "infra/hemvist_infra/backups/apart.py": "points this process at a restored instance for a while",
    "infra/hemvist_infra/backups/programs.py": "PATH for PostgreSQL's programs",
    "infra/hemvist_infra/dev/children.py": "hands the environment on to the processes of a run",
    "infra/hemvist_infra/dev/supervisor.py": "sets what the processes of a run shall read",
    "infra/hemvist_infra/embedded/process.py": "PATH for the embedded servers",
    "infra/hemvist_infra/probe.py": "a probe must not cost what reading the model does",
    "infra/hemvist_infra/national/living.py": "moves the calendar through the years it makes up",
    "tenants/hemvist_tenants/activation.py": "the variable that a kommun's own file names",
    "workers/hemvist_workers/looking_up.py": "the variable that a kommun's own file names",
}
#: Whole names; not the beginning of several, such as ``HEMVIST_DATABASE_URL_*``, nor a made-up one.
_NAMES = re.compile(r"\bHEMVIST_(?!NAME_FILE)[A-Z][A-Z0-9_]*[A-Z0-9]\b(?!_?[{*…])")
_READS = re.compile(r"\bos\.(environ\b|getenv\()|\bfrom os import .*\b(environ|getenv)\b")


def sources() -> dict[str, str]:
    """The product's Python files, by their path in the project."""
    return {
        str(path.relative_to(ROOT)): path.read_text()
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def reading(texts: dict[str, str]) -> set[str]:
    """Those that touch the environment."""
    return {path for path, text in texts.items() if _READS.search(text)}


def test_the_environment_is_read_by_the_model_alone() -> None:
    assert reading(sources()) == set(TOUCH)


def test_a_read_past_the_model_is_found() -> None:
    for line in (
        'limit = os.environ["HEMVIST_LIMIT"]',
        'limit = os.getenv("HEMVIST_LIMIT")',
        "from os import environ",
    ):
        assert reading({"planted.py": f"import os\n{line}\n"}) == {"planted.py"}


def test_every_name_that_is_written_anywhere_is_known() -> None:
    """A document, a chart, a test or a program that names a variable names one that there is."""
    names = known()
    strange = {}
    for pattern in ("*.py", "*.md", "*.sh", "Makefile", "*.yaml", "*.yml", "*.toml", "*.tpl"):
        for path in ROOT.rglob(pattern):
            inside = path.relative_to(ROOT).parts
            if (
                inside[0] in {".venv", ".venv-charts", ".git", "build", ".local"}
                or "node_modules" in inside
            ):
                continue
            if inside[:2] == ("tests", "platform") and "settings" in inside:
                continue
            for found in _NAMES.findall(path.read_text()):
                if found not in names and inside[-1] != "test_settings.py":
                    strange.setdefault(found, str(path.relative_to(ROOT)))
    assert strange == {}


def test_what_tests_alone_read_is_read_by_no_product() -> None:
    product = "\n".join(
        text for path, text in sources().items() if not path.endswith("settings/names.py")
    )
    assert [name for name in OF_TESTS if re.search(rf"\b{name}\b", product)] == []


def test_every_setting_is_read_somewhere() -> None:
    product = "\n".join(text for path, text in sources().items() if "/settings/" not in path)
    # One for each audience: see hemvist.db.audience_url.
    unread = [
        name
        for name in Settings.model_fields
        if not name.startswith("database_url_") and not re.search(rf'\.{name}\b|"{name}"', product)
    ]
    assert unread == []


def test_the_page_is_what_the_model_says() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == page(), "run make docs"
