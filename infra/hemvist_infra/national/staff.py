"""Who works in a generated kommun: the same people in the register and at the development issuer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random

from hemvist.identity import Role
from hemvist_infra.demo.names import family_name, given_name
from hemvist_infra.national.guidelines import EARLIER_DEPARTMENT, EARLIER_OFFICE
from hemvist_infra.national.kommuner import Kommun
from hemvist_infra.national.lives import DEPARTMENTS

PROPERTY = "FF"
#: Households of a kommun for each caseworker of a department.
_PER_CASEWORKER = 500
_WHOLE_KOMMUN = (Role.POLICY_OFFICER, Role.LOG_REVIEWER, Role.STEERING, Role.TENANT_ADMIN)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with one role, in a department or ("") in the whole kommun."""

    username: str
    name: str
    role: Role
    department: str

    @property
    def group(self) -> str:
        """The issuer's group that gives the role."""
        return group_of(self.role, self.department)

    @property
    def subject(self) -> str:
        """The development issuer's name for the person."""
        return hashlib.sha256(f"person:{self.username}".encode()).hexdigest()[:24]


def group_of(role: Role, department: str) -> str:
    """The group as the kommun's file has it."""
    return "-".join(part for part in ("hv", role.value, department.lower()) if part)


def posts() -> list[tuple[Role, str]]:
    """Every role of a kommun, each in its department."""
    referring = (Role.CASEWORKER, Role.DEPARTMENT_MANAGER, Role.SUPPORT_WORKER)
    return [
        *(
            (role, department)
            for department in (*DEPARTMENTS, EARLIER_DEPARTMENT)
            for role in referring
        ),
        *((Role.PROPERTY_OFFICER, office) for office in (PROPERTY, EARLIER_OFFICE)),
        *((role, "") for role in _WHOLE_KOMMUN),
    ]


def colleagues(kommun: Kommun, seed: int) -> list[Colleague]:
    """The kommun's people: more caseworkers where there are more households."""
    dice = Random(f"{seed}:staff:{kommun.code}")  # noqa: S311 - repeatable
    several = (Role.CASEWORKER, Role.PROPERTY_OFFICER)
    found = []
    for role, department in posts():
        for number in range(1 + kommun.households // _PER_CASEWORKER if role in several else 1):
            name = f"{given_name(dice)} {family_name(dice)}"
            group = group_of(role, department).removeprefix("hv-").replace("_", "-")
            found.append(Colleague(f"{group}-{number + 1}", name, role, department))
    return found
