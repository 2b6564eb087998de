"""Whose turn it is to keep the process busy: requests begin one after the other, and what is waited for goes first.

One loop serves everybody. Where many requests are there at once, each would run as soon as the one before it ends, and
a vote that came meanwhile would wait for all of them. So each begins when it is its turn, the loop looks after every
socket between two turns, and while a vote is being stored nobody's turn comes.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event

from sigforum.extensions import db
from sigforum.kernel.breathing import breathe_by

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
# For so many rounds of the loop a turn waits for what goes first: a room that votes without a pause stops no page.
MOST_ROUNDS = 50
# Who is at work already rests when nobody has rested for so long, and waits for fewer rounds.
REST_AFTER, MOST_ROUNDS_OF_A_REST = 0.003, 12


class Turns:
    """Everybody who waits, in one line for each of `whose`: who sends a thousand requests waits behind their own."""

    most_rounds = MOST_ROUNDS

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._lines: dict[Hashable, deque[threading.Lock]] = {}
        self._is_taken = False
        self._first = 0
        self._rested_at = 0.0
        self._hurried: set[int] = set()

    def __len__(self) -> int:
        """How many wait for their turn, or have it now."""
        with self._mutex:
            return self._is_taken + sum(map(len, self._lines.values()))

    def take(self, whose: Hashable) -> None:
        """Wait for one's turn. It is passed on at once: what is done in it ends by itself, or rests."""
        self._wait(whose, self.most_rounds)

    def _wait(self, whose: Hashable, most: int) -> None:
        woken = threading.Lock()
        with self._mutex:
            waits, self._is_taken = self._is_taken, True
            if waits:
                woken.acquire()
                self._lines.setdefault(whose, deque()).append(woken)
        if waits:
            woken.acquire()
        try:
            self.give_way(most)
        finally:
            self._pass_on()

    def give_way(self, most: int = MOST_ROUNDS_OF_A_REST) -> None:
        """Let the loop look after everybody once, and until nothing is under way that goes first."""
        time.sleep(0)
        while self._first and most:
            most -= 1
            time.sleep(0)
        self._rested_at = time.monotonic()

    def rest(self) -> None:
        """Wait for another turn if nobody has rested for a while. For the middle of long work that keeps nobody else
        waiting by a lock. Between two looks at the sockets one of those who are at work goes on, and not all of
        them."""
        if time.monotonic() - self._rested_at <= REST_AFTER:
            return
        me = threading.get_ident()
        if me in self._hurried:
            self.give_way(0)
        else:
            self._wait(me, MOST_ROUNDS_OF_A_REST)

    def breathe(self) -> None:
        """Let the loop look after everybody once, if nobody has rested for a while."""
        if time.monotonic() - self._rested_at > REST_AFTER:
            self.give_way(0)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """For whoever many wait for: they rest as well, and wait for nothing that goes first."""
        self._hurried.add(threading.get_ident())
        try:
            yield
        finally:
            self._hurried.discard(threading.get_ident())

    @contextmanager
    def first(self) -> Iterator[None]:
        """While this is done, nobody's turn comes."""
        with self._mutex:
            self._first += 1
        try:
            yield
        finally:
            with self._mutex:
                self._first -= 1

    def _pass_on(self) -> None:
        with self._mutex:
            whose = next(iter(self._lines), None)
            if whose is None:
                self._is_taken = False
                return
            line = self._lines.pop(whose)
            woken = line.popleft()
            if line:
                # The others have their turn before the next one of this line.
                self._lines[whose] = line
        woken.release()


def bind(app: Flask) -> None:
    """Let every request of an application wait for its turn, in the line of its network address."""
    turns, inside = Turns(), app.wsgi_app
    app.extensions["turns"] = turns

    def in_turn(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        turns.take(environ.get("REMOTE_ADDR", ""))
        return inside(environ, start_response)
    app.wsgi_app = in_turn  # type: ignore[method-assign]
    # Whoever computes may be about to write; they wait for nothing that goes first, which may wait for them.
    breathe_by(turns.breathe)
    with app.app_context():
        _rest_between_statements(db.engine, turns)


def _rest_between_statements(engine: Engine, turns: Turns) -> None:
    """Whoever reads much rests on the way. Whoever writes does not: the others who write would wait the longer."""
    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Connection, *_arguments: Any) -> None:
        if not connection.get_execution_options().get("sigforum_write"):
            turns.rest()


def turns_of(app: Flask) -> Turns:
    """The turns of an application."""
    found: Turns = app.extensions["turns"]
    return found
