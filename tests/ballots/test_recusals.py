"""Recusals: out of the denominator, frozen at the close, and what that does to ballots cast before."""

import json

import pytest
from sqlalchemy import select

from sigforum.agenda.actions import move_forum_session
from sigforum.audit.models import AuditEntry
from sigforum.ballots import queries, vote_queries
from sigforum.ballots.actions import undo_open
from sigforum.ballots.domain import Headcount
from sigforum.ballots.models import Poll, Recusal
from sigforum.ballots.policy import Recused
from sigforum.ballots.record import sheet_file
from sigforum.ballots.recusing import recuse, take_back
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from sigforum.people.domain import Audience
from tests.ballots.polling import add_voters, counted, make_poll, move, priorities, rating_answer, vote
from tests.casting import Cast

# ben, cyn and dov are invited to 1A; dov has not accepted.
EVERYBODY = Headcount(invited=4, entitled=2)


def recused_by(cast: Cast, name: str, *, of: str = "", poll: Poll | None = None,
               reason: str = "I hold shares") -> Recusal:
    """A recusal made by one person, of another or of themselves."""
    return recuse(cast.viewer(name), cast.forum_session().id, person_id=cast.ids[of or name],
                  poll_id=poll.id if poll else None, reason=reason)


def room(poll: Poll) -> Headcount:
    db.session.rollback()
    fresh = db.session.get_one(Poll, poll.id, populate_existing=True)
    assert fresh.round is not None
    return vote_queries.headcount(fresh, fresh.round)


def sheet(cast: Cast, poll: Poll) -> dict:
    db.session.rollback()
    return json.loads(sheet_file(queries.poll(cast.meeting_id, poll.id), 1, audience=Audience.SPEAKER))


@pytest.mark.earlier_terms
@pytest.mark.both_databases
def test_recused_person_leaves_the_denominator_and_the_ballot_is_not_counted(cast: Cast) -> None:
    poll, other = make_poll(cast, upto="open"), make_poll(cast, upto="open")
    for name in ("ben", "cyn"):
        vote(cast, name, poll, rating_answer(poll, 8, 8))
    assert (room(poll), counted(poll).answered) == (EVERYBODY, 2)
    recused_by(cast, "ben", poll=poll)
    # While it is open nothing moves: the difference would be ben's ballot.
    assert (room(poll), counted(poll).answered) == (EVERYBODY, 2)
    move(cast, poll, "close")
    assert room(poll) == Headcount(invited=4, entitled=1, recused=1)
    assert counted(poll).answered == 1
    assert room(other) == EVERYBODY
    move(cast, poll, "reveal")
    told = sheet(cast, poll)
    assert (told["headcount"], len(told["ballots"])) == ({"invited": 4, "entitled": 1, "recused": 1}, 1)
    assert vote_queries.voter_ids(queries.poll(cast.meeting_id, poll.id).rounds[0]) == {cast.ids["cyn"]}


def test_recusal_from_a_session_holds_for_all_its_polls_and_for_no_other_session(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    recused_by(cast, "finn", of="cyn")
    assert room(poll) == room(priorities(cast)) == EVERYBODY
    for found in (poll, priorities(cast), priorities(cast, "1B")):
        move(cast, found, "close", name="ada")
    assert room(poll) == room(priorities(cast)) == Headcount(invited=4, entitled=1, recused=1)
    assert room(priorities(cast, "1B")) == EVERYBODY
    later = make_poll(cast, upto="open")
    assert room(later).recused == 1


def test_invited_person_who_has_not_come_can_be_recused_too(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    recused_by(cast, "finn", of="dov", poll=poll)
    move(cast, poll, "close")
    assert room(poll) == Headcount(invited=4, entitled=2, recused=1)


@pytest.mark.both_databases
def test_recused_person_cannot_vote_until_it_is_taken_back(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    # The box has ben on its roll already.
    vote(cast, "ben", poll, rating_answer(poll, 2, 2), key="the-first-vote")
    made = recused_by(cast, "finn", of="ben", poll=poll)
    with pytest.raises(Recused, match="not counted"):
        vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    # A repeated vote is acknowledged as before: it is stored, and not counted.
    assert vote(cast, "ben", poll, rating_answer(poll, 2, 2), key="the-first-vote").revision == 1
    assert counted(poll).answered == 1
    with pytest.raises(NotAllowed, match="they can take it back"):
        take_back(cast.viewer("ben"), made.id)
    take_back(cast.viewer("ada"), made.id)
    take_back(cast.viewer("ada"), made.id)
    assert (counted(poll).answered, room(poll)) == (1, EVERYBODY)
    assert vote(cast, "ben", poll, rating_answer(poll, 9, 9)).revision == 2


def test_closed_round_keeps_the_recusals_as_they_stood(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    for name in ("ben", "cyn"):
        vote(cast, name, poll, rating_answer(poll, 8, 8))
    made = recused_by(cast, "ben", poll=poll)
    move(cast, poll, "close")
    take_back(cast.viewer("ben"), made.id)
    recused_by(cast, "cyn", poll=poll)
    assert (room(poll), counted(poll).answered) == (Headcount(invited=4, entitled=1, recused=1), 1)
    found = queries.poll(cast.meeting_id, poll.id)
    assert vote_queries.voter_ids(found.rounds[0]) == {cast.ids["cyn"]}
    move(cast, poll, "open")
    vote(cast, "ben", poll, rating_answer(poll, 8, 8))
    with pytest.raises(Recused):
        vote(cast, "cyn", poll, rating_answer(poll, 8, 8))
    assert room(poll) == Headcount(invited=4, entitled=1, recused=1)
    found = queries.poll(cast.meeting_id, poll.id)
    assert vote_queries.voter_ids(found.rounds[1]) == {cast.ids["ben"]}


def test_tally_follows_when_one_recusal_takes_the_place_of_another(cast: Cast) -> None:
    # Counts of the room are the same for both; what is counted is not.
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 1, 1))
    vote(cast, "cyn", poll, rating_answer(poll, 9, 9))
    made = recused_by(cast, "ben", poll=poll)
    assert counted(poll).lines[0].figures["median"] == 5
    take_back(cast.viewer("ben"), made.id)
    recused_by(cast, "cyn", poll=poll)
    assert counted(poll).lines[0].figures["median"] == 5
    move(cast, poll, "close")
    assert counted(poll).lines[0].figures["median"] == 1


def test_secret_ballot_that_is_cast_stays_counted(cast: Cast) -> None:
    poll = make_poll(cast, upto="open", secrecy="secret")
    vote(cast, "ben", poll, rating_answer(poll, 8, 8))
    with pytest.raises(Conflict, match="names nobody"):
        recused_by(cast, "ben", poll=poll)
    # From the whole session it is possible, and says nothing of the ballot that is cast.
    recused_by(cast, "ben")
    assert (room(poll), counted(poll).answered) == (EVERYBODY, 1)
    recused_by(cast, "cyn")
    assert room(poll) == EVERYBODY
    with pytest.raises(Recused):
        vote(cast, "cyn", poll, rating_answer(poll, 8, 8))
    move(cast, poll, "close")
    assert room(poll) == Headcount(invited=4, entitled=1, recused=1)


def test_opening_is_not_undone_over_a_recused_ballot(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 8, 8))
    recused_by(cast, "ben", poll=poll)
    with pytest.raises(Conflict, match="voted already"):
        undo_open(cast.viewer("finn"), poll.id)


def test_only_oneself_and_the_chair_recuse(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    for name, of in (("ben", "cyn"), ("olu", "olu"), ("olu", "ben"), ("gus", "ben"), ("gus", "gus")):
        with pytest.raises(NotAllowed):
            recused_by(cast, name, of=of, poll=poll)
    for of in ("olu", "gus", "eve", "rex"):
        with pytest.raises(Invalid, match="who vote"):
            recused_by(cast, "finn", of=of, poll=poll)
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(Invalid, match="Say why"):
            recused_by(cast, "ben", poll=poll, reason=reason)
    assert db.session.scalars(select(Recusal)).all() == []
    made = recused_by(cast, "ben", poll=poll)
    assert recused_by(cast, "ben", poll=poll).id == made.id
    with pytest.raises(NotFound):
        take_back(cast.viewer("ada"), made.id + 1)
    assert len(db.session.scalars(select(Recusal)).all()) == 1


def test_draft_is_not_told_of_by_recusing(cast: Cast) -> None:
    draft, unknown = make_poll(cast), 99_999
    said = []
    for poll_id in (draft.id, unknown):
        with pytest.raises(Invalid) as refusal:
            recuse(cast.viewer("ben"), cast.forum_session().id, person_id=cast.ids["ben"], poll_id=poll_id, reason="x")
        said.append(refusal.value.errors)
    assert said[0] == said[1]
    assert recused_by(cast, "finn", of="ben", poll=draft).poll_id == draft.id


def test_decided_poll_and_closed_session_stay_as_they_are(cast: Cast) -> None:
    poll = make_poll(cast, upto="decide")
    with pytest.raises(Conflict, match="decided"):
        recused_by(cast, "ben", poll=poll)
    made = recused_by(cast, "cyn")
    for verb in ("go_live", "close"):
        move_forum_session(cast.viewer("finn"), cast.forum_session().id, verb=verb)
    for act in (lambda: recused_by(cast, "ben"), lambda: take_back(cast.viewer("ada"), made.id)):
        with pytest.raises(Conflict, match="session is closed"):
            act()


def test_recusal_is_logged_without_its_reason(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    made = recused_by(cast, "finn", of="ben", poll=poll, reason="His canary firm sells it")
    take_back(cast.viewer("finn"), made.id)
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.verb.in_(["recused", "recusal_taken_back"]))
                              .order_by(AuditEntry.id)).all()
    assert [(row.verb, row.subject, row.detail["by"], row.detail["poll"]) for row in rows] == [
        ("recused", f"person {cast.ids['ben']}", "chair", poll.id),
        ("recusal_taken_back", f"person {cast.ids['ben']}", "chair", poll.id)]
    assert "canary" not in str([row.detail for row in rows])


def test_missing_names_leave_recused_people_out(cast: Cast) -> None:
    add_voters(cast, 2)
    poll = make_poll(cast, upto="open")
    recused_by(cast, "finn", of="ben", poll=poll)
    found = queries.poll(cast.meeting_id, poll.id)
    assert found.round is not None
    assert vote_queries.missing_names(found, found.round) == ("Cyn Participant", "Voter 0", "Voter 1")
