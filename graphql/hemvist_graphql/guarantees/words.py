"""What guarantees, claims and the ledger are called."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist.policy import Label

KINDS: Mapping[str, Label] = {
    "guarantee": Label("Hyresgaranti", "Rent guarantee"),
    "surety": Label("Kommunal borgen", "Municipal surety"),
}
COVER: Mapping[str, Label] = {
    "rent": Label("Hyra", "Rent"),
    "condition": Label("Lägenhetens skick", "The flat's condition"),
}
END_REASONS: Mapping[str, Label] = {
    "dialogue": Label("Efter dialog med hyresvärden", "After dialogue with the landlord"),
    "expired": Label("Tiden har gått ut", "Its period is over"),
    "notice": Label("Kommunen har sagt upp", "The kommun has given notice"),
    "contract_ended": Label("Hyreskontraktet har upphört", "The lease has ended"),
}
CLAIM_STATES: Mapping[str, Label] = {
    "received": Label("Väntar på beslut", "Waits for a decision"),
    "approved": Label("Godkänt", "Approved"),
    "refused": Label("Avslaget", "Refused"),
    "paid": Label("Betalt", "Paid"),
}
RECOURSE_STATES: Mapping[str, Label] = {
    "open": Label("Öppet", "Open"),
    "settled": Label("Reglerat", "Settled"),
    "reversed": Label("Rättat: kravet gäller inte", "Reversed: the demand does not hold"),
}
WRITE_OFF_STATES: Mapping[str, Label] = {
    "proposed": Label("Väntar på beslut", "Waits for a decision"),
    "granted": Label("Avskrivet", "Written off"),
    "refused": Label("Avslaget", "Refused"),
    "reversed": Label("Rättad: avskrivningen gäller inte", "Reversed: it does not hold"),
}
ENTRIES: Mapping[str, Label] = {
    "approval": Label("Krav godkänt", "Claim approved"),
    "payment": Label("Betalt till hyresvärden", "Paid to the landlord"),
    "demand": Label("Krav på hushållet", "Demand on the household"),
    "recovery": Label("Hushållet har betalat", "The household has paid"),
    "write_off": Label("Avskrivning", "Write-off"),
}
ACCOUNTS: Mapping[str, Label] = {
    "liability": Label("Garantiåtagande", "Guarantee liability"),
    "landlord": Label("Skuld till hyresvärden", "Owed to the landlord"),
    "household": Label("Fordran på hushållet", "Owed by the household"),
    "loss": Label("Förlust", "Loss"),
    "bank": Label("Bank", "Bank"),
}
GRANT_FIELDS: Mapping[str, Label] = {
    "rent_months": Label("Månadshyror som garantin täcker", "Months of rent covered"),
    "starts_on": Label("Garantin gäller från", "Holds from"),
    "ends_on": Label("Garantin gäller till", "Holds until"),
    "issued_on": Label("Dag då garantin lämnades", "Day of issue"),
    "owner_type": Label("Typ av ägare", "Type of owner"),
    "flat_type": Label("Typ av lägenhet", "Type of flat"),
    "yearly_rent_ore": Label("Årshyra", "Yearly rent"),
    "ability": Label("Bedömning av betalningsförmågan", "Assessment of the ability to pay"),
    "reason": Label("Skäl för garantin", "Reason for the guarantee"),
    "household_type": Label("Typ av hushåll", "Type of household"),
    "tenant_age": Label("Hyresgästens ålder", "The tenant's age"),
    "earlier_housing": Label("Tidigare boende", "Earlier housing"),
}
