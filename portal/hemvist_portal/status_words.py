"""The words of the operator's page (driftläge): its lines, its states, and how long ago."""

from __future__ import annotations

from hemvist_portal.wording import mark, translate

#: By line of a look: what it is called.
LINES = {
    "web": mark("Webben svarar"),
    "database": mark("Databasen svarar"),
    "broker": mark("Meddelandekön svarar"),
    "held": mark("Arbetarna hålls efter en återläsning"),
    "beat": mark("Sedan taktgivaren slog"),
    "worker": mark("Sedan en arbetare avslutade en uppgift"),
    "relay": mark("Sedan utkorgarna tömdes"),
    "queue": mark("Äldsta uppgift i kö"),
    "given": mark("Äldsta uppgift hos en arbetare"),
    "outbox": mark("Äldsta osända händelse"),
    "parked": mark("Undanlagda händelser"),
    "deadlines": mark("Äldsta passerade tidsfrist utan åtgärd"),
    "unlinked": mark("Äldsta loggpost utan länk"),
    "anchors": mark("Logglänkar som väntar på ankare"),
    "audit_verified": mark("Sedan loggarna granskades"),
    "audit_finds": mark("Fel i loggarna"),
    "checked": mark("Sedan allt gicks igenom"),
    "check_finds": mark("Fel vid genomgången"),
    "clearing": mark("Äldsta omgång som väntar på klarering"),
    "backup_base": mark("Ålder på senaste grundkopian"),
    "backup_log": mark("Säkerhetskopiornas logg ligger efter"),
    "connections": mark("Använda databasanslutningar"),
    "transaction": mark("Äldsta öppna transaktion"),
    "locks": mark("Frågor som väntar på lås"),
    "replica": mark("Kopian ligger efter"),
    "slots": mark("Logg som hålls kvar åt mottagare"),
}
STATES = {
    "ok": mark("bra"),
    "watch": mark("se upp"),
    "wrong": mark("fel"),
    "unknown": mark("okänt"),
}
#: As classes of the portal's style sheet.
LOOKS = {"ok": "tag--go", "watch": "tag--wait", "wrong": "tag--stop", "unknown": "tag--wait"}
#: How it is with the whole.
WHOLE = {
    "ok": mark("Allt är som det ska."),
    "watch": mark("Något är på väg att bli fel."),
    "wrong": mark("Något är fel."),
    "unknown": mark("Något kan inte ses härifrån."),
}
_STATUS = {
    "active": mark("i drift"),
    "suspended": mark("pausad"),
    "closed": mark("avslutad"),
}
_STEPS = ((86_400.0, mark("{n} dygn")), (3_600.0, mark("{n} h")), (60.0, mark("{n} min")))


def ago(seconds: float, lang: str) -> str:
    """A time in its largest unit: "3 min"."""
    for step, words in _STEPS:
        if seconds >= 2 * step:
            return translate(lang, words).format(n=int(seconds // step))
    return f"{seconds:.0f} s"


def figure(value: float | None, unit: str, count: int | None, lang: str) -> str:
    """A line's figure in words; "" where there is none."""
    if value is None:
        return ""
    if unit == "yes":
        return translate(lang, mark("Ja") if value else mark("Nej"))
    if unit == "seconds":
        said = ago(value, lang)
        waiting = translate(lang, mark("{n} st")).format(n=count)
        return said if not count else f"{said} ({waiting})"
    if unit == "share":
        return f"{value * 100:.0f} % ({count})"
    if unit == "bytes":
        return f"{value / 1e6:.0f} MB"
    return f"{value:.0f}"


def status_of(code: str, lang: str) -> str:
    """A kommun's status in words."""
    return translate(lang, _STATUS.get(code, code))
