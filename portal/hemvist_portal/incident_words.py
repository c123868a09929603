"""Words for incidents in a home and their clocks."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

INCIDENT_LABELS: Mapping[str, Mapping[str, str]] = {
    "incident_kind": {
        "complaint": _("Klagomål"),
        "disturbance": _("Störning"),
        "neglect": _("Vanvård av bostaden"),
        "arrears": _("Obetald hyra"),
        "other": _("Annat"),
    },
    "reported_by": {
        "landlord": _("Hyresvärden"),
        "neighbour": _("En granne"),
        "patrol": _("Störningsjouren"),
        "staff": _("Kommunens personal"),
    },
    "channel": {
        "phone": _("Telefon"),
        "email": _("E-post"),
        "letter": _("Brev"),
        "meeting": _("Möte"),
        "visit": _("Besök"),
        "other": _("På annat sätt"),
        "portal": _("I hyresvärdens inloggning"),
    },
    "severity": {
        "minor": _("Mindre allvarlig"),
        "serious": _("Allvarlig"),
        "especially_serious": _("Särskilt allvarlig"),
    },
    "incident_state": {"open": _("Pågår"), "closed": _("Avslutad")},
    "incident_outcome": {
        "corrected": _("Rättat av den boende"),
        "measures": _("Åtgärdat"),
        "ladder": _("Vidare till rättelseanmaning eller senare steg"),
        "moved_out": _("Hushållet har flyttat"),
        "unfounded": _("Ogrundat"),
        "duplicate": _("Samma som en annan anmälan"),
    },
    "incident_action": {
        "assessed": _("Bedömning"),
        "shared": _("Lämnad till fastighetssidan"),
        "called_out": _("Utryckning till bostaden"),
        "talked": _("Samtal med den boende"),
        "visited": _("Hembesök"),
        "support_contacted": _("Kontakt med stödpersonalen"),
        "landlord_contacted": _("Kontakt med hyresvärden"),
        "neighbours_contacted": _("Kontakt med grannar"),
        "inspected": _("Besiktning"),
        "repaired": _("Reparation"),
        "child_protection": _("Orosanmälan för barn"),
        "other": _("Annat"),
    },
    "secrecy_ground": {
        "consent": _("Samtycke från hushållet (OSL 10:1)"),
        "necessity": _("Nödvändigt för vår egen uppgift (OSL 10:2)"),
    },
    "clock_state": {
        "running": _("Löper"),
        "kept": _("Hållen"),
        "late": _("För sent"),
        "cancelled": _("Borttagen"),
    },
}

INCIDENT_FLASHES: Mapping[str, str] = {
    "incident_reported": _("Anmälan är registrerad och dess tidsgränser löper."),
    "incident_assessed": _("Bedömningen är sparad."),
    "incident_acted_on": _("Det som gjorts är registrerat."),
    "incident_shared": _("Fastighetssidan har fått veta att händelsen finns."),
    "landlord_told": _("Återkopplingen till hyresvärden är registrerad."),
    "incident_closed": _("Händelsen är avslutad."),
    "clock_answered": _("Tidsgränsen är besvarad."),
    "clock_cancelled": _("Tidsgränsen är borttagen."),
}

#: What a right is called when somebody lacks it.
INCIDENT_ACTIONS: Mapping[str, str] = {
    "incident.report": _("registrera händelser i boendet"),
    "incident.act": _("registrera vad som gjorts åt en händelse"),
    "incident.handle": _("bedöma och avsluta händelser i boendet"),
}
