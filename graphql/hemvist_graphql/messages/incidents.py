"""What is wrong with an act on an incident or a clock, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

INCIDENTS: Mapping[str, tuple[str, str]] = {
    "say_one": (
        "Ange ett ärende, ett kontrakt eller en bostad, och bara ett av dem.",
        "Name a case, a contract or a home, and only one of them.",
    ),
    "nobody_housed": (
        "Kommunen har ingen boende i lägenheten den dagen. Gäller det någon annan, ring kommunen.",
        "The municipality houses nobody in the flat that day. If it is about somebody else, call it.",
    ),
    "report_over": (
        "Kommunen arbetar inte längre med anmälan. Gör en ny om något har hänt.",
        "The municipality no longer works with the report. Make a new one if something happened.",
    ),
    "no_login": (
        "Anmälan kom inte genom hyresvärdens inloggning, så svaret syns inte där.",
        "The report did not come through the landlord's login, so the answer is not seen there.",
    ),
    "door_closed": (
        "Hyresvärden har ingen inloggning hos kommunen, så ingen kan hämta handlingen.",
        "The landlord has no login with the municipality, so nobody could fetch the paper.",
    ),
    "paper_ended": (
        "Handlingen är tillbakatagen eller inläst.",
        "The paper was taken back or read in.",
    ),
    "not_yours": (
        "Det var den andra parten som skickade handlingen.",
        "It was the other side that sent the paper.",
    ),
    "no_rents": (
        "Det är ingen hyresfil från en hyresvärd.",
        "It is no list of rents from a landlord.",
    ),
    "nobody_lives_there": (
        "Ingen hade kontrakt på bostaden den dagen.",
        "Nobody had a contract on the home that day.",
    ),
    "after_report": (
        "Det kan inte ha hänt efter att det anmäldes.",
        "It cannot have happened after it was reported.",
    ),
    "another_day": (
        "Klockslaget är inte på den dag som är angiven.",
        "The time is not on the day that is given.",
    ),
    "no_time_zone": ("Tidpunkten saknar tidszon.", "The instant has no time zone."),
    "only_neighbours": (
        "Bara en granne kan anmäla utan namn.",
        "Only a neighbour can report without a name.",
    ),
    "anonymous": (
        "En anonym anmälan har varken namn eller kontaktuppgift. Ta bort den.",
        "An anonymous report has neither name nor contact. Take it out.",
    ),
    "not_waiting": (
        "Välj bland de tidsgränser som händelsen har och som inte är besvarade.",
        "Choose among the time limits of the incident that are not answered.",
    ),
    "unfounded": (
        "Det som var ogrundat är inte bekräftat.",
        "What was unfounded is not confirmed.",
    ),
    "not_in_record": (
        "Det som är registrerat säger inte det. Registrera först vad som gjorts.",
        "What is recorded does not say so. Note first what was done.",
    ),
    "protected": (
        "Hushållet har skyddade personuppgifter: sådant sägs aldrig utan samtycke.",
        "The household is protected: that is never said without consent.",
    ),
    "no_landlord": (
        "Händelsen gäller ingen bostad som har en hyresvärd här.",
        "The incident is about no home that has a landlord here.",
    ),
    "incident_closed": ("Händelsen är avslutad.", "The incident is closed."),
    "not_assessed": (
        "Bedöm först hur allvarlig händelsen är.",
        "Judge first how serious the incident is.",
    ),
    "clocks_running": (
        "En tidsgräns är inte besvarad. Registrera vad som gjorts, eller ta bort den.",
        "A time limit is not answered. Note what was done, or take it away.",
    ),
    "clock_stopped": (
        "Tidsgränsen är redan besvarad eller borttagen.",
        "The time limit has been answered or taken away.",
    ),
    "shared_already": (
        "Fastighetssidan vet redan om händelsen.",
        "The property office already knows of the incident.",
    ),
    "nobody_to_share_with": (
        "Ärendet är inte öppnat för någon fastighetssida.",
        "The case lies open to no property office.",
    ),
    "incident_hinders_closing": (
        "En händelse i boendet är inte avslutad. Avsluta den först.",
        "An incident in the home is not closed. Close it first.",
    ),
    "clock_hinders_closing": (
        "En tidsgräns är inte besvarad. Besvara den eller ta bort den först.",
        "A time limit is not answered. Answer it or take it away first.",
    ),
}
