"""Erasing a person: the name is nowhere, and every count is what it was."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import func, select

from sigforum.audit import queries as audit
from sigforum.ballots import queries as ballots
from sigforum.ballots import vote_queries
from sigforum.ballots.models import Poll, Vote
from sigforum.disclosures.models import Disclosure
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, NotAllowed, NotFound
from sigforum.oversight.actions import erase_member, erase_own_data
from sigforum.oversight.domain import ERRATUM, NAME_REMOVED, TEXT_REMOVED, Texts, told_detail
from sigforum.people import queries as people
from sigforum.people.actions import invite_people, request_sign_in
from sigforum.people.forms import parse_invitations
from sigforum.people.inviting_models import ListImport
from sigforum.people.links import make_link
from sigforum.people.models import OutgoingMail, Person
from sigforum.summaries import queries as summaries
from sigforum.summaries.actions import move_summary
from sigforum.summaries.assemble import read_version
from sigforum.summaries.document.redaction import without_names
from sigforum.summaries.models import PublishedVersion
from sigforum.threads.models import Response, ResponseRevision
from sigforum.transaction import transaction
from tests.oversight.conftest import TRACES, Published

Dump = dict[str, list[str]]


def traces(dump: Dump) -> dict[str, list[str]]:
    """In which tables something still names the person."""
    return {table: found for table, rows in dump.items()
            if (found := [trace for trace in TRACES if any(trace in row for row in rows)])}


def counts(published: Published) -> list[Any]:
    """Every revealed round, counted anew from its rows, with who could have answered."""
    db.session.rollback()
    current_app.extensions.pop("tallies", None)
    found: list[Any] = []
    for poll in db.session.scalars(select(Poll).order_by(Poll.id)):
        for asked in poll.rounds:
            if asked.revealed_at is not None:
                found.append((poll.id, asked.number, vote_queries.headcount(poll, asked), vote_queries.late(asked),
                              vote_queries.ballots(asked), ballots.result(poll, asked)))
    assert len(found) >= 1
    return found


def versions() -> list[PublishedVersion]:
    return list(db.session.scalars(select(PublishedVersion).order_by(PublishedVersion.number)))


@pytest.mark.both_databases
@pytest.mark.parametrize("texts", list(Texts))
def test_erased_person_is_named_nowhere_and_every_count_stays(
        published: Published, whole_database: Callable[[], Dump], texts: Texts) -> None:
    before, old = counts(published), [(one.number, one.sha256, json.loads(one.document)) for one in versions()]
    person_id = published.person_id
    known = traces(whole_database())
    assert {"people", "published_versions", "summary_wordings"} <= set(known), "it could be found"
    erase_own_data(person_id, texts=texts)
    assert traces(whole_database()) == {}
    assert counts(published) == before
    assert [(one.number, one.sha256) for one in versions()[:2]] == [one[:2] for one in old], "the proof is kept"
    for version, (_, _, document) in zip(versions(), old, strict=False):
        assert json.loads(version.document) == without_names(
            document, frozenset({"Quill Zebranek"}), mark=NAME_REMOVED)
    erased = db.session.get_one(Person, person_id)
    assert (erased.name, erased.affiliation, erased.email.endswith("@erased.invalid")) == (NAME_REMOVED, "", True)


def test_published_summary_gets_a_new_version_that_says_so(published: Published) -> None:
    first, second = (read_version(one) for one in versions())
    assert "Quill Zebranek" in second.sign_offs.listed
    erase_own_data(published.person_id, texts=Texts.KEEP)
    redacted, was_second, third = versions()
    document = read_version(third)
    assert document.edition.erratum == third.erratum == ERRATUM
    assert (document.edition.version, third.redacted_at) == (3, None)
    assert document.inputs_sha256 == third.sha256 == document.provenance.inputs_sha256
    assert third.sha256 != second.provenance.inputs_sha256
    assert (was_second.redacted_at is None, redacted.redacted_at is None) == (False, False)
    for name in ("participation", "polls", "priorities", "checklist"):
        assert getattr(document, name) == getattr(second, name), name
    assert document.sign_offs.listed == (NAME_REMOVED,)
    assert [line.text for line in document.lines] == [line.text for line in second.lines]
    assert read_version(redacted).provenance == first.provenance
    assert "I dissent, says Quill." in third.document, "the words stay, without the name"


def test_version_that_names_nobody_is_left_alone(published: Published) -> None:
    before = [(one.number, one.document, one.redacted_at) for one in versions()]
    erase_own_data(published.cast.person("p3").id, texts=Texts.KEEP)
    db.session.expire_all()
    assert [(one.number, one.document, one.redacted_at) for one in versions()] == before


@pytest.mark.both_databases
def test_kept_texts_stay_and_withdrawn_ones_go(published: Published, whole_database: Callable[[], Dump]) -> None:
    person_id, other_id = published.person_id, published.cast.person("p2").id
    erase_own_data(person_id, texts=Texts.KEEP)
    kept = db.session.scalars(select(Response).where(Response.author_id == person_id)).all()
    assert [response.text.startswith("Release testing") for response in kept] == [True]
    erase_own_data(other_id, texts=Texts.WITHDRAW)
    gone = db.session.scalars(select(Response).where(Response.author_id == other_id)).all()
    assert [(response.text, response.withdrawn_at is None) for response in gone] == [("", False)] * 2
    found = db.session.scalars(select(ResponseRevision.text).where(
        ResponseRevision.response_id.in_([response.id for response in gone]))).all()
    assert list(found) == ["", ""]
    dump = whole_database()
    words = {table for table, rows in dump.items() if any("Starting material varies" in row for row in rows)}
    assert words <= {"published_versions"}, "what was published keeps the words"


def test_votes_stay_with_a_row_that_nobody_is(published: Published) -> None:
    person_id, votes = published.person_id, db.session.scalar(select(func.count()).select_from(Vote))
    own = db.session.scalar(select(func.count()).select_from(Vote).where(Vote.person_id == person_id))
    assert own == 2
    erase_own_data(person_id, texts=Texts.KEEP)
    assert db.session.scalar(select(func.count()).select_from(Vote)) == votes
    assert db.session.scalar(select(func.count()).select_from(Vote).where(Vote.person_id == person_id)) == own


def test_nobody_signs_in_as_an_erased_person(published: Published, sign_in) -> None:
    person = published.cast.person("p1")
    browser = sign_in(person)
    assert browser.get("/account").status_code == 200
    erase_own_data(person.id, texts=Texts.KEEP)
    assert browser.get("/account").status_code == 401
    with pytest.raises(Conflict, match="erased"):
        make_link(db.session.get_one(Person, person.id), lifetime=timedelta(hours=1))
    before = db.session.scalar(select(func.count()).select_from(OutgoingMail))
    request_sign_in("p1@example.org")
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == before


def test_erased_person_can_be_invited_anew_as_somebody_new(published: Published) -> None:
    old = published.person_id
    erase_own_data(old, texts=Texts.KEEP)
    invite_people(published.cast.viewer("ada"), parse_invitations(
        "name,email\nQuill Zebranek,p1@example.org\n", codes={}).people, send_mail=False)
    assert published.person_id != old


@pytest.mark.both_databases
def test_organizer_erases_in_the_own_meeting_and_leaves_the_other_alone(
        in_two_meetings: Published, whole_database: Callable[[], Dump]) -> None:
    published, cast = in_two_meetings, in_two_meetings.cast
    person_id, before = published.person_id, counts(published)
    erase_member(cast.viewer("ada"), published.membership_id, texts=Texts.KEEP)
    assert set(traces(whole_database())) == {"people"}
    assert published.person_id == person_id
    assert [found.meeting.slug for found in people.memberships_of(person_id)] == [cast.other_slug]
    assert counts(published) == before
    assert db.session.scalar(select(func.count()).select_from(Vote).where(Vote.person_id == person_id)) == 0
    assert db.session.scalar(select(func.count()).select_from(Response).where(Response.author_id == person_id)) == 0
    assert audit.problems(cast.meeting_id) == []


def test_pages_of_the_meeting_name_the_erased_person_nowhere(in_two_meetings: Published, sign_in) -> None:
    cast, slug = in_two_meetings.cast, in_two_meetings.cast.slug
    pages = [f"/meetings/{slug}{rest}" for rest in (
        "", "/sessions/1A", "/sessions/1A/console", "/sessions/1A/summary", "/sessions/1A/summary/versions/1",
        "/sessions/1A/summary/versions/2", "/sessions/1A/summary/versions/3/changes", "/sessions/1A/summary/draft",
        "/summary", "/audit", "/audit.csv", "/people", f"/polls/{in_two_meetings.poll_id}",
        f"/polls/{in_two_meetings.poll_id}/rounds/1/sheet.json")]
    browser = sign_in(cast.person("ada"))

    def naming() -> list[str]:
        answers = {page: browser.get(page) for page in pages}
        assert {answer.status_code for page, answer in answers.items() if "versions/3" not in page} == {200}
        return [page for page, answer in answers.items() if any(one in answer.get_data(as_text=True) for one in TRACES)]
    assert len(naming()) > 4
    erase_member(cast.viewer("ada"), in_two_meetings.membership_id, texts=Texts.KEEP)
    assert naming() == []
    old = browser.get(pages[4]).get_data(as_text=True)
    assert "A name was removed from this version" in old
    assert versions()[0].sha256 in old
    assert NAME_REMOVED in browser.get(f"/meetings/{slug}/sessions/1A").get_data(as_text=True)


def test_only_organizers_erase_members_and_only_their_own(published: Published) -> None:
    cast, membership_id = published.cast, published.membership_id
    for name in ("finn", "ben", "olu"):
        with pytest.raises(NotAllowed):
            erase_member(cast.viewer(name), membership_id, texts=Texts.KEEP)
    mal = people.membership(cast.ids["mal"], slug=cast.other_slug).viewer()
    with pytest.raises(NotFound):
        erase_member(mal, membership_id, texts=Texts.KEEP)
    assert cast.person("p1").name == "Quill Zebranek"


def test_erasing_twice_and_erasing_oneself_by_list_are_refused(published: Published) -> None:
    ada, membership_id = published.cast.viewer("ada"), published.membership_id
    with pytest.raises(Conflict, match="your account"):
        erase_member(ada, ada.membership_id, texts=Texts.KEEP)
    erase_member(ada, membership_id, texts=Texts.KEEP)
    with pytest.raises(Conflict, match="already"):
        erase_member(ada, membership_id, texts=Texts.KEEP)


def test_meeting_is_not_left_without_an_organizer(published: Published) -> None:
    with pytest.raises(Conflict, match="only organizer"):
        erase_own_data(published.cast.ids["ada"], texts=Texts.KEEP)
    with transaction():
        people.membership(published.cast.ids["finn"], meeting_id=published.cast.meeting_id).role = "organizer"
    erase_own_data(published.cast.ids["ada"], texts=Texts.KEEP)
    assert db.session.get_one(Person, published.cast.ids["ada"]).name == NAME_REMOVED


def test_log_says_that_somebody_was_erased_and_not_who(published: Published) -> None:
    cast, person_id = published.cast, published.person_id
    erase_member(cast.viewer("ada"), published.membership_id, texts=Texts.WITHDRAW)
    entry = list(audit.whole_chain(cast.meeting_id))[-1]
    assert (entry.verb, entry.actor_id, entry.subject) == ("data_erased", cast.ids["ada"], f"person {person_id}")
    assert told_detail(entry.detail) == {"texts": "withdraw"}
    assert {chain: audit.problems(chain) for chain in audit.chains()} == {chain: [] for chain in audit.chains()}


def test_open_round_does_not_wait_for_an_erased_person(published: Published) -> None:
    move_summary(published.cast.viewer("finn"), published.panel.forum_session.id, verb="correct", reason="A late vote")
    poll = published.panel.rate(until="open")
    before = vote_queries.headcount(poll, poll.rounds[-1])
    erase_own_data(published.cast.person("ben").id, texts=Texts.KEEP)
    erase_own_data(published.cast.ids["dov"], texts=Texts.KEEP)
    poll = db.session.get_one(Poll, poll.id)
    after = vote_queries.headcount(poll, poll.rounds[-1])
    assert after.entitled == before.entitled, "ben voted, so the vote counts and so does its voter"
    assert after.invited == before.invited, "dov can never answer, and was invited all the same"


def test_summary_being_corrected_goes_on(published: Published) -> None:
    erase_own_data(published.person_id, texts=Texts.KEEP)
    summary = summaries.summary_of(published.panel.forum_session.id)
    assert summary is not None
    assert [version.number for version in summary.versions] == [1, 2, 3]
    assert summary.state == "published"


@pytest.mark.both_databases
def test_declared_interests_and_uploaded_lists_lose_their_words(published: Published, whole_database) -> None:
    cast, person_id = published.cast, published.person_id
    with transaction():
        db.session.add(Disclosure(meeting_id=cast.meeting_id, person_id=person_id, number=1, stance="interests",
                                  financial="Shares of Vantorix", advocacy=""))
        db.session.add(ListImport(meeting_id=cast.meeting_id, requested_by_id=cast.ids["ada"], state="done",
                                  text="name,email\nQuill Zebranek,p1@example.org", sends_mail=False, total_rows=1))
    assert {"disclosures", "list_imports"} <= set(traces(whole_database()))
    erase_member(cast.viewer("ada"), published.membership_id, texts=Texts.KEEP)
    assert traces(whole_database()) == {}
    # It still says that something was declared: verdicts without those who did stay what they are.
    [declared] = db.session.scalars(select(Disclosure)).all()
    assert (declared.stance, declared.financial, declared.advocacy) == ("interests", TEXT_REMOVED, "")
