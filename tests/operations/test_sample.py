"""The sample meeting: complete, clearly invented, and made by the same actions that people use."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from sigforum.agenda.models import ForumSession, Meeting
from sigforum.app import create_app
from sigforum.audit.models import AuditEntry
from sigforum.ballots import queries as ballots
from sigforum.ballots import vote_queries
from sigforum.ballots.models import Option, Poll, Round, Vote, VoteChange
from sigforum.consensus.verdicts import VerdictWord
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.migrating import upgrade
from sigforum.operations.sample import STILL_INVITED, load_sample, read_discussion
from sigforum.people.domain import MembershipStatus, Role
from sigforum.people.models import Membership, OutgoingMail, Person
from sigforum.people.queries import members
from sigforum.settings import Settings
from sigforum.threads.models import ReadingMark, Response, ResponseRevision
from sigforum.transaction import MeetingEvent

CODES = ["1A", "1B", "1C", "2A", "2B", "2C", "3A", "3B", "3C", "4A", "4B", "4C"]
TABLES = (Meeting, ForumSession, Person, Membership, OutgoingMail, Response, ResponseRevision, ReadingMark, Poll,
          Option, Round, Vote, VoteChange, AuditEntry, MeetingEvent)


@pytest.fixture(scope="module")
def sample_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that holds the sample and nothing else; the tests of this file only read it."""
    app = create_app(Settings(secret_key="a secret of the tests", instance=tmp_path_factory.mktemp("sample"),
                              base_url="http://localhost", async_mode="threading"))
    with app.app_context():
        upgrade()
        load_sample()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def meeting(sample_app: Flask) -> Meeting:
    return load_sample()


def _polls(meeting: Meeting) -> dict[str, Poll]:
    """The polls beside the priorities, by session code."""
    found = db.session.scalars(
        select(Poll).join(Poll.forum_session)
        .where(ForumSession.meeting_id == meeting.id, Poll.is_standing.is_(False))).all()
    by_code = {poll.forum_session.code: poll for poll in found}
    assert len(by_code) == len(found)
    return by_code


def _counts() -> dict[str, int]:
    return {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in TABLES}


def _responses() -> list[Response]:
    return list(db.session.scalars(select(Response).order_by(Response.id)))


def test_sample_is_marked_as_sample(meeting: Meeting):
    assert meeting.is_sample is True
    assert meeting.title == "What is the future of CAR-T cell therapy?"


def test_sample_has_responses_and_replies_in_each_of_the_twelve_sessions(meeting: Meeting):
    assert [found.code for found in meeting.forum_sessions] == CODES
    tops, replies = Counter(), Counter()
    codes = {found.id: found.code for found in meeting.forum_sessions}
    for response in _responses():
        (tops if response.parent_id is None else replies)[codes[response.forum_session_id]] += 1
    discussion = read_discussion()
    assert tops == {code: len(discussion[code]["responses"]) for code in CODES}
    assert replies == {code: sum(len(said.get("replies", ())) for said in discussion[code]["responses"])
                       for code in CODES}
    assert min(tops.values()) >= 3
    assert min(replies.values()) >= 1


def test_sample_answers_every_question_of_every_session(meeting: Meeting):
    answered = {response.question_id for response in _responses()}
    assert answered == {question.id for found in meeting.forum_sessions for question in found.asked}
    assert len(answered) == 48


def test_sample_shows_an_edited_a_withdrawn_and_a_hidden_response(meeting: Meeting):
    [edited] = [found for found in _responses() if found.edited_at]
    [withdrawn] = [found for found in _responses() if found.withdrawn_at]
    [hidden] = [found for found in _responses() if found.hidden_at]
    assert [revision.number for revision in edited.revisions] == [1, 2]
    assert edited.text == edited.revisions[1].text != edited.revisions[0].text
    assert edited.posted_at == edited.revisions[0].written_at < edited.edited_at == edited.revisions[1].written_at
    assert withdrawn.posted_at < withdrawn.withdrawn_at
    assert "competition-law" in hidden.hidden_reason


def test_sample_discussion_runs_in_the_order_of_time_and_has_ended(meeting: Meeting):
    moments = [response.posted_at for response in _responses()]
    votes = list(db.session.scalars(select(Vote.cast_at)))
    assert moments == sorted(moments)
    assert timedelta(days=1) < max(moments) - min(moments) < timedelta(days=2)
    assert max(moments + votes) < now()
    assert all(found.round.opened_at <= min(votes) for found in db.session.scalars(
        select(Poll).where(Poll.is_standing.is_(True))))


def test_sample_votes_and_their_changes_bear_the_same_moments(meeting: Meeting):
    votes = {(vote.round_id, vote.person_id): vote.cast_at for vote in db.session.scalars(select(Vote))}
    changes = {(change.round_id, change.person_id): change.cast_at
               for change in db.session.scalars(select(VoteChange))}
    assert votes == changes
    assert len(set(votes.values())) > 100


def test_sample_polls_stand_in_every_state(meeting: Meeting):
    # The one of 4C is the comparison that the import drafts from the session's own question.
    assert {code: poll.state for code, poll in _polls(meeting).items()} == {
        "1A": "revealed", "1B": "open", "2B": "closed", "2C": "decided", "3A": "draft", "4C": "draft"}


def test_sample_poll_of_1a_has_three_different_verdicts(meeting: Meeting):
    poll = _polls(meeting)["1A"]
    result = ballots.result(poll, poll.round)
    assert [line.verdict.word for line in result.lines] == [
        VerdictWord.CONSENSUS_FOR, VerdictWord.DISAGREEMENT, VerdictWord.CONSENSUS_AGAINST]
    assert (result.answered, result.abstained) == (20, 1)
    assert [line.figures["outside"] for line in result.lines] == [1, 0, 1]
    # David takes part in other sessions only; of the others three have not accepted yet.
    assert (result.headcount.invited, result.headcount.entitled) == (24, 21)


def test_sample_open_poll_has_nine_votes_so_far_and_the_draft_has_no_round(meeting: Meeting):
    polls = _polls(meeting)
    assert vote_queries.voted(polls["1B"].round) == 9
    assert polls["1B"].round.closed_at is None
    assert polls["3A"].rounds == []


def test_sample_priorities_hold_the_points_of_the_file(meeting: Meeting):
    discussion = read_discussion()
    laid = {}
    for poll in db.session.scalars(select(Poll).where(Poll.is_standing.is_(True))):
        result = ballots.result(poll, poll.round)
        laid[poll.forum_session.code] = (result.answered, sum(line.figures["points"] for line in result.lines))
    assert laid == {code: (len(found.get("points", {})),
                           sum(sum(points.values()) for points in found.get("points", {}).values()))
                    for code, found in discussion.items()}
    assert sum(voters >= 10 for voters, _ in laid.values()) >= 10


def test_sample_people_are_invented_and_most_have_accepted(meeting: Meeting):
    found = members(meeting.id)
    assert {member.person.email.rpartition(".")[2] for member in found} == {"example"}
    assert Counter(member.role for member in found) == {
        Role.ORGANIZER: 1, Role.FACILITATOR: 2, Role.PARTICIPANT: 25, Role.OBSERVER: 2}
    assert {member.person.email for member in found if member.status != MembershipStatus.ACCEPTED} == STILL_INVITED
    groups = Counter(member.stakeholder_group for member in found if member.role == Role.PARTICIPANT)
    assert len(groups) == 6
    assert min(groups.values()) >= 3


def test_sample_goes_the_way_of_people_and_leaves_its_record(meeting: Meeting):
    verbs = Counter(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.meeting_id == meeting.id)))
    assert verbs["response_posted"] == len(_responses()) > 100
    assert {verb: verbs[verb] for verb in (
        "meeting_created", "people_invited", "response_edited", "response_withdrawn", "response_hidden",
        "poll_created", "poll_open", "poll_close", "poll_reveal", "poll_decide")} == {
        "meeting_created": 1, "people_invited": 1, "response_edited": 1, "response_withdrawn": 1,
        "response_hidden": 1, "poll_created": 5, "poll_open": 4, "poll_close": 4, "poll_reveal": 2,
        "poll_decide": 1}
    numbers = list(db.session.scalars(
        select(MeetingEvent.number).where(MeetingEvent.meeting_id == meeting.id).order_by(MeetingEvent.number)))
    assert numbers == list(range(1, len(numbers) + 1))


def test_sample_mails_nobody(meeting: Meeting):
    assert _counts()["outgoing_mails"] == 0


def test_loading_the_sample_twice_changes_nothing(meeting: Meeting):
    before, newest = _counts(), [response.posted_at for response in _responses()]
    assert load_sample().id == meeting.id
    assert _counts() == before
    assert [response.posted_at for response in _responses()] == newest
    assert before["meetings"] == 1


def test_sample_stands_beside_other_meetings(cast):
    real = set(db.session.scalars(select(Meeting.id)))
    sample = load_sample()
    assert sample.id not in real
    assert {found.id for found in db.session.scalars(select(Meeting)) if found.is_sample} == {sample.id}
    said_in = set(db.session.scalars(
        select(ForumSession.meeting_id).join(Response, Response.forum_session_id == ForumSession.id)))
    assert said_in == {sample.id}


def test_sample_files_name_only_addresses_for_examples():
    folder = Path(load_sample.__code__.co_filename).parent.parent / "samples"
    for name in ("people.csv", "discussion.yaml"):
        words = (folder / name).read_text("utf-8").replace(",", " ").replace(":", " ").split()
        addresses = [word for word in words if "@" in word]
        assert len(addresses) >= 30
        assert [address for address in addresses if not address.endswith(".example")] == []
