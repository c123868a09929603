"""``hemvist policy page`` and ``pages``: packs as documents for people."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from hemvist.policy import Pack, PolicyError, Registry, load_pack
from hemvist.policy.loading.parts import HEAD
from hemvist.policy.pages import page_of
from hemvist.policy.pages.markdown import markdown
from hemvist.policy.pages.web import web_page

#: At the top of every page in the repository.
NOTE = "Skriven av `make docs` ur riktlinjens filer; ändra dem, inte den här filen."
INDEX = "README.md"


def page(
    pack: Annotated[
        str, typer.Argument(metavar="PACK", help="Name, name@version, or a folder with pack.yaml.")
    ],
    out: Annotated[Path, typer.Option(help="FILE.html (nothing beside it needed) or FILE.md.")],
    lang: Annotated[str, typer.Option(help="sv or en.")] = "sv",
) -> None:
    """A whole pack as a document that a policy officer reads."""
    try:
        if lang not in ("sv", "en"):
            raise PolicyError(f"--lang is sv or en, not {lang[:20]!r}")
        writers = {".html": web_page, ".md": markdown}
        if out.suffix not in writers:
            raise PolicyError(f"--out ends with .html or .md, not {out.name[-20:]!r}")
        name, _, version = pack.partition("@")
        folder = Path(pack)
        found = (
            load_pack(folder)
            if (folder / HEAD).is_file()
            else Registry.discover(name).get(name, version or None)
        )
        out.write_text(writers[out.suffix](page_of(found, lang)), "utf-8")
    except (PolicyError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    print(f"{found.name} {found.version}: {out}")


def pages(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Usually docs/packs.")],
) -> None:
    """The page of every installed pack, in Swedish, and a list of them; old ones are removed."""
    wanted = dict(all_pages())
    for path in written(folder):
        if path not in wanted:
            (folder / path).unlink()
    for path, text in wanted.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    print(f"{len(wanted) - 1} packs in {folder}")


def all_pages() -> Iterator[tuple[str, str]]:
    """Every page by its path under the folder, and the list of them."""
    packs = Registry.discover().packs()
    latest = {pack.name: pack.version for pack in packs}
    lines = [f"<!-- {NOTE} -->", "", "# Riktlinjer som plattformen bär", ""]
    for pack in packs:
        path = page_path(pack, pack.version == latest[pack.name])
        lines.append(f"- [{pack.title.sv}]({path}), {pack.name} {pack.version}")
        yield path, markdown(page_of(pack), NOTE)
    yield INDEX, "\n".join(lines) + "\n"


def page_path(pack: Pack, is_latest: bool) -> str:
    """``kommun/guideline.md``; an earlier version has its number in its name."""
    return f"{pack.name}.md" if is_latest else f"{pack.name}-{pack.version}.md"


def written(folder: Path) -> list[str]:
    """The pages that lie in a folder now."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.md"))
