"""Kommuner as files: those that come along, and what a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist.identity import Membership, Role
from hemvist.settings import get_settings
from hemvist_tenants import DepartmentKind, TenantFileError, directory_of, load_tenants

GOOD = """
kommun_code = "0114"
slug = "exempelby"
name = "Exempelby"
policy_packs = ["exempelby/bostad"]

[colours]
primary = "#003366"
on_primary = "#ffffff"
accent = "#ffcc00"

[[departments]]
code = "SOC"
kind = "referring"
name_sv = "Socialförvaltningen"
name_en = "Social administration"

[[issuers]]
issuer = "https://login.exempelby.example"
client_id = "hemvist"
client_secret_from = "env:EXEMPELBY_SECRET"
api_audience = "hemvist-api"
api_scope = "hemvist.api"

[issuers.memberships]
claim = ["realm_access", "roles"]
rules = [{ value = "soc-hl", role = "caseworker", department = "SOC" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exempelby.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def changed(folder: Path, old: str, new: str) -> Path:
    text = GOOD.replace(old, new)
    assert text != GOOD
    (folder / "exempelby.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_demo_kommuner_hold() -> None:
    tenants = load_tenants()
    assert set(tenants) == {
        *("goteborg", "helsingborg", "karlstad", "norrkoping", "nynashamn", "sodertalje"),
        *("stockholm", "vasteras"),
    }
    helsingborg = tenants["helsingborg"]
    assert helsingborg.kommun_code == "1283"
    assert tenants["karlstad"].kommun_code == "1780"
    referring = helsingborg.departments_of(DepartmentKind.REFERRING)
    assert [d.code for d in referring] == ["AMF", "SOF-BUF", "SOF-VUX", "VOF"]
    assert [d.code for d in helsingborg.departments_of(DepartmentKind.PROPERTY)] == ["FF"]
    assert helsingborg.policy_packs == ("helsingborg/bostadssociala-lagenheter",)
    assert tenants["karlstad"].policy_packs == ("karlstad/sociala-kontrakt",)
    assert helsingborg.department("FF").name_sv == "Fastighetsförvaltningen"


def test_every_referring_department_has_a_caseworker_and_a_manager_rule() -> None:
    for tenant in load_tenants().values():
        given = {(rule.role, rule.department) for rule in tenant.issuers[0].rules}
        for department in tenant.departments_of(DepartmentKind.REFERRING):
            assert ("caseworker", department.code) in given
            assert ("department_manager", department.code) in given


def test_a_folder_of_ones_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMVIST_TENANTS_DIR", str(folder))
    get_settings.cache_clear()
    try:
        assert set(load_tenants()) == {"exempelby"}
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


def test_claims_deep_in_a_token_become_memberships(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXEMPELBY_SECRET", "s3cret")
    issuer = directory_of(load_tenants(folder)).issuer("exempelby")
    assert issuer.client_secret == "s3cret"
    assert "s3cret" not in repr(issuer)
    member = {Membership(Role.CASEWORKER, "SOC")}
    assert issuer.memberships({"realm_access": {"roles": ["x", "soc-hl"]}}) == member
    assert issuer.memberships({"realm_access": {"roles": "soc-hl"}}) == member
    for wrong in ({}, {"realm_access": ["soc-hl"]}, {"roles": ["soc-hl"]}, {"realm_access": None}):
        assert issuer.memberships(wrong) == frozenset()


def test_a_secret_may_come_from_a_file(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-file\n")
    changed(folder, "env:EXEMPELBY_SECRET", f"file:{secret}")
    assert directory_of(load_tenants(folder)).issuer("exempelby").client_secret == "from-file"
    secret.write_text("\n")
    with pytest.raises(TenantFileError, match="is empty"):
        directory_of(load_tenants(folder))


def test_a_missing_secret_names_itself(folder: Path) -> None:
    with pytest.raises(TenantFileError, match=r"client_secret_from: EXEMPELBY_SECRET"):
        directory_of(load_tenants(folder))


def test_production_needs_an_issuer_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo kommuner have only the development issuer: they cannot be served in production."""
    monkeypatch.setenv("HEMVIST_ENVIRONMENT", "production")
    monkeypatch.setenv("HEMVIST_BASE_URL", "https://hemvist.example")
    get_settings.cache_clear()
    try:
        with pytest.raises(TenantFileError, match="no issuer for the environment production"):
            directory_of(load_tenants())
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('kommun_code = "0114"', "", "kommun_code", "is missing"),
        ('kommun_code = "0114"', "kommun_code = 114", "kommun_code", "must be a text"),
        ('kommun_code = "0114"', 'kommun_code = "114"', "kommun_code", "four digits"),
        ('slug = "exempelby"', 'slug = "Exempelby"', "slug", "must be a-z"),
        ('slug = "exempelby"', 'slug = "graphql"', "slug", "reserved"),
        ('name = "Exempelby"', 'name = " "', "name", "must not be empty"),
        ('"#003366"', '"navy"', "colours.primary", "#1a2b3c"),
        ('"#ffffff"', '"#444444"', "colours.on_primary", "contrast"),
        ('accent = "#ffcc00"', "", "colours.accent", "is missing"),
        ('kind = "referring"', 'kind = "other"', "departments[1].kind", "referring, property"),
        ('code = "SOC"', 'code = "soc"', "departments[1].code", "capital"),
        ("[[departments]]", "[departments]", "departments", "list of tables"),
        ("https://login", "ftp://login", "issuers[1].issuer", "https"),
        ("https://login", "http://login", "issuers[1].issuer", "https in production"),
        ("env:EXEMPELBY_SECRET", "hunter2", "issuers[1].client_secret_from", "env:NAME"),
        ("env:EXEMPELBY_SECRET", "development", "issuers[1].client_secret_from", "production"),
        ('"hemvist-api"', '"hemvist"', "issuers[1].api_audience", "differ from client_id"),
        (
            'api_scope = "hemvist.api"',
            'api_scope = "a"\nalgorithms = ["HS256"]',
            "issuers[1].algorithms",
            "HS256",
        ),
        (
            'api_scope = "hemvist.api"',
            'api_scope = "a"\nalgorithms = ["none"]',
            "issuers[1].algorithms",
            "none",
        ),
        (
            'api_scope = "hemvist.api"',
            'api_scope = "a"\nscopes = ["profile"]',
            "issuers[1].scopes",
            "openid",
        ),
        (
            'api_scope = "hemvist.api"',
            'api_scope = "a"\nenvironments = ["staging"]',
            "issuers[1].environments",
            "staging",
        ),
        (
            'api_scope = "hemvist.api"',
            'api_scope = "a"\nuse_userinfo = "yes"',
            "issuers[1].use_userinfo",
            "true or false",
        ),
        (
            'api_scope = "hemvist.api"',
            'api_scope = "a"\nclient_sercet = "x"',
            "issuers[1].client_sercet",
            "is not a key",
        ),
        ('role = "caseworker"', 'role = "boss"', "issuers[1].memberships.rules[1].role", "boss"),
        (
            'role = "caseworker"',
            'role = "operator"',
            "issuers[1].memberships.rules[1].role",
            "operator",
        ),
        (
            'department = "SOC" }',
            'department = "SOK" }',
            "issuers[1].memberships.rules[1].department",
            "SOK",
        ),
        (
            ', department = "SOC" }',
            " }",
            "issuers[1].memberships.rules[1].department",
            "held in a department",
        ),
    ],
)
def test_a_wrong_file_is_told_where_and_why(
    folder: Path, old: str, new: str, key: str, words: str
) -> None:
    with pytest.raises(TenantFileError) as told:
        load_tenants(changed(folder, old, new))
    assert told.value.file == "exempelby.toml"
    assert told.value.key == key
    assert words in str(told.value)


def test_a_file_that_is_no_toml_is_told_with_its_line(folder: Path) -> None:
    (folder / "exempelby.toml").write_text("name = \n")
    with pytest.raises(TenantFileError, match=r"exempelby\.toml:1: .*line 1"):
        load_tenants(folder)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(TenantFileError, match=r"no \*\.toml"):
        load_tenants(tmp_path)


@pytest.mark.parametrize(
    ("replaced", "words"),
    [
        ((), "is another kommun's"),
        ((('"exempelby"', '"annanby"'),), "is also that of annanby"),
        (
            (('"exempelby"', '"annanby"'), ("0114", "0115")),
            "shares issuer and client hemvist with annanby",
        ),
    ],
)
def test_two_kommuner_are_never_confused(
    folder: Path, replaced: tuple[tuple[str, str], ...], words: str
) -> None:
    text = GOOD
    for old, new in replaced:
        text = text.replace(old, new)
    (folder / "annanby.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TenantFileError) as told:
        load_tenants(folder)
    assert told.value.file == "exempelby.toml"
    assert words in str(told.value)


def test_a_shared_issuer_is_fine_when_its_tokens_tell_kommuner_apart(folder: Path) -> None:
    def told_apart(text: str, name: str) -> str:
        return text.replace(
            "[issuers.memberships]",
            f'[issuers.required_claims]\nkommun = "{name}"\n\n[issuers.memberships]',
        )

    other = GOOD.replace('"exempelby"', '"annanby"').replace("0114", "0115")
    (folder / "annanby.toml").write_text(told_apart(other, "annanby"), encoding="utf-8")
    (folder / "exempelby.toml").write_text(told_apart(GOOD, "exempelby"), encoding="utf-8")
    tenants = load_tenants(folder)
    assert tenants["annanby"].issuers[0].required_claims == {"kommun": "annanby"}


REGISTER = """
[protection]
checked_days = 60

[protection.register]
kind = "service"
place = "https://register.exempelby.example"
token_from = "env:REGISTER_TOKEN"
"""


def test_how_long_a_check_is_relied_on_and_the_register(folder: Path) -> None:
    assert load_tenants(folder)["exempelby"].register is None
    (folder / "exempelby.toml").write_text(GOOD + REGISTER, encoding="utf-8")
    found = load_tenants(folder)["exempelby"]
    assert found.protection_days == 60 and found.register is not None
    assert (found.register.kind, found.register.left_out_means_no) == ("service", False)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("checked_days = 60", "checked_days = 0", "checked_days"),
        ("checked_days = 60", "checked_days = 36500", "checked_days"),
        ('"service"', '"oracle"', "register.kind"),
        ('"https://', '"http://', "register.place"),
        ('"env:REGISTER_TOKEN"', '"hemligt"', "register.token_from"),
        ('kind = "service"', 'kind = "file"', "register.place"),
        ("token_from", "tokens_from", "register"),
    ],
)
def test_a_register_that_is_none(folder: Path, old: str, new: str, key: str) -> None:
    (folder / "exempelby.toml").write_text(GOOD + REGISTER.replace(old, new), encoding="utf-8")
    with pytest.raises(TenantFileError) as wrong:
        load_tenants(folder)
    assert key in wrong.value.key
