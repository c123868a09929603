"""Letters of a ladder: the demand, the notification of the board, the call, the answer to Kronofogden."""

from __future__ import annotations

from hemvist.clock import SWEDISH_TIME
from hemvist.contracts.models import Contract
from hemvist.documents import Block, Heading, Items, Paragraph, Rows
from hemvist.identity.models import Principal
from hemvist.ladder.facts import children_of
from hemvist.ladder.models import Eviction, JointMeeting, Ladder, LadderStep
from hemvist.letters import leases, words
from hemvist.letters.material import Content, Material
from hemvist.units.models import Unit

KRONOFOGDEN = "Kronofogdemyndigheten"
BOARD = "Socialnämnden"


def ladder_demand(material: Material, row: LadderStep) -> Content:
    """The demand as it was sent: what is to be put right, by when, and who gets a copy."""
    ladder = material.session.find(Ladder, row.ladder_id)
    facts = [*_lease(material, ladder)]
    if row.until_on is not None:
        facts.append(("until_on", "Senast", words.day(row.until_on)))
    blocks: list[Block] = [
        Heading("Det här ska rättas till"),
        Paragraph(row.what, "what"),
        Rows("Hyresavtalet", tuple(facts)),
        *_law("demand"),
        *_copies(row),
    ]
    return _content(blocks)


def board_notice(material: Material, row: LadderStep) -> Content:
    """What the social board is told before a notice; children in the household are always raised."""
    ladder = material.session.find(Ladder, row.ladder_id)
    children = children_of(material.session, material.case, row.happened_on)
    facts = [
        ("case", "Ärende", material.case.number),
        ("household", "Hushåll", material.home.alias),
        *_lease(material, ladder),
        ("children", "Barn under 18 år i hushållet", _children(children)),
        ("told_on", "Underrättelsen lämnad", words.day(row.happened_on)),
    ]
    blocks: list[Block] = [
        Rows("Underrättelsen", tuple(facts)),
        Heading("Det här gäller det"),
        Paragraph(row.what, "what"),
        *_law("board_notice"),
    ]
    return _content(blocks, (BOARD,))


def meeting_call(material: Material, row: JointMeeting) -> Content:
    """The call to a joint meeting: when, where and who else is called."""
    when = f"{words.day(row.meets_on)}{f' klockan {row.meets_at}' if row.meets_at else ''}"
    facts = (("meets_on", "Tid", when), ("place", "Plats", row.place))
    blocks: list[Block] = [
        Rows("Mötet", facts),
        Paragraph(
            "Vi vill tala med dig och med dem som ansvarar för ditt boende och ditt stöd. Vi går "
            "igenom vad som har hänt och gör en plan tillsammans, så att du kan bo kvar. Du får "
            "gärna ta med någon.",
            "call",
        ),
        Heading("De här är kallade"),
        Items(tuple(words.PARTIES.get(one, one) for one in row.called), "called"),
    ]
    return _content(blocks)


def eviction_answer(material: Material, row: Eviction) -> Content:
    """The board's confirmation to Kronofogden, which names the caseworker (SFS 2025:468 11:3)."""
    named = (
        ""
        if row.caseworker_id is None
        else material.session.find(Principal, row.caseworker_id).display_name
    )
    learned = (
        "" if row.learned_at is None else words.day(row.learned_at.astimezone(SWEDISH_TIME).date())
    )
    confirmed = (
        ""
        if row.confirmed_at is None
        else words.day(row.confirmed_at.astimezone(SWEDISH_TIME).date())
    )
    facts = (
        ("number", "Ert målnummer", row.number),
        ("evicts_on", "Dag för avhysning", words.day(row.evicts_on)),
        ("learned", "Vi fick veta dagen", learned),
        ("confirmed", "Bekräftat", confirmed),
        ("caseworker", "Handläggare", named),
    )
    blocks: list[Block] = [
        Rows("Bekräftelse", tuple(one for one in facts if one[2])),
        *_law("eviction_answer"),
    ]
    return _content(blocks, (KRONOFOGDEN,))


def _content(blocks: list[Block], recipient: tuple[str, ...] | None = None) -> Content:
    return Content(tuple(blocks), recipient)


def _lease(material: Material, ladder: Ladder) -> list[leases.Line]:
    if ladder.contract_id is None:
        return []
    row = material.session.find(Contract, ladder.contract_id)
    unit = material.session.find(Unit, row.unit_id)
    return [
        *leases.parties(material.session, row, material.home, material.kommun)[:2],
        ("unit", "Bostad", material.home.unit(unit)),
    ]


def _copies(row: LadderStep) -> list[Block]:
    if not row.copies:
        return []
    listed = tuple(words.PARTIES.get(one, one) for one in row.copies)
    return [Heading("Kopia till"), Items(listed, "copies")]


def _law(kind: str) -> list[Block]:
    return [Paragraph(text, "law", cite) for text, cite in words.LAW.get(kind, ())]


def _children(count: int | None) -> str:
    if count is None:
        return "Vet inte"
    return "Inga" if count == 0 else str(count)
