"""The index is true after everything that can happen to what it indexes, whoever writes it and however."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.ballots.deviating import deviate
from sigforum.ballots.forms import parse_poll
from sigforum.database import WRITE
from sigforum.extensions import db
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.reviewing import reword_position, write_position
from sigforum.summaries.writing import remove_line, reword_line, write_line
from sigforum.threads import actions as threads
from sigforum.threads.models import Response
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll
from tests.casting import AGENDA, Cast
from tests.search.index import BY_TABLE, Comparison, indexed
from tests.search.looking import say

pytestmark = pytest.mark.both_databases
POLL = {"kind": "rating", "title": "Where and when", "statements": "Closed systems come first.\nDawn comes first.",
        "rule": "percent_agreement"}


def discuss(cast: Cast) -> Response:
    """Post, reply, edit, hide and withdraw."""
    first = say(cast, "ben", "In **clösed** systems, e.g. CAR-T's.")
    say(cast, "cyn", "At the bedside?", parent=first)
    threads.edit_response(cast.viewer("ben"), first.id, text="In open systems.", revision=1)
    threads.hide_response(cast.viewer("finn"), say(cast, "cyn", "Ünspeakable price").id, reason="A price")
    threads.withdraw_response(cast.viewer("ben"), say(cast, "ben", "Better unsaid").id)
    return first


def ask(cast: Cast) -> None:
    """Hold a poll and change it between two rounds."""
    poll = make_poll(cast, upto="reveal")
    deviate(cast.viewer("finn"), poll.id, parse_poll(POLL), reason="Clearer words")


def sum_up(cast: Cast) -> None:
    """Write, reword and remove lines, dissent, publish, and correct."""
    chair, place = cast.viewer("finn"), cast.forum_session().id
    begin_summary(chair, place)
    write_line(chair, place, kind=LineKind.ANSWER, words=Wording(text="The answer is shorter now."))
    line = write_line(chair, place, kind=LineKind.STATEMENT, words=Wording(text="A statement nobody kept."))
    reword_line(chair, line.id, words=Wording(text="A statement that stands."), wording=1)
    remove_line(chair, write_line(chair, place, kind=LineKind.ACTION, words=Wording(
        text="Write it down", owner="Cyn Participant")).id)
    move_summary(chair, place, verb="ask_review")
    position = write_position(cast.viewer("ben"), place, text="I dissent, mildly.")
    reword_position(cast.viewer("ben"), position.id, text="I dissent, firmly.")
    for verb in ("close_review", "publish", "correct"):
        move_summary(chair, place, verb=verb, reason="A mistake" if verb == "correct" else "")


def change_agenda(cast: Cast) -> None:
    """Import the agenda again: reworded, added, removed, moved."""
    newer = (AGENDA.replace("Where should cells be made?", "In which places should cells be grown?")
             .replace("1B. Keeping cells", "2B. Storing cells")
             .replace("  • Who should pay for making cells?\n", "  • Who keeps the records of each batch?\n"))
    import_agenda(cast.viewer("ada"), db.session.get_one(Meeting, cast.meeting_id), read_agenda(newer.encode()))


def erase(cast: Cast) -> None:
    """Erase somebody with everything they wrote."""
    erase_member(cast.viewer("ada"), cast.viewer("ben").membership_id, texts=Texts.WITHDRAW)


def write_past_the_actions(cast: Cast) -> None:
    """Change and delete rows by statements that no action makes."""
    with transaction():
        db.session.execute(update(Response).values(text="Overwritten at once"))
        db.session.execute(text("DELETE FROM responses WHERE parent_id IS NOT NULL"))


def delete_meeting(cast: Cast) -> None:
    """Delete a whole meeting by its foreign keys."""
    with transaction():
        db.session.execute(text("DELETE FROM meetings WHERE id = :id"), {"id": cast.meeting_id})


def test_index_is_true_after_everything_that_can_happen(cast: Cast) -> None:
    steps: list[Callable[[Cast], Any]] = [
        discuss, ask, sum_up, change_agenda, erase, write_past_the_actions, delete_meeting]
    comparison = Comparison()
    assert comparison.drift() == []
    assert indexed(BY_TABLE["question_wordings"], "should")
    for step in steps:
        step(cast)
        assert comparison.drift() == [], step.__name__
    # The other meeting is there still, and nothing of this one.
    assert indexed(BY_TABLE["forum_sessions"], "something")
    assert not indexed(BY_TABLE["forum_sessions"], "cells")


def test_comparison_sees_an_index_that_is_wrong(cast: Cast) -> None:
    response = say(cast, "ben", "Something about potency")
    assert Comparison().drift() == []
    with db.engine.connect().execution_options(**WRITE) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER search_responses_update"))
        else:
            connection.execute(text("DROP INDEX search_responses"))
            connection.execute(text("CREATE OR REPLACE FUNCTION search_words(said text) RETURNS tsvector LANGUAGE sql "
                                    "IMMUTABLE AS $$ SELECT to_tsvector('simple', lower(left(said, 9))) $$"))
        connection.commit()
    threads.edit_response(cast.viewer("ben"), response.id, text="Something about yield", revision=1)
    assert "responses: yield" in Comparison().drift()


def test_failed_transaction_leaves_the_index_as_it_was(cast: Cast) -> None:
    def fail() -> None:
        with transaction():
            say(cast, "ben", "Half a thought about potency")
            raise RuntimeError("the power is gone")
    with pytest.raises(RuntimeError, match="the power is gone"):
        fail()
    assert Comparison().drift() == []
    assert not indexed(BY_TABLE["responses"], "potency")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.text(st.characters(categories=("Lu", "Ll", "Nd", "Zs", "Po", "Pd", "Sm"), max_codepoint=0x24F),
                    max_size=80))
@example(said="Ǽrø ﬁ a_b 1.5e3 x@y.example https://x.example/a?b=c <i>d</i> &amp; it's CAR-T/NK")
def test_any_text_is_indexed_word_by_word(cast: Cast, said: str) -> None:
    identifier = db.session.scalar(select(Response.id)) or say(cast, "ben", "Something to begin with").id
    with transaction():
        db.session.execute(update(Response).where(Response.id == identifier).values(text=said))
    assert Comparison().drift("responses") == []
