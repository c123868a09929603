"""A network of kommuner with people in their transfer functions, and the ways of a protected move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist.networks import service as networks
from hemvist.tenancy import Tenant, tenant_session
from hemvist.transfers import functions, offers, proposals, requests
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.needs import Needs
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_rows import owner_engine
from hemvist_world import World, caseworker_of, new_world

ADMIN = "administrator"
#: Who prepares, who opens and answers, and who else is named.
FIRST, SECOND = "coordinator 1", "coordinator 2"


@dataclass
class Net:
    """A network and its kommuner by name: A, B, C …"""

    id: UUID
    content: dict[str, Any]
    kommuner: dict[str, World] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> World:
        return self.kommuner[name]

    def enter(self) -> None:
        """Enter the network as its content stands now."""
        with owner_engine().begin() as owner:
            networks.enter(owner, self.content)

    def prepared(self, name: str, **changes: Any) -> TransferRequest:
        """A case of the kommun with a request, prepared by its caseworker."""
        world = self[name]
        needs = changes.pop("needs", None) or Needs(
            min_rooms=2,
            services=tuple(changes.pop("services", ())),
            excluded=tuple(self.codes[one] for one in changes.pop("excluded", ())),
        )
        case = world.case()
        return world.act(  # type: ignore[no-any-return]
            caseworker_of(case.department),
            requests.prepare,
            case_id=case.id,
            network_id=self.id,
            urgency=changes.pop("urgency", "normal"),
            needs=needs,
            **changes,
        )

    def request(self, name: str, **changes: Any) -> TransferRequest:
        """A request that takes part."""
        request = self.prepared(name, **changes)
        return self[name].act(  # type: ignore[no-any-return]
            FIRST, requests.open_request, request_id=request.id, expected_version=request.version
        )

    def offer(self, name: str, *, days: int = 60, **changes: Any) -> TransferOffer:
        """A flat of two rooms that the kommun offers."""
        world = self[name]
        unit = world.unit(**{"rooms": 2, **changes})
        return world.act(  # type: ignore[no-any-return]
            FIRST,
            offers.offer,
            network_id=self.id,
            unit_id=unit.id,
            last_on=today() + timedelta(days=days),
        )

    def run(self) -> None:
        """What the worker does when it hears of a letter, or a minute has passed."""
        from hemvist.exchange import running

        running.run(self.id)

    def proposal(self, name: str, **where: Any) -> TransferProposal:
        """The kommun's latest half of a proposal."""
        return self[name].rows(TransferProposal, **where)[-1]  # type: ignore[no-any-return]

    def accept(self, name: str, **where: Any) -> TransferProposal:
        """Its people say yes."""
        proposal = self.proposal(name, **where)
        return self[name].act(  # type: ignore[no-any-return]
            SECOND,
            proposals.accept,
            proposal_id=proposal.id,
            expected_version=proposal.version,
        )

    def refuse(self, name: str, because: str = "other", **where: Any) -> TransferProposal:
        """Its people say no."""
        proposal = self.proposal(name, **where)
        return self[name].act(  # type: ignore[no-any-return]
            SECOND,
            proposals.refuse,
            proposal_id=proposal.id,
            because=because,
            expected_version=proposal.version,
        )

    def withdraw(self, name: str, request: TransferRequest) -> TransferRequest:
        """Its people take the request back."""
        world = self[name]
        return world.act(  # type: ignore[no-any-return]
            SECOND,
            requests.withdraw,
            request_id=request.id,
            because="solved_otherwise",
            expected_version=world.again(request).version,
        )

    def override(self, name: str, request: TransferRequest, kommun: str) -> TransferRequest:
        """Its people ask for a proposal in a certain kommun, beside the plan."""
        world = self[name]
        return world.act(  # type: ignore[no-any-return]
            FIRST,
            requests.override,
            request_id=request.id,
            kommun=self.codes[kommun],
            reason="Hushållet har en släkting där som kan ta emot",
            expected_version=world.again(request).version,
        )

    def rows(self, model: Any, **where: Any) -> list[Any]:
        """The network's own rows."""
        with tenant_session(Audience.EXCHANGE, self.id) as session:
            found = select(model).filter_by(**where).order_by(model.id)
            return list(session.scalars(found).all())


def peopled_function(world: World, network_id: UUID, people: tuple[str, ...]) -> None:
    """Name coordinators in the kommun's function."""
    world.add(ADMIN, Membership(Role.TENANT_ADMIN))
    for name in people:
        actor = world.add(name, Membership(Role.TRANSFER_COORDINATOR))
        world.act(
            ADMIN,
            functions.name_person,
            network_id=network_id,
            principal_id=actor.principal_id,
            role="operative",
        )


def new_net(
    *names: str,
    services: Mapping[str, tuple[str, ...]] | None = None,
    limits: Mapping[str, tuple[int, int]] | None = None,
    named: bool = True,
    worlds: Mapping[str, World] | None = None,
    terms: Mapping[str, Any] | None = None,
) -> Net:
    """A fresh network of kommuner, fresh but for those of ``worlds``.

    Each may owe two moves and takes two at most. ``terms`` are other than usual.
    """
    known = worlds or {}
    worlds = {name: known.get(name) or new_world() for name in names}
    codes = {name: code_of(world.tenant_id) for name, world in worlds.items()}
    content: dict[str, Any] = {
        "code": f"net-{new_id().hex[-12:]}",
        "name": "Ett nätverk",
        "terms": [
            {
                "from": "2020-01-01",
                "round_days": 14,
                "function_size": 2,
                "waiting_band_weeks": 4,
                "destination_days": 90,
                "smallest_cell": 5,
                "answer_hours": {"acute": 24, "high": 72, "normal": 120},
                **(terms or {}),
            }
        ],
        "members": [
            {
                "kommun": codes[name],
                "since": "2020-01-01",
                "services": list((services or {}).get(name, ())),
                "limits": [
                    {
                        "from": "2020-01-01",
                        "debt_limit": (limits or {}).get(name, (2, 2))[0],
                        "take_cap": (limits or {}).get(name, (2, 2))[1],
                    }
                ],
            }
            for name in names
        ],
    }
    net = Net(networks.network_id(content["code"]), content, dict(worlds), codes)
    net.enter()
    if named:
        for world in worlds.values():
            peopled_function(world, net.id, (FIRST, SECOND))
    return net


def code_of(tenant_id: UUID) -> str:
    """The kommun's code."""
    with owner_engine().connect() as owner:
        return owner.scalars(select(Tenant.kommun_code).where(Tenant.id == tenant_id)).one()
