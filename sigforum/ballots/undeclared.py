"""A round judged once more without those who declared an interest, told only as far as it says nothing of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sigforum.ballots import queries, recused, vote_queries
from sigforum.ballots.by_group import ratings_by_group
from sigforum.ballots.domain import Answer, Headcount, Result, ResultLine, Secrecy
from sigforum.ballots.models import Poll, Round
from sigforum.ballots.registry import kind_named
from sigforum.consensus.verdicts import Verdict
from sigforum.disclosure_control.results import is_rest_told
from sigforum.disclosures import queries as disclosures
from sigforum.people import place_queries

_WHY_NOT = ("Fewer than three voters declared an interest, or fewer than three others voted, so the verdict without "
            "them is not told.")


@dataclass(frozen=True, kw_only=True)
class WithoutDeclared:
    """The verdict on one line without the votes of those who declared an interest; None where it is not told.

    Only the word is told and how many were left out: figures beside the whole result's would give the votes of
    those few away by subtraction.
    """

    key: str
    text: str
    verdict: Verdict | None
    declared: int
    others: int
    is_same: bool

    @property
    def words(self) -> str:
        """The verdict in a sentence, or why there is none."""
        if self.verdict is None:
            return _WHY_NOT
        return (f"Without the {self.declared} who declared an interest, by the votes of the {self.others} others: "
                f"{self.verdict.label}{', the same' if self.is_same else ', which differs'}.")


def without_declared(poll: Poll, asked: Round) -> tuple[WithoutDeclared, ...]:
    """Every line of a revealed round that has a verdict; empty for secret rounds, whose ballots name nobody.

    Who counts as having declared is what stood when the round closed. What somebody declares later must not move a
    published verdict: the difference would be that person's vote.
    """
    if asked.revealed_at is None or asked.closed_at is None or asked.frozen.secrecy == Secrecy.SECRET:
        return ()
    if queries.is_kept_back(asked):
        return ()
    whole = queries.result(poll, asked)
    judged = [line for line in whole.lines if line.verdict is not None]
    if not judged:
        return ()
    answers = vote_queries.answers_by_person(asked)
    declarers = disclosures.declarers(poll.forum_session, at=asked.closed_at)
    others = {person_id: answer for person_id, answer in answers.items() if person_id not in declarers}
    if not is_rest_told(left_out=len(answers) - len(others), others=len(others)):
        return tuple(_untold(line) for line in judged)
    again = {line.key: line for line in _count(poll, asked, others, declarers).lines}
    return tuple(_line(line, again[line.key]) for line in judged)


def _count(poll: Poll, asked: Round, answers: Mapping[int, Answer], declarers: frozenset[int]) -> Result:
    """As if those who declared were recused."""
    room = vote_queries.headcount(poll, asked)
    out = recused.recused_ids(asked)
    entitled = _groups_then(poll, asked).keys() | vote_queries.voter_ids(asked)
    left_out = len((entitled & declarers) - out)
    headcount = Headcount(invited=room.invited, entitled=max(room.entitled - left_out, len(answers)),
                          recused=room.recused + min(left_out, room.entitled - len(answers)))
    terms = asked.frozen
    return kind_named(terms.kind).tally(list(answers.values()), queries.paper(poll, asked), headcount=headcount,
                                        rule=_rule(poll, asked, answers))


def _rule(poll: Poll, asked: Round, answers: Mapping[int, Answer]) -> dict[str, Any] | None:
    """The rule with the groups of those who are left, where it asks each group."""
    rule = queries.rule_with_groups(asked)
    if not rule or "groups" not in rule:
        return rule
    return rule | {"groups": ratings_by_group(answers, queries.paper(poll, asked), kind=asked.frozen.kind,
                                              groups=_groups_then(poll, asked))}


def _groups_then(poll: Poll, asked: Round) -> Mapping[int, str]:
    """Who could vote when the round closed, with their groups of then: whoever is removed or moved later must not move
    the verdict."""
    assert asked.closed_at is not None, "only closed rounds are judged again"
    return place_queries.entitled_at(poll.forum_session.meeting_id, poll.forum_session_id, asked.closed_at)


def _line(whole: ResultLine, rest: ResultLine) -> WithoutDeclared:
    declared = _rated(whole) - _rated(rest)
    if rest.verdict is None or whole.verdict is None or not is_rest_told(left_out=declared, others=_rated(rest)):
        return _untold(whole)
    return WithoutDeclared(key=whole.key, text=whole.text, verdict=rest.verdict, declared=declared,
                           others=_rated(rest), is_same=rest.verdict.word == whole.verdict.word)


def _rated(line: ResultLine) -> int:
    """How many votes a verdict rests on; those outside their expertise give it none."""
    found: int = line.figures.get("rated", line.answered)
    return found


def _untold(line: ResultLine) -> WithoutDeclared:
    return WithoutDeclared(key=line.key, text=line.text, verdict=None, declared=0, others=0, is_same=False)
