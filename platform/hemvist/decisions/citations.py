"""Which Social Services Act a decision cites (LF-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hemvist.policy import Pack

#: A fact of the law pack → the number of the act in the citation or in its source's title.
ACTS: Mapping[str, str] = {"cites_sol_2001": "2001:453", "cites_sol_2025": "2025:400"}


def cited_acts(pack: Pack, legal_basis: Iterable[str]) -> dict[str, bool]:
    """For each act, whether one of the legal bases is a provision of it."""
    words = [
        word
        for id in legal_basis
        if (basis := pack.legal_bases.get(id)) is not None
        for word in (basis.label.sv, *basis.cite, *_titles(pack, basis.cite))
    ]
    return {fact: any(number in word for word in words) for fact, number in ACTS.items()}


def _titles(pack: Pack, cites: Iterable[str]) -> list[str]:
    sources = (pack.sources.get(cite.partition(" ")[0]) for cite in cites)
    return [source.title.sv for source in sources if source is not None]
