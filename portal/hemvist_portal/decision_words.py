"""Words for what follows a decision: who decides, telling, appeals, carrying out."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

DECISION_LABELS: Mapping[str, Mapping[str, str]] = {
    "decision_level": {
        "caseworker": _("handläggare enligt delegation"),
        "manager": _("chef"),
        "board": _("nämnden"),
    },
    "alter_ground": {
        "own_request": _("Personen vill det själv"),
        "need_ceased": _("Behovet har upphört (HFD 2019:63)"),
        "reservation": _("Förbehåll i beslutet (FL 37 §)"),
        "open_ended": _("Ändrade förhållanden, beslut tills vidare (SoL 14:9)"),
        "misleading": _("Oriktiga eller vilseledande uppgifter (FL 37 §)"),
        "safety": _("Tvingande säkerhetsskäl (FL 37 §)"),
    },
    "notified_how": {
        "letter": _("Brev"),
        "handed_over": _("Överlämnat personligen"),
        "registered_letter": _("Rekommenderat brev"),
        "digital_mail": _("Digital post"),
        "served": _("Delgivning"),
        "told": _("Muntligen"),
    },
    "received_how": {
        "letter": _("Brev"),
        "email": _("E-post"),
        "e_service": _("E-tjänst"),
        "handed_in": _("Inlämnat"),
        "told": _("Muntligen"),
    },
    "appeal_state": {
        "received": _("Inkommet, rättidsprövning väntar"),
        "accepted": _("Prövas"),
        "dismissed": _("Avvisat"),
        "lapsed": _("Beslutet ändrat som begärt"),
        "forwarded": _("Hos domstolen"),
        "remanded": _("Återförvisat, nytt beslut väntar"),
        "settled": _("Avgjort"),
        "withdrawn": _("Återkallat"),
    },
    "late_ground": {
        "wrong_information": _("Kommunen gav fel upplysning"),
        "came_in_time_elsewhere": _("Kom i tid till domstolen"),
    },
    "reconsideration": {
        "unchanged": _("Beslutet ändras inte"),
        "changed_as_asked": _("Ändras så som begärts"),
        "changed_in_part": _("Ändras delvis"),
    },
    "court_outcome": {
        "rejected": _("Avslag"),
        "granted": _("Bifall"),
        "granted_in_part": _("Delvis bifall"),
        "remanded": _("Återförvisning"),
        "dismissed": _("Avvisning"),
        "struck_out": _("Avskrivning"),
    },
    "effort_kind": {
        "searched_for_home": _("Sökt bostad"),
        "contacted_landlord": _("Kontaktat hyresvärd"),
        "contacted_person": _("Kontaktat personen"),
        "other_support_given": _("Gett annat stöd under tiden"),
        "other": _("Annat"),
    },
    "obstacle": {
        "no_suitable_home": _("Lämplig bostad saknas"),
        "declined_offer": _("Har tackat nej till erbjudande"),
        "needs_changed": _("Behovet har ändrats"),
        "wants_to_wait": _("Personen vill vänta"),
        "resources": _("Resurser saknas"),
        "other": _("Annat"),
    },
    "execution_report_state": {
        "requested": _("Görs i ordning"),
        "ready": _("Klar att skicka"),
        "sent": _("Skickad"),
    },
}
