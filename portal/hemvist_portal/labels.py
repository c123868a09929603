"""Words for the core's own codes: states, roles, levels. What a pack names, the pack words."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.policy_words import POLICY_ACTIONS, POLICY_FLASHES, POLICY_LABELS
from hemvist_portal.wording import mark as _

#: (group, code) → Swedish source string.
LABELS: Mapping[str, Mapping[str, str]] = {
    **POLICY_LABELS,
    "case_state": {"open": _("Pågår"), "closed": _("Avslutat")},
    "referral_state": {
        "draft": _("Utkast"),
        "submitted": _("Skickad"),
        "returned": _("Återsänd för komplettering"),
        "registered": _("Registrerad"),
        "extended": _("Förlängd"),
        "expired": _("Har löpt ut"),
        "withdrawn": _("Återkallad"),
        "fulfilled": _("Uppfylld"),
    },
    "decision_state": {
        "proposed": _("Förslag, väntar på beslut"),
        "decided": _("Beslutat"),
        "returned": _("Återsänt"),
    },
    "decision_kind": {
        "support_to_obtain_housing": _("Stöd till bostadsanskaffning"),
        "housing": _("Bostadssocialt boende"),
    },
    "decision_outcome": {"granted": _("Bifall"), "refused": _("Avslag")},
    "offer_state": {
        "made": _("Väntar på svar"),
        "accepted": _("Accepterat"),
        "declined": _("Avböjt"),
        "withdrawn": _("Återtaget"),
        "expired": _("Har gått ut"),
    },
    "contract_state": {"signed": _("Gäller"), "ended": _("Avslutat")},
    "contract_kind": {
        "sublease": _("Andrahandskontrakt"),
        "first_hand": _("Förstahandskontrakt"),
    },
    "guarantee_state": {"active": _("Gäller"), "ended": _("Avslutad")},
    "obligation_state": {
        "open": _("Ska göras"),
        "done": _("Klar"),
        "cancelled": _("Behövs inte längre"),
    },
    "plan_state": {"agreed": _("Gäller"), "replaced": _("Ersatt")},
    "unit_state": {
        "vacant": _("Ledig"),
        "offered": _("Erbjuden"),
        "reserved": _("Reserverad"),
        "let": _("Uthyrd"),
        "returned": _("Återlämnad"),
    },
    "unit_source": {
        "owner_agreement": _("Avtal med fastighetsägare"),
        "own_rental": _("Kommunens egen hyresfastighet"),
        "rented_in": _("Inhyrd hyreslägenhet"),
        "tenant_owned": _("Kommunens bostadsrätt"),
        "freehold": _("Kommunens äganderätt"),
    },
    "party": {
        "referring": _("Remitterande förvaltning"),
        "property": _("Fastighetssidan"),
        "landlord": _("Fastighetsägaren"),
        "resident": _("Den boende"),
        "manager": _("Chefen"),
        "caseworker": _("Handläggaren"),
        "support_worker": _("Stödpersonen"),
        "cooperation_group": _("Samverkansgruppen"),
        "coordinator": _("Samordnaren"),
        "economic_assistance": _("Ekonomiskt bistånd"),
        "social_board": _("Socialnämnden"),
    },
    "notice_ground": {
        "misconduct": _("Misskötsamhet"),
        "especially_serious": _("Särskilt allvarlig misskötsamhet"),
        "arrears": _("Hyresskuld"),
        "support_ended": _("Insatsen har upphört"),
        "other": _("Annat"),
    },
    "closing": {
        "own_home": _("Hushållet har fått en bostad genom programmet"),
        "own_lease": _("Hushållet har ett eget hyreskontrakt"),
        "moved_in_with_someone": _("Flyttat ihop med någon"),
        "moved_away": _("Flyttat från kommunen"),
        "no_longer_needed": _("Behovet finns inte längre"),
        "refused": _("Ansökan är avslagen"),
        "support_ended": _("Insatsen är avslutad"),
        "deceased": _("Personen har avlidit"),
        "other": _("Annat"),
    },
    "member_role": {
        "applicant": _("Sökande"),
        "partner": _("Make, maka eller sambo"),
        "child": _("Barn"),
        "other": _("Annan i hushållet"),
    },
    "protection": {
        "none": _("Inget skydd"),
        "secrecy_mark": _("Sekretessmarkering"),
        "protected_registration": _("Skyddad folkbokföring"),
        "fictitious": _("Fingerade personuppgifter"),
        "unknown": _("Inte kontrollerat"),
    },
    "number_kind": {"personal": _("Personnummer"), "coordination": _("Samordningsnummer")},
    "signature": {
        "resident": _("Den boende"),
        "manager": _("Närmaste chef"),
        "caseworker": _("Handläggaren"),
        "property": _("Fastighetsförvaltningen"),
    },
    "outcome": {"true": _("Ja"), "false": _("Nej"), "unknown": _("Fråga återstår")},
    "role": {
        "caseworker": _("Handläggare"),
        "department_manager": _("Chef"),
        "property_officer": _("Bostadshandläggare"),
        "support_worker": _("Boendestödjare"),
        "transfer_coordinator": _("Samordnare för skyddade flyttar"),
        "policy_officer": _("Regelansvarig"),
        "log_reviewer": _("Logggranskare"),
        "steering": _("Styrgrupp"),
        "tenant_admin": _("Administratör"),
        "landlord_agent": _("Hyresvärdens ombud"),
        "operator": _("Driftansvarig"),
    },
    "replay": {
        "same": _("Prövningen kan upprepas: samma svar under version {version}."),
        "differs": _("Prövningen ger inte samma svar under version {version}."),
        "version_missing": _(
            "Version {version} finns inte längre, så prövningen kan inte upprepas."
        ),
        "not_kept": _("Prövningen är från tiden innan svaren sparades med sina uppgifter."),
    },
    "difference": {
        "record": _("de sparade uppgifterna har ändrats i efterhand"),
        "answer": _("regelmotorn svarar något annat på samma uppgifter"),
        "question": _("versionen tar inte längre emot uppgifterna"),
        "outcome": _("utfallet är ändrat i efterhand"),
        "trace": _("vägen till svaret är ändrad i efterhand"),
        "version": _("versionen är ändrad i efterhand"),
        "day": _("dagen är ändrad i efterhand"),
        "rule": _("regeln är ändrad i efterhand"),
    },
    "sheet_state": {
        "met": _("Uppfyllt"),
        "not_met": _("Inte uppfyllt"),
        "not_known": _("Inte känt än"),
        "not_needed": _("Behövs inte"),
    },
    "sheet_exception": {
        "met": _("Undantaget gäller"),
        "not_met": _("Undantaget gäller inte"),
        "not_known": _("Inte känt än"),
        "not_needed": _("Behövs inte"),
    },
    "fact_kind": {
        "asked": _("svar"),
        "assessment": _("bedömning"),
        "derived": _("ur registret"),
        "param": _("regelns värde"),
    },
    "order": {
        "assessment": _("Utredning"),
        "support": _("Beslut om stöd"),
        "referral": _("Remiss"),
        "offer": _("Erbjudande"),
        "viewing": _("Visning"),
        "contract": _("Kontrakt"),
        "guarantee": _("Hyresgaranti"),
        "move_in": _("Inflyttning"),
        "housing": _("Beslut om boendet"),
        "follow_up": _("Uppföljning"),
    },
    "missing": {
        "missing": _("saknas"),
        "invalid": _("går inte att godta"),
        "undetermined": _("beror på en fråga som inte är besvarad"),
    },
    "unit": {"months": _("månader"), "days": _("dagar"), "money_ore": _("kr")},
    #: What a right is called when somebody lacks it.
    "action": {
        "household.register": _("registrera hushåll"),
        "household.read": _("läsa uppgifter om hushållet"),
        "case.open": _("öppna ärenden"),
        "case.read": _("läsa ärendet"),
        "assessment.answer": _("svara på utredningens frågor"),
        "assessment.conclude": _("avsluta en bedömning"),
        "referral.draft": _("skriva remisser"),
        "referral.record_resident_signature": _("registrera den boendes underskrift"),
        "referral.sign_as_manager": _("skriva under remissen som chef"),
        "referral.submit": _("skicka remissen"),
        "referral.withdraw": _("återkalla remissen"),
        "referral.extend": _("förlänga remissen"),
        "referral.register": _("registrera remissen"),
        "referral.return": _("återsända remissen"),
        "decision.propose": _("föreslå beslut"),
        "decision.decide": _("fatta beslut"),
        "unit.read": _("se bostäder"),
        "unit.register": _("registrera bostäder"),
        "offer.make": _("erbjuda en bostad"),
        "offer.answer": _("svara på erbjudanden"),
        "contract.sign": _("registrera kontrakt"),
        "guarantee.issue": _("utfärda hyresgarantier"),
        "follow_up.record": _("registrera uppföljningar"),
        "milestone.record": _("registrera händelser"),
        "support_plan.agree": _("upprätta boendeplaner"),
        "policy.read": _("läsa regelverket"),
        **POLICY_ACTIONS,
    },
}

#: What the reader is told after a command. The cookie carries the code only.
FLASHES: Mapping[str, str] = {
    "household_registered": _("Hushållet är registrerat."),
    "protection_set": _("Skyddsnivån är sparad."),
    "case_opened": _("Ärendet är öppnat."),
    "answers_saved": _("Svaren är sparade och villkoren prövade på nytt."),
    "nothing_changed": _("Inget svar var ändrat."),
    "assessment_concluded": _("Bedömningen är sparad."),
    "referral_drafted": _("Remissen är sparad som utkast."),
    "referral_revised": _("Remissen är sparad."),
    "resident_signed": _("Den boendes underskrift är registrerad."),
    "manager_signed": _("Du har skrivit under remissen."),
    "referral_submitted": _("Remissen är skickad."),
    "referral_registered": _("Remissen är registrerad."),
    "referral_returned": _("Remissen är återsänd för komplettering."),
    "referral_completed": _("Ett nytt utkast är gjort av den återsända remissen."),
    "referral_extended": _("Remissen är förlängd."),
    "referral_withdrawn": _("Remissen är återkallad."),
    "decision_proposed": _("Förslaget väntar nu på beslut."),
    "decision_decided": _("Beslutet är fattat."),
    "decision_returned": _("Förslaget är återsänt."),
    "unit_registered": _("Bostaden är registrerad."),
    "offer_made": _("Bostaden är erbjuden till den remitterande förvaltningen."),
    "offer_accepted": _("Erbjudandet är accepterat."),
    "offer_declined": _("Erbjudandet är avböjt."),
    "offer_withdrawn": _("Erbjudandet är återtaget."),
    "contract_signed": _("Kontraktet är registrerat."),
    "follow_up_recorded": _("Uppföljningen är registrerad."),
    "case_closed": _("Ärendet är avslutat."),
    "milestone_recorded": _("Händelsen är registrerad."),
    "notice_read": _("Notisen är markerad som läst."),
    **POLICY_FLASHES,
}


def source(group: str, code: str | None) -> str:
    """The Swedish source string for ``code`` of ``group``; the code itself when it has none."""
    if not code:
        return ""
    return LABELS[group].get(str(code).lower(), str(code))


def work_groups() -> tuple[tuple[str, str], ...]:
    """Groups of today's work, most pressing first: the API's field and its heading."""
    return (
        ("overdue", _("Försenat")),
        ("dueSoon", _("Snart dags")),
        ("toSign", _("Att skriva under")),
        ("toDecide", _("Att besluta")),
        ("toRegister", _("Att registrera")),
        ("toAnswer", _("Erbjudanden att svara på")),
        ("drafts", _("Påbörjat")),
    )
