"""The life of a poll: every move in every state, what freezes when it opens, and what is refused."""

import pytest
from sqlalchemy import func, select

from sigforum.audit.models import AuditEntry
from sigforum.ballots import actions, vote_queries
from sigforum.ballots.domain import MOVES, PollState, next_state
from sigforum.ballots.forms import NewPoll, parse_poll
from sigforum.ballots.models import Poll, Round
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from sigforum.people.actions import invite_people
from sigforum.people.forms import parse_invitations
from sigforum.transaction import MeetingEvent
from tests.ballots.polling import STATEMENTS, TITLE, changes, make_poll, move, rating_answer, vote
from tests.casting import Cast

VERBS = {"open": PollState.OPEN, "close": PollState.CLOSED, "reveal": PollState.REVEALED,
         "decide": PollState.DECIDED}
# How a fresh poll gets into each state.
WAYS = {PollState.DRAFT: "", PollState.OPEN: "open", PollState.CLOSED: "close", PollState.REVEALED: "reveal",
        PollState.DECIDED: "decide"}
ALLOWED = {("draft", "open"), ("open", "close"), ("closed", "reveal"), ("closed", "open"), ("revealed", "open"),
           ("revealed", "decide")}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(PollState))
def test_every_move_in_every_state(cast: Cast, state: PollState, verb: str) -> None:
    poll = make_poll(cast, upto=WAYS[state])
    assert poll.state == state
    rounds, events = len(poll.rounds), _events(poll)
    if (state.value, verb) in ALLOWED:
        assert move(cast, poll, verb).state == VERBS[verb]
        assert _events(poll) == events + 1
        assert len(poll.rounds) == rounds + (verb == "open")
    elif state == VERBS[verb]:
        # Repeating what is done is harmless, and says nothing new to anybody.
        assert move(cast, poll, verb).state == state
        assert (_events(poll), len(poll.rounds)) == (events, rounds)
    else:
        with pytest.raises(Conflict, match=f"This poll is {state}"):
            move(cast, poll, verb)
        db.session.refresh(poll)
        assert (poll.state, _events(poll), len(poll.rounds)) == (state, events, rounds)


def test_table_of_moves_is_the_one_written_here() -> None:
    assert {(state.value, verb) for state, verbs in MOVES.items() for verb in verbs} == ALLOWED
    assert next_state(PollState.CLOSED, "reveal") is PollState.REVEALED


def test_opening_needs_a_declared_rule(cast: Cast) -> None:
    poll = actions.create_poll(cast.viewer("finn"), cast.forum_session().id, NewPoll(
        kind="rating", title=TITLE, statements=STATEMENTS, rule=None, visibility="after_reveal",
        settings={"scale_min": 1, "scale_max": 9, "low_label": "", "high_label": ""}))
    with pytest.raises(Conflict, match="Declare the rule before opening"):
        move(cast, poll, "open")
    db.session.refresh(poll)
    assert (poll.state, poll.rounds, poll.frozen_hash) == ("draft", [], "")


def test_frozen_hash_stays_through_the_whole_life(cast: Cast) -> None:
    poll = make_poll(cast)
    assert poll.frozen_hash == ""
    move(cast, poll, "open")
    frozen = poll.frozen_hash
    assert frozen == poll.terms.sha256
    assert len(frozen) == 64
    for verb in ("close", "open", "close", "reveal", "open", "close", "reveal", "decide"):
        move(cast, poll, verb)
        assert (poll.frozen_hash, poll.terms.sha256) == (frozen, frozen)


@pytest.mark.parametrize("changed", [
    {"title": "Another title"}, {"statements": "Only one."}, {"rule": "median_iqr"}, {"visibility": "live"},
    {"scale_max": "7"}, {"high_label": "Yes"}, {"percent_agreement-threshold": "80"}], ids=lambda one: next(iter(one)))
def test_frozen_hash_tells_everything_apart_that_must_not_change(cast: Cast, changed: dict[str, str]) -> None:
    first, second = make_poll(cast), make_poll(cast, **changed)
    assert first.terms.sha256 != second.terms.sha256
    assert first.terms.sha256 == make_poll(cast).terms.sha256


@pytest.mark.parametrize("upto", ["open", "close", "reveal", "decide"])
def test_opened_poll_is_neither_edited_nor_deleted(cast: Cast, upto: str) -> None:
    poll = make_poll(cast, upto=upto)
    new = parse_poll({"kind": "rating", "title": "Other", "statements": "Other.", "rule": "median_iqr"})
    with pytest.raises(Conflict, match="is fixed"):
        actions.change_poll(cast.viewer("finn"), poll.id, new)
    with pytest.raises(Conflict, match="is fixed"):
        actions.delete_poll(cast.viewer("finn"), poll.id)
    db.session.refresh(poll)
    assert (poll.title, [option.text for option in poll.options]) == (TITLE, list(STATEMENTS))
    assert poll.frozen_hash == poll.terms.sha256


def test_draft_is_changed_and_deleted(cast: Cast) -> None:
    poll = make_poll(cast)
    new = parse_poll({"kind": "rating", "title": "Other", "statements": "One.\nTwo.\nThree.", "rule": "median_iqr"})
    changed = actions.change_poll(cast.viewer("finn"), poll.id, new)
    assert (changed.title, len(changed.options), changed.rule["name"]) == ("Other", 3, "median_iqr")
    actions.delete_poll(cast.viewer("finn"), poll.id)
    assert db.session.get(Poll, poll.id) is None


@pytest.mark.parametrize("name", ["gus", "ben", "olu"])
def test_only_the_chair_runs_polls(cast: Cast, name: str) -> None:
    poll = make_poll(cast)
    with pytest.raises(NotAllowed):
        move(cast, poll, "open", name=name)
    with pytest.raises(NotAllowed):
        actions.delete_poll(cast.viewer(name), poll.id)
    new = parse_poll({"kind": "rating", "title": "T", "statements": "S", "rule": "median_iqr"})
    with pytest.raises(NotAllowed):
        actions.create_poll(cast.viewer(name), cast.forum_session().id, new)
    assert move(cast, poll, "open", name="ada").state == "open"


@pytest.mark.parametrize("name", ["ada", "finn", "gus", "olu"])
def test_chairs_and_observers_do_not_vote(cast: Cast, name: str) -> None:
    poll = make_poll(cast, upto="open")
    with pytest.raises(NotAllowed):
        vote(cast, name, poll, rating_answer(poll, 5, 5))
    assert changes(poll.rounds[-1].id) == []


def test_other_meeting_does_not_know_the_poll(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    viewer = cast.viewer("ben")
    stranger = type(viewer)(person_id=cast.ids["mal"], name="Mal", membership_id=0, meeting_id=cast.meeting_id + 1,
                            role=viewer.role)
    with pytest.raises(NotFound):
        actions.move_poll(stranger, poll.id, verb="close")


@pytest.mark.parametrize("upto", ["", "close", "reveal", "decide"])
def test_vote_outside_an_open_round_is_refused(cast: Cast, upto: str) -> None:
    poll = make_poll(cast, upto=upto)
    with pytest.raises(Conflict, match="not counted"):
        vote(cast, "ben", poll, rating_answer(poll, 5, 5))


def test_vote_for_an_earlier_round_comes_too_late(cast: Cast) -> None:
    poll = make_poll(cast, upto="close")
    move(cast, poll, "open")
    with pytest.raises(Conflict, match="too late"):
        vote(cast, "ben", poll, rating_answer(poll, 5, 5), round_number=1)
    vote(cast, "ben", poll, rating_answer(poll, 5, 5), round_number=2)


def test_changed_vote_replaces_the_earlier_one_and_keeps_its_history(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    answers = [rating_answer(poll, *pair) for pair in ((1, 1), (9, "x"), (5, 5))]
    receipts = [vote(cast, "ben", poll, answer) for answer in answers]
    assert [receipt.revision for receipt in receipts] == [1, 2, 3]
    kept = changes(poll.rounds[-1].id)
    assert [(change.revision, change.answer) for change in kept] == list(enumerate(answers, start=1))
    fresh = db.session.get(Round, poll.rounds[-1].id)
    assert fresh is not None
    assert fresh.version == 3


def test_repeated_key_gives_the_first_receipt_back(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    first = vote(cast, "ben", poll, rating_answer(poll, 9, 9), key="the-same-key")
    vote(cast, "ben", poll, rating_answer(poll, 1, 1))
    assert vote(cast, "ben", poll, rating_answer(poll, 5, 5), key="the-same-key") == first
    assert [change.revision for change in changes(poll.rounds[-1].id)] == [1, 2]
    # Somebody else's key of the same name is another one.
    assert vote(cast, "cyn", poll, rating_answer(poll, 2, 2), key="the-same-key").revision == 1


def test_repeated_key_is_acknowledged_after_the_close(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    first = vote(cast, "ben", poll, rating_answer(poll, 9, 9), key="the-same-key")
    move(cast, poll, "close")
    assert vote(cast, "ben", poll, rating_answer(poll, 9, 9), key="the-same-key") == first


def test_every_move_is_recorded_with_who_and_the_hash(cast: Cast) -> None:
    poll = make_poll(cast, upto="decide")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"poll {poll.id}")
                                 .order_by(AuditEntry.id)).all()
    assert [entry.verb for entry in entries] == [
        "poll_created", "poll_open", "poll_close", "poll_reveal", "poll_decide"]
    assert {entry.actor_id for entry in entries} == {cast.ids["finn"]}


@pytest.mark.parametrize(("fields", "wrong"), [
    ({"title": " "}, {"title"}), ({"title": "t" * 201}, {"title"}), ({"statements": " \n"}, {"statements"}),
    ({"statements": "Same.\nSame."}, {"statements"}), ({"statements": "s" * 1001}, {"statements"}),
    ({"statements": "\n".join(map(str, range(101)))}, {"statements"}), ({"rule": ""}, {"rule"}),
    ({"rule": "no_such_rule"}, {"rule"}), ({"visibility": "never"}, {"visibility"}),
    ({"percent_agreement-threshold": "50"}, {"percent_agreement-threshold"}),
    ({"rule": "rand_ucla", "scale_max": "7"}, {"rule"}),
    ({"title": "", "statements": "", "scale_max": "99"}, {"title", "statements", "scale_max"}),
])
def test_wrong_poll_is_refused_with_all_errors_by_field(fields: dict[str, str], wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        parse_poll({"kind": "rating", "title": "T", "statements": "S", "rule": "percent_agreement", **fields})
    assert set(refused.value.errors) == wrong


def _events(poll: Poll) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(MeetingEvent).where(
        MeetingEvent.kind == "poll_changed", MeetingEvent.payload["poll_id"].as_integer() == poll.id)) or 0


@pytest.mark.parametrize("before", ["open", "confidential", "secret"])
@pytest.mark.parametrize("after", ["open", "confidential", "secret"])
def test_draft_changes_from_any_secrecy_to_any_other(cast: Cast, sign_in, before: str, after: str) -> None:
    """Terms of an open ballot lack what the others promise of few ballots; the log tells both."""
    poll, form = make_poll(cast, secrecy=before), {
        "kind": "rating", "title": TITLE, "statements": "\n".join(STATEMENTS), "rule": "percent_agreement"}
    changed = sign_in(cast.person("finn")).post(
        f"/meetings/{cast.slug}/polls/{poll.id}/edit", data={**form, "secrecy": after})
    assert changed.status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Poll, poll.id).secrecy == after
    detail = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.verb == "poll_changed")).one()
    told = {side: {name: value for name, value in detail[side].items() if name != "options"}
            for side in ("before", "after")}
    few = {"open": None, "confidential": 3, "secret": 3}
    assert told == {side: ({} if before == after else {"secrecy": one}) | (
        {} if few[before] == few[after] else {"least_told": few[one]})
        for side, one in (("before", before), ("after", after))}
    assert sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit").status_code == 200


@pytest.mark.parametrize("secrecy", ["open", "confidential", "secret"])
@pytest.mark.parametrize("since", ["role", "sessions", "close", "next round"])
def test_stored_vote_is_acknowledged_again_whatever_its_voter_is_by_now(
        cast: Cast, sign_in, secrecy: str, since: str) -> None:
    """Its first acknowledgement was lost, and it counts."""
    poll = make_poll(cast, upto="open", secrecy=secrecy)
    saved = vote(cast, "cyn", poll, rating_answer(poll, 9, 9), key="the-lost-answer")
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,role,sessions\nCyn,cyn@example.org," + ("participant,1B" if since == "sessions" else "observer,"),
        codes={"1B": cast.forum_session("1B").id}).people, send_mail=False)
    for verb in {"close": ("close",), "next round": ("close", "open")}.get(since, ()):
        move(cast, poll, verb)
    again = vote(cast, "cyn", poll, rating_answer(poll, 9, 9), key="the-lost-answer", round_number=1)
    assert (again.code, again.revision, again.answer) == (saved.code, saved.revision, saved.answer)
    form = {"round": "1", "key": "the-lost-answer", **{f"rating-o{option.id}": "9" for option in poll.options}}
    answer = sign_in(cast.person("cyn")).post(
        f"/meetings/{cast.slug}/polls/{poll.id}/votes", data=form, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (200, saved.code)
    # It is nobody else's key, and opens no way for another vote.
    for name, key in (("cyn", "another-key"), ("olu", "the-lost-answer")):
        with pytest.raises(NotAllowed, match="Participants of this session vote here"):
            vote(cast, name, poll, rating_answer(poll, 1, 1), key=key, round_number=1)
    db.session.rollback()
    assert vote_queries.voted(db.session.get_one(Round, poll.rounds[0].id)) == 1
