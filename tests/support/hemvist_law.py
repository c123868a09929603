"""The Helsingborg pack with refusals, a notice and clauses of its own, for tests of the law's checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hemvist.policy import Pack, load_pack
from hemvist_registry import copies, discovered, installed, rewrite
from hemvist_world import PACK

_REFUSED = """
refused:
  - id: no_alone
    label: {sv: Ingen ska tvingas bo ensam, en: Nobody is made to live alone}
    cite: RL §1
    clause: sole_occupancy
    where: [contract, decision]
    effect: block
  - id: no_entry
    label: {sv: Tillträde avråds, en: Entry is advised against}
    cite: RL §1
    clause: short_notice
    where: [decision]
    effect: warn
"""
_FORM = """      signed_by: [property, resident]
      notice:
        months: 1
        legal: {flag: LF-1, note: {sv: Kortare än lagen, en: Shorter than the law}}
      tenure_waiver:
        months: 36
        legal: {flag: LF-2, note: {sv: Kräver egen handling, en: Needs a document of its own}}
      clauses:
        - {id: link, label: {sv: Följer insatsen, en: Follows the measure}, clause: ends_with_support}
        - id: sober
          label: {sv: Drogfrihet, en: Sobriety}
          clause: sobriety
          legal: {flag: LF-4, note: {sv: Historia, en: History}, active: false}
"""


@contextmanager
def law_installed() -> Iterator[Pack]:
    """The pack with them is installed in place of its own, beside all the others."""

    def change(text: str) -> str:
        signed = "      signed_by: [property, resident]\n"
        return text.replace(signed, _FORM, 1) + _REFUSED

    with TemporaryDirectory() as folder:
        own = next(found for found in copies(Path(folder)) if load_pack(found).name == PACK)
        pack = rewrite(own, change, "municipal_contract.yaml")
        others = [one for one in discovered().packs() if one.name != PACK]
        with installed([pack, *others]):
            yield pack
