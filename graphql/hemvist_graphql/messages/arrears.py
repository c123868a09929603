"""Refusals and faults of arrears and prevention in words: rule → (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

ARREARS: Mapping[str, tuple[str, str]] = {
    # The file as a whole.
    "old_excel": (
        "Excelfilen är av den gamla sorten (.xls). Spara den som .xlsx eller CSV.",
        "The Excel file is of the old kind (.xls). Save it as .xlsx or CSV.",
    ),
    "csv": ("Filen går inte att läsa som CSV.", "The file cannot be read as CSV."),
    "excel": ("Excelfilen går inte att läsa.", "The Excel file cannot be read."),
    "zip_bomb": (
        "Excelfilen packar upp till mycket mer än en hyreslista och läses inte.",
        "The Excel file unpacks to far more than a list of rents and is not read.",
    ),
    "too_many_rows": ("Filen har fler än {limit} rader.", "The file has more than {limit} rows."),
    "no_headings": ("Ingen rad med rubriker hittades.", "No row of headings was found."),
    "no_rows": ("Filen har inga rader.", "The file has no rows."),
    "too_old": (
        "Filen är äldre än {days} dagar och säger inget om i dag.",
        "The file is older than {days} days and says nothing of today.",
    ),
    "file_imported": (
        "Samma fil är redan importerad ({on}).",
        "The same file has been imported already ({on}).",
    ),
    "file_ended": (
        "Filen är redan importerad eller kastad.",
        "The file is imported or thrown away.",
    ),
    "column_twice": ("En kolumn kan bara betyda en sak.", "One column says one thing."),
    "nothing_to_import": (
        "Ingen rad säger något nytt, så det finns inget att importera.",
        "No row says anything new, so there is nothing to import.",
    ),
    # A cell.
    "amount": (
        "Beloppet går inte att läsa. Skriv till exempel 7 450,50.",
        "The amount cannot be read. Write for instance 7 450,50.",
    ),
    "amount_range": ("Beloppet är orimligt stort.", "The amount is unreasonably large."),
    "negative_amount": (
        "Beloppet är negativt. Det går inte att veta om det är en skuld eller ett tillgodohavande.",
        "The amount is negative. It cannot be known whether it is a debt or a credit.",
    ),
    "owed_above_rent": (
        "Mer är obetalt än hela månadens hyra.",
        "More is unpaid than the whole month's rent.",
    ),
    "date": (
        "Datumet går inte att läsa. Skriv ÅÅÅÅ-MM-DD.",
        "The date cannot be read. Write YYYY-MM-DD.",
    ),
    "date_order": (
        "Datumet kan läsas på två sätt. Säg i kolumnvalet om dagen eller månaden står först.",
        "The date can be read two ways. Say with the columns whether day or month stands first.",
    ),
    "month": (
        "Månaden går inte att läsa. Skriv ÅÅÅÅ-MM.",
        "The month cannot be read. Write YYYY-MM.",
    ),
    "month_range": (
        "Månaden ligger för långt fram eller före {earliest}.",
        "The month lies too far ahead or before {earliest}.",
    ),
    "due_far": (
        "Förfallodagen ligger långt från hyresmånaden {month}.",
        "The due day lies far from the month {month}.",
    ),
    "after_position": (
        "Dagen ligger efter filens dag, {position}.",
        "The day lies after the file's, {position}.",
    ),
    "yes_no": ("Skriv ja eller nej.", "Write yes or no."),
    "duplicate_row": (
        "Samma avtal och månad står redan på rad {row}.",
        "The same tenancy and month stand on row {row} already.",
    ),
    # The three weeks and the undertaking.
    "recovery_running": (
        "En återvinningsfrist löper redan för avtalet.",
        "A time to win back runs already for the tenancy.",
    ),
    "recovery_complete": ("Båda dagarna är redan kända.", "Both days are known already."),
    "recovery_ended": ("Återvinningsfristen är avslutad.", "The time to win back has ended."),
    "after_recovery": (
        "Dagen ligger efter fristens sista dag, {latest}.",
        "The day lies after the last day, {latest}.",
    ),
    "not_expired": (
        "Fristen har inte gått ut; den löper till och med {latest}.",
        "The time has not run out; it runs to {latest}.",
    ),
    "recovery_over": (
        "De tre veckorna gick ut {last_on}. Ett åtagande hade ingen verkan.",
        "The three weeks ran out on {last_on}. An undertaking would have no effect.",
    ),
    "liability_needs_case": (
        "Nämnden beslutar i ett ärende. Koppla avtalet till hushållets ärende först.",
        "The board decides in a case. Tie the tenancy to the household's case first.",
    ),
    "liability_decided": ("Förslaget är redan avgjort.", "The proposal has been decided."),
    "liability_not_signed": (
        "Åtagandet är inte undertecknat.",
        "The undertaking is not signed.",
    ),
    "below_debt": (
        "Åtagandet måste gälla hela skulden, annars återvinns inte hyresrätten.",
        "The undertaking must be for the whole debt, or the tenancy is not won back.",
    ),
    "children_unknown": (
        "Ta reda på om det bor barn i hemmet.",
        "Find out whether children live in the home.",
    ),
    "other_case": (
        "Avtalet är redan kopplat till ett annat ärende.",
        "The tenancy is tied to another case already.",
    ),
    "linked_already": ("Avtalet är redan kopplat till ärendet.", "It belongs to the case already."),
    "instalment_paid": ("Delen är redan bokförd som betald.", "The part is entered already."),
    "instalments_ended": ("Avbetalningsplanen är avslutad.", "The plan has ended."),
    # Rounds.
    "run_made": (
        "Rundan är redan gjord för {period}.",
        "The round has been made for {period} already.",
    ),
    "run_closed": ("Rundan är avslutad.", "The round is closed."),
    "entries_open": (
        "{left} på listan är inte klara än.",
        "{left} on the list are not done with yet.",
    ),
    "entry_done": ("Hyresgästen är redan klar på listan.", "The tenant is done with."),
    "not_their_campaign": (
        "Kampanjen görs av en annan förvaltning.",
        "The campaign is another department's.",
    ),
    "no_letter": ("Kampanjen har inget brev.", "The campaign has no letter."),
    "nobody_waits": (
        "Ingen på listan väntar på brevet.",
        "Nobody on the list waits for the letter.",
    ),
    "letter_first": (
        "Brevet om besöket ska skickas innan någon kommer.",
        "The letter about the visit goes before anybody comes.",
    ),
    "no_case_linked": (
        "Koppla avtalet till ärendet först.",
        "Tie the tenancy to the case first.",
    ),
}
