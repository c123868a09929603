"""Who asks, and the landlords that they act for (lv_me)."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.landlords.landlord_views import ME
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import LENGTHS, Node, column, shown
from hemvist_graphql.landlord.loading import asked, load, statement_for
from hemvist_graphql.landlord.roots import looked_up, root


@shown(ME, key="landlord_id")
@strawberry.type(description="A landlord (hyresvärd) that the caller acts for.")
class Landlord(Node):
    """A landlord that the caller acts for, and what they may do for it."""

    name: str = column("landlord_name", description="The landlord's registered name.")
    organisation_number: str
    level: str = strawberry.field(
        description="agent, or administrator: who also looks after the landlord's other members."
    )
    since: dt.datetime = strawberry.field(description="Since when the caller acts for it.")


@strawberry.type(description="The person or machine that asks.")
class Me:
    """The one who asks."""

    name: str

    @strawberry.field(  # type: ignore[untyped-decorator]
        description="The landlords that the caller acts for; who acts for none sees nothing here."
    )
    def landlords(self, info: Info) -> list[Landlord]:
        """The landlords that the caller acts for."""
        statement = statement_for(Landlord, asked(info)).order_by(ME.c.landlord_name, ME.c.id)
        return load(info.context, Landlord, statement)


LENGTHS["Me.landlords"] = 3


@root(description="Who asks.")
def me(info: Info) -> Me:
    """Who asks."""
    return Me(name=info.context.actor.name)


looked_up("Landlord")
