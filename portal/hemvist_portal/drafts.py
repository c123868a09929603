"""Forms of visits, filled in away from the office: who took part, and the key to what the browser keeps.

``static/visit.js`` encrypts under this key, which is in the page of the person and nowhere on the device.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

from hemvist.policy.programmes import PARTIES
from hemvist.settings import get_settings
from hemvist_portal.labels import LABELS
from hemvist_portal.visitor import Visitor
from hemvist_tenants.switches import VISIT_DRAFTS, is_on


def draft_key(visitor: Visitor) -> str:
    """256 bits of this person in this kommun, the same in every session, in base64.

    Empty where the kommun keeps nothing on its devices: then the form is one like the others.
    """
    if not is_on(visitor.kommun, VISIT_DRAFTS):
        return ""
    secret = get_settings().require("secret_key").encode()
    actor = visitor.session.actor
    whose = f"draft|{actor.tenant_id}|{actor.principal_id}".encode()
    return b64encode(hmac.digest(secret, whose, hashlib.sha256)).decode()


def party_choices(visitor: Visitor) -> list[tuple[str, str]]:
    """Who may take part in a visit besides the departments and the resident."""
    left = ("referring", "property", "resident")
    words = LABELS["party"]
    return [(code, visitor.words(words[code])) for code in PARTIES if code not in left]
