"""What letters say in Swedish beside the records' own words, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from hemvist.policy.items import Item
from hemvist.policy.legal import law_pack

TITLES: Mapping[str, str] = {
    "decision": "Beslut om bistånd",
    "referral": "Remiss till fastighetskontoret",
    "offer": "Erbjudande om bostad",
    "contract": "Hyreskontrakt",
    "waiver": "Överenskommelse om avstående från besittningsskydd",
    "guarantee": "Hyresgaranti",
    "demand": "Rättelseanmaning",
    "notice": "Uppsägning av hyresavtal",
    "explanation": "Så har vi bedömt din ansökan",
    "ladder_demand": "Rättelseanmaning",
    "board_notice": "Underrättelse till socialnämnden",
    "meeting_call": "Kallelse till möte",
    "eviction_answer": "Bekräftelse av avhysningsdag",
}
#: Parties of a guideline, as letters name them.
PARTIES: Mapping[str, str] = {
    "referring": "Socialtjänsten",
    "property": "Fastighetskontoret",
    "landlord": "Fastighetsägaren",
    "resident": "Du som är hyresgäst",
    "manager": "Chefen",
    "caseworker": "Din handläggare",
    "support_worker": "Stödpersonalen",
    "cooperation_group": "Samverkansgruppen",
    "coordinator": "Samordnaren",
    "economic_assistance": "Ekonomiskt bistånd",
    "social_board": "Socialnämnden",
}
DECISIONS: Mapping[str, str] = {
    "support_to_obtain_housing": "Stöd att få en bostad",
    "housing": "Bostad",
    "support_measure": "Stödinsats",
    "extension": "Förlängning",
    "change": "Ändring av ett tidigare beslut",
    "end": "Insatsen upphör",
    "takeover_recommendation": "Rekommendation om övertagande av hyresavtalet",
}
OUTCOMES: Mapping[str, str] = {"granted": "Bifall", "refused": "Avslag"}
GROUNDS: Mapping[str, str] = {
    "misconduct": "Misskötsamhet",
    "especially_serious": "Särskilt allvarlig misskötsamhet",
    "arrears": "Hyresskuld",
    "support_ended": "Insatsen har upphört",
    "other": "Annat",
}
#: (text, source) of what the law wants said in a letter of the kind.
LAW: Mapping[str, tuple[tuple[str, str], ...]] = {
    "waiver": (
        (
            "Hyresgästen avstår med denna överenskommelse från rätten till förlängning av "
            "hyresavtalet. Överenskommelsen är en egen handling, skild från hyreskontraktet. Den "
            "gäller mot make eller sambo bara om denne har godtagit den.",
            "12 kap. 45 a § jordabalken (1970:994)",
        ),
    ),
    "demand": (
        (
            "Du uppmanas att genast rätta till det som står ovan. Om du inte gör det kan "
            "hyresavtalet sägas upp. Socialnämnden får veta att anmaningen har skickats. Kontakta "
            "oss om du behöver hjälp.",
            "12 kap. 25, 25 a och 42 §§ jordabalken (1970:994)",
        ),
    ),
    "board_notice": (
        (
            "Socialnämnden underrättas innan hyresavtalet kan sägas upp på grund av "
            "misskötsamhet, så att nämnden kan ge det stöd som behövs.",
            "12 kap. 25 a och 42 §§ jordabalken (1970:994)",
        ),
    ),
    "eviction_answer": (
        (
            "Socialnämnden bekräftar att den känner till dagen för avhysningen.",
            "11 kap. 3 § socialtjänstförordningen (SFS 2025:468)",
        ),
    ),
    "notice": (
        (
            "Hyresavtalet sägs upp till den dag som står ovan. Tiden är räknad från dagen för "
            "uppsägningen och får inte vara kortare än lagen säger.",
            "12 kap. 4 och 8 §§ jordabalken (1970:994)",
        ),
    ),
}
#: What a letter calls the kommun's undertaking.
GUARANTEES: Mapping[str, str] = {"guarantee": "Garantin", "surety": "Borgensåtagandet"}
#: Written into a contract whose tenant was told that home and assistance are tied together.
TIED = (
    "Hyresgästen fick {day} skriftligen veta att bostaden är knuten till biståndet och att "
    "hyresavtalet kan sägas upp om biståndet upphör.",
    "RH 2018:28",
)

#: By which act the kommun may stand behind a single household's rent.
_POWER = (
    "Kommunen får ställa hyresgaranti för ett enskilt hushåll för att hushållet ska få en permanent "
    "bostad med rätt till förlängning.",
    "2 kap. 6 § lagen (2009:47) om vissa kommunala befogenheter",
)
_ENDS = (
    "{what} gäller det som förfaller under tiden ovan, högst till beloppet ovan. Kommunen kan säga "
    "upp {it} med {notice} månaders uppsägningstid och blir fri tidigast {least} månader från "
    "början.",
    "12 kap. 28 a § jordabalken (1970:994)",
)


def of_guarantee(kind: str, on: date) -> tuple[tuple[str, str], ...]:
    """(text, source) of what the law says of a guarantee or surety given on a day, by its months."""
    law = law_pack()
    text, cite = _ENDS
    ends = text.format(
        what=GUARANTEES[kind],
        it="det" if kind == "surety" else "den",
        notice=law.param("guarantor_notice_months", on),
        least=law.param("guarantor_earliest_months", on),
    )
    return ((ends, cite),) if kind == "surety" else (_POWER, (ends, cite))


_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september"),
    *("oktober", "november", "december"),
)


def day(value: date | None) -> str:
    """A day in words: 3 mars 2027; "tills vidare" for none."""
    return (
        "tills vidare" if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    )


def money(ore: int) -> str:
    """Öre as kronor, thousands parted: 5 500 kr; with öre where there are any."""
    kronor, rest = divmod(abs(ore), 100)
    sign = "−" if ore < 0 else ""
    whole = f"{kronor:,}".replace(",", "\u00a0")
    return f"{sign}{whole}{f',{rest:02}' if rest else ''}\u00a0kr"


def value_in_words(value: object, item: Item | None = None) -> str:
    """A value of a term or of a referral's content, in words."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, list | tuple):
        return ", ".join(value_in_words(one, item) for one in value)
    options = getattr(item, "options", None) or {}
    if isinstance(value, str) and value in options:
        return str(options[value].text("sv"))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int) and getattr(item, "type", "") == "money":
        return money(value)
    return str(value)


def labelled(
    values: Mapping[str, object], items: Iterable[Item]
) -> tuple[tuple[str, str, str], ...]:
    """(field, name, value) of what is filled in, in the guideline's order."""
    known = {item.id: item for item in items}
    order = [*(id for id in known if id in values), *(id for id in values if id not in known)]
    return tuple(
        (id, known[id].label.text("sv") if id in known else id, words)
        for id in order
        if (words := value_in_words(values[id], known.get(id)) if values[id] is not None else "")
    )
