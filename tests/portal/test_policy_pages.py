"""Versions of guidelines over HTTP: who sees what, what a form keeps, what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

import pytest

from hemvist.clock import today
from hemvist_karlstad import PACK, archive, carry_out_simulations, pack_files
from hemvist_visits import Visit

LogIn = Callable[..., Visit]
_KEYS = count(1)
NAME = "Tak över huvudet, sociala kontrakt och hyresgarantier"


def send(person: Visit, path: str, **fields: str) -> tuple[int, str, str]:
    """A form sent with a key of its own."""
    return person.post(f"/karlstad/{path}", idempotencyKey=f"p-{next(_KEYS)}", **fields)


def version_on(page: str) -> str:
    """The version that the page's forms were made for."""
    found = re.search(r'name="expectedVersion" value="(\d+)"', page)
    assert found
    return found[1]


@pytest.fixture
def ulrika(visit: LogIn) -> Visit:
    """Writes versions."""
    return visit("ulrika.stenman", "karlstad")


@pytest.fixture
def viktor(visit: LogIn) -> Visit:
    """Approves them."""
    return visit("viktor.aronsson", "karlstad")


@pytest.fixture
def draft(ulrika: Visit) -> str:
    """The path of a new draft."""
    status, page, target = send(
        ulrika, "policy/drafts/new", pack=PACK, base="2026.1.0", inForceFrom="2028-01-01"
    )
    assert status == 303, page
    return target.removeprefix("/karlstad/")


def step(person: Visit, draft: str, name: str, **fields: str) -> tuple[int, str, str]:
    """A step of the version as the person's page has it."""
    _, page = person.get(f"/karlstad/{draft}")
    return send(person, f"{draft}/{name}", expectedVersion=version_on(page), **fields)


def test_who_may_change_guidelines(visit: LogIn, ulrika: Visit, draft: str) -> None:
    """Others read what applies and see no draft; a stranger to the kommun sees nothing at all."""
    status, page = ulrika.get("/karlstad/policy")
    assert status == 200
    assert NAME in page
    assert "Under arbete" in page
    petra = visit("petra.solberg", "karlstad")
    status, page = petra.get("/karlstad/policy")
    assert status == 200
    assert NAME in page
    for words in ("Under arbete", "Ändra riktlinjen", "Skicka in en hel version"):
        assert words not in page
    for path in ("", "/parameters", "/differences", "/simulate", "/file?name=rules.yaml"):
        assert petra.get(f"/karlstad/{draft}{path}")[0] == 404, path
    for path in (f"drafts/new?pack={PACK}", "upload"):
        status, page = petra.get(f"/karlstad/policy/{path}")
        assert status == 403
        assert "ändra riktlinjer" in page
    aida = visit("aida.lindqvist")
    for path in ("", "/parameters", "/simulate"):
        assert aida.get(f"/helsingborg/{draft}{path}")[0] == 404


def test_what_is_not_there(ulrika: Visit, draft: str) -> None:
    """Unknown guidelines, parameters, steps and simulations are the same friendly page."""
    for path in (
        "policy/drafts/new?pack=helsingborg/bostadssociala-lagenheter",
        f"{draft}/parameter?name=rent_limit",
        "policy/versions/none",
        f"{draft}/simulations/none",
        f"{draft}/simulations/none/cases",
        f"policy/move?pack={PACK}&source=1.0.0",
        "policy/move",
    ):
        assert ulrika.get(f"/karlstad/{path}")[0] in (403, 404), path
    assert send(ulrika, f"{draft}/publish", expectedVersion="1")[0] == 404
    assert ulrika.get(f"/karlstad/{draft}/publish")[0] == 404


def test_a_refused_step_can_be_opened_anew(ulrika: Visit, draft: str) -> None:
    """A reload, or another language, leads to the version."""
    for step_name in ("withdraw", "check", "reschedule"):
        answer = ulrika.client.get(f"/karlstad/{draft}/{step_name}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/karlstad/{draft}")


def test_nothing_typed_is_lost(ulrika: Visit, draft: str) -> None:
    """A value, a file and a reason come back with what is wrong."""
    path = f"{draft}/parameter?name=debt_limit"
    status, page, _ = send(ulrika, path, value="femton", validFrom="31 mars", expectedVersion="1")
    assert status == 422
    assert 'value="femton"' in page
    assert 'value="31 mars"' in page
    torn = "pack: [karlstad\n# <min anteckning>\n"
    path = f"{draft}/file?name=pack.yaml"
    status, page, _ = send(ulrika, path, name="pack.yaml", content=torn, expectedVersion="1")
    assert status == 422
    assert "pack.yaml, rad" in page
    assert "# &lt;min anteckning&gt;" in page
    status, page, _ = send(ulrika, f"{draft}/withdraw", reason="  ", expectedVersion="1")
    assert status == 422
    assert "Skriv varför." in page


def test_somebody_was_faster(ulrika: Visit, draft: str) -> None:
    """The second of two changes made on the same page is told so."""
    path = f"{draft}/parameter?name=debt_limit"
    fields = {"value": "15 000", "validFrom": "2028-01-01", "expectedVersion": "1"}
    assert send(ulrika, path, **fields)[0] == 303
    status, page, _ = send(ulrika, path, **fields)
    assert status == 409
    assert 'value="15 000"' in page


def test_from_the_draft_to_the_other_one(ulrika: Visit, viktor: Visit, draft: str) -> None:
    """Simulated, sent in, sent back with a reason, sent in again, approved, frozen, resumed."""
    path = f"{draft}/parameter?name=debt_limit"
    values = {"value": "15 000", "validFrom": "2028-01-01", "expectedVersion": "1"}
    assert send(ulrika, path, **values)[0] == 303
    assert step(ulrika, draft, "check")[0] == 303
    _, page = ulrika.get(f"/karlstad/{draft}")
    assert "Klarade kontrollen" in page
    assert "Skicka för godkännande" in page

    status, page, target = send(ulrika, f"{draft}/simulate", judgedOn="2028-01-01")
    assert status == 303, page
    status, page = ulrika.get(target)
    assert "data-follow" in page
    assert carry_out_simulations() == 1
    _, page = ulrika.get(target)
    assert "data-follow" not in page
    assert "inga siffror" in page
    _, page = ulrika.get(f"{target}?every=1")
    assert "Simulera igen" in page

    assert step(ulrika, draft, "submit")[0] == 303
    _, page = ulrika.get(f"/karlstad/{draft}")
    assert "Du kan inte godkänna den själv." in page
    assert "Godkänn versionen" not in page
    status, page, _ = send(ulrika, f"{draft}/approve", expectedVersion="4")
    assert status == 403
    assert "aldrig egna" in page

    _, page = viktor.get("/karlstad/today")
    assert "Riktlinjer att godkänna" in page
    status, page, _ = step(viktor, draft, "reject", reason="")
    assert status == 422
    assert step(viktor, draft, "reject", reason="Beslutet saknas.")[0] == 303
    _, page = ulrika.get(f"/karlstad/{draft}")
    assert "Beslutet saknas." in page
    assert step(ulrika, draft, "check")[0] == 303
    assert step(ulrika, draft, "submit")[0] == 303
    assert step(viktor, draft, "approve")[0] == 303
    _, page = viktor.get(f"/karlstad/{draft}")
    assert "börjar gälla av sig själv lördag 1 januari 2028" in page
    assert step(viktor, draft, "withdraw", reason="Ett prov.")[0] == 303


def test_the_brake(ulrika: Visit, viktor: Visit, draft: str) -> None:
    """In force at once, frozen with a reason, resumed by another, withdrawn for good."""
    day = today().isoformat()
    assert step(ulrika, draft, "reschedule", inForceFrom=day)[0] == 303
    assert step(ulrika, draft, "check")[0] == 303
    assert step(ulrika, draft, "submit")[0] == 303
    assert step(viktor, draft, "approve")[0] == 303
    _, page = ulrika.get("/karlstad/policy")
    assert page.count("Gäller nya ärenden i dag") == 1
    status, page, _ = step(ulrika, draft, "freeze", reason="")
    assert (status, "Skriv varför." in page) == (422, True)
    assert step(ulrika, draft, "freeze", reason="Gränsen är fel.")[0] == 303
    _, page = ulrika.get(f"/karlstad/{draft}")
    assert "Gränsen är fel." in page
    assert "Någon annan än den som har skrivit versionen" in page
    assert "Låt den gälla igen" not in page
    _, page = viktor.get(f"/karlstad/{draft}")
    assert "Låt den gälla igen" in page
    assert step(viktor, draft, "resume")[0] == 303
    assert step(viktor, draft, "withdraw", reason="Ett prov.")[0] == 303
    _, page = viktor.get(f"/karlstad/{draft}")
    assert "Tillbakadragen" in page
    assert "Frys versionen" not in page
    assert "Dra tillbaka versionen" not in page


def test_a_whole_version_sent_in(ulrika: Visit) -> None:
    """No file, no zip, a fault in the head, and one that is taken in."""
    csrf = {"csrf": ulrika.csrf}

    def upload(content: bytes) -> tuple[int, str, str]:
        answer = ulrika.client.post(
            "/karlstad/policy/upload",
            data={**csrf, "idempotencyKey": f"p-{next(_KEYS)}"},
            files={"archive": ("pack.zip", content, "application/zip")},
        )
        return answer.status_code, answer.text, answer.headers.get("location", "")

    status, page, _ = upload(b"")
    assert (status, "Välj en zip-fil." in page) == (422, True)
    status, page, _ = upload(b"x" * 290_000)
    assert (status, "för stor" in page) == (422, True)
    status, page, _ = upload(b"not a zip at all")
    assert (status, 'id="f-archive-error"' in page) == (422, True)
    files = pack_files()
    status, page, _ = upload(archive({**files, "pack.yaml": "pack: [karlstad"}))
    assert (status, "pack.yaml, rad" in page) == (422, True)
    head = files["pack.yaml"].replace("from: 2012-01-01", "from: 2029-01-01", 1)
    head = re.sub(r"^version: \S+", "version: 2029.1.0", head, flags=re.M)
    status, page, target = upload(archive({**files, "pack.yaml": head}))
    assert status == 303, page
    _, page = ulrika.get(target)
    assert "version 2029.1.0" in page


def test_in_english(ulrika: Visit, draft: str) -> None:
    """The whole page, in the other language."""
    ulrika.headers["accept-language"] = "en"
    _, page = ulrika.get(f"/karlstad/{draft}")
    assert "The way to an approved version" in page
    for words in ("Vägen till", "Kontrollera", "Simulera"):
        assert words not in page
