"""Identity: principals, memberships, roles, login by OIDC, sessions, tokens."""

from hemvist.identity.actor import Actor, Membership, Role
from hemvist.identity.matrix import FOUR_EYES, MATRIX, Action, Condition, allows, require

__all__ = [
    "FOUR_EYES",
    "MATRIX",
    "Action",
    "Actor",
    "Condition",
    "Membership",
    "Role",
    "allows",
    "require",
]
