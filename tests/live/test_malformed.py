"""Whatever a client sends, the server answers in plain words and stays up."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exists, select

from sigforum.ballots.models import Vote, VoteChange
from sigforum.extensions import db
from sigforum.live.guards import MEMBER_EVENTS, RAW_EVENTS
from tests.live.stage import Socket, Stage, until

CALM = settings(max_examples=60, deadline=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
NUMBERS = st.integers() | st.sampled_from([0, 1, -1, 2**31, 2**63, 10**30, -2**63 - 1])
# Lone surrogates are legal in JSON and in no database.
TEXTS = st.text(max_size=20) | st.sampled_from(["", "\0", "\ud800", "cells-that-stay", "1A", "' OR 1=1 --", "x" * 9000])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=8)
MEETING = st.just("cells-that-stay")
JOIN = st.fixed_dictionaries({}, optional={
    "meeting": MEETING | JSON, "forum": st.sampled_from([1, 2, None]) | JSON, "after": st.just(0) | JSON})
CAST = st.fixed_dictionaries({"meeting": MEETING}, optional={
    "poll": st.sampled_from([1, "1"]) | JSON, "round": st.sampled_from([1, "1"]) | JSON,
    "key": st.just("a-good-key") | JSON, "answer": st.dictionaries(st.sampled_from(["r1", "points"]), JSON) | JSON,
    "form": st.dictionaries(st.sampled_from(["points-r1", "abstain"]), TEXTS) | JSON})
TYPING = st.fixed_dictionaries({"meeting": MEETING}, optional={
    "forum": st.sampled_from([1, 2, "1"]) | JSON, "question": st.sampled_from([1, 2, "1"]) | JSON,
    "over": st.booleans() | JSON})
# What is sent to each event; a new event needs a line here.
PAYLOADS = {"join": JOIN, "cast": CAST, "typing": TYPING}


@pytest.fixture
def socket(stage: Stage) -> Socket:
    """A participant's connection."""
    return stage.visitor("cyn").socket()


def check(answer: object) -> None:
    """An acknowledgement is an object that says yes, or no and why."""
    assert isinstance(answer, dict)
    if not answer["ok"]:
        assert answer["status"] in (400, 403, 404, 409, 422), answer
        assert isinstance(answer["error"], str)
        assert answer["error"]


def stored(stage: Stage) -> dict[str, list[str]]:
    """Every row of every table, as the server left them."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                for table in db.metadata.sorted_tables}


def test_every_event_is_fuzzed(app: Flask) -> None:
    assert set(PAYLOADS) == {*MEMBER_EVENTS, *RAW_EVENTS}, "say in PAYLOADS what the new event is sent"


@pytest.mark.parametrize("event", PAYLOADS)
@CALM
@given(data=st.data())
def test_event_answers_whatever_comes(socket: Socket, event: str, data: st.DataObject) -> None:
    answer = socket.call(event, data.draw(PAYLOADS[event] | JSON))
    check(answer)
    assert "Traceback" not in str(answer)
    assert socket.is_open


@pytest.mark.parametrize("event", PAYLOADS)
@settings(CALM, max_examples=30)
@given(data=st.data())
def test_refused_event_leaves_nothing_half_written(stage: Stage, socket: Socket, event: str,
                                                   data: st.DataObject) -> None:
    before = stored(stage)
    answer = socket.call(event, data.draw(PAYLOADS[event]))
    # Sitting down and writing are remembered by the web process alone.
    if not answer["ok"] or event != "cast":
        assert stored(stage) == before, answer
    halves = select(Vote.person_id).where(~exists().where(
        VoteChange.round_id == Vote.round_id, VoteChange.person_id == Vote.person_id,
        VoteChange.revision == Vote.revision))
    assert db.session.scalars(halves).all() == [], "a ballot that counts stands in the list of its versions too"


@settings(CALM, max_examples=20)
@given(event=st.sampled_from(["change", "disconnect_all", "connect_error", "*", "message"]) | st.text(max_size=9),
       payload=JSON)
def test_unknown_events_change_nothing(socket: Socket, event: str, payload: object) -> None:
    if event in ("connect", "disconnect", "join", "cast", "connect_error", "disconnecting"):
        return
    socket.client.emit(event, payload)
    check(socket.call("join", {"meeting": "cells-that-stay", "forum": None, "after": 0}))


def test_bytes_and_several_arguments_are_answered(socket: Socket) -> None:
    for payload in (b"\x00\xff", {"meeting": b"cells"}, (1, 2, 3), ()):
        socket.client.emit("join", payload)
        socket.client.emit("cast", payload)
    check(socket.call("join", {"meeting": "cells-that-stay", "forum": None, "after": 0}))


def test_frame_larger_than_any_vote_closes_its_own_socket_only(stage: Stage, socket: Socket) -> None:
    other = stage.visitor("ben").socket()
    socket.client.emit("cast", {"meeting": "cells-that-stay", "answer": "x" * 1_000_000})
    until(lambda: not socket.is_open)
    check(other.call("join", {"meeting": "cells-that-stay", "forum": None, "after": 0}))


def test_good_client_still_hears_after_all_that(stage: Stage) -> None:
    socket = stage.visitor("cyn").listen()
    stage.visitor("ben").say("Still here", question=stage.question())
    until(lambda: "Still here" in socket.text())
