"""Refusals of acts on guarantees and their money, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

GUARANTEES: Mapping[str, tuple[str, str]] = {
    "amount": ("Ange ett belopp större än noll.", "Give an amount above nothing."),
    "beyond_cap": (
        "Beloppet är mer än vad som är kvar av garantins tak.",
        "The amount is more than what is left of the guarantee's cap.",
    ),
    "beyond_claim": ("Beloppet är mer än kravet.", "The amount is more than the claim."),
    "beyond_approval": (
        "Beloppet är mer än vad som är kvar att betala av det godkända.",
        "The amount is more than what is left to pay of the approval.",
    ),
    "beyond_paid": (
        "Hushållet kan bara krävas på det som har betalats till hyresvärden.",
        "The household can only be asked for what was paid to the landlord.",
    ),
    "beyond_owed": (
        "Beloppet är mer än vad hushållet är skyldigt.",
        "The amount is more than the household owes.",
    ),
    "refused_amount": (
        "Av ett avslaget krav betalas inget.",
        "Nothing is paid of a refused claim.",
    ),
    "not_covered": ("Garantin omfattar inte det.", "The guarantee does not cover that."),
    "before_guarantee": (
        "Garantin gäller från {earliest}.",
        "The guarantee holds from {earliest}.",
    ),
    "after_guarantee": (
        "Garantin gällde till {latest}.",
        "The guarantee held until {latest}.",
    ),
    "sum": (
        "Delbetalningarna ska tillsammans bli hela beloppet.",
        "Together the instalments come to the whole amount.",
    ),
    "order": ("Varje dag kommer efter den förra.", "Each day comes after the one before."),
    "say_why_it_ends": (
        "Riktlinjens villkor är inte kända som uppfyllda. Skriv varför garantin ändå avslutas.",
        "The guideline's conditions are not known to be met. Say why the guarantee ends anyway.",
    ),
    "after_end": (
        "Dialogen ska ha hållits före slutdagen.",
        "The dialogue comes before the day of the end.",
    ),
    "claim_decided": ("Kravet är redan prövat.", "The claim has been decided."),
    "claim_not_approved": (
        "Det finns inget godkänt belopp att betala.",
        "There is no approved amount to pay.",
    ),
    "is_a_reversal": (
        "En rättelse rättas inte. Bokför på nytt i stället.",
        "A correction is not corrected. Enter it anew instead.",
    ),
    "already_reversed": ("Posten är redan rättad.", "The entry has been corrected already."),
    "rests_on_it": (
        "Något senare bygger på posten. Rätta det först.",
        "Something later rests on the entry. Correct that first.",
    ),
    "already_entered": (
        "En betalning med det numret är redan bokförd.",
        "A payment with this number is entered already.",
    ),
    "recourse_settled": ("Inget är längre att betala.", "Nothing is owed any more."),
    "less_is_owed": (
        "Hushållet är nu skyldigt mindre än vad förslaget gäller.",
        "Less is owed now than was proposed.",
    ),
    "guarantee_ended": ("Garantin har upphört.", "The guarantee has ended."),
    "notice_given": ("Garantin är redan uppsagd.", "Notice has been given."),
    "has_guarantee": ("Kontraktet har redan en garanti.", "There is a guarantee on this lease."),
    "contract_ended": ("Kontraktet har upphört.", "The contract has ended."),
    "guarantee_expired_not_yet": (
        "Garantins tid har inte gått ut.",
        "The guarantee's period is not over.",
    ),
    "guarantee_notice_not_yet": (
        "Uppsägningstiden har inte gått ut, eller garantin är inte uppsagd.",
        "The time of notice is not over, or no notice was given.",
    ),
    "guarantee_contract_ended_not_yet": (
        "Hyreskontraktet har inte upphört.",
        "The lease has not ended.",
    ),
    "no_state_grant": (
        "Lagens villkor för statsbidrag är inte kända som uppfyllda.",
        "The law's conditions for the state grant are not known to be met.",
    ),
}
