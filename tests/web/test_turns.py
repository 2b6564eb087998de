"""Whose turn it is: requests begin one after the other, in one line for each address, and votes go first."""

import threading
import time

from flask import Flask

from sigforum.transaction import transaction
from sigforum.web.turns import Turns, turns_of

# Somebody who rests in the middle of long work.
AT_WORK = "at work"


def in_line(turns: Turns, whose: list[str]) -> list[str]:
    """Everybody comes while a vote is under way, one after the other; whose turn came in which order."""
    order: list[str] = []
    # A turn waits so long for the vote that all others have come by then.
    turns.most_rounds = 10**9

    def come(name: str) -> None:
        if name == AT_WORK:
            turns.rest()
        else:
            turns.take(name)
        order.append(name)
    threads = [threading.Thread(target=come, args=(name,)) for name in whose]
    with turns.first():
        for number, thread in enumerate(threads):
            thread.start()
            while len(turns) < number + 1:
                time.sleep(0.001)
        assert order == [], "nobody's turn comes while a vote is being stored"
    for thread in threads:
        thread.join(timeout=10)
    return order


def test_who_sends_many_requests_waits_behind_their_own() -> None:
    order = in_line(Turns(), ["a", "b", "b", "b", "b", "c", "d"])
    assert sorted(order) == ["a", "b", "b", "b", "b", "c", "d"]
    assert max(order.index("c"), order.index("d")) < 6, "four requests of one keep nobody else waiting for all four"
    assert order[-1] == "b"


def test_who_is_at_work_goes_on_in_turn_with_who_begins() -> None:
    """Between two looks at the sockets one of them is at work: ten long pages are not ten times as long a wait."""
    order = in_line(Turns(), ["a", "a", "a", "a", AT_WORK, AT_WORK])
    assert sorted(order) == ["a", "a", "a", "a", AT_WORK, AT_WORK]
    assert order[-1] == "a", "who is at work waits behind no line of others"


def test_long_page_rests_on_the_way(app: Flask) -> None:
    turns, page = turns_of(app), app.jinja_env.from_string("{% for n in range(50) %}{{ n }} {% endfor %}")
    expected = " ".join(map(str, range(50)))
    with app.app_context():
        turns._rested_at = 0
        assert page.render().strip() == expected
        assert turns._rested_at > 0
        with transaction():
            turns._rested_at = 0
            assert page.render().strip() == expected
            assert turns._rested_at == 0, "other writers wait for who holds their lock"


def test_votes_without_a_pause_stop_no_page() -> None:
    turns = Turns()
    with turns.first():
        turns.take("a")
        turns.take("a")
    assert len(turns) == 0


def test_turn_is_passed_on_whatever_happens_in_it(app: Flask) -> None:
    client = app.test_client()
    for _ in range(3):
        client.get("/nowhere")
        client.post("/sign-in", data=b"a&" * 50_000, content_type="application/x-www-form-urlencoded")
    assert len(turns_of(app)) == 0
