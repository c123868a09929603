"""Builds the documentation site: ``docs/`` to static HTML in ``build/site``, which needs no network.

Run by ``make site``. The pages and their order stand in ``docs/nav.yml``. Links out of ``docs/`` (to a
file of the code) become the file's name; everything else is checked strictly by the generator.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS, SOURCE, SITE = ROOT / "docs", ROOT / "build" / "site-source", ROOT / "build" / "site"
NAV = DOCS / "nav.yml"
#: What the generator would load from another machine. Search without it needs pages that are served.
_FROM_ELSEWHERE = re.compile(r'<script[^>]* src="https?://[^"]*"[^>]*></script>')
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
#: Files outside that are read with the pages, and where the site has them.
BESIDE = {
    ROOT / "CONTRIBUTING.md": "contributing.md",
    ROOT / "graphql" / "schema.graphql": "files/schema.graphql",
    ROOT / "graphql" / "landlord.graphql": "files/landlord.graphql",
}


def pages() -> list[str]:
    """Every page of ``docs/``, by its path in it."""
    return sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def named(entries: list[Any]) -> Iterator[str]:
    """The pages that the file of the navigation names, ``*`` spelled out, whether there or not."""
    for entry in entries:
        if isinstance(entry, dict):
            for inside in entry.values():
                yield from named(inside if isinstance(inside, list) else [inside])
        elif "*" in entry:
            yield from (path.relative_to(DOCS).as_posix() for path in sorted(DOCS.glob(entry)))
        else:
            yield entry


def navigation(entries: list[Any], there: set[str]) -> list[Any]:
    """The same as the generator wants it: each page spelled out, without those that are not there."""
    found: list[Any] = []
    for entry in entries:
        if isinstance(entry, dict):
            for title, inside in entry.items():
                below = navigation(inside if isinstance(inside, list) else [inside], there)
                found += [{title: below}] if below else []
        else:
            found += [page for page in named([entry]) if page in there]
    return found


def _place(file: Path) -> str:
    """Where the site has a file of the project; empty where it has it not."""
    if file.is_relative_to(DOCS) and file != DOCS:
        return file.relative_to(DOCS).as_posix()
    return BESIDE.get(file, "")


def prepared(text: str, page: Path) -> str:
    """A page's text with its links out of ``docs/`` as they are on the site."""

    def target(link: re.Match[str]) -> str:
        mark, words, to = link.groups()
        if re.match(r"[a-z]+:|#|/", to):
            return link[0]
        place, _, heading = to.partition("#")
        file = Path(os.path.normpath(page.parent / place))
        if there := _place(file):
            to = os.path.relpath(there, Path(_place(page)).parent) + ("#" + heading) * bool(heading)
            return f"{mark}[{words}]({to})"
        name = file.relative_to(ROOT).as_posix()
        return f"`{name}`" if words.strip("`") in (name, file.name) else f"{words} (`{name}`)"

    return "".join(
        part if number % 2 else _LINK.sub(target, part)
        for number, part in enumerate(re.split(r"(^```.*?^```$)", text, flags=re.M | re.S))
    )


def prepare() -> None:
    """Lay the pages, what lies beside them and the generator's file in ``build/site-source``."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE / "docs")
    for page in pages():
        (SOURCE / "docs" / page).write_text(prepared((DOCS / page).read_text(), DOCS / page))
    (SOURCE / "docs" / NAV.name).unlink()
    for file, place in BESIDE.items():
        (SOURCE / "docs" / place).parent.mkdir(exist_ok=True)
        text = file.read_text()
        (SOURCE / "docs" / place).write_text(prepared(text, file) if file.suffix == ".md" else text)
    nav = navigation(yaml.safe_load(NAV.read_text()), {*pages(), *BESIDE.values()})
    (SOURCE / "mkdocs.yml").write_text(yaml.dump(config(nav), Dumper=_Dumper, allow_unicode=True))


class _Slugs:
    """Headings' anchors as code hosts make them, å, ä and ö included."""


class _Dumper(yaml.SafeDumper):
    """Writes ``_Slugs`` as the generator reads it."""


_Dumper.add_representer(
    _Slugs,
    lambda dumper, _: dumper.represent_mapping(
        "tag:yaml.org,2002:python/object/apply:pymdownx.slugs.slugify", {"kwds": {"case": "lower"}}
    ),
)


def config(nav: list[Any]) -> dict[str, Any]:
    """The generator's settings: no fonts or scripts from elsewhere, and search in the page itself."""
    return {
        "site_name": "Hemvist",
        "docs_dir": "docs",
        "site_dir": "site",
        "use_directory_urls": False,
        "nav": nav,
        "theme": {
            "name": "material",
            "language": "en",
            "font": False,
            "features": [
                *("navigation.tabs", "navigation.indexes", "navigation.top", "navigation.path"),
                *("search.highlight", "content.code.copy", "toc.follow"),
            ],
            "palette": [{"scheme": "default", "primary": "teal", "accent": "teal"}],
        },
        "plugins": [{"search": {"lang": ["sv", "en"]}}, "offline"],
        "markdown_extensions": [
            *("tables", "attr_list", "md_in_html", "sane_lists"),
            {"toc": {"permalink": True, "slugify": _Slugs()}},
            "pymdownx.superfences",
            {"pymdownx.highlight": {"anchor_linenums": False}},
        ],
        "validation": {
            "links": {"not_found": "warn", "anchors": "warn", "absolute_links": "warn"},
            "nav": {"omitted_files": "warn", "not_found": "warn"},
        },
    }


def main(words: list[str]) -> int:
    """Build the site with the generator that is named (the environment's own otherwise)."""
    shutil.rmtree(SITE, ignore_errors=True)
    prepare()
    program = words[0] if words else "zensical"
    built = subprocess.run(  # noqa: S603 - the generator of the environment that make made
        [program, "build", "--strict", "--clean", "-f", "mkdocs.yml"],
        cwd=SOURCE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    # It colours each letter, and ends a strict build with a traceback of its own.
    print(re.sub(r"\x1b\[[0-9;]*m", "", built.stdout).partition("Traceback")[0].rstrip())
    if built.returncode == 0:
        shutil.rmtree(SITE, ignore_errors=True)
        shutil.move(SOURCE / "site", SITE)
        for page in SITE.rglob("*.html"):
            page.write_text(_FROM_ELSEWHERE.sub("", page.read_text()))
        place = SITE.relative_to(ROOT)
        print(
            f"The site is in {place}. To read it: .venv/bin/python -m http.server -d {place} 8080"
        )
    return built.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
