"""The coverage file: every id of the rule catalogue, and every reference followed to its end."""

from __future__ import annotations

import pytest

from hemvist.policy import Pack
from hemvist_coverage import coverage, element, stands
from hemvist_registry import discovered

#: How many ids the rule catalogue has under each prefix, in its order.
CATALOGUE = {
    "HBG": 156,
    "HBP": 61,
    "GBG": 135,
    "GBK": 19,
    "STH": 44,
    "JKP": 34,
    "KSD": 30,
    "NKP": 26,
    "NYN": 32,
    "SOD": 20,
    "UPP": 10,
    "VAS": 35,
    "RPT": 12,
}
IDS = [f"{prefix}-{n:02d}" for prefix, last in CATALOGUE.items() for n in range(1, last + 1)]
#: Which elements of a pack each word of the column carried_by stands for.
ELEMENTS = {
    "rule": {"rule", "node"},
    "param": {"param"},
    "fact": {"fact"},
    "obligation": {"obligation", "agenda", "when_missed", "checklist", "reopening"},
    "content": {"referral", "plan", "commission", "report", "party"},
    "programme": {
        *("programme", "department", "decision", "referral", "signature", "extension", "offers"),
        *("contract", "guarantee", "plan", "end_of_follow_up", "exit", "standing"),
        *("commission", "report", "phase", "party", "clause", "notice", "tenure_waiver"),
    },
    **{
        word: {word}
        for word in ("standing", "service_level", "quota", "indicator", "meeting", "measure")
    },
    **{word: {word} for word in ("refused", "takeover", "milestone", "ladder")},
}
OUTSIDE = ("core", "portal")
#: Sections that are not kept as things of their own: what they cover is known to the pack alone.
UNKEPT = ("referral", "extension")


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    """The installed packs by name, the newest version of each."""
    return {pack.name: pack for pack in discovered().packs()}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The file."""
    return coverage()


def test_every_id_has_one_row_in_the_order_of_the_catalogue(rows: list[dict[str, str]]) -> None:
    """All 614, none twice, none made up."""
    assert len(IDS) == 614
    assert [row["id"] for row in rows] == IDS
    assert set(rows[0]) == {"id", "pack", "carried_by", "where", "kept_by", "note"}


def test_each_row_names_what_carries_it(packs: dict[str, Pack], rows: list[dict[str, str]]) -> None:
    """The elements of a row are those that name its id in the pack, and are of the kind told."""
    for row in rows:
        if not row["pack"]:
            assert row["carried_by"] in (*OUTSIDE, "none"), row["id"]
            continue
        where = row["where"].split()
        assert where and where == list(packs[row["pack"]].covers[row["id"]]), row["id"]
        kinds = {reference.partition(":")[0] for reference in where}
        assert kinds & ELEMENTS[row["carried_by"]], row["id"]


def test_each_element_is_found_and_says_the_id_itself(
    packs: dict[str, Pack], rows: list[dict[str, str]]
) -> None:
    """Every reference into a pack, followed by its name."""
    for row in rows:
        for reference in row["where"].split() if row["pack"] else ():
            found = element(packs[row["pack"]], reference)
            assert found is not None, (row["id"], reference)
            covers = getattr(found, "covers", None)
            if covers is None:
                assert reference.partition(":")[0] in UNKEPT, (row["id"], reference)
            else:
                assert row["id"] in covers, (row["id"], reference)


def test_each_id_that_a_pack_covers_has_its_row(
    packs: dict[str, Pack], rows: list[dict[str, str]]
) -> None:
    """The way back: no pack claims an id that the file gives to another, or to nobody."""
    by_id = {row["id"]: row["pack"] for row in rows}

    claims = [(id, name) for name, pack in packs.items() for id in pack.covers]
    assert [(id, name) for id, name in claims if by_id.get(id) != name] == []
    assert len(claims) == sum(1 for row in rows if row["pack"])


def test_what_the_platform_carries_is_there(rows: list[dict[str, str]]) -> None:
    """Modules, fields, routes and tests that a row outside the packs names; a test among them."""
    outside = [row for row in rows if row["carried_by"] in OUTSIDE]

    assert outside
    for row in outside:
        references = row["where"].split()
        assert [one for one in references if not stands(one)] == [], row["id"]
        assert any(one.startswith("test:") for one in references), row["id"]
        assert row["note"].strip(), row["id"]


def test_what_keeps_an_id_of_a_pack_is_there(rows: list[dict[str, str]]) -> None:
    """Services, fields and tests of the platform, beside the pack's own words; a test among them."""
    kept = [row for row in rows if row["kept_by"]]

    assert len(kept) > 50
    for row in kept:
        references = row["kept_by"].split()
        assert row["pack"], row["id"]
        assert [one for one in references if not stands(one)] == [], row["id"]
        assert any(one.startswith("test:") for one in references), row["id"]


def test_what_software_does_not_carry_says_why(rows: list[dict[str, str]]) -> None:
    """A reason in words, and nothing that looks like a carrier."""
    for row in rows:
        if row["carried_by"] == "none":
            assert not row["where"] and len(row["note"].split()) >= 5, row["id"]


# --- the follower itself


@pytest.mark.parametrize(
    "reference",
    [
        *("rule:entitld", "node:entitled/nowhere", "node:nowhere/entitled", "param:none"),
        *("fact:none", "department:NONE", "programme:none", "contract:none", "quota:none"),
        *("contract:municipal_contract.none", "referral:municipal_contract.none"),
        *("obligation:municipal_contract", "obligation:municipal_contract.none"),
        *("agenda:municipal_contract.follow_up", "agenda:municipal_contract.follow_up.none"),
        *("signature:municipal_contract.landlord", "takeover:municipal_contract.none"),
        *("notice:municipal_contract.days", "meeting:none.point", "nothing:at_all", "rule", ""),
    ],
)
def test_a_reference_that_leads_nowhere_is_noticed(packs: dict[str, Pack], reference: str) -> None:
    """Wrong in the kind, the name, or one step further in."""
    assert element(packs["helsingborg/bostadssociala-lagenheter"], reference) is None


@pytest.mark.parametrize(
    "reference",
    [
        *("module:hemvist.referrals.service.registr", "module:hemvist.nowhere.register"),
        *("field:Mutation.none", "field:Nothing.id", "route:/{slug}/nowhere", "page:/", ""),
        "test:tests/policy_packs/test_coverage.py::test_none",
        "test:tests/policy_packs/test_none.py::test_none",
        "test:tests/policy_packs/test_coverage.py::rows",
    ],
)
def test_a_part_of_the_platform_that_is_not_there_is_noticed(reference: str) -> None:
    """Wrong in the kind or in the name."""
    assert not stands(reference)
