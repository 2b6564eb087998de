"""A ballot counts for what its voter read, and a button opens what its presser read: what somebody else changed
meanwhile is said, and nothing is lost or done."""

import re
import secrets
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sigforum.ballots import actions, queries
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.deviating import deviate
from sigforum.ballots.domain import PollState
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Option, Poll
from sigforum.extensions import db
from sigforum.facilitation.actions import run_poll
from sigforum.facilitation.domain import seen_mark
from sigforum.kernel.errors import Conflict, Outdated
from sigforum.transaction import transaction
from tests.ballots.polling import STATEMENTS, TITLE, make_poll, move, rating_answer, vote
from tests.casting import Cast

FIELDS = {"kind": "rating", "title": TITLE, "statements": "\n".join(STATEMENTS), "rule": "percent_agreement"}


def now_stored(poll: Poll) -> Poll:
    """The poll as the database has it."""
    db.session.rollback()
    return db.session.get_one(Poll, poll.id, populate_existing=True)


def ballot_form(client: Any, cast: Cast, poll: Poll) -> dict[str, str]:
    """The hidden fields of one's ballot, as a browser sends them back."""
    page = client.get(f"/meetings/{cast.slug}/polls/{poll.id}/ballot").get_data(as_text=True).partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def cast_by_form(client: Any, cast: Cast, poll: Poll, hidden: dict[str, str], keys: list[str]) -> TestResponse:
    return client.post(f"/meetings/{cast.slug}/polls/{poll.id}/votes",
                       data=hidden | {f"rating-{key}": "9" for key in keys})


def reworded(cast: Cast, poll: Poll, statements: list[str]) -> Poll:
    """The opening taken back, the draft changed, and opened again."""
    actions.undo_open(cast.viewer("finn"), poll.id)
    actions.change_poll(cast.viewer("finn"), poll.id, parse_poll(FIELDS | {"statements": "\n".join(statements)}))
    move(cast, poll, "open")
    return now_stored(poll)


def test_ballot_read_before_an_opening_was_taken_back_does_not_count(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    ben = sign_in(cast.person("ben"))
    before = ballot_form(ben, cast, poll)
    mark = now_stored(poll).rounds[0].frozen.mark
    changed = reworded(cast, poll, list(reversed(STATEMENTS)))
    keys = [f"o{option.id}" for option in changed.options]
    answer = cast_by_form(ben, cast, poll, before, keys)
    assert answer.status_code == 409
    assert "changed after this ballot was shown" in answer.get_data(as_text=True)
    with pytest.raises(Conflict, match="changed after this ballot was shown"):
        actions.cast_vote(cast.viewer("cyn"), CastVote(
            poll_id=poll.id, round_number=1, raw=rating_answer(changed, 9, 9), key=secrets.token_hex(8), terms=mark))
    asked = now_stored(poll).rounds[0]
    assert queries.paper(asked.poll, asked).options[0].text == STATEMENTS[1]
    assert cast_by_form(ben, cast, poll, ballot_form(ben, cast, poll), keys).status_code == 302


def test_ballot_of_the_same_words_in_other_rows_does_not_count(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    mark, first = poll.rounds[0].frozen.mark, [option.id for option in poll.options]
    reworded(cast, poll, ["Something else."])
    with transaction():
        # Rows of another poll take the numbers that were let go of.
        other = make_poll(cast)
        other.options.append(Option(position=9, text="In between"))
    again = reworded(cast, poll, list(STATEMENTS))
    assert [option.id for option in again.options] != first
    with pytest.raises(Conflict):
        actions.cast_vote(cast.viewer("ben"), CastVote(
            poll_id=poll.id, round_number=1, raw=rating_answer(again, 9, 9), key=secrets.token_hex(8), terms=mark))
    # The box remembers rounds by their opening: the paper is the one of now.
    assert vote(cast, "ben", again, rating_answer(again, 9, 3)).revision == 1


def test_opening_taken_back_without_a_change_loses_no_ballot(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    ben = sign_in(cast.person("ben"))
    before, keys = ballot_form(ben, cast, poll), [f"o{option.id}" for option in poll.options]
    actions.undo_open(cast.viewer("finn"), poll.id)
    move(cast, poll, "open")
    assert cast_by_form(ben, cast, poll, before, keys).status_code == 302


def test_client_that_names_no_terms_votes_for_what_is_asked_now(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    assert vote(cast, "ben", poll, rating_answer(poll, 9, 9)).revision == 1


def test_draft_changed_by_another_chair_is_not_overwritten_unseen(cast: Cast, sign_in) -> None:
    poll = make_poll(cast)
    address = f"/meetings/{cast.slug}/polls/{poll.id}/edit"
    ada, finn = sign_in(cast.person("ada")), sign_in(cast.person("finn"))

    def opened(client: Any) -> str:
        return re.findall(r'name="terms" value="(\w+)"', client.get(address).get_data(as_text=True))[0]
    hers, his = opened(ada), opened(finn)
    assert hers == his
    assert ada.post(address, data=FIELDS | {"statements": "Hers.", "terms": hers}).status_code == 302
    answer = finn.post(address, data=FIELDS | {"statements": "His.", "terms": his})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody changed this poll" in page
    assert "His." in page
    assert [option.text for option in now_stored(poll).options] == ["Hers."]
    again = re.findall(r'name="terms" value="(\w+)"', page)[0]
    assert finn.post(address, data=FIELDS | {"statements": "His.", "terms": again}).status_code == 302
    assert [option.text for option in now_stored(poll).options] == ["His."]


def test_wrong_field_keeps_the_mark_of_what_was_read(cast: Cast, sign_in) -> None:
    poll = make_poll(cast)
    address, mark = f"/meetings/{cast.slug}/polls/{poll.id}/edit", poll.terms.mark
    finn = sign_in(cast.person("finn"))
    actions.change_poll(cast.viewer("ada"), poll.id, parse_poll(FIELDS | {"statements": "Hers."}))
    page = finn.post(address, data=FIELDS | {"title": "", "terms": mark}).get_data(as_text=True)
    assert re.findall(r'name="terms" value="(\w+)"', page) == [mark]


def test_change_between_rounds_is_not_taken_back_by_an_older_form(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="close")
    address = f"/meetings/{cast.slug}/polls/{poll.id}/deviate"
    finn = sign_in(cast.person("finn"))
    mark = re.findall(r'name="terms" value="(\w+)"', finn.get(address).get_data(as_text=True))[0]
    deviate(cast.viewer("ada"), poll.id, parse_poll(FIELDS | {"statements": "Hers."}), reason="Clearer", seen=mark)
    answer = finn.post(address, data=FIELDS | {"title": "His title", "reason": "Shorter", "terms": mark})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody changed this poll" in page
    assert "Shorter" in page
    stored = now_stored(poll)
    assert [one.reason for one in stored.deviations] == ["Clearer"]
    assert stored.title == TITLE


def test_opening_freezes_what_its_presser_read(cast: Cast, sign_in) -> None:
    poll = make_poll(cast)
    mark, finn = poll.terms.mark, cast.viewer("finn")
    on_console = seen_mark(state=PollState.DRAFT, rounds=0, terms=mark)
    page = sign_in(cast.person("finn")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert f"/polls/{poll.id}/open?terms={mark}" in page
    actions.change_poll(cast.viewer("ada"), poll.id, parse_poll(FIELDS | {"statements": "Hers."}))
    for opened in (lambda: actions.move_poll(finn, poll.id, verb="open", seen=mark),
                   lambda: run_poll(finn, poll.id, verb="open", seen=on_console)):
        with pytest.raises(Outdated):
            opened()
    assert now_stored(poll).state == PollState.DRAFT
    actions.move_poll(finn, poll.id, verb="open", seen=now_stored(poll).terms.mark)
    assert now_stored(poll).state == PollState.OPEN
