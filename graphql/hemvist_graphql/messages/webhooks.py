"""Connections of landlords' own systems: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

WEBHOOKS: Mapping[str, tuple[str, str]] = {
    "webhook_address_form": (
        "Skriv en webbadress, till exempel https://system.hyresvarden.se/hemvist.",
        "Write an address of the web, such as https://system.landlord.se/hemvist.",
    ),
    "webhook_address_parts": (
        "Adressen får inte innehålla användarnamn, lösenord eller något efter #.",
        "The address may not hold a user name, a password or anything after #.",
    ),
    "webhook_address_https": (
        "Adressen måste börja med https://.",
        "The address must begin with https://.",
    ),
    "webhook_address_port": (
        "Porten kan vara 443 eller från 1024 och uppåt.",
        "The port can be 443, or 1024 and above.",
    ),
    "webhook_address_private": (
        "Adressen måste gå att nå från internet, inte bara i ett eget nät.",
        "The address must be reachable from the internet, not in a network of one's own only.",
    ),
    "too_many_endpoints": (
        "En hyresvärd kan ha högst {limit} kopplingar. Ta bort en först.",
        "A landlord can have {limit} connections at most. Remove one first.",
    ),
    "endpoint_removed": ("Kopplingen är borttagen.", "The connection was removed."),
    "endpoint_off": (
        "Kopplingen är avstängd. Slå på den först.",
        "The connection is off. Switch it on first.",
    ),
    "secret_renewed_lately": (
        "Nyckeln byttes nyss, och den gamla gäller fortfarande. Vänta tills den har gått ut.",
        "The secret was renewed lately, and the one before still holds. Wait until it has run out.",
    ),
    "tests_wait": (
        "Det väntar redan provmeddelanden på att komma fram.",
        "Test messages are waiting to be delivered already.",
    ),
    "not_sent_again": (
        "Meddelandet kan inte skickas igen: det väntar redan, eller så har kommunen stängt er tillgång.",
        "The message cannot be sent again: it waits already, or the municipality has closed your access.",
    ),
    "not_kept_so_long": (
        "Meddelanden sparas i {days} dagar. Välj en senare tid.",
        "Messages are kept for {days} days. Choose a later time.",
    ),
}
