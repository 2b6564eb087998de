"""Rounds after the first: what voters are shown, who moved, what may change in between, timers, and undoing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sigforum.audit.models import AuditEntry
from sigforum.ballots import actions, queries, vote_queries
from sigforum.ballots.deviating import deviate
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.ballots.record import round_records
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed
from sigforum.people.domain import Audience
from sigforum.transaction import MeetingEvent, transaction
from tests.ballots.polling import STATEMENTS, TITLE, add_voters, make_poll, move, rating_answer, vote
from tests.casting import Cast

FIELDS = {"kind": "rating", "title": TITLE, "statements": "\n".join(STATEMENTS), "rule": "percent_agreement"}


def voted_poll(cast: Cast, ratings: dict[str, int], *, upto: str = "reveal", **fields: str) -> Poll:
    """A poll in which each of these people gave both statements one rating."""
    poll = make_poll(cast, upto="open", **fields)
    for name, rating in ratings.items():
        vote(cast, name, poll, rating_answer(poll, rating, rating))
    for verb in ("close", "reveal", "decide"):
        move(cast, poll, verb)
        if verb == upto:
            break
    return poll


def again(cast: Cast, poll: Poll, ratings: dict[str, int]) -> None:
    """A further round, voted in, closed and revealed."""
    move(cast, poll, "open")
    keys = [option.key for option in poll.rounds[-1].frozen.options]
    for name, rating in ratings.items():
        vote(cast, name, poll, {"ratings": dict.fromkeys(keys, rating)})
    move(cast, poll, "close")
    move(cast, poll, "reveal")


def ballot_page(cast: Cast, sign_in, name: str, poll: Poll) -> str:
    db.session.rollback()
    page = sign_in(cast.person(name)).get(f"/meetings/{cast.slug}/polls/{poll.id}/ballot").get_data(as_text=True)
    # Without the header, whose drawings are made of numbers.
    return page.partition("<main")[2]


@pytest.mark.earlier_terms
def test_second_round_shows_the_group_to_all_and_each_their_own_answer(cast: Cast, sign_in) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4})
    move(cast, poll, "open")
    pages = {name: ballot_page(cast, sign_in, name, poll) for name in ("ben", "cyn")}
    for page in pages.values():
        assert "What the group said in round 1: 2 of 2 answered" in page
        assert re.search(r"\b6\.5\b", page), "the group's median"
    own = {name: re.findall(r"<dd>(\d)[^<]*</dd></div>", page.split("Your own answer in round 1")[1].split("</dl>")[0])
           for name, page in pages.items()}
    assert own == {"ben": ["9", "9"], "cyn": ["4", "4"]}


def test_second_round_after_a_sealed_one_shows_nobody_the_group(cast: Cast, sign_in) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4}, upto="close")
    move(cast, poll, "open")
    page = ballot_page(cast, sign_in, "ben", poll)
    assert "What the group said" not in page
    assert not re.search(r"\b6\.5\b", page)
    assert "Your own answer in round 1" in page
    assert poll.rounds[1].had_feedback is False


@pytest.mark.earlier_terms
def test_record_counts_who_moved_and_names_nobody(cast: Cast, sign_in) -> None:
    names = ["ben", "cyn", *add_voters(cast, 3)]
    poll = voted_poll(cast, dict(zip(names, (9, 9, 5, 2, 2), strict=True)))
    again(cast, poll, dict(zip(names[:4], (9, 7, 8, 2), strict=True)))
    newest = round_records(poll, audience=Audience.WATCHER)[0]
    assert [(one.movement.stayed, one.movement.up, one.movement.down, one.movement.left)
            for one in newest.movements] == [(2, 1, 1, 1)] * 2
    page = sign_in(cast.person("olu")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
    assert "2 of 4 moved (1 up, 1 down), 1 answered only before" in page
    assert "too few to say under 8 people" in page
    assert not any(cast.person(name).name in page for name in names)


@pytest.mark.earlier_terms
def test_movement_is_told_only_when_both_rounds_are_seen(cast: Cast) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4})
    move(cast, poll, "open")
    vote(cast, "ben", poll, rating_answer(poll, 1, 1))
    for audience, state in ((Audience.WATCHER, "open"), (Audience.CHAIR, "open"), (Audience.WATCHER, "close")):
        if state == "close":
            move(cast, poll, "close")
        assert round_records(poll, audience=audience)[0].movements == ()
    assert round_records(poll, audience=Audience.CHAIR)[0].movements != ()


def test_change_between_rounds_is_recorded_and_leaves_the_held_round_alone(cast: Cast, sign_in) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4})
    before = queries.result(poll, poll.rounds[0])
    frozen, terms_hash = poll.frozen_hash, poll.rounds[0].terms_hash
    changed = {**FIELDS, "rule": "seventy_fifteen", "scale_max": "7",
               "statements": f"{STATEMENTS[0]}\nA third way is needed."}
    deviate(cast.viewer("finn"), poll.id, parse_poll(changed), reason="The panel asked for a shorter scale.")
    assert [(one.field, one.from_round) for one in poll.deviations] == [
        ("settings", 2), ("rule", 2), ("options", 2)]
    assert queries.result(poll, poll.rounds[0]) == before
    again(cast, poll, {"ben": 7, "cyn": 7})
    first, second = poll.rounds
    assert (first.terms_hash, poll.frozen_hash) == (terms_hash, frozen)
    assert second.terms_hash != terms_hash
    assert [(one.text, one.since_round) for one in second.frozen.options] == [
        (STATEMENTS[0], 1), ("A third way is needed.", 2)]
    assert queries.result(poll, first) == before
    assert len(queries.result(poll, second).lines) == 2
    page = sign_in(cast.person("olu")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
    assert page.count("The panel asked for a shorter scale.") == 3


def test_option_added_between_rounds_is_marked_on_the_ballot(cast: Cast, sign_in) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4})
    deviate(cast.viewer("finn"), poll.id, parse_poll(
        {**FIELDS, "statements": "\n".join((*STATEMENTS, "A third way is needed."))}), reason="Raised in discussion.")
    move(cast, poll, "open")
    page = ballot_page(cast, sign_in, "ben", poll)
    assert "New since round 1: <q>A third way is needed.</q>" in page


@pytest.mark.parametrize(("changed", "reason", "error"), [
    ({}, "No change at all.", Invalid), ({"rule": "seventy_fifteen"}, "  ", Invalid),
    ({"rule": "seventy_fifteen"}, "x" * 1001, Invalid), ({"secrecy": "secret"}, "More candour.", Conflict),
    ({"kind": "approval", "rule": ""}, "Simpler.", Conflict)])
def test_change_without_reason_or_of_what_never_changes_is_refused(
        cast: Cast, whole_database, changed: dict[str, str], reason: str, error: type[Exception]) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4})
    before = whole_database()
    with pytest.raises(error):
        deviate(cast.viewer("finn"), poll.id, parse_poll({**FIELDS, **changed}), reason=reason)
    assert whole_database() == before


@pytest.mark.parametrize("upto", ["", "open", "decide"])
def test_nothing_frozen_changes_but_between_rounds(cast: Cast, upto: str) -> None:
    poll = make_poll(cast, upto=upto)
    with pytest.raises(Conflict):
        deviate(cast.viewer("finn"), poll.id, parse_poll({**FIELDS, "rule": "seventy_fifteen"}), reason="Why not.")


def test_only_the_chair_changes_between_rounds(cast: Cast) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4})
    for name in ("ben", "olu", "gus"):
        with pytest.raises(NotAllowed):
            deviate(cast.viewer(name), poll.id, parse_poll({**FIELDS, "rule": "seventy_fifteen"}), reason="Mine.")


@pytest.mark.earlier_terms
def test_decision_opens_the_rounds_that_were_never_revealed(cast: Cast) -> None:
    poll = voted_poll(cast, {"ben": 9, "cyn": 4}, upto="close")
    again(cast, poll, {"ben": 8, "cyn": 8})
    assert round_records(poll, audience=Audience.WATCHER)[1].shown is None
    move(cast, poll, "decide")
    assert round_records(poll, audience=Audience.WATCHER)[1].shown is not None


def test_opening_is_undone_while_nobody_has_voted(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    actions.undo_open(cast.viewer("finn"), poll.id)
    assert (poll.state, poll.rounds, poll.frozen_hash) == ("draft", [], "")
    move(cast, poll, "open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    with pytest.raises(Conflict, match="Somebody has voted already"):
        actions.undo_open(cast.viewer("finn"), poll.id)
    for verb in ("close", "reveal", "open"):
        move(cast, poll, verb)
    actions.undo_open(cast.viewer("finn"), poll.id)
    assert (poll.state, len(poll.rounds)) == ("revealed", 1)


def test_undoing_needs_the_chair_and_an_open_round(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    with pytest.raises(NotAllowed):
        actions.undo_open(cast.viewer("ben"), poll.id)
    move(cast, poll, "close")
    with pytest.raises(Conflict, match="not open"):
        actions.undo_open(cast.viewer("finn"), poll.id)


def end(poll: Poll, *, seconds_ago: float) -> None:
    """Let the timer of the open round have run out so long ago."""
    with transaction():
        poll.rounds[-1].ends_at = now() - timedelta(seconds=seconds_ago)


def test_vote_counts_until_the_grace_is_over_and_is_late_afterwards(cast: Cast) -> None:
    poll = make_poll(cast)
    actions.move_poll(cast.viewer("finn"), poll.id, verb="open", seconds=60)
    asked = poll.rounds[-1]
    assert timedelta(seconds=50) < asked.ends_at - now() <= timedelta(seconds=60)
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    end(poll, seconds_ago=1)
    vote(cast, "cyn", poll, rating_answer(poll, 8, 8))
    end(poll, seconds_ago=60)
    name, = add_voters(cast, 1)
    for _ in range(2):
        with pytest.raises(Conflict, match="Your vote came too late and was not counted"):
            vote(cast, name, poll, rating_answer(poll, 1, 1))
    assert (vote_queries.voted(asked), vote_queries.late(asked)) == (2, 1), "one person, however often they tried"


@pytest.mark.parametrize("secrecy", ["open", "confidential"])
def test_late_change_leaves_the_earlier_vote_counted_and_says_so(cast: Cast, sign_in, secrecy: str) -> None:
    """Nobody is both among those who answered and among those who came too late."""
    poll = make_poll(cast, upto="open", secrecy=secrecy)
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    end(poll, seconds_ago=60)
    for closes, words in ((False, "The time is up."), (True, "This round is closed.")):
        if closes:
            move(cast, poll, "close")
        with pytest.raises(Conflict) as refusal:
            vote(cast, "ben", poll, rating_answer(poll, 1, 1))
        assert refusal.value.message == f"{words} Your change came too late; the vote that you sent before it counts."
    with pytest.raises(Conflict, match="Your vote came too late and was not counted"):
        vote(cast, "cyn", poll, rating_answer(poll, 1, 1))
    asked = poll.rounds[-1]
    assert (vote_queries.voted(asked), vote_queries.late(asked)) == (1, 1)
    assert vote_queries.vote(asked.id, cast.viewer("ben").person_id).answer == rating_answer(poll, 9, 9)
    form = {"round": "1", "key": "a-late-change", **{f"rating-o{option.id}": "1" for option in poll.options}}
    page = sign_in(cast.person("ben")).post(f"/meetings/{cast.slug}/polls/{poll.id}/votes", data=form)
    assert page.status_code == 409
    assert "the vote that you sent before it counts" in page.get_data(as_text=True)
    # Nor does it from a page that stands open since the round before.
    for verb in ("reveal", "open"):
        move(cast, poll, verb)
    for name, words in (("ben", "the vote that you sent before it counts"), ("cyn", "was not counted")):
        with pytest.raises(Conflict, match=words):
            vote(cast, name, poll, rating_answer(poll, 1, 1), round_number=1)


@pytest.mark.parametrize("secrecy", ["confidential", "secret"])
def test_who_came_too_late_and_was_given_more_time_is_not_late(cast: Cast, secrecy: str) -> None:
    poll = make_poll(cast, upto="open", secrecy=secrecy)
    end(poll, seconds_ago=60)
    for name in ("ben", "cyn"):
        with pytest.raises(Conflict, match="was not counted"):
            vote(cast, name, poll, rating_answer(poll, 1, 1))
    actions.set_timer(cast.viewer("finn"), poll.id, seconds=0)
    vote(cast, "ben", poll, rating_answer(poll, 1, 1))
    move(cast, poll, "close")
    asked = poll.rounds[-1]
    assert (vote_queries.voted(asked), vote_queries.late(asked)) == (1, 1)


@pytest.mark.parametrize("secrecy", ["confidential", "secret"])
def test_vote_of_the_round_before_whose_answer_was_lost_is_acknowledged_again(cast: Cast, secrecy: str) -> None:
    poll = make_poll(cast, upto="open", secrecy=secrecy)
    saved = vote(cast, "ben", poll, rating_answer(poll, 9, 9), key="the-lost-answer")
    for verb in ("close", "reveal", "open"):
        move(cast, poll, verb)
    again = vote(cast, "ben", poll, rating_answer(poll, 9, 9), key="the-lost-answer", round_number=1)
    assert (again.code, again.answer, again.revision) == (saved.code, saved.answer, saved.revision)
    assert (vote_queries.voted(poll.rounds[0]), vote_queries.voted(poll.rounds[1])) == (1, 0)
    with pytest.raises(Conflict, match="too late"):
        vote(cast, "ben", poll, rating_answer(poll, 1, 1), round_number=1)
    assert vote_queries.voted(poll.rounds[1]) == vote_queries.late(poll.rounds[1]) == 0


def test_vote_after_the_close_is_counted_as_late_and_said_so(cast: Cast, sign_in) -> None:
    poll = voted_poll(cast, {"cyn": 4})
    with pytest.raises(Conflict, match="came too late and was not counted"):
        vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    page = sign_in(cast.person("olu")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert "1 vote came after the end and was not counted." in page


def test_round_whose_time_is_up_is_closed_by_the_server_once(cast: Cast) -> None:
    poll, other = make_poll(cast, upto="open"), make_poll(cast, upto="open", title="Without a timer")
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    end(poll, seconds_ago=1)
    assert actions.close_due_rounds() == 0, "the grace is not over"
    end(poll, seconds_ago=10)
    assert actions.close_due_rounds() == 1
    assert actions.close_due_rounds() == 0
    db.session.refresh(poll)
    assert (poll.state, poll.rounds[-1].entitled, other.state) == ("closed", 2, "open")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "poll_close")).one()
    assert (entry.actor_id, entry.detail["by"]) == (None, "timer")


def test_timer_is_set_and_taken_away_by_the_chair(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    actions.set_timer(cast.viewer("finn"), poll.id, seconds=120)
    assert poll.rounds[-1].ends_at is not None
    actions.set_timer(cast.viewer("ada"), poll.id, seconds=0)
    assert poll.rounds[-1].ends_at is None
    with pytest.raises(NotAllowed):
        actions.set_timer(cast.viewer("ben"), poll.id, seconds=1)


def test_reminder_is_sent_once_in_half_a_minute(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    before = db.session.scalar(select(func.count()).select_from(MeetingEvent))
    for _ in range(3):
        actions.nudge_voters(cast.viewer("finn"), poll.id)
    assert db.session.scalar(select(func.count()).select_from(MeetingEvent)) == before + 1
    page = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert "The facilitator asks for your vote." in page


def test_chair_sees_who_has_not_voted_and_nobody_else_does(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    for name in ("ben", *add_voters(cast, 2)):
        vote(cast, name, poll, rating_answer(poll, 9, 9))
    seen = {}
    for name in ("finn", "ada", "ben", "cyn", "olu", "gus"):
        page = sign_in(cast.person(name)).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
        found = re.search(rf'id="missing-{poll.id}".*?</details>', page, flags=re.DOTALL)
        seen[name] = re.findall(r"<li>([^<]+)</li>", found[0]) if found else None
    cyn = cast.person("cyn").name
    assert seen == {"finn": [cyn], "ada": [cyn], "ben": None, "cyn": None, "olu": None, "gus": None}
