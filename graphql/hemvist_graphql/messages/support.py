"""What stands in the way of plans, commissions and reports, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

SUPPORT: Mapping[str, tuple[str, str]] = {
    "plan_draft_exists": (
        "Ett utkast till plan är redan påbörjat. Fortsätt på det, eller kasta det först.",
        "A draft of the plan is begun already. Go on with it, or throw it away first.",
    ),
    "plan_signed": (
        "Någon har skrivit under planen som den står. Kasta utkastet och gör ett nytt.",
        "Somebody has signed the plan as it stands. Throw the draft away and make another.",
    ),
    "plan_is_signed": (
        "Parterna skriver under den här planen. Den gäller när alla har gjort det.",
        "The parties sign this plan. It holds when all of them have.",
    ),
    "plan_not_draft": ("Planen är inget utkast längre.", "The plan is no draft any more."),
    "plan_not_in_force": ("Planen gäller inte nu.", "The plan does not hold now."),
    "party_has_signed": (
        "Den parten har redan skrivit under.",
        "That party has signed already.",
    ),
    "no_own_headings": (
        "Riktlinjen säger vad planen ska innehålla. Egna rubriker går inte att lägga till.",
        "The guideline says what the plan holds. Headings of your own cannot be added.",
    ),
    "not_routed": (
        "I det här programmet väljer handläggaren utförare direkt.",
        "In this programme the caseworker chooses the provider directly.",
    ),
    "support_not_routed": (
        "Samordnaren ska först avgöra om stödet ges i egen regi eller av en upphandlad utförare.",
        "The coordinator first decides whether the support is given by the kommun or a procured "
        "provider.",
    ),
    "other_regime": (
        "Samordnaren har avgjort något annat. Välj en utförare av det slaget.",
        "The coordinator has decided otherwise. Choose a provider of that kind.",
    ),
    "not_active": (
        "Utföraren tar inte emot nya uppdrag.",
        "The provider takes no new commissions.",
    ),
    "commission_exists": (
        "Ett uppdrag är redan påbörjat eller pågår i ärendet.",
        "A commission has been begun or runs in the case already.",
    ),
    "commission_running": (
        "Uppdraget är redan skickat. Avsluta det innan en annan utförare väljs.",
        "The commission has been sent. End it before another provider is chosen.",
    ),
    "commission_routed": (
        "Utföraren är inte vald än.",
        "The provider has not been chosen yet.",
    ),
    "commission_draft": ("Uppdraget är inte skickat än.", "The commission has not been sent yet."),
    "commission_sent": ("Uppdraget är redan skickat.", "The commission has been sent already."),
    "commission_ended": ("Uppdraget är avslutat.", "The commission has ended."),
    "commission_withdrawn": (
        "Uppdraget är tillbakadraget.",
        "The commission has been withdrawn.",
    ),
    "commission_contents_missing": (
        "Uppdraget saknar något som riktlinjen kräver.",
        "The commission lacks something that the guideline requires.",
    ),
    "commission_hinders_closing": (
        "Ett uppdrag till en stödutförare pågår. Avsluta det först.",
        "A commission to a support provider runs. End it first.",
    ),
    "support_goes_on": (
        "Uppdraget kan inte avslutas nu: stödet fortsätter enligt riktlinjen.",
        "The commission cannot be ended now: by the guideline the support goes on.",
    ),
    "no_commission": (
        "Programmet har inga uppdrag till stödutförare.",
        "The programme has no commissions to support providers.",
    ),
    "no_reports": (
        "Riktlinjen frågar inte efter några månadsuppföljningar.",
        "The guideline asks for no monthly reports.",
    ),
    "no_report_due": (
        "Ingen månadsuppföljning ska skrivas till den dagen.",
        "No monthly report is to be written for that day.",
    ),
    "report_contents_missing": (
        "Uppföljningen saknar något som mallen kräver.",
        "The report lacks something that the template requires.",
    ),
    "report_draft": ("Uppföljningen är inte skickad än.", "The report has not been sent yet."),
    "report_sent": ("Uppföljningen är redan skickad.", "The report has been sent already."),
    "report_received": ("Uppföljningen är redan läst.", "The report has been read already."),
}
