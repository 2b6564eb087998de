"""Putting people into other groups between two rounds tells nobody how they voted, or whether."""

import pytest

from sigforum.people.actions import invite_people
from sigforum.people.forms import parse_invitations
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.document.method import RoundAnswers
from tests.ballots.polling import move, vote
from tests.casting import Cast
from tests.groups.room import agree_poll, seat, told


def regroup(cast: Cast, name: str, group: str) -> None:
    """Put somebody into another group by a list, as an organizer does."""
    invite_people(cast.viewer("ada"), parse_invitations(
        f"name,email,affiliation,stakeholder group,role\n{name},{name}@example.org,,{group},participant\n",
        codes={}).people, send_mail=False)


@pytest.mark.parametrize("is_moved", [False, True])
def test_second_table_is_not_told_when_a_voter_changed_groups_in_between(cast: Cast, is_moved: bool) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7})
    words = {name: "ad" if place < 4 else "da" for some in names.values() for place, name in enumerate(some)}
    poll = agree_poll(cast, words)
    first = told(poll)
    assert first is not None
    assert first.declared is not None
    assert first.declared.lines
    if is_moved:
        regroup(cast, names["Clinical"][0], "Industry")
    move(cast, poll, "open")
    keys = [f"o{option.id}" for option in poll.options]
    meant = {"a": "agree", "d": "disagree"}
    for name, word in words.items():
        vote(cast, name, poll, {"votes": {key: meant[letter] for key, letter in zip(keys, word, strict=True)}})
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    second = told(poll)
    assert second is not None
    assert second.declared is not None
    assert bool(second.declared.lines) is not is_moved
    assert ("another group" in second.declared.refused) is is_moved


def test_answers_by_group_are_not_told_once_somebody_is_in_another_group(cast: Cast) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7})
    agree_poll(cast, {name: "ad" for some in names.values() for name in some})

    def answers() -> RoundAnswers:
        method = session_summary(cast.forum_session()).method
        assert method is not None
        return next(one for one in method.answers if one.groups or one.poll != "p1")
    assert answers().groups
    regroup(cast, names["Clinical"][0], "Industry")
    assert answers().groups == ()
