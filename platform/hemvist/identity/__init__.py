"""Identity: principals, memberships, roles, login by OIDC, sessions, tokens."""

from hemvist.identity.actor import Actor, Membership, Role
from hemvist.identity.bearer import authenticate_bearer
from hemvist.identity.issuers import (
    ClaimRule,
    Directory,
    IssuerConfig,
    get_directory,
    use_directory,
)
from hemvist.identity.matrix import FOUR_EYES, MATRIX, Action, Condition, allows, require
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.sessions import AuthenticatedSession, authenticate_session, require_csrf

__all__ = [
    "FOUR_EYES",
    "MATRIX",
    "Action",
    "Actor",
    "AuthenticatedSession",
    "ClaimRule",
    "Condition",
    "Directory",
    "IssuerConfig",
    "LoginRefused",
    "Membership",
    "Refusal",
    "Role",
    "allows",
    "authenticate_bearer",
    "authenticate_session",
    "get_directory",
    "require",
    "require_csrf",
    "use_directory",
]
