"""Words for versions of guidelines and for simulations, merged into ``labels``."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

#: (group, code) → Swedish source string.
POLICY_LABELS: Mapping[str, Mapping[str, str]] = {
    "change": {"added": _("Ny"), "removed": _("Borttagen"), "changed": _("Ändrad")},
    "severity": {"error": _("Fel"), "warning": _("Att tänka på")},
    "fault": {
        "pack": _("Filen går inte att läsa som riktlinje"),
        "case_failed": _("Ett exempel stämmer inte"),
        "case_before_in_force": _("Ett exempel från tiden innan versionen gäller stämmer inte"),
        "case_changed": _("Ett exempel får ett annat svar än förut"),
        "check_failed": _("Kontrollen kunde inte göras"),
        "no_cases": _("Exempel saknas"),
        "took_too_long": _("Kontrollen tog för lång tid"),
        "against_the_law": _("Stämmer inte med lagen"),
    },
    "pack_section": {
        "facts": _("Fråga"),
        "uses": _("Uppgift ur registret"),
        "groups": _("Rubrik för frågor"),
        "programmes": _("Program"),
        "departments": _("Förvaltning"),
        "legal_bases": _("Lagrum"),
        "sources": _("Källa"),
        "standing": _("Ansvar"),
        "service_levels": _("Tidsgräns"),
        "quotas": _("Antal som bestäms"),
        "indicators": _("Nyckeltal"),
        "meetings": _("Möte"),
        "measures": _("Åtgärd i handlingsplanen"),
        "refused": _("Villkor som inte godtas"),
        "checks": _("Kontroll mot lagen"),
    },
    "simulation_change": {
        "gain": _("Från nej till ja"),
        "loss": _("Från ja till nej"),
        "newly_unknown": _("En fråga måste ställas"),
        "newly_known": _("Ingen fråga återstår"),
    },
    "policy_status": {
        "described": _("beskriven praxis"),
        "proposed": _("förslag"),
        "law": _("lag"),
    },
}

#: What a right is called when somebody lacks it.
POLICY_ACTIONS: Mapping[str, str] = {
    "policy.change": _("ändra riktlinjer"),
    "policy.approve": _("godkänna versioner av riktlinjer, och aldrig egna"),
    "case.migrate": _("flytta ärenden till en annan version"),
}

#: What the reader is told after a command.
POLICY_FLASHES: Mapping[str, str] = {
    "version_drafted": _(
        "Utkastet är påbörjat. Ändra det som ska ändras och kontrollera det sedan."
    ),
    "version_uploaded": _("Filerna är mottagna som ett utkast. Kontrollera det nu."),
    "parameter_changed": _("Värdet är sparat i utkastet. Kontrollera det innan du går vidare."),
    "file_replaced": _("Filen är sparad i utkastet. Kontrollera det innan du går vidare."),
    "version_rescheduled": _("Utkastet gäller från den nya dagen. Kontrollera det på nytt."),
    "version_checked": _("Kontrollen är gjord. Resultatet står nedan."),
    "version_submitted": _("Versionen väntar nu på att någon annan godkänner den."),
    "version_approved": _("Versionen är godkänd och börjar gälla på sin dag."),
    "version_rejected": _("Versionen är återlämnad med ditt skäl."),
    "version_frozen": _("Versionen är fryst. Nya ärenden prövas enligt versionen före den."),
    "version_resumed": _("Versionen gäller åter för nya ärenden."),
    "version_withdrawn": _("Versionen är tillbakadragen."),
    "simulation_requested": _("Simuleringen är begärd."),
    "simulation_cancelled": _("Simuleringen avbryts."),
    "cases_moved": _("De valda ärendena följer nu den andra versionen."),
}

#: What can be chosen where the sources pull apart. A pack words the options of its facts; what its
#: settings choose among it has only codes for, which stand in the setting's label, too.
SETTING_CHOICES: Mapping[str, str] = {
    "need_not_be_roofless": _("måste inte sakna tak över huvudet"),
    "is_left_out": _("omfattas inte"),
    "former_misusers": _("den som har haft ett missbruk"),
    "all_adults": _("alla vuxna"),
    "with_consent": _("ja, med samtycke"),
    "not_told": _("nej"),
}
