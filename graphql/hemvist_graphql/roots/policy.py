"""Guidelines: packs, their versions, what another version would change."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.clock import today as day_of_today
from hemvist.identity import Action
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.policy import PolicyError
from hemvist.simulations.models import Simulation as SimulationRow
from hemvist.simulations.models import SimulationChange as ChangeRow
from hemvist_graphql.case_migrations.types import CaseMigrationPreview, previews
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.loading import find
from hemvist_graphql.pack_versions.types import KnownPackVersion, PackVersion
from hemvist_graphql.packs.types import Pack
from hemvist_graphql.reading import computed, looked_up
from hemvist_graphql.roots.filtering import in_states, short
from hemvist_graphql.simulations.types import Simulation
from hemvist_graphql.states import PackVersionState, SimulationChangeKind

_PACK_VERSIONS = Ordering("pack_versions", (PackVersionRow.made_at, PackVersionRow.id))
_SIMULATIONS = Ordering("simulations", (SimulationRow.requested_at, SimulationRow.id))
_SIMULATION_CHANGES = Ordering("simulation_changes", (ChangeRow.id,))


@strawberry.type
class PolicyRoots:
    """Guidelines: packs, their versions, what another version would change."""

    @computed(
        5,
        reads=False,
        description="The guidelines that the kommun works by today, in force versions.",
    )
    def packs(self, info: Info) -> list[Pack]:
        """The kommun's guidelines."""
        info.context.require(Action.POLICY_READ)
        found = []
        for name in info.context.adopted(day_of_today()):
            try:
                found.append(Pack(model=info.context.packs.in_force(name, day_of_today())))
            except PolicyError:
                continue
        return found

    @computed(
        5,
        reads=False,
        description="A guideline of the kommun; the version in force when none is named.",
    )
    def pack(self, info: Info, name: str, version: str | None = None) -> Pack | None:
        """A guideline of the kommun."""
        info.context.require(Action.POLICY_READ)
        if name not in info.context.adopted(day_of_today()):
            return None
        try:
            if version is None:
                return Pack(model=info.context.packs.in_force(name, day_of_today()))
            return Pack(model=info.context.packs.get(name, version))
        except PolicyError:
            return None

    @connection(
        "PackVersion",
        _PACK_VERSIONS,
        needs=Action.POLICY_READ,
        description="Versions of guidelines that the kommun has made itself, newest first.",
    )
    def pack_versions(
        self, info: Info, pack: str | None = None, state: list[PackVersionState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The versions that the caller sees."""
        criteria = in_states(PackVersionRow.state, state)
        if pack is not None:
            criteria.append(PackVersionRow.pack == short("pack", pack))
        return criteria

    @looked_up("PackVersion")
    def pack_version(self, info: Info, id: strawberry.ID) -> PackVersion | None:
        """A version of a guideline by its id."""
        return find(info.context, PackVersion, row_id_of("PackVersion", id))

    @computed(
        5,
        reads=False,
        description="Every version that cases are or may be pinned to, the lowest number first.",
    )
    def known_pack_versions(self, info: Info, pack: str) -> list[KnownPackVersion]:
        """Installed and own versions of a guideline of the kommun."""
        info.context.require(Action.POLICY_READ)
        if pack not in info.context.adopted(day_of_today()):
            return []
        return [KnownPackVersion(model=one) for one in info.context.packs.versions(pack)]

    @computed(
        200,
        description="What would change for open cases today under another version, for those who "
        "read them in the department that has them.",
    )
    def case_migration_preview(
        self, info: Info, case_ids: list[strawberry.ID], to_version: str
    ) -> list[CaseMigrationPreview]:
        """What would change for open cases under another version."""
        info.context.require(Action.CASE_READ)
        found: list[CaseMigrationPreview] = previews(
            info.context, case_ids, short("toVersion", to_version)
        )
        return found

    @connection("Simulation", _SIMULATIONS, needs=Action.POLICY_READ, description="Newest first.")
    def simulations(self, info: Info, pack: str | None = None) -> list[ColumnElement[bool]]:
        """The simulations that the caller sees."""
        return [] if pack is None else [SimulationRow.pack == short("pack", pack)]

    @looked_up("Simulation")
    def simulation(self, info: Info, id: strawberry.ID) -> Simulation | None:
        """A simulation by its id."""
        return find(info.context, Simulation, row_id_of("Simulation", id))

    @connection(
        "SimulationChange",
        _SIMULATION_CHANGES,
        needs=Action.CASE_READ,
        description="Cases that simulations would change, in departments that the caller reads.",
    )
    def simulation_changes(
        self,
        info: Info,
        simulation_id: strawberry.ID | None = None,
        subject: str | None = None,
        change: list[SimulationChangeKind] | None = None,
    ) -> list[ColumnElement[bool]]:
        """The cases that a simulation would change, of those that the caller reads."""
        criteria = in_states(ChangeRow.change, change)
        if simulation_id is not None:
            criteria.append(ChangeRow.simulation_id == row_id_of("Simulation", simulation_id))
        if subject is not None:
            criteria.append(ChangeRow.subject == short("subject", subject))
        return criteria
