"""Confidential rounds whose totals are watched while people vote: counted as of a step that several people have passed.

Pages, frames, catch-up, the wall, interim sheets and summaries all count here, and so show the same.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import cast as typed

from sqlalchemy import Connection, Select, Table, Text, bindparam, cast, func, select, update

from sigforum.ballots.domain import Answer, Secrecy, Terms, Visibility
from sigforum.ballots.models import Round, Vote, VoteChange
from sigforum.ballots.recused import place, recused_of
from sigforum.disclosure_control.stepping import Steps, moved_on
from sigforum.extensions import db

_rounds, _changes = (typed(Table, model.__table__) for model in (Round, VoteChange))
_SINCE = select(
    _rounds.c.id, _rounds.c.shown_change_id, _rounds.c.held_change_id,
    func.count(_changes.c.person_id.distinct()).label("people"), func.max(_changes.c.id).label("newest"),
).join(_changes, (_changes.c.round_id == _rounds.c.id) & (_changes.c.id > _rounds.c.held_change_id)).where(
    _rounds.c.id.in_(bindparam("rounds", expanding=True))).group_by(
        _rounds.c.id, _rounds.c.shown_change_id, _rounds.c.held_change_id)


def moves_in_steps(terms: Terms) -> bool:
    """Whether the totals of a round under these terms are watched, and its ballots shown to nobody."""
    return terms.secrecy == Secrecy.CONFIDENTIAL and terms.visibility == Visibility.LIVE


def is_stepped(asked: Round) -> bool:
    """Whether what is shown of a round is a step behind its votes."""
    return asked.closed_at is None and moves_in_steps(asked.frozen)


def move_on(connection: Connection, round_ids: Iterable[int]) -> None:
    """Let watched rounds go a step on where enough people have voted since; in the transaction that stores votes."""
    for row in connection.execute(_SINCE, {"rounds": sorted(round_ids)}).all():
        before = Steps(shown=row.shown_change_id, held=row.held_change_id)
        after = moved_on(before, people_since=row.people, newest=row.newest)
        if after != before:
            connection.execute(update(_rounds).where(_rounds.c.id == row.id).values(
                shown_change_id=after.shown, held_change_id=after.held))


def shown_ballots(asked: Round) -> list[tuple[str, Answer]]:
    """The ballots of a watched round as of its step, under their codes and in the order of these."""
    rows = db.session.connection().execute(_as_of_step(), {"shown": asked.shown_change_id, **place(asked)}).all()
    answers = json.loads(f"[{','.join(text for _, text in rows)}]")
    return [(code, answer) for (code, _), answer in zip(rows, answers, strict=True)]


@cache
def _as_of_step() -> Select[str, str]:
    newest = select(func.max(VoteChange.id).label("id")).where(
        VoteChange.round_id == bindparam("round"), VoteChange.id <= bindparam("shown"),
        VoteChange.person_id.not_in(recused_of())).group_by(VoteChange.person_id).subquery()
    return select(Vote.code, cast(VoteChange.answer, Text)).join(newest, newest.c.id == VoteChange.id).join(
        Vote, (Vote.round_id == VoteChange.round_id) & (Vote.person_id == VoteChange.person_id)).order_by(Vote.code)
