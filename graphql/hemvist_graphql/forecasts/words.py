"""What the model assumes, what it cannot say, and what is missing, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hemvist.indicators.forecasting.basis import LEAST_ARRIVALS, LEAST_MONTHS, MOST_MONTHS
from hemvist.indicators.forecasting.model import RUNS
from hemvist.indicators.forecasting.outlook import COVERS

Words = Mapping[str, str]


def _words(sv: str, en: str) -> Words:
    return {"sv": sv, "en": en}


ASSUMPTIONS: Sequence[Words] = (
    _words(
        f"Underlaget är de senaste månaderna, högst {MOST_MONTHS}, med de avrundade siffror som alla i"
        " portalen får se. Ingenting annat ingår.",
        f"It is made of the last months, {MOST_MONTHS} at most, by the rounded numbers that everybody"
        " in the portal may see, and of nothing else.",
    ),
    _words(
        "Nya hushåll kommer i samma takt som hittills. De som slutar vänta utan att få en bostad är"
        " fråndragna.",
        "Households come to wait as fast as they have. Those that no longer wait and got no home are"
        " taken off.",
    ),
    _words(
        "Bostäder kommer enligt gällande avtal, i den utsträckning avtalen har hållits, och i övrigt i"
        " samma takt som hittills.",
        "Homes come by the agreements in force, as far as these have been kept, and otherwise as fast"
        " as they have.",
    ),
    _words(
        "Varje bostad som kommunen hyr ut har samma chans varje månad att lämnas eller övergå till ett"
        " förstahandskontrakt.",
        "Each home that the kommun lets has the same chance each month to be left or taken over as a"
        " lease of one's own.",
    ),
    _words(
        "Den bostad som hushållet tar över blir hushållets. Ett tidigare förstahandskontrakt minskar"
        " därför kommunens bostäder men inte kön.",
        "A home that a household takes over is the household's. A lease of one's own that comes sooner"
        " therefore lowers the kommun's homes and not the number of those who wait.",
    ),
    _words(
        "En garanti till ger ett hushåll i kön ett eget kontrakt utan att någon av kommunens bostäder"
        " går åt.",
        "One more guarantee gives a household that waits a lease of its own and takes none of the"
        " kommun's homes.",
    ),
    _words(
        f"Året räknas {RUNS} gånger med slumpen i takterna och i varje månad. Bandet rymmer {COVERS}"
        " procent av gångerna. Samma fråga får samma svar.",
        f"The year is run {RUNS} times, with chance in the rates and in each month. The band holds"
        f" {COVERS} per cent of the runs. The same question gets the same answer.",
    ),
)
LIMITS: Sequence[Words] = (
    _words(
        "Säsong, trend och ändrade regler syns inte: modellen tror att nästa år liknar de senaste.",
        "Seasons, trends and changed rules do not show: the model takes next year to be like the last.",
    ),
    _words(
        "Alla väntande och alla bostäder räknas lika: storlek, läge och boendeform passar inte alltid.",
        "All who wait and all homes are counted alike: size, place and programme do not always fit.",
    ),
    _words(
        "Flyttar som kommer i klump, som när ett hus blir färdigt, gör bandet för smalt.",
        "Homes that come together, as when a house is finished, make the band too narrow.",
    ),
    _words(
        "Siffrorna är i steg om fem, eftersom talen de bygger på är det. Väntande och bostäder anges nedåt,"
        " som när de redovisas.",
        "The numbers are in steps of five, as those are that they are made of. Those who wait and homes are"
        " given downwards, as they are told.",
    ),
)
LACKS: Mapping[str, Words] = {
    "months": _words(
        f"Minst {LEAST_MONTHS} månader i följd måste vara redovisade, för väntande och inflyttade.",
        f"At least {LEAST_MONTHS} months in a row must have been told, of those who wait and moves in.",
    ),
    "stale": _words(
        "Den senaste månaden som är redovisad ligger mer än ett halvår tillbaka.",
        "The last month that was told lies more than half a year back.",
    ),
    "arrivals": _words(
        f"Färre än {LEAST_ARRIVALS} hushåll har kommit under månaderna: det säger för lite om nästa år.",
        f"Fewer than {LEAST_ARRIVALS} households came in the months: that says too little of next year.",
    ),
    "balance": _words(
        "Siffrorna går inte ihop: fler har slutat vänta eller flyttat än som kan ha gjort det.",
        "The numbers do not fit each other: more have gone or moved than can have done so.",
    ),
}
