"""Taking a kommun on, step by step. Each step first looks whether it is done.

So the register, the key folder and the folder of files are the only memory of how far it came: who is
stopped anywhere, by kill -9 too, runs it again and it goes on where it was. Until the last step the
kommun is ``preparing``, and nobody gets in.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select, text, update

from hemvist.db import owner_url
from hemvist.errors import HemvistError
from hemvist.identity.delegation import DelegationOrder
from hemvist.identity.support_providers import SupportProvider
from hemvist.policy.models import PackAdoption
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist.tenancy.key_folder import key_folder, require_keys
from hemvist.tenancy.key_making import create_keys, unwrapped
from hemvist.tenancy.keys import forget_keys
from hemvist_infra.database import migrating_connection
from hemvist_infra.onboarding import adopt, record_act
from hemvist_infra.tenant_life.checking import packs_named
from hemvist_tenants import TenantConfig, load_tenant, onboard
from hemvist_tenants.activation import protection_days_of
from hemvist_tenants.delegation import enter_orders
from hemvist_tenants.providers import enter_providers
from hemvist_tenants.reading import TenantFileError

_PROVIDER = tuple(
    getattr(SupportProvider, name)
    for name in ("code", "name_sv", "name_en", "regime", "volume_percent", "active")
)
#: Told for each step: its number of how many, its name, and what came of it.
Tell = Callable[[int, int, str, str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``look`` says what is there already, or nothing; ``act`` makes it and says what."""

    name: str
    would: str
    look: Callable[[], str]
    act: Callable[[], str]


class Creation:
    """Taking the kommun of ``file`` on; what is done already is left as it is."""

    def __init__(self, file: Path, tenant: TenantConfig) -> None:
        self.file = file
        self.tenant = tenant
        self.folder = folder_of_files()

    def steps(self) -> tuple[Step, ...]:
        """What there is to do, in order."""
        packs = ", ".join(self.tenant.policy_packs) or "none"
        return (
            Step("file", f"{self.installed} is written", self._same_file, self._put_file),
            Step("register", "a row, in preparation", self._entered, self._enter),
            Step("keys", "a file of keys in the key folder", self._has_keys, self._make_keys),
            Step(
                "guidelines",
                f"adopted: {packs}; {len(self.tenant.delegation)} delegation orders,"
                f" {len(self.tenant.support_providers)} support providers",
                self._adopted,
                self._adopt,
            ),
            Step("open", "people can log in", self._is_open, self._open),
        )

    def run(self, tell: Tell) -> None:
        """Do what is not done. Raises ``HemvistError`` for a kommun that was closed."""
        self.require_possible()
        steps = self.steps()
        for number, step in enumerate(steps, start=1):
            there = step.look()
            tell(number, len(steps), step.name, there or step.act())

    def foresee(self, tell: Tell) -> None:
        """Say what ``run`` would do, and do nothing."""
        self.require_possible()
        steps = self.steps()
        for number, step in enumerate(steps, start=1):
            there = step.look()
            tell(number, len(steps), step.name, there or f"would be made: {step.would}")

    def require_possible(self) -> None:
        """Raise ``KeysMissing`` without the key folder, ``HemvistError`` where the register is against it."""
        require_keys()
        row = self._row()
        if row is not None and row[1] == "closed":
            raise HemvistError(
                f"{self.tenant.slug} is closed: hemvist tenant resume opens it again"
            )
        with self._connection() as connection:
            holder = connection.scalar(
                select(Tenant.kommun_code).where(
                    Tenant.slug == self.tenant.slug,
                    Tenant.kommun_code != self.tenant.kommun_code,
                )
            )
        if holder is not None:
            raise TenantFileError(
                self.file.name, "slug", f"{self.tenant.slug!r} belongs to kommun {holder} already"
            )

    @property
    def installed(self) -> Path:
        """Where the kommun's file lies for every process."""
        return self.folder / f"{self.tenant.slug}.toml"

    @property
    def tenant_id(self) -> UUID:
        """The kommun's id. Only after its row was made."""
        row = self._row()
        assert row is not None
        return row[0]

    @property
    def is_new(self) -> bool:
        """Whether the register has not heard of it."""
        return self._row() is None

    # Each step, first its look ------------------------------------------------------------------

    def _same_file(self) -> str:
        same = self.installed.is_file() and self.installed.read_bytes() == self.file.read_bytes()
        return f"{self.installed} is there" if same else ""

    def _put_file(self) -> str:
        try:
            return self._written()
        except OSError as error:
            raise HemvistError(
                f"{self.installed} cannot be written ({error.strerror}): where the folder is given to this"
                " machine from elsewhere, put the file there first and name it there"
            ) from None

    def _written(self) -> str:
        was = self.installed.is_file()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Written whole and then put in place: who starts meanwhile reads the one or the other.
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=f".{self.tenant.slug}-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(self.file.read_bytes())
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        os.replace(name, self.installed)
        return f"{self.installed} {'replaced' if was else 'written'}"

    def _entered(self) -> str:
        row = self._row()
        return "" if row is None or row[2:] != self._facts() else f"row of {row[0]} is there"

    def _enter(self) -> str:
        with self._connection() as connection:
            tenant_id = onboard(connection, self.tenant, status="preparing")
            connection.commit()
        return f"row of {tenant_id} made"

    def _has_keys(self) -> str:
        row = self._row()
        if row is None or key_folder().read(row[0]) is None:
            return ""
        return f"{self._opened()} keys are there, and open"

    def _make_keys(self) -> str:
        create_keys(key_folder(), self.tenant_id)
        forget_keys()
        return f"{self._opened()} keys made, and opened again; copy the key folder"

    def _opened(self) -> int:
        folder = key_folder()
        file = folder.read(self.tenant_id)
        assert file is not None
        if file.erased is not None:
            raise HemvistError(f"the keys of {self.tenant.slug} were erased")
        return len(dict(unwrapped(folder, file)))

    def _adopted(self) -> str:
        row = self._row()
        if row is None:
            return ""
        with self._connection() as connection:
            _within(connection, row[0])
            packs = set(connection.scalars(select(PackAdoption.pack)).all())
            orders = {
                one.since: (one.cite, one.lines)
                for one in connection.execute(
                    select(DelegationOrder.since, DelegationOrder.cite, DelegationOrder.lines)
                )
            }
            providers = {tuple(one) for one in connection.execute(select(*_PROVIDER)) if one.active}
        wanted = {
            order.since: (order.cite, [line.as_json() for line in order.lines])
            for order in self.tenant.delegation
        }
        giving = {
            tuple(getattr(one, column.key) for column in _PROVIDER)
            for one in self.tenant.support_providers
            if one.active
        }
        whole = set(self.tenant.policy_packs) <= packs and wanted.items() <= orders.items()
        if not whole or providers != giving or row[1] == "preparing":
            return ""
        return f"{len(packs)} guidelines, {len(orders)} delegation orders are there"

    def _adopt(self) -> str:
        registry = packs_named(self.tenant)
        tenant_id = self.tenant_id
        with self._connection() as connection:
            adopt(connection, registry, tenant_id, self.tenant)
            enter_orders(connection, tenant_id, self.tenant.delegation)
            enter_providers(connection, tenant_id, self.tenant.support_providers)
            connection.commit()
        return (
            f"{len(self.tenant.policy_packs)} guidelines, {len(self.tenant.delegation)} delegation"
            f" orders, {len(self.tenant.support_providers)} providers entered"
        )

    def _is_open(self) -> str:
        row = self._row()
        if row is None or row[1] == "preparing":
            return ""
        return "is open" if row[1] == "active" else f"is {row[1]}, and stays so"

    def _open(self) -> str:
        # Asked for before: of these connections there is one at a time.
        tenant_id = self.tenant_id
        record_act(tenant_id, "tenant.active", {"was": "preparing"})
        with self._connection() as connection:
            connection.execute(
                update(Tenant)
                .where(Tenant.id == tenant_id, Tenant.status == "preparing")
                .values(status="active")
            )
            connection.commit()
        return "is open"

    # ---------------------------------------------------------------------------------------------

    def _row(self) -> tuple[UUID, str, str, str, int] | None:
        with self._connection() as connection:
            found = connection.execute(
                select(
                    Tenant.id, Tenant.status, Tenant.slug, Tenant.name, Tenant.protection_days
                ).where(Tenant.kommun_code == self.tenant.kommun_code, Tenant.kind == "kommun")
            ).first()
        return None if found is None else (found[0], found[1], found[2], found[3], found[4])

    def _facts(self) -> tuple[str, str, int]:
        return self.tenant.slug, self.tenant.name, protection_days_of(self.tenant)

    @staticmethod
    def _connection() -> AbstractContextManager[Connection]:
        return migrating_connection(owner_url().render_as_string(hide_password=False))


def folder_of_files() -> Path:
    """The folder with the kommuner's files that every process of this installation reads.

    Raises ``HemvistError`` where it is the program's own.
    """
    folder = get_settings().tenants_dir
    if folder is None:
        raise HemvistError(
            "HEMVIST_TENANTS_DIR is not set: make a folder for the kommuner's files, and let every"
            " process have it"
        )
    return folder


def kommun_of(slug: str) -> TenantConfig:
    """The kommun of the folder with this slug. Raises ``HemvistError`` and ``TenantFileError``."""
    file = folder_of_files() / f"{slug}.toml"
    if not file.is_file():
        raise HemvistError(f"{file} is not there: hemvist tenant create puts it there")
    return load_tenant(file)


def _within(connection: Connection, tenant_id: UUID) -> None:
    # Row security holds for the owner too.
    connection.execute(
        text("SELECT set_config(:setting, :tenant, true)"),
        {"setting": TENANT_SETTING, "tenant": str(tenant_id)},
    )
