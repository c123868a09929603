"""Who is asking, what they may do, and their kommun."""

from __future__ import annotations

import strawberry

from hemvist.identity import Action, allows
from hemvist.identity.models import Principal as PrincipalRow
from hemvist_graphql.context import Info
from hemvist_graphql.known import Registered
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.me.kommun import departments_of
from hemvist_graphql.reading import Readable, column, computed, identity, reads


@reads(PrincipalRow, visible=None)
@strawberry.type(description="A person or machine that acts here.")
class Principal(Readable):
    """A person or machine that acts here."""

    name: str = column(PrincipalRow.display_name)

    id: strawberry.ID = identity()


@strawberry.type(description="A department (förvaltning) of the kommun.")
class Department:
    """A department of the kommun."""

    code: str
    kind: str = strawberry.field(description="referring or property")
    label: strawberry.Private[dict[str, str]]

    @computed()
    def name(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The name in Swedish or English."""
        return worded(self.label, lang, self.code)


@strawberry.type(description="The caller's kommun.")
class Kommun:
    """The caller's kommun."""

    row: strawberry.Private[Registered]

    @computed(description="Kommunkod, four digits.")
    def code(self) -> str:
        """Kommunkod."""
        return self.row.kommun_code

    @computed(description="The kommun in addresses.")
    def slug(self) -> str:
        """The kommun in addresses."""
        return self.row.slug

    @computed()
    def name(self) -> str:
        """The kommun's name."""
        return self.row.name

    @computed(reads=False)
    def departments(self, info: Info) -> list[Department]:
        """The departments that take part."""
        return [
            Department(
                code=one.code, kind=one.kind.value, label={"sv": one.name_sv, "en": one.name_en}
            )
            for one in departments_of(info.context)
        ]


@strawberry.type(description="A role that the caller holds.")
class Membership:
    """A role that the caller holds."""

    role: str
    department: str = strawberry.field(description='Code; "" for the whole kommun.')


@strawberry.type(description="Who is asking.")
class Me:
    """Who is asking."""

    @computed(reads=False)
    def name(self, info: Info) -> str:
        """The caller's name."""
        return info.context.actor.name

    @computed(reads=False)
    def tenant(self, info: Info) -> Kommun:
        """The caller's kommun."""
        return Kommun(row=info.context.tenant)

    @computed(reads=False)
    def memberships(self, info: Info) -> list[Membership]:
        """The caller's roles, in a fixed order."""
        held = [(one.role.value, one.department) for one in info.context.actor.memberships]
        return [Membership(role=role, department=code) for role, code in sorted(held)]

    @computed(
        reads=False,
        description="Whether a role gives the action (such as referral.draft) anywhere at all.",
    )
    def may(self, info: Info, action: str) -> bool:
        """Whether a role gives the action; an unknown action is given to nobody."""
        try:
            wanted = Action(action)
        except ValueError:
            return False
        return allows(info.context.actor, wanted)

    @computed(
        reads=False,
        description="Every action (such as referral.draft) that a role gives anywhere at all.",
    )
    def actions(self, info: Info) -> list[str]:
        """The actions that a role gives, in a fixed order: ``may`` asked of each at once."""
        return sorted(one.value for one in Action if allows(info.context.actor, one))
