"""Words for what is done with a contract and a home."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

CONTRACT_LABELS: Mapping[str, Mapping[str, str]] = {
    "given_by": {"landlord": _("Kommunen eller hyresvärden"), "tenant": _("Hyresgästen")},
    "end_reason": {
        "notice": _("Uppsägningstiden har gått ut"),
        "agreement": _("Överenskommelse"),
        "term_over": _("Den bestämda tiden har gått ut"),
        "taken_over": _("Hyresgästen tog över i första hand"),
        "replaced": _("Hushållet flyttade till en annan bostad"),
        "evicted": _("Avhysning"),
        "deceased": _("Hyresgästen har avlidit"),
        "abandoned": _("Bostaden är övergiven"),
        "never_began": _("Hushållet flyttade aldrig in"),
        "other": _("Annat"),
    },
    "waiver_basis": {
        "tribunal": _("Hyresnämndens godkännande"),
        "exempt_form": _("En form som inte kräver godkännande"),
    },
    "waiver_partner": {
        "none": _("Bor ensam"),
        "accepts": _("Godtar avståendet"),
        "does_not_accept": _("Godtar det inte"),
    },
    "key_move": {
        "handed_out": _("Lämnades ut"),
        "returned": _("Återlämnades"),
        "lost": _("Kom bort"),
    },
    "key_kind": {
        "flat": _("Lägenhetsnyckel"),
        "entrance": _("Nyckel eller bricka till porten"),
        "storage": _("Förråd"),
        "laundry": _("Tvättstuga"),
        "post": _("Postbox"),
        "spare": _("Reservnyckel"),
    },
    "key_holder": {
        "tenant": _("Hyresgästen"),
        "support": _("Boendestödet"),
        "property": _("Fastighetssidan"),
    },
    "inspection_kind": {
        "move_in": _("Vid inflyttning"),
        "status": _("Under boendet"),
        "move_out": _("Vid avflyttning"),
    },
    "item_condition": {
        "good": _("Bra"),
        "worn": _("Slitet"),
        "damaged": _("Skadat"),
        "missing": _("Saknas"),
    },
    "cost_bearer": {
        "none": _("Ingen"),
        "tenant": _("Hyresgästen"),
        "landlord": _("Hyresvärden"),
    },
    "contract_party": {
        "tenant": _("Hyresgäst"),
        "co_tenant": _("Make eller sambo"),
        "landlord": _("Fastighetsägare"),
        "kommun": _("Kommunen"),
    },
}
CONTRACT_FLASHES: Mapping[str, str] = {
    "contract_notice_given": _("Uppsägningen är registrerad."),
    "contract_extended": _("Hyrestiden är förlängd."),
    "contract_ended": _("Kontraktet är avslutat."),
    "rent_changed": _("Hyran är ändrad."),
    "tenure_waived": _("Avståendet är registrerat."),
    "keys_moved": _("Nycklarna är registrerade."),
    "inspection_recorded": _("Besiktningen är registrerad."),
    "inspection_file_added": _("Filen är sparad."),
    "head_lease_signed": _("Kommunens hyresavtal är registrerat."),
    "head_lease_ended": _("Kommunens hyresavtal är avslutat."),
}
