"""What caseworkers wrote: answers, referrals, motivations and plans of the demo cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from hemvist.assessments.service import NewAnswer
from hemvist_infra.demo.population import PlannedHousehold

_SOURCES = ("samtal med den sökande", "samtal", "handling från den sökande", "register")
_REASONS = (
    "Framkom i samtal och stöds av handlingarna i ärendet.",
    "Bedömt tillsammans med kollega efter två samtal.",
    "Den sökande har berättat om detta och visat underlag.",
    "Bedömt efter hembesök och kontakt med boendestödet.",
)
_GROUPS = {
    "SOF-VUX": ["addiction"],
    # The second holds also when the children of the population have grown up.
    "SOF-BUF": ["family_measures", "mental_ill_health"],
    "AMF": ["refused_for_economy"],
    "VOF": ["disability"],
}
_DEPARTMENT: dict[str, dict[str, Any]] = {
    "SOF-VUX": {"psychosocial_needs": True},
    "SOF-BUF": {"placed_children_returning": False},
    "AMF": {
        "has_economic_assistance": True,
        "homeless_for_economic_reasons": True,
        "lacks_economic_means": True,
        "needs_extensive_support": False,
    },
    "VOF": {"long_term_care_need": True, "special_housing_applicable": False},
}
MOTIVATIONS = (
    "Behovet av bostad kan inte tillgodoses på annat sätt. Insatsen är skälig efter en samlad bedömning.",
    "Egna möjligheter är uttömda, och hushållet klarar ett eget boende med det stöd som planeras.",
    "Hushållet saknar bostad och möter flera hinder på bostadsmarknaden. Stödet bedöms vara nödvändigt.",
)
REFUSALS = (
    "Behovet kan tillgodoses genom det boende som den sökande nu har.",
    "Den sökande har tackat ja till en annan boendeinsats, som motsvarar behovet.",
)
APPEAL = "Vill ha en egen bostad. Kan inte bo kvar hos sin bror längre än till årsskiftet."
UNCHANGED = "Inget nytt har kommit fram som ändrar bedömningen."
JUDGMENT = "Förvaltningsrätten har funnit att behovet inte är tillgodosett på annat sätt."
CLAIM_APPROVED = "Hyran är obetald, och garantin gäller för månaden."
INSTALMENTS = "Överenskommet vid möte med budget- och skuldrådgivaren."
TWO_RENTS = "Två månadshyror är obetalda trots påminnelser och samtal."
PAY = "Betala de två hyror som har förfallit, eller kom överens om en plan."
FORFEITED = "Hyresrätten är förverkad genom dröjsmål med hyran (JB 12:42)."
DEBT_PAID = "Hela skulden är betald, med stöd av budget- och skuldrådgivaren."
PAYS_AGAIN = "Hyran har kommit i tid sedan skulden betalades."
THREAT = "Hot från en tidigare partner, som vet var hushållet har bott. Polisanmält."
EVICTED = "Avhysningen är verkställd."
CHILD_ASSESSMENT = (
    "Barnen behöver ett stadigvarande hem nära skola och umgänge. "
    "De har själva fått berätta hur de har det."
)
RETURNED = (
    "Beskriv vilka egna försök som har gjorts i andra kommuner.",
    "Komplettera med hur stödet i boendet ska ges.",
)
COMPLETION = (
    "Ange hur stor bostad som behövs och om det finns områden att undvika.",
    "Skuldbilden är från i våras. Komplettera med aktuella uppgifter.",
)


def answers(
    household: PlannedHousehold, dice: Random, *, guarantee: bool, entitled: bool
) -> dict[str, Any]:
    """Every answer that the household's rules can need, by fact."""
    debts = 0 if guarantee or dice.random() < 0.4 else dice.randrange(5_000, 120_000, 500) * 100
    given: dict[str, Any] = {
        "current_housing": dice.choice(("no_home", "with_others", "no_home")),
        "lacks_roof": True,
        "has_own_contract": False,
        "need_met_otherwise": not entitled,
        "assistance_reasonable": entitled or dice.random() < 0.5,
        "manages_home": "alone" if guarantee else dice.choice(("alone", "with_support")),
        "combined_difficulties": True,
        "debts_ore": debts,
        "own_ways_exhausted": True,
        "searched_other_kommuner": True,
        "searched_second_hand": True,
        "has_guarantor": False,
        "vulnerable_groups": _GROUPS[household.department],
        **_DEPARTMENT[household.department],
        "has_contact_children": False,
        "manages_first_hand_lease": guarantee,
        "needs_adapted_home": False,
        "has_unsuitable_area": dice.random() < 0.1,
        "has_other_contacts": dice.random() < 0.1,
    }
    if debts:
        given |= {
            "rent_debts_ore": debts // 4,
            "large_debts": debts > 5_000_000,
            "social_obstacles": True,
            "low_debts": False,
        }
    if household.children:
        given |= {
            "child_perspective_weighed": True,
            "child_consequences_weighed": True,
            "child_needs_weighed": True,
        }
    if not entitled:
        given["other_measure_assessed"] = True
    if household.applicant.registered_kommun is None:
        given["registered_kommun"] = "1283"
    elif household.applicant.registered_kommun != "1283":
        given["crime_victim_other_kommun"] = True
    return given


def as_answers(given: dict[str, Any], dice: Random, **more: Any) -> list[NewAnswer]:
    """The answers with a reason and a source each."""
    return [
        NewAnswer(fact, value, dice.choice(_REASONS), dice.choice(_SOURCES), **more)
        for fact, value in given.items()
    ]


def referral(household: PlannedHousehold, given: dict[str, Any], dice: Random) -> dict[str, Any]:
    """Whole content of a referral but for what the decision fills in."""
    children = household.children
    adults = len(household.members) - children
    who = "En vuxen" if adults == 1 else "Två vuxna"
    along = f" och {children} barn" if children else ""
    content = {
        "household": f"{who}{along}.",
        "home_size": f"{max(1, adults + (children + 1) // 2)} rum och kök.",
        "present_housing": dice.choice(
            (
                "Bor tillfälligt hos en släkting, som längst ett par veckor till.",
                "Sover hos olika bekanta och i perioder på härbärge.",
                "Utan bostad sedan det senaste andrahandskontraktet gick ut.",
            )
        ),
        "housing_history": dice.choice(
            (
                "Hade hyresrätt i flera år, som sades upp för obetald hyra. Därefter tillfälliga lösningar.",
                "Har bott i andra hand på fyra adresser under tre år.",
                "Växlat mellan behandlingshem och boende hos anhöriga.",
            )
        ),
        "housing_support": dice.choice(
            (
                "Boendestöd två gånger i veckan.",
                "Boendestöd en gång i veckan och stöd med ekonomin.",
                "Hembesök varannan vecka.",
            )
        ),
        "means_of_support": dice.choice(
            (
                "Ekonomiskt bistånd.",
                "Sjukersättning.",
                "Lön från en deltidsanställning.",
                "Aktivitetsersättning.",
            )
        ),
        "debt_picture": (
            f"Skulder om {given['debts_ore'] // 100} kronor, med avbetalningsplan."
            if given["debts_ore"]
            else "Inga skulder."
        ),
    }
    if children:
        content["school"] = (
            "Går i förskola och skola i närheten och vill gärna bo kvar i samma del av staden."
        )
    if given.get("has_unsuitable_area"):
        content["unsuitable_area"] = "Området kring den tidigare bostaden."
    if given.get("has_other_contacts"):
        content["other_contacts"] = "God man sköter ekonomin."
    return content


def plan(dice: Random) -> dict[str, Any]:
    """A boendeplan with everything that the guideline wants in it."""
    return {
        "way_forward": "Söka bostad hos flera värdar och bygga upp goda referenser under tiden.",
        "to_work_on": dice.choice(
            (
                "Betala hyran i tid varje månad.",
                "Sköta tvättstuga och sopor efter husets ordning.",
                "Hålla kontakten med boendestödet också när det är svårt.",
            )
        ),
        "support_needs": dice.choice(
            (
                "Påminnelser om post och räkningar.",
                "Stöd att planera veckan.",
                "Stöd i kontakt med grannar.",
            )
        ),
        "matches_decision": True,
        "goal_own_lease": True,
        "sub_goals": "Avbetalningsplan klar inom ett halvår. Bostadskö anmäld.",
        "follow_up_how": "Hembesök tillsammans med den boende.",
        "follow_up_when": "Var tredje månad.",
        "housing_support": "Boendestöd en till två gånger i veckan.",
    }


NOTES = (
    "Trivs och har lärt känna grannarna. Inget att anmärka på lägenheten.",
    "Hyran är betald i tid. Vi gick igenom planen och flyttade fram ett delmål.",
    "Klagomål om hög musik en gång, löst i samtal. I övrigt gott.",
    "Behöver mer stöd med ekonomin. Ny tid med budgetrådgivare bokad.",
)

_DUTIES = (
    *("home_and_bills", "health", "social_contacts", "authorities", "report_events"),
    *("monthly_follow_up", "goal"),
)
COMMISSION: Mapping[str, Any] = {
    "wishes": "Vill ha besök på förmiddagen, och hjälp att öppna posten varje vecka.",
    **dict.fromkeys(_DUTIES, True),
}

REPORT: Mapping[str, Any] = {
    "meetings": 5,
    "plan_progress": "Har gått till vårdcentralen som planerat. Avbetalningen av skulden är beviljad.",
    "home_and_bills": "Hyran är betald. Lägenheten är i ordning.",
    "participants_view": "Nöjd med besöken, vill gärna ha dem på tisdagar.",
    "next_month": "Besök hos skuldrådgivaren, och anmälan till en studiecirkel.",
}

IMPLEMENTATION_PLAN: Mapping[str, Any] = {
    "formulated_by_participant": True,
    "own_goals": "Är van att laga mat och ta hand om sig själv. Behöver hjälp med posten och ekonomin.",
    "how_and_when": "Besök på tisdagar klockan 10, och samtal i telefon när som helst på dagen.",
    "worksheet": True,
}

OWN_WORDS = (
    "Jag vill att det ska vara lugnt hemma, och att jag ska kunna bjuda hem min syster till jul."
)

GOALS: Sequence[Mapping[str, Any]] = (
    {
        "goal": "Hyran är betald i tid varje månad",
        "how": "Autogiro, och vi tittar på kontot tillsammans den 25:e.",
        "parts": (
            {"goal": "Autogiro är anmält", "state": "reached"},
            {"goal": "Avbetalningsplan för den gamla skulden", "state": "under_way"},
        ),
    },
    {
        "goal": "Någonting att gå till varje vecka",
        "how": "Studiecirkel eller verkstad; stödpersonalen följer med första gången.",
        "parts": ({"goal": "Besöka två ställen och välja ett", "state": "open"},),
    },
)

#: The monthly look at a flat, filled in.
FLAT: Mapping[str, Any] = {
    "condition": "good",
    "to_report": "",
    **dict.fromkeys(
        ("cleaning", "kitchen_and_bath", "smoke_alarm", "shared_rooms", "neighbours", "rent_paid"),
        True,
    ),
}
