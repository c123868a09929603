"""Holes planted in the API: the attack finds each of them."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from hemvist.agreements import service as agreements
from hemvist.errors import Conflict, NotFound
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.pack_versions import drafting as versions
from hemvist.settings import get_settings
from hemvist.tenancy import TenantSession
from hemvist_api_inputs import input_type
from hemvist_attack import Tally
from hemvist_attack_api import (
    Target,
    as_actor,
    attack_commands,
    attack_documents,
    attack_fields,
    attack_without_roles,
    filled_target,
    with_every_role,
)
from hemvist_attack_beside import attack_aliases, attack_inputs
from hemvist_attack_files import attack_uploads, sent_by
from hemvist_graphql.reading import readable
from hemvist_rows import owner_engine, set_context

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def target(database: str) -> Target:
    return filled_target()


@pytest.fixture(scope="module")
def own(database: str) -> Target:
    return filled_target()


@pytest.fixture(scope="module")
def stranger(own: Target) -> Actor:
    return with_every_role(own, "Främmande")


@pytest.fixture
def nobody(target: Target) -> Actor:
    return Actor(target.tenant_id, new_id(), "Utan roll", frozenset())


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans are kept by who asks; a hole in a declaration is looked for where it is asked anew."""
    monkeypatch.setattr(get_settings(), "compiled_reads", False)


@pytest.mark.parametrize("name", ["Household", "Case"])
def test_a_type_whose_rows_everybody_sees(
    name: str, target: Target, nobody: Actor, ordinary: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_all = dataclasses.replace(readable(name).reading, visible=lambda _: sa.true())
    monkeypatch.setattr(readable(name), "reading", open_to_all)
    found = Tally()
    attack_fields(found, target, as_actor(nobody), types=frozenset({name}))
    assert found.finds
    assert all(one.startswith(f"node({name}) shows") for one in found.finds)


def test_a_command_that_asks_for_no_right(
    target: Target, nobody: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreements, "require", lambda *_, **__: None)
    found = Tally()
    attack_without_roles(found, target, as_actor(nobody), only=frozenset({"openAgreement"}))
    assert len(found.finds) == 1
    assert found.finds[0].startswith("openAgreement answers")


def test_a_command_that_tells_what_there_is_elsewhere(
    target: Target, stranger: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is not given out, but that it exists is: a guessed id can be checked."""
    find = TenantSession.find

    def telling(self: TenantSession, model: Any, row_id: Any) -> Any:
        try:
            return find(self, model, row_id)
        except NotFound:
            with owner_engine().connect() as owner:
                set_context(owner, target.tenant_id)
                if owner.scalar(sa.select(model.id).where(model.id == row_id)):
                    raise Conflict("stale_version", "it is another's") from None
            raise

    monkeypatch.setattr(TenantSession, "find", telling)
    found = Tally()
    attack_commands(
        found, target, as_actor(stranger), only=frozenset({"withdrawReferral", "openCase"})
    )
    assert (
        "withdrawReferral.referralId tells another kommun's id from one of nothing" in found.finds
    )


def test_a_look_up_that_mixes_what_is_read_together(
    target: Target, own: Target, stranger: Actor
) -> None:
    """What was found for one alias is given for another."""
    honest = as_actor(stranger)

    def mixing(document: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        mine = given["mine"]
        return honest(
            document, {key: mine if key == "theirs" else one for key, one in given.items()}
        )

    found = Tally()
    came = attack_aliases(found, target, own, mixing, types=frozenset({"Agreement", "Unit"}))
    assert came > 0
    assert "node(Unit) shows another's beside one's own" in found.finds


def test_an_input_that_takes_whatever_it_is_told(own: Target, stranger: Actor) -> None:
    known = input_type("openAgreement").fields
    honest = as_actor(stranger)

    def lenient(document: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        body = {key: one for key, one in given["input"].items() if key in known}
        return honest(document, {"input": body})

    found = Tally()
    attack_inputs(found, own, lenient, only=frozenset({"openAgreement"}))
    assert len(found.finds) > 3


def test_a_file_that_is_not_looked_at(
    own: Target, stranger: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a bomb does where nobody has counted on one: it comes out as a fault of ours."""

    def trusting(archive: bytes) -> dict[str, str]:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return {name: opened.read(name).decode() for name in opened.namelist()}

    monkeypatch.setattr(versions, "read_archive", trusting)
    takers = {"uploadPackVersion": "archive"}
    found = Tally()
    reached = attack_uploads(found, takers, sent_by(as_actor(stranger), own))
    assert reached == {"uploadPackVersion"}
    assert "uploadPackVersion fails on a half archive" in found.finds


def test_a_command_that_acts_in_the_kommun_of_the_id(target: Target, stranger: Actor) -> None:
    """Whoever sends an id of a kommun is taken to be of it: the whole of the tenancy forgotten."""
    theirs = as_actor(dataclasses.replace(stranger, tenant_id=target.tenant_id))
    found = Tally()
    attack_fields(found, target, theirs, types=frozenset({"Agreement", "Unit"}))
    assert found.finds
    attack_documents(found, target, theirs)
    assert any(one.startswith("the document ") for one in found.finds)
