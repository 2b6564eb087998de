"""The record of a poll: its rounds, what moved between them, and the sheets that are published."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sigforum.ballots import queries, vote_queries
from sigforum.ballots.domain import Headcount, Secrecy
from sigforum.ballots.interim_sheet import write_interim
from sigforum.ballots.models import Deviation, Poll, Round
from sigforum.ballots.moving import told_movements
from sigforum.ballots.policy import Sight
from sigforum.ballots.registry import earlier_rule_text, kind_named
from sigforum.ballots.showing import ShownRound, rule_text, shown_round
from sigforum.ballots.tally_sheet import Counted, write_sheet
from sigforum.ballots.undeclared import WithoutDeclared, without_declared
from sigforum.ballots.watched import is_stepped, shown_ballots
from sigforum.consensus.movement import Movement, describe_movement
from sigforum.consensus.stability import describe_stability, rating_stability
from sigforum.kernel.errors import NotFound
from sigforum.people import queries as people
from sigforum.people.domain import Audience

# Where each person put each option, by person and option key.
Places = Mapping[int, Mapping[str, int | float | str]]


@dataclass(frozen=True, kw_only=True)
class ShownMovement:
    """Who moved on one option, as counts."""

    text: str
    words: str
    movement: Movement
    # How settled the ratings are, in words; empty where people do not rate on one scale in both rounds.
    stability: str = ""


@dataclass(frozen=True, kw_only=True)
class RoundRecord:
    """One round on the record."""

    round: Round
    state: str
    sight: Sight
    rule_text: str
    earlier_text: str
    headcount: Headcount
    voted: int
    late: int
    is_withheld: bool
    shown: ShownRound | None
    movements: tuple[ShownMovement, ...]
    # Who voted how, in an open round whose result may be seen: names and answers in words.
    names: tuple[tuple[str, str], ...]
    # The verdicts without those who declared an interest.
    without: tuple[WithoutDeclared, ...] = ()


def round_records(poll: Poll, *, audience: Audience) -> list[RoundRecord]:
    """The rounds of a poll, newest first, each as far as this audience may see it."""
    return [_record(poll, asked, audience) for asked in reversed(poll.rounds)]


def _record(poll: Poll, asked: Round, audience: Audience) -> RoundRecord:
    seen, voted = queries.seen(poll, asked, audience=audience), vote_queries.voted(asked)
    return RoundRecord(
        round=asked, state=queries.state_of(poll, asked), sight=seen, rule_text=rule_text(asked.frozen),
        earlier_text=earlier_rule_text(asked.frozen.rule),
        headcount=vote_queries.headcount(poll, asked), voted=voted, late=vote_queries.late(asked),
        is_withheld=seen.result and queries.is_kept_back(asked),
        shown=shown_round(poll, asked, audience=audience), movements=moved(poll, asked, audience=audience),
        names=_names(poll, asked) if seen.names else (),
        without=without_declared(poll, asked) if seen.sheet else ())


def moved(poll: Poll, asked: Round, *, audience: Audience) -> tuple[ShownMovement, ...]:
    """Who moved since the round before, as counts; nothing unless the results of both may be seen, and nothing of
    secret rounds, whose ballots belong to nobody."""
    place = poll.rounds.index(asked)
    before = poll.rounds[place - 1] if place else None
    if before is None or Secrecy.SECRET in (before.frozen.secrecy, asked.frozen.secrecy):
        return ()
    if asked.closed_at is None:
        # While people vote these counts would move with each of them.
        return ()
    if not all(queries.seen(poll, one, audience=audience).result and not queries.is_kept_back(one)
               for one in (before, asked)):
        return ()
    texts = {option.key: option.text for one in (before, asked) for option in queries.paper(poll, one).options}
    earlier, later = _positions(poll, before), _positions(poll, asked)
    is_one_scale = "scale_min" in asked.frozen.settings and before.frozen.settings == asked.frozen.settings
    return tuple(ShownMovement(
        text=texts.get(key, "The whole ballot"), words=describe_movement(movement), movement=movement,
        stability=_stability(earlier, later, key) if is_one_scale and movement.both else "")
        for key, movement in told_movements(earlier, later, terms=(before.frozen, asked.frozen)).items())


def _stability(earlier: Places, later: Places, key: str) -> str:
    rated = [{person_id: place for person_id, places in one.items() if isinstance(place := places.get(key), int)}
             for one in (earlier, later)]
    return describe_stability(rating_stability(*rated))


def _positions(poll: Poll, asked: Round) -> Places:
    kind, paper = kind_named(asked.frozen.kind), queries.paper(poll, asked)
    return {person_id: kind.positions(answer, paper)
            for person_id, answer in vote_queries.answers_by_person(asked).items()}


def _names(poll: Poll, asked: Round) -> tuple[tuple[str, str], ...]:
    kind, paper = kind_named(asked.frozen.kind), queries.paper(poll, asked)
    texts = {option.key: option.text for option in paper.options}
    answers = vote_queries.answers_by_person(asked)
    names = people.names_by_id(vote_queries.voter_ids(asked), meeting_id=poll.forum_session.meeting_id)
    return tuple((name, "; ".join(f"{texts[key]}: {words}" if key in texts else words
                                  for key, words in kind.describe(answers[person_id], paper).items()))
                 for person_id, name in names.items())


def counted(poll: Poll, number: int, *, audience: Audience) -> Counted:
    """What a round's published sheet is written from. Raises NotFound where this audience may not have it."""
    asked = queries.round_numbered(poll, number)
    seen = queries.seen(poll, asked, audience=audience)
    if not seen.sheet:
        raise NotFound("The tally sheet is published when the result is revealed.")
    return _counted(poll, asked, names=vote_queries.names_by_code(asked) if seen.names else {})


def _counted(poll: Poll, asked: Round, *, names: Mapping[str, str]) -> Counted:
    return Counted(place=_place(poll, asked), terms=asked.frozen, paper=queries.paper(poll, asked),
                   headcount=vote_queries.headcount(poll, asked), rule=queries.rule_with_groups(asked),
                   late=vote_queries.late(asked), names=names,
                   ballots=shown_ballots(asked) if is_stepped(asked) else vote_queries.ballots(asked))


def sheet_name(poll: Poll, number: int) -> str:
    """The name of a sheet's file."""
    return f"tally-{poll.forum_session.code}-poll-{poll.id}-round-{number}.json"


def sheet_file(poll: Poll, number: int, *, audience: Audience) -> bytes:
    """A round's published tally sheet as a file. Raises NotFound where this audience may not have it."""
    return _file(write_sheet(counted(poll, number, audience=audience)))


def interim_files(poll: Poll, *, audience: Audience) -> dict[str, bytes]:
    """The interim sheet of priorities whose totals this audience sees before the reveal, by file name; else nothing."""
    asked = poll.round
    if asked is None or not kind_named(asked.frozen.kind).options_are_responses:
        return {}
    seen = queries.seen(poll, asked, audience=audience)
    if seen.sheet or not seen.result or queries.is_kept_back(asked):
        return {}
    sheet = write_interim(_counted(poll, asked, names={}))
    name = f"interim-{poll.forum_session.code}-poll-{poll.id}-round-{asked.number}.json"
    return {name: _file(sheet)}


def _file(sheet: Mapping[str, Any]) -> bytes:
    return (json.dumps(sheet, ensure_ascii=False, indent=2) + "\n").encode()


def _place(poll: Poll, asked: Round) -> dict[str, Any]:
    forum_session = poll.forum_session
    moments = {name: moment.isoformat(timespec="seconds") if moment else None
               for name, moment in (("opened_at", asked.opened_at), ("closed_at", asked.closed_at),
                                    ("revealed_at", asked.revealed_at))}
    return {"meeting": forum_session.meeting.title, "session": forum_session.code, "poll": poll.id,
            "round": asked.number, **moments, "had_feedback": asked.had_feedback,
            "deviations": [_deviation(one) for one in poll.deviations if one.from_round <= asked.number]}


def _deviation(made: Deviation) -> dict[str, Any]:
    return {"from_round": made.from_round, "field": made.field, "before": made.before, "after": made.after,
            "reason": made.reason, "made_at": made.made_at.isoformat(timespec="seconds")}
