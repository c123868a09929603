"""Words for codes of arrears and prevention."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

ARREARS_LABELS: Mapping[str, Mapping[str, str]] = {
    "arrears_signal": {
        "late": _("Sen hyra"),
        "second_time": _("Andra gången på ett år"),
        "rising": _("Skulden växer"),
        "several_rents": _("Mer än en hyra"),
        "collection": _("Inkasso"),
        "eviction_applied": _("Avhysning begärd"),
    },
    "children": {"unknown": _("Inte känt"), "yes": _("Ja"), "no": _("Nej")},
    "arrears_file_state": {
        "read": _("Förhandsvisning"),
        "imported": _("Importerad"),
        "discarded": _("Kastad"),
    },
    "arrears_row_state": {
        "good": _("Stämmer"),
        "faulty": _("Fel"),
        "known": _("Redan kända"),
        "imported": _("Importerade"),
        "left_out": _("Utelämnade"),
    },
    "recovery_state": {
        "running": _("Löper"),
        "paid": _("Betald i tid"),
        "assumed": _("Nämnden tog på sig betalningen"),
        "expired": _("Tiden gick ut"),
        "withdrawn": _("Uppsägningen togs tillbaka"),
    },
    "liability_state": {
        "proposed": _("Väntar på underskrift"),
        "decided": _("Undertecknat, inte lämnat än"),
        "refused": _("Avslaget"),
        "told": _("Lämnat till hyresvärden"),
    },
    "instalment_state": {
        "running": _("Pågår"),
        "kept": _("Betald"),
        "broken": _("Hölls inte"),
        "ended": _("Avslutad"),
    },
    "run_state": {"open": _("Pågår"), "closed": _("Avslutad")},
    "contact_kind": {
        "letter": _("Brev"),
        "phone": _("Telefonsamtal"),
        "visit": _("Besök"),
        "reference": _("Skriftlig hänvisning"),
        "consultant_call": _("Konsulenten ringde"),
        "meeting": _("Möte"),
        "other": _("Annat"),
    },
    "prevention_outcome": {
        "paid": _("Hyran betalades"),
        "instalments": _("Avbetalningsplan"),
        "applies_for_support": _("Söker försörjningsstöd"),
        "consultant": _("Hänvisad till konsulenten"),
        "case_opened": _("Ärende öppnat"),
        "moved": _("Har flyttat"),
        "declined_help": _("Vill inte ha hjälp"),
        "not_reached": _("Gick inte att nå"),
        "no_need": _("Behöver inte hjälp"),
        "other": _("Annat"),
    },
}
#: What a right is called when somebody lacks it.
ARREARS_ACTIONS: Mapping[str, str] = {
    "arrears.import": _("läsa in filer från hyresvärdar"),
    "arrears.handle": _("arbeta med hyresskulder"),
    "liability.decide": _("besluta om betalningsåtaganden"),
    "prevention.run": _("göra rundor och brev"),
}
ARREARS_FLASHES: Mapping[str, str] = {
    "arrears_read": _("Filen är läst. Inget räknas förrän du importerar raderna."),
    "columns_told": _("Filen är läst om. Valet är sparat för nästa fil."),
    "arrears_imported": _("Raderna är importerade."),
    "arrears_discarded": _("Filen är kastad."),
    "tenant_call_noted": _("Det är noterat att hyresgästen hörde av sig."),
    "children_told": _("Svaret är sparat."),
    "account_linked": _("Avtalet är kopplat till ärendet."),
    "recovery_registered": _("Uppsägningen är registrerad."),
    "recovery_ended": _("Fristen är avslutad."),
    "liability_proposed": _("Förslaget väntar nu på någon annans underskrift."),
    "liability_decided": _("Beslutet är registrerat."),
    "liability_told": _("Det är registrerat att hyresvärden har fått åtagandet."),
    "instalment_paid": _("Betalningen är noterad."),
    "instalments_ended": _("Avbetalningsplanen är avslutad."),
    "run_made": _("Listan är gjord."),
    "letters_marked": _("Breven är noterade som skickade."),
    "run_closed": _("Rundan är avslutad."),
    "contact_noted": _("Det är noterat."),
    "entry_finished": _("Klar. Fortsätt med nästa på listan."),
}
