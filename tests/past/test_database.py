"""A database of version 0.1.0 goes on: nothing that was published, frozen or logged changes, and people work in it."""

import hashlib
import json

import pytest
from sqlalchemy import select

from sigforum.agenda.queries import forum_session, meeting_by_slug
from sigforum.audit import queries as audit
from sigforum.ballots import actions as ballots
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.domain import Terms
from sigforum.ballots.models import Poll, Round
from sigforum.exports.bundle import write_bundle
from sigforum.extensions import db
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people import queries as people
from sigforum.people.domain import Viewer
from sigforum.summaries import assemble
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.models import PublishedVersion
from sigforum.summaries.poll_results import tally_sheets
from sigforum.summaries.registry import SummaryFormat, format_named
from sigforum.verification.bundle import check_bundle
from sigforum.verification.findings import Status, holds
from sigforum.verification.sheet import check_sheet
from tests.past.conftest import Past

pytestmark = pytest.mark.both_databases


def viewer(past: Past, address: str) -> Viewer:
    person = people.person_by_email(address)
    assert person is not None
    return people.membership(person.id, meeting_id=meeting_by_slug(past.facts["meeting"]).id).viewer()


def stored(past: Past) -> list[dict[str, object]]:
    """Hashes of the old published versions as they stand in the database now."""
    db.session.rollback()
    ids = [version["id"] for version in past.facts["published"]]
    return [{"id": version.id, "number": version.number, "sha256_document": digest(version.document),
             "sha256_sheets": {name: digest(text) for name, text in version.sheets.items()}}
            for version in db.session.scalars(
                select(PublishedVersion).where(PublishedVersion.id.in_(ids)).order_by(PublishedVersion.id))]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def known(past: Past) -> list[dict[str, object]]:
    return [{name: value for name, value in version.items() if name != "forum_session_id"}
            for version in past.facts["published"]]


def test_upgrade_changes_nothing_published_frozen_or_logged(past: Past) -> None:
    assert len(known(past)) == 4
    assert stored(past) == known(past)
    rounds = db.session.scalars(select(Round)).all()
    assert {str(one.id): one.terms_hash for one in rounds} == past.facts["terms"]
    frozen = [one for one in rounds if one.terms_hash]
    assert len(frozen) > 25
    assert [Terms.from_json(one.terms).sha256 for one in frozen] == [one.terms_hash for one in frozen]
    for chain, number in past.facts["audit_entries"].items():
        entries = list(audit.whole_chain(int(chain)))
        assert entries[number - 1].hash == past.facts["audit_heads"][chain]
        assert audit.problems(int(chain)) == []


def test_published_versions_are_read_by_whoever_may(past: Past) -> None:
    browser = past.browser("ben@example.org")
    for number in (1, 2):
        page = browser.get(f"{past.address}/sessions/1A/summary/versions/{number}")
        assert page.status_code == 200
        assert "Closed systems; hospitals where proven." in page.get_data(as_text=True)
    assert "Corrected." in page.get_data(as_text=True)
    assert past.browser().get(f"{past.address}/sessions/1A/summary/versions/1").status_code == 401


def test_open_rounds_go_on_and_count_again(past: Past) -> None:
    finn = viewer(past, "finn@example.org")
    for title, asked in past.facts["open_rounds"].items():
        raw = {"ratings": dict.fromkeys(asked["options"], 9)}
        receipt = ballots.cast_vote(viewer(past, "v5@example.org"), CastVote(
            poll_id=asked["poll"], round_number=1, raw=raw, key=f"later-{asked['poll']}"))
        assert receipt.revision == 1, title
        for verb in ("close", "reveal"):
            ballots.move_poll(finn, asked["poll"], verb=verb)
        poll = db.session.get_one(Poll, asked["poll"])
        assert poll.rounds[-1].terms_hash == past.facts["terms"][str(poll.rounds[-1].id)]
    meeting = meeting_by_slug(past.facts["meeting"])
    bundle = write_bundle(assemble.meeting_summary(meeting), software=assemble.software(),
                          sheets=assemble.meeting_sheets(meeting), write=_quickly)
    findings = check_bundle(bundle, name="bundle.zip")
    assert [finding for finding in findings if finding.status is Status.DIFFERS] == []
    assert holds(findings)
    # The published version stands on its own sheets; the rounds that were open have theirs now.
    sheets = tally_sheets(forum_session(meeting.id, "1A").id)
    for asked in past.facts["open_rounds"].values():
        name = f"tally-1A-poll-{asked['poll']}-round-1.json"
        sheet = json.loads(sheets[name])
        assert len(sheet["ballots"]) == 5
        assert holds(check_sheet(sheet, file=name))


def _quickly(one: SummaryFormat, document: SummaryDocument) -> bytes:
    return (one if one.name in ("json", "csv") else format_named("markdown")).write(document)


def test_name_can_be_taken_out_and_the_old_bytes_stay(past: Past) -> None:
    address = f"{past.address}/sessions/1A/summary"
    name = people.person_by_email("cyn@example.org")
    assert name is not None
    assert name.name == "Cyn Participant"
    browser = past.browser("ben@example.org")
    assert "Cyn Participant" in browser.get(f"{address}/versions/2").get_data(as_text=True), "it could leak"
    erase_member(viewer(past, "ada@example.org"), viewer(past, "cyn@example.org").membership_id, texts=Texts.KEEP)
    for page in (address, f"{address}/versions/1", f"{address}/versions/2", f"{address}/versions/3"):
        assert "Cyn Participant" not in browser.get(page).get_data(as_text=True)
    assert audit.problems(meeting_by_slug(past.facts["meeting"]).id) == []


def test_old_card_opens_its_meeting(past: Past) -> None:
    browser = past.browser("v5@example.org")
    page = browser.get(past.address)
    assert page.status_code == 200
    assert forum_session(meeting_by_slug(past.facts["meeting"]).id, "1A").title in page.get_data(as_text=True)
