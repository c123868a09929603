"""Refusals of acts on a contract that runs, its home, its offers and takeover: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

HOMES: Mapping[str, tuple[str, str]] = {
    # Contracts
    "after_head_lease": (
        "Kommunen hyr bostaden till {latest}. Kontraktet måste upphöra senast då.",
        "The kommun has the home until {latest}; the contract ends by then.",
    ),
    "before_head_lease": (
        "Kommunen hyr bostaden från {earliest}. Kontraktet kan inte börja dessförinnan.",
        "The kommun has the home from {earliest}; the contract begins no earlier.",
    ),
    "before_told": (
        "Den nya hyran gäller tidigast den dag då hyresgästen fick veta den.",
        "The new rent holds from the day on which the tenant was told of it, or later.",
    ),
    "began": (
        "Kontraktet hade redan börjat den dagen. Välj ett annat skäl.",
        "The contract had begun by that day. Choose another reason.",
    ),
    "not_asked": (
        "Riktlinjen frågar inte efter frånvaro.",
        "The guideline does not ask for absence.",
    ),
    "notice_on_contract": (
        "Hyresavtalet finns här. Registrera uppsägningen på avtalets sida.",
        "The lease is kept here. Register the notice on the lease's page.",
    ),
    "contract_notice_given": (
        "Kontraktet är uppsagt sedan {day} och kan inte förlängas.",
        "Notice of the contract was given on {day}, so its term cannot be extended.",
    ),
    "head_lease_ended": ("Hyresavtalet har upphört.", "The lease has ended."),
    "no_sublease": (
        "Ett avstående hör till ett andrahandskontrakt.",
        "A waiver belongs to a sublease.",
    ),
    "no_notice": ("Ingen uppsägning är registrerad.", "No notice is registered."),
    "no_term": (
        "Kontraktet gäller tills vidare och har ingen bestämd tid.",
        "The contract holds until further notice and has no term.",
    ),
    "notice_needed": (
        "Ett kontrakt på mer än nio månader upphör inte utan uppsägning.",
        "A contract of more than nine months does not end without notice.",
    ),
    "partner_known": (
        "I hushållet finns en make eller sambo. Ange om hen godtar avståendet.",
        "The household has a spouse or partner. Say whether they accept the waiver.",
    ),
    "rent_known": (
        "Det finns redan en ändrad hyra från den dagen.",
        "There is a changed rent from that day already.",
    ),
    "several_landlords": (
        "Ett hyresavtal omfattar bostäder från en och samma hyresvärd.",
        "A lease has homes of one landlord.",
    ),
    "sublease_running": (
        "Ett andrahandskontrakt i avtalet löper fortfarande. Avsluta det först.",
        "A sublease within the lease still runs. End it first.",
    ),
    "term_has_run_out": (
        "Den bestämda tiden gick ut {latest}. Förlängningen ska vara undertecknad senast då.",
        "The term ran out on {latest}; the extension is signed by then.",
    ),
    "unit_let": (
        "Kommunen hyr själv bostaden i första hand.",
        "The kommun rents the home first-hand itself.",
    ),
    # Keys and inspections
    "after_handing": (
        "Villkoren ska vara överenskomna senast den dag då nyckeln lämnas ut.",
        "The terms are agreed by the day on which the key is handed out.",
    ),
    "more_than_out": (
        "Så många är inte ute. Av den nyckeln har den som anges {out}.",
        "There are not that many out. Of that key the one named has {out}.",
    ),
    "file_known": (
        "Samma fil finns redan här.",
        "The same file is here already.",
    ),
    "media_type": (
        "Filen ska vara en bild (JPEG eller PNG) eller en PDF.",
        "The file has to be a picture (JPEG or PNG) or a PDF.",
    ),
    # Offers, matching and the landlord's choice
    "excluded_already": (
        "Det är redan undantaget för hushållet.",
        "It is excluded for the household already.",
    ),
    "lifted_already": ("Undantaget är redan hävt.", "The exclusion was lifted before."),
    "home_excluded": (
        "Bostaden är undantagen för hushållet.",
        "The home is excluded for the household.",
    ),
    "home_does_not_fit": (
        "Bostaden passar inte det hushållet behöver.",
        "The home does not fit what the household needs.",
    ),
    "no_landlord_choice": (
        "Enligt riktlinjen väljer hyresvärden inte bland flera hushåll.",
        "The guideline gives the landlord no choice among households.",
    ),
    "nothing_to_override": (
        "Erbjudandet har ingen följd att ändra.",
        "Nothing follows on the offer.",
    ),
    "one_answer": (
        "Enligt riktlinjen svarar bara förvaltningen på erbjudandet.",
        "The guideline asks the department alone.",
    ),
    "presentation_answered": (
        "Hyresvärden har redan svarat, eller så är presentationen tillbakadragen.",
        "The landlord has answered, or the presentation is withdrawn.",
    ),
    "presented_already": (
        "Hushåll är redan presenterade för bostaden.",
        "Households are presented for the home already.",
    ),
    "presented_at_a_time": (
        "Så många hushåll får inte presenteras samtidigt.",
        "That many households may not be presented at a time.",
    ),
    "referral_ended": ("Remissen gäller inte längre.", "The referral has ended."),
    "run_expired": (
        "Matchningen är för gammal. Kör den igen.",
        "The matching is too old. Run it again.",
    ),
    "viewing_held": ("Visningen är redan hållen.", "The viewing has been held."),
    # Takeovers
    "absence_registered": (
        "Det finns frånvaro registrerad. Då räknas dagarna därifrån.",
        "An absence is registered. The days are counted from it.",
    ),
    "absence_ended": ("Frånvaron har redan upphört.", "The absence has ended."),
    "after_start": (
        "Dagen får inte ligga efter den dag då avtalet börjar.",
        "The day may not be after the lease begins.",
    ),
    "negative": ("Ange ett belopp som inte är negativt.", "Give an amount that is not negative."),
    "no_later": (
        "Den nya dagen måste ligga efter den som gäller nu.",
        "The new day has to be later than the one that holds now.",
    ),
    "no_takeover": ("Programmet har ingen överlåtelse.", "The programme has no takeover."),
    "owner_has_not_agreed": (
        "Fastighetsägaren har inte sagt ja, och hyresnämnden har inte gett tillstånd.",
        "The owner has not agreed, nor has the tribunal given leave.",
    ),
    "step_taken": ("Steget är redan taget.", "The step has been taken."),
    "takeover_state": (
        "Överlåtelsen har kommit till ett annat läge. Läs in sidan igen.",
        "The takeover is in another state. Load the page again.",
    ),
    # Sheets for the applicant
    "version_missing": (
        "Den version av riktlinjen som bedömningen vilar på är inte installerad.",
        "The version of the guideline that the assessment rests on is not installed.",
    ),
}
