"""Traces wait for whoever reads an older state, and nobody's vote waits for them."""

import threading

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text

from sigforum.extensions import db
from sigforum.traces import removing
from sigforum.traces.models import TraceRemoval
from tests.ballots.polling import add_voters, make_poll, move, rating_answer, vote
from tests.casting import Cast

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test does not wait for somebody who reads to the test's end."""
    monkeypatch.setattr(removing, "_TRIES", 3)


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(TraceRemoval)) or 0


def begin_reading() -> Connection:
    """Somebody in the middle of a long look at the secret ballots."""
    reader = db.engine.connect().execution_options(isolation_level="REPEATABLE READ") if (
        db.engine.dialect.name == "postgresql") else db.engine.connect()
    reader.execute(text("SELECT count(*) FROM secret_ballots"))
    return reader


def test_traces_go_once_nobody_reads_an_older_state(app: Flask, cast: Cast) -> None:
    removing.remove_waiting()
    poll = make_poll(cast, upto="open", secrecy="secret")
    for name in ("ben", "cyn"):
        vote(cast, name, poll, rating_answer(poll, 3, 4))
    reader = begin_reading()
    move(cast, poll, "close")
    assert waiting() == 1
    assert removing.remove_waiting() is False
    assert waiting() == 1
    reader.close()
    assert removing.remove_waiting() is True
    assert waiting() == 0


def test_other_rounds_are_voted_in_while_traces_wait(app: Flask, cast: Cast) -> None:
    voters = add_voters(cast, 8)
    closed, other = (make_poll(cast, upto="open", secrecy="secret", title=title) for title in ("One", "Other"))
    vote(cast, voters[0], closed, rating_answer(closed, 3, 4))
    reader = begin_reading()
    move(cast, closed, "close")
    outcome: list[bool] = []

    def remove() -> None:
        with app.app_context():
            outcome.append(removing.remove_waiting())
    thread = threading.Thread(target=remove)
    thread.start()
    codes = {vote(cast, name, other, rating_answer(other, 5, 6)).code for name in voters}
    thread.join(timeout=60)
    reader.close()
    assert outcome == [False]
    assert len(codes) == len(voters)
    assert removing.remove_waiting() is True
    move(cast, other, "close")
    move(cast, other, "reveal")
    assert set(db.session.execute(text("SELECT code FROM secret_ballots WHERE round_id = :round"),
                                  {"round": other.rounds[-1].id}).scalars()) == codes
