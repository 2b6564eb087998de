"""Random small meetings, all tables that are told of their votes, and a reader who subtracts one from the other."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption, Secrecy, Terms, Visibility
from sigforum.ballots.moving import told_movements
from sigforum.ballots.policy import is_withheld
from sigforum.ballots.registry import kind_named
from sigforum.consensus.movement import movements
from sigforum.disclosure_control.counts_by_group import Shown
from sigforum.disclosure_control.joining import POOLED, participant_rows
from sigforum.disclosure_control.parts import shown_answers
from sigforum.groups.answering import Answering
from sigforum.groups.counting import declared_groups
from sigforum.summaries.participation import Attendee, large_enough
from tests.disclosure_control.subtracting import Reader

MEETINGS = 300
PLACES, NOWHERE = ("agree", "disagree", "pass"), ""
GROUPS = ("Clinical", "Industry", "Patients", "")
PAPER = Paper(options=(PaperOption(key="o1", text="It works"),), settings={"groups": "never"})
TERMS = Terms(kind="agree", title="One", settings=PAPER.settings, rule=None, secrecy=Secrecy.CONFIDENTIAL,
              visibility=Visibility.AFTER_REVEAL, options=PAPER.options, least_told=3)
KINDS = [(group, first, second) for group in GROUPS for first in (*PLACES, NOWHERE) for second in (*PLACES, NOWHERE)]


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """People by number: their group, and where they stood in two rounds; nowhere is who did not vote."""

    groups: Mapping[int, str]
    rounds: tuple[Mapping[int, str], Mapping[int, str]]
    attribution: str

    def kind(self, person: int) -> tuple[str, str, str]:
        """All that a table could tell of a person."""
        return (self.groups[person], *(votes.get(person, NOWHERE) for votes in self.rounds))  # type: ignore[return-value]

    def count(self, of: Callable[[tuple[str, str, str]], bool]) -> int:
        """How many people are of some kinds."""
        return sum(of(self.kind(person)) for person in self.groups)


def random_meeting(chance: random.Random) -> Meeting:
    """From two to sixteen people, of whom nearly all vote twice, and a few in one round alone, as after a recusal."""
    people = range(chance.randint(2, 16))
    first = {person: chance.choice(PLACES) for person in people if chance.random() > 0.15}
    second = {person: first[person] if person in first and chance.random() < 0.7 else chance.choice(PLACES)
              for person in people if chance.random() > 0.15}
    return Meeting(groups={person: chance.choice(GROUPS[:chance.randint(1, 4)]) for person in people},
                   rounds=(first, second), attribution=chance.choice(("named", "role", "chatham")))


def answers(votes: Mapping[int, str]) -> dict[int, dict[str, object]]:
    return {person: {"votes": {"o1": place}} for person, place in votes.items()}


def read(meeting: Meeting, *, moves: Callable[..., Mapping[str, object]] = told_movements) -> Reader:
    """A reader of everything that is told of a meeting's votes: counts, tables by group, movement, participation."""
    reader = Reader(kinds=list(KINDS))
    told = [not is_withheld(secrecy=TERMS.secrecy, answered=len(votes), least_told=TERMS.least_told)
            for votes in meeting.rounds]
    for number, votes in enumerate(meeting.rounds):
        reader.learns([kind for kind in KINDS if kind[number + 1]], len(votes))
        if told[number]:
            of_round(reader, meeting, number)
    if all(told):
        found = moves(*({person: {"o1": place} for person, place in votes.items()} for votes in meeting.rounds),
                      terms=(TERMS, TERMS))
        for one in found.values():
            for before, after, count in every_transition(one.transitions):
                reader.learns([kind for kind in KINDS if kind[1:] == (before, after)], count)
            reader.learns([kind for kind in KINDS if kind[2] and not kind[1]], one.joined)
            reader.learns([kind for kind in KINDS if kind[1] and not kind[2]], one.left)
    participation(reader, meeting)
    return reader


def every_transition(told: tuple[tuple[str, str, int], ...]) -> list[tuple[str, str, int]]:
    """Those that are told, and those that nobody made."""
    found = {(before, after): count for before, after, count in told}
    return [(before, after, found.get((before, after), 0)) for before in PLACES for after in PLACES]


def of_round(reader: Reader, meeting: Meeting, number: int) -> None:
    votes = meeting.rounds[number]
    kind = kind_named("agree")
    result = kind.tally(list(answers(votes).values()), PAPER, headcount=Headcount(
        invited=len(meeting.groups), entitled=len(meeting.groups)), rule=None)
    assert result.answered == len(votes)
    for place in PLACES:
        reader.learns([one for one in KINDS if one[number + 1] == place], sum(own == place for own in votes.values()))
    there, voted = Counter(meeting.groups.values()), Counter(meeting.groups[person] for person in votes)
    table = declared_groups(answers(votes), TERMS, PAPER, groups=meeting.groups, attribution=meeting.attribution,
                            answering=Answering(row_of=participant_rows(there), counts={
                                group: (there[group], voted[group]) for group in there}))
    if table is None or table.refused:
        return
    named = {cell.group for line in table.lines for cell in line.cells} - {POOLED}
    for line in table.lines:
        for cell in line.cells:
            here = [one for one in KINDS if one[number + 1] and (
                one[0] == cell.group if cell.group in named else one[0] not in named)]
            reader.learns(here, cell.people)
            if cell.shown is Shown.EXACT:
                reader.learns([one for one in here if one[number + 1] == "agree"], cell.count or 0)


def participation(reader: Reader, meeting: Meeting) -> None:
    """How many of each group answered the second round, as the method says it."""
    blocks = large_enough([Attendee(group=group, is_invited=True, has_accepted=True, responses=0, replies=0)
                           for group in meeting.groups.values()])
    named = set(blocks) - {POOLED}
    sets = {label: [kind for kind in KINDS if (kind[0] == label if label in named else kind[0] not in named)]
            for label in blocks}
    counts = [(meeting.count(lambda kind, own=own: kind in own),
               meeting.count(lambda kind, own=own: kind in own and bool(kind[2]))) for own in sets.values()]
    for (label, own), shown in zip(sets.items(), shown_answers(counts), strict=True):
        reader.learns(own, len(blocks[label]))
        if shown is not None:
            reader.learns([kind for kind in own if kind[2]], shown)
    reader.learns(KINDS, len(meeting.groups))


def found_out(meeting: Meeting, reader: Reader) -> list[str]:
    """Whose votes follow: one or two people of a group who stood somewhere, or did not vote, and one or two who voted
    only once."""
    asked: dict[str, list[tuple[str, str, str]]] = {}
    for number in (0, 1):
        once = [kind for kind in KINDS if kind[number + 1] and not kind[2 - number]]
        few = 0 < meeting.count(lambda kind, once=once: kind in once) < 3
        for place in PLACES:
            asked |= {f"{place} of {group or 'no group'} in round {number + 1}": [
                kind for kind in KINDS if kind[0] == group and kind[number + 1] == place] for group in GROUPS}
            if few:
                asked[f"{place} of those in round {number + 1} alone"] = [
                    kind for kind in once if kind[number + 1] == place]
        asked |= {f"silent of {group or 'no group'} in round {number + 1}": [
            kind for kind in KINDS if kind[0] == group and not kind[number + 1]] for group in GROUPS}
    wanted = {name: kinds for name, kinds in asked.items()
              if 0 < meeting.count(lambda kind, kinds=kinds: kind in kinds) < 3 and not _is_everybody(meeting, kinds)}
    return [name for name, is_found in zip(wanted, reader.can_tell(wanted.values()), strict=True) if is_found]


def _is_everybody(meeting: Meeting, kinds: list[tuple[str, str, str]]) -> bool:
    """Where only one group voted at all, its count is the result itself."""
    return len({meeting.groups[person] for votes in meeting.rounds for person in votes}) == 1 and (
        any(meeting.kind(person) in kinds for person in meeting.groups))


@pytest.mark.parametrize("begin", range(0, MEETINGS, 100))
def test_nobodys_vote_follows_from_the_tables(begin: int) -> None:
    for seed in range(begin, begin + 100):
        meeting = random_meeting(random.Random(seed))
        assert found_out(meeting, read(meeting)) == [], f"meeting {seed}: {meeting}"


def test_reader_finds_who_voted_once_where_movement_is_told_of_everybody() -> None:
    """The leak that is held back, planted again: the reader must see it, or it sees nothing."""
    def everything(earlier: object, later: object, *, terms: object) -> Mapping[str, object]:
        return movements(earlier, later)  # type: ignore[arg-type]

    found = [found_out(meeting, read(meeting, moves=everything))
             for meeting in (random_meeting(random.Random(seed)) for seed in range(100))]
    assert sum(any("alone" in name for name in one) for one in found) > 20


def test_reader_finds_a_group_whose_count_is_all_minus_the_others() -> None:
    meeting = random_meeting(random.Random(3))
    reader = Reader(kinds=list(KINDS))
    agreed = [kind for kind in KINDS if kind[1] == "agree"]
    reader.learns(agreed, meeting.count(lambda kind: kind in agreed))
    for group in GROUPS[1:]:
        own = [kind for kind in agreed if kind[0] == group]
        reader.learns(own, meeting.count(lambda kind, own=own: kind in own))
    assert reader.can_tell([[kind for kind in agreed if kind[0] == GROUPS[0]]]) == [True]
    assert reader.can_tell([[kind for kind in agreed if kind[:1] == (GROUPS[0],) and kind[2] == "pass"]]) == [False]
