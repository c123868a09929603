"""Why a login, a session or a token is turned away. Codes only: the portal words them."""

from __future__ import annotations

from enum import StrEnum

from hemvist.errors import HemvistError


class Refusal(StrEnum):
    """Stable codes; none says anything that only the other side may know."""

    TENANT_UNKNOWN = "tenant_unknown"
    TENANT_NOT_OPEN = "tenant_not_open"
    ISSUER_UNKNOWN = "issuer_unknown"
    ISSUER_UNAVAILABLE = "issuer_unavailable"
    ISSUER_MISMATCH = "issuer_mismatch"
    DENIED_BY_ISSUER = "denied_by_issuer"
    STATE_UNKNOWN = "state_unknown"
    STATE_USED = "state_used"
    STATE_EXPIRED = "state_expired"
    OTHER_BROWSER = "other_browser"
    CODE_REFUSED = "code_refused"
    TOKEN_MALFORMED = "token_malformed"
    TOKEN_ALGORITHM = "token_algorithm"
    TOKEN_KEY_UNKNOWN = "token_key_unknown"
    TOKEN_SIGNATURE = "token_signature"
    TOKEN_TYPE = "token_type"
    TOKEN_ISSUER = "token_issuer"
    TOKEN_AUDIENCE = "token_audience"
    TOKEN_EXPIRED = "token_expired"
    TOKEN_NOT_YET_VALID = "token_not_yet_valid"
    TOKEN_SCOPE = "token_scope"
    TOKEN_NONCE = "token_nonce"
    TOKEN_CLAIM = "token_claim"
    TOKEN_REPLAYED = "token_replayed"
    NO_MEMBERSHIP = "no_membership"
    BLOCKED = "blocked"
    SESSION_MISSING = "session_missing"
    CSRF = "csrf"


class LoginRefused(HemvistError):
    """Somebody was not let in. ``code`` may be shown; ``detail`` is English for the log only."""

    def __init__(self, code: Refusal, detail: str = "") -> None:
        super().__init__(f"{code.value}: {detail}" if detail else code.value)
        self.code = code
        self.detail = detail
