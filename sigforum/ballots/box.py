"""The ballot box: checks the votes of one batch against what the database says now, and stores those that count.

Everything for a batch is read in a handful of statements, whatever its size: this is the busiest place there is.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Connection

from sigforum.ballots import box_rows, queries, watched
from sigforum.ballots.box_rows import Asked
from sigforum.ballots.domain import Paper, Secrecy
from sigforum.ballots.models import Round
from sigforum.ballots.policy import Recused, TooLate, check_open, check_votes
from sigforum.ballots.receipts import receipt_code
from sigforum.ballots.registry import kind_named
from sigforum.disclosures import queries as disclosures
from sigforum.disclosures.domain import EntryNeeded
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, NotAllowed, NotFound
from sigforum.people import viewer_queries
from sigforum.people.domain import CARD_OVER, SIGNED_OUT, Viewer


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Whose vote it is, and through what it came: membership and sign-in are read again when it is stored."""

    person_id: int
    meeting_id: int | None = None
    slug: str | None = None
    sign_in_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Cast:
    """A vote on its way in."""

    poll_id: int
    round_number: int
    raw: Any
    key: str
    # Whether `raw` holds the fields of the kind's HTML form instead of an answer.
    is_form: bool = False
    # The mark of the terms that the voter read; empty from a client that does not say.
    terms: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a committed vote is acknowledged with. `code` finds the ballot in the published tally sheet."""

    revision: int
    cast_at: datetime
    answer: dict[str, Any]
    code: str


@dataclass(frozen=True, kw_only=True)
class _Frozen:
    """What of a round stays as it is while it is open."""

    kind: Any
    secrecy: Secrecy
    paper: Paper
    # Of its terms.
    mark: str
    # Whether its totals are watched, and move in steps.
    is_watched: bool = False


@dataclass
class _Own:
    """A person's ballot in a round, while the batch is worked through."""

    revision: int
    code: str
    is_new: bool
    # As JSON; empty while the batch has not changed it.
    answer: str = ""


@dataclass
class _Roll:
    """Who was found to be a member of a meeting, signed in, not recused, and to have acknowledged the rules where that
    is asked, when its newest event had this number.

    Whatever takes a right away publishes an event of the meeting in its own transaction. A batch that finds the
    number unchanged, behind the lock, therefore knows that nothing was taken away since.
    """

    number: int
    viewers: dict[int, Viewer] = field(default_factory=dict)
    # With the days on which a card's may vote; None for those of any other sign-in.
    sign_ins: dict[int, tuple[datetime, datetime] | None] = field(default_factory=dict)
    recused: set[tuple[int, int | None, int]] = field(default_factory=set)
    asks_entry: bool = False
    # (forum session, person)
    entered: set[tuple[int, int]] = field(default_factory=set)


class BallotBox:
    """Stores batches; remembers what open rounds ask, and who may vote, as long as neither can have changed."""

    MOST_REMEMBERED = 500

    def __init__(self) -> None:
        self.frozen: dict[tuple[Any, ...], _Frozen] = {}
        self.rolls: dict[int, _Roll] = {}

    def store(self, connection: Connection, batch: Sequence[tuple[Sender, Cast]], *,
              at: datetime) -> tuple[list[Receipt | Exception], bool]:
        """For each vote its receipt or why it does not count, in order; and whether anything is new.

        `connection` is in a write transaction, which the caller commits. Raises only what fails the whole batch.
        """
        work = _Batch(self, connection, batch, at)
        outcomes = [work.take(sender, cast) for sender, cast in batch]
        work.write()
        return outcomes, bool(work.added)

    def roll(self, connection: Connection, meeting_id: int, number: int, batch: Sequence[tuple[Sender, Cast]]) -> _Roll:
        """Who of a batch's senders is a member of a meeting and signed in, read again whenever it moved on."""
        roll = self.rolls.get(meeting_id)
        if roll is None or roll.number != number:
            roll = self.rolls[meeting_id] = _Roll(
                number, recused=box_rows.recused_people(connection, meeting_id),
                asks_entry=disclosures.asks_entry(connection, meeting_id))
        unknown = {sender.person_id for sender, _ in batch} - roll.viewers.keys()
        if unknown:
            roll.viewers |= {person_id: viewer for (_, person_id), viewer in viewer_queries.viewers(
                connection, [meeting_id], unknown).items()}
        browsers = {sender.sign_in_id for sender, _ in batch if sender.sign_in_id is not None} - roll.sign_ins.keys()
        if browsers:
            roll.sign_ins |= viewer_queries.live_sign_ins(connection, browsers, meeting_id=meeting_id)
        return roll

    def learn_entries(self, connection: Connection, roll: _Roll, forum_session_ids: set[int],
                      person_ids: Sequence[int]) -> None:
        """Find out who has acknowledged the rules, where that is asked; only those not known yet are read."""
        unknown = {(place, person_id) for place in forum_session_ids for person_id in person_ids} - roll.entered
        if roll.asks_entry and unknown:
            roll.entered |= disclosures.entered(
                connection, sorted({place for place, _ in unknown}), sorted({person for _, person in unknown}))

    def remember(self, asked: Asked, number: int) -> _Frozen:
        """What a round asks. Where responses are the options they are read again whenever the meeting moved on."""
        # An opening that was taken back leaves its number to the next one, on SQLite that of its row as well.
        opening = (asked.round_id, asked.opened_at)
        known = self.frozen.get(opening)
        if known is not None and not known.kind.options_are_responses:
            return known
        key = (*opening, number)
        if key not in self.frozen:
            if len(self.frozen) > self.MOST_REMEMBERED:
                self.frozen.clear()
            asked_round = db.session.get_one(Round, asked.round_id)
            terms = asked_round.frozen
            self.frozen[opening] = self.frozen[key] = _Frozen(
                kind=kind_named(terms.kind), secrecy=terms.secrecy, mark=terms.mark,
                is_watched=watched.moves_in_steps(terms), paper=queries.paper(asked_round.poll, asked_round))
        return self.frozen[key]


class _Batch:
    """One batch on its way into the box."""

    def __init__(self, box: BallotBox, connection: Connection, batch: Sequence[tuple[Sender, Cast]],
                 at: datetime) -> None:
        self.box, self.connection, self.at = box, connection, at
        self.secret = current_app.config["SETTINGS"].secret_key
        person_ids = sorted({sender.person_id for sender, _ in batch})
        self.asked = box_rows.asked_polls(connection, {cast.poll_id for _, cast in batch})
        numbers = box_rows.newest_events(connection, {one.meeting_id for one in self.asked.values()})
        self.rolls = {meeting_id: box.roll(connection, meeting_id, numbers.get(meeting_id, 0), batch)
                      for meeting_id in {one.meeting_id for one in self.asked.values()}}
        for meeting_id, roll in self.rolls.items():
            box.learn_entries(connection, roll, {one.forum_session_id for one in self.asked.values()
                                                 if one.meeting_id == meeting_id}, person_ids)
        self.frozen = {one.round_id: box.remember(one, numbers.get(one.meeting_id, 0))
                       for one in self.asked.values() if one.round_id}
        secret = [number for number, one in self.frozen.items() if one.secrecy == Secrecy.SECRET]
        named = [number for number in self.frozen if number not in secret]
        self.own = {(row.round_id, row.person_id): _Own(row.revision, row.code, is_new=False)
                    for row in box_rows.own_votes(connection, named, person_ids)}
        # What is acknowledged already: rows, and receipts of this batch.
        self.known: dict[tuple[int, int, str], Any] = {
            (row.round_id, row.person_id, row.key): row for row in box_rows.known_changes(
                connection, [cast.key for _, cast in batch])} if self.own else {}
        self.has_taken_part = box_rows.taken_part(connection, secret, person_ids)
        self.changes: list[dict[str, Any]] = []
        self.secret_ballots: dict[tuple[int, str], dict[str, Any]] = {}
        self.new_participations: set[tuple[int, int]] = set()
        self.late: set[tuple[int, int]] = set()
        self.added: dict[int, int] = {}

    def take(self, sender: Sender, cast: Cast) -> Receipt | Exception:
        """One vote's receipt, or why it does not count."""
        try:
            return self._take(sender, cast)
        except Exception as problem:
            # Whatever is wrong with this vote, those beside it are counted.
            return problem

    def _take(self, sender: Sender, cast: Cast) -> Receipt:
        asked = self.asked.get(cast.poll_id)
        viewer = self._viewer(sender, asked)
        assert asked is not None
        place, frozen = (asked.round_id, sender.person_id), self.frozen.get(asked.round_id)
        is_secret = frozen is not None and frozen.secrecy == Secrecy.SECRET
        # Before anything else is asked: a stored vote stays one, whatever its voter and the round are by now.
        stored = self._stored(place, cast, is_secret=is_secret) or (
            self._stored_earlier(sender, cast) if cast.round_number < asked.number else None)
        if stored is not None:
            return stored
        check_votes(viewer, asked.forum_session_id)
        if is_secret and place in self.has_taken_part:
            raise Conflict("You have voted in this secret round. A secret ballot cannot be changed.")
        roll = self.rolls[asked.meeting_id]
        if {(asked.forum_session_id, poll_id, sender.person_id) for poll_id in (None, asked.poll_id)} & roll.recused:
            raise Recused()
        try:
            check_open(asked.state, is_current_round=asked.number == cast.round_number,
                       last_moment=asked.last_moment, at=self.at)
        except TooLate as refusal:
            if self._has_voted(asked, sender, cast):
                raise refusal.of_a_change() from None
            if cast.round_number == asked.number:
                self.late.add(place)
            raise
        if roll.asks_entry and (asked.forum_session_id, sender.person_id) not in roll.entered:
            raise EntryNeeded(place=asked.forum_session_id)
        assert frozen is not None
        if cast.terms not in ("", frozen.mark):
            # The opening was taken back, the draft changed, and a round of the same number opened.
            raise Conflict("What is asked was changed after this ballot was shown. Reload the page, read it again and "
                           "vote.")
        answer = frozen.kind.parse_answer(
            frozen.kind.read_form(cast.raw) if cast.is_form else cast.raw, frozen.paper)
        store = self._put_secret if is_secret else self._put
        receipt = store(place, cast, answer)
        self.added[asked.round_id] = self.added.get(asked.round_id, 0) + 1
        return receipt

    def _stored(self, place: tuple[int, int], cast: Cast, *, is_secret: bool) -> Receipt | None:
        """What the vote of this key was acknowledged with before, in the newest round."""
        if not is_secret:
            known = self.known.get((*place, cast.key))
            return None if known is None else Receipt(
                revision=known.revision, cast_at=known.cast_at, answer=known.answer, code=self.own[place].code)
        if place not in self.has_taken_part:
            return None
        code = self._secret_code(place, cast)
        fresh = self.secret_ballots.get((place[0], code))
        answer = json.loads(fresh["answer"]) if fresh else box_rows.secret_answer(self.connection, place[0], code)
        return None if answer is None else Receipt(revision=1, cast_at=self.at, answer=answer, code=code)

    def _has_voted(self, asked: Asked, sender: Sender, cast: Cast) -> bool:
        """Whether the person has a ballot in the round that a late vote is for."""
        if cast.round_number == asked.number:
            return (asked.round_id, sender.person_id) in self.own
        round_id = box_rows.round_numbered(self.connection, cast.poll_id, cast.round_number)
        return round_id is not None and bool(
            [*box_rows.own_votes(self.connection, [round_id], [sender.person_id]),
             *box_rows.taken_part(self.connection, [round_id], [sender.person_id])])

    def _stored_earlier(self, sender: Sender, cast: Cast) -> Receipt | None:
        """A vote of an earlier round that was stored, and whose acknowledgement was lost: it counted in time."""
        round_id = box_rows.round_numbered(self.connection, cast.poll_id, cast.round_number)
        if round_id is None:
            return None
        found = box_rows.stored_change(self.connection, round_id, sender.person_id, cast.key)
        if found is not None:
            return Receipt(revision=found.revision, cast_at=found.cast_at, answer=found.answer, code=found.code)
        code = self._secret_code((round_id, sender.person_id), cast)
        answer = box_rows.secret_answer(self.connection, round_id, code)
        return None if answer is None else Receipt(revision=1, cast_at=self.at, answer=answer, code=code)

    def _viewer(self, sender: Sender, asked: Asked | None) -> Viewer:
        roll = self.rolls[asked.meeting_id] if asked else None
        if roll and sender.sign_in_id is not None:
            if sender.sign_in_id not in roll.sign_ins:
                raise NotAllowed(SIGNED_OUT)
            days = roll.sign_ins[sender.sign_in_id]
            if days is not None and not days[0] <= self.at < days[1]:
                raise NotAllowed(CARD_OVER)
        viewer = roll.viewers.get(sender.person_id) if roll else None
        if asked is None or viewer is None or sender.meeting_id not in (None, asked.meeting_id) or (
                sender.slug not in (None, asked.slug)):
            raise NotFound("There is no such poll in this meeting.")
        return viewer

    def _put(self, place: tuple[int, int], cast: Cast, answer: dict[str, Any]) -> Receipt:
        own = self.own.get(place)
        if own is None:
            own = self.own[place] = _Own(0, receipt_code(self.secret, *place), is_new=True)
        own.revision, own.answer = own.revision + 1, json.dumps(answer)
        change = {"round_id": place[0], "person_id": place[1], "key": cast.key, "revision": own.revision,
                  "answer": own.answer, "cast_at": self.at}
        self.changes.append(change)
        receipt = Receipt(revision=own.revision, cast_at=self.at, answer=answer, code=own.code)
        # The same vote may have come twice in one batch.
        self.known[*place, cast.key] = receipt
        return receipt

    def _secret_code(self, place: tuple[int, int], cast: Cast) -> str:
        # The client's key is in it and stored nowhere: who reads the database cannot make the code of a person.
        return receipt_code(self.secret, *place, cast.key)

    def _put_secret(self, place: tuple[int, int], cast: Cast, answer: dict[str, Any]) -> Receipt:
        code = self._secret_code(place, cast)
        self.has_taken_part.add(place)
        self.new_participations.add(place)
        self.secret_ballots[place[0], code] = {"round_id": place[0], "code": code, "answer": json.dumps(answer)}
        return Receipt(revision=1, cast_at=self.at, answer=answer, code=code)

    def write(self) -> None:
        """Store what was taken: one statement a table."""
        changed = [(place, own) for place, own in self.own.items() if own.answer]
        rows = [{"round_id": place[0], "person_id": place[1], "revision": own.revision, "answer": own.answer,
                 "cast_at": self.at, "code": own.code, "is_new": own.is_new} for place, own in changed]
        box_rows.add_votes(self.connection, rows, self.changes)
        # In the order of codes and of persons: the order in which they came is kept nowhere.
        box_rows.add_secret(
            self.connection, sorted(self.new_participations),
            [self.secret_ballots[key] for key in sorted(self.secret_ballots)])
        box_rows.add_late(self.connection, self.late)
        box_rows.grow_versions(self.connection, self.added)
        if stepping := [round_id for round_id in self.added if self.frozen[round_id].is_watched]:
            watched.move_on(self.connection, stepping)
