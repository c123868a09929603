"""What is done about many cases: the log looked at, cases thinned, kommuner compared, a form counted."""

from __future__ import annotations

from hemvist.authority_forms.running import count
from hemvist.clock import today
from hemvist.log_reviews import drawing
from hemvist.retention.models import ThinningItem
from hemvist.tenancy import Audience, tenant_session
from hemvist_api_office import Office
from hemvist_api_ways import Way, said
from hemvist_graphql.ids import require_row_id


def log_reviewed(office: Office) -> None:
    """A sample of what was looked at this month, and a look of it that is signed off."""
    with tenant_session(Audience.WORKER, office.ledger.tenant_id) as session:
        drawing.draw(session, today())
    reviewer = office["log reviewer"]
    found = reviewer.ask("query Q { logLooks { edges { node { id version } } } }")["logLooks"]
    [one, *_] = [edge["node"] for edge in found["edges"]]
    reviewer.do(
        "reviewLook",
        "logLook { id state }",
        lookId=one["id"],
        verdict="signed_off",
        expectedVersion=one["version"],
    )


def thinned(office: Office, home: Way) -> None:
    """A hold on a case, and a thinning that is proposed, of which a case is known."""
    officer = office["policy officer"]
    officer.do(
        "placeRetentionMark",
        "retentionMark { id reason }",
        caseId=home.case,
        kind="hold",
        reason="Tillsyn.",
    )
    run = officer.do("proposeThinning", "thinningRun { id state }")
    with tenant_session(Audience.WORKER, office.ledger.tenant_id) as session:
        session.add(
            ThinningItem(
                run_id=require_row_id("ThinningRun", run["id"]),
                case_id=require_row_id("Case", home.case),
                department="SOF-VUX",
                number_hash="0" * 64,
                rule="after_last_note",
                due_on=today(),
                done_by=today(),
            )
        )
    officer.ask("query Q { thinningItems { edges { node { id } } } }")


def compared(office: Office) -> None:
    """A comparison with other kommuner that is proposed."""
    office["policy officer"].do(
        "proposeComparison", "indicatorSharing { id state }", comparison="ways"
    )


def formed(office: Office, way: Way) -> None:
    """An authority's form of the department, counted by the worker, and an answer in it."""
    manager = office[way.manager]
    form = manager.do(
        "prepareAuthorityForm",
        "authorityForm { id }",
        form="boverket_market",
        department=way.department,
        # The year that runs: the homes that are let today are in it.
        period=str(today().year),
    )
    with tenant_session(Audience.WORKER, office.ledger.tenant_id) as session:
        count(session, require_row_id("AuthorityForm", form["id"]))
    made = manager.ask(
        "query ($id: ID!) { form: node(id: $id) { ... on AuthorityForm { version state } }"
        " authorityFormLines(authorityFormId: $id) { edges { node { id } } } }",
        id=form["id"],
    )
    manager.do(
        "answerAuthorityForm",
        "authorityForm { id }",
        authorityFormId=form["id"],
        question="remarks",
        value=said("Lagt ihop för hand."),
        expectedVersion=made["form"]["version"],
    )
