"""Words for plans, commissions to support providers, and their reports."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

SUPPORT_LABELS: Mapping[str, Mapping[str, str]] = {
    "plan_state": {
        "draft": _("Utkast"),
        "agreed": _("Gäller"),
        "replaced": _("Ersatt"),
        "discarded": _("Kastat utkast"),
    },
    "goal_state": {
        "open": _("Inte påbörjat"),
        "under_way": _("På väg"),
        "reached": _("Nått"),
        "dropped": _("Släppt"),
    },
    "plan_outcome": {
        "goes_on": _("Planen fortsätter"),
        "to_be_changed": _("Planen görs om"),
        "no_longer_needed": _("Ingen plan behövs längre"),
    },
    "regime": {"own": _("Egen regi"), "procured": _("Upphandlad leverantör")},
    "commission_reason": {
        "volume": _("Fördelningen av uppdrag"),
        "needs": _("Deltagarens behov"),
        "wish": _("Deltagarens önskan"),
        "continuity": _("Deltagaren känner personalen"),
        "only_one": _("Det finns bara en"),
    },
    "commission_state": {
        "routed": _("Utförare ska väljas"),
        "draft": _("Uppdraget skrivs"),
        "sent": _("Pågår"),
        "ended": _("Avslutat"),
        "withdrawn": _("Tillbakadraget"),
    },
    "commission_end": {
        "support_ended": _("Biståndet har avslutats"),
        "other_provider": _("En annan utförare tar över"),
        "moved_out": _("Deltagaren har flyttat ut"),
        "wish": _("Deltagaren vill inte ha stödet"),
        "case_closed": _("Ärendet avslutas"),
    },
    "commission_ground": {
        "consent": _("Deltagaren har samtyckt (OSL 10:1 och 12:2)"),
        "necessity": _("Stödet kan inte ges annars (OSL 10:2)"),
    },
    "report_state": {
        "draft": _("Utkast"),
        "sent": _("Skickad"),
        "received": _("Läst"),
    },
}
SUPPORT_FLASHES: Mapping[str, str] = {
    "plan_drafted": _("Utkastet är sparat."),
    "plan_agreed": _("Planen gäller nu."),
    "plan_discarded": _("Utkastet är kastat."),
    "plan_signed_by_party": _("Underskriften är registrerad."),
    "plan_reviewed": _("Genomgången är registrerad."),
    "goal_followed": _("Målet är uppdaterat."),
    "support_routed": _("Valet är registrerat."),
    "provider_chosen": _("Utföraren är vald."),
    "commission_written": _("Uppdraget är sparat."),
    "commission_sent": _("Uppdraget är skickat. Utföraren ser nu stödet i ärendet."),
    "commission_withdrawn": _("Valet är tillbakadraget."),
    "commission_ended": _("Uppdraget är avslutat."),
    "report_written": _("Utkastet till uppföljning är sparat."),
    "report_sent": _("Månadsuppföljningen är skickad."),
    "report_received": _("Uppföljningen är markerad som läst."),
    "visit_missed_recorded": _(
        "Registrerat att besöket inte blev av. De som ska veta det får veta."
    ),
    "visit_recorded": _("Besöket är registrerat."),
}
SUPPORT_ACTIONS: Mapping[str, str] = {
    "commission.route": _("välja mellan egen regi och upphandlad utförare"),
    "commission.manage": _("ge uppdrag till stödutförare"),
    "commission.read": _("läsa uppdrag till stödutförare"),
    "report.write": _("skriva månadsuppföljningar"),
    "report.receive": _("ta emot månadsuppföljningar"),
}
