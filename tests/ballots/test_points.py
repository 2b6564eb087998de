"""The points kind: budgets, and what happens to points when a response goes."""

import pytest

from sigforum.ballots import queries
from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.points import KIND
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.threads.actions import hide_response, post_response, restore_response, withdraw_response
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import counted, move, priorities, vote
from tests.casting import Cast

PAPER = Paper(options=tuple(PaperOption(key=f"r{n}", text=f"Response {n}") for n in range(1, 5)),
              settings={"budget": 5, "per_item": 3})


def say(cast: Cast, name: str, text: str) -> str:
    """Post a response to 1A's central question; its key on the ballot."""
    posted = post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key=f"key-{name}-{text}"[:60].replace(" ", "-"),
        text=text))
    return f"r{posted.id}"


@pytest.mark.parametrize(("answer", "errors"), [
    ({"r1": 3, "r2": 2}, {}),
    ({"r1": 3, "r2": 3}, {""}),
    ({"r1": 4}, {"r1"}),
    ({"r1": -1}, {"r1"}),
    ({"r1": True}, {"r1"}),
    ({"r1": 1.0}, {"r1"}),
    ({"r1": "1"}, {"r1"}),
    ({"r9": 1}, {"r9"}),
    ({"r9": 1, "r1": 9}, {"r9", "r1"}),
    ([], {""}),
    (None, {""}),
])
def test_budget_and_limit_are_kept(answer: object, errors: set[str]) -> None:
    if not errors:
        assert KIND.parse_answer(answer, PAPER) == {"points": answer}
        return
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(answer, PAPER)
    assert set(refused.value.errors) == errors


def test_budget_refusal_says_both_numbers() -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"r1": 3, "r2": 3, "r3": 3}, PAPER)
    assert refused.value.errors == {"": "9 points laid; you have 5."}


def test_response_gone_without_points_on_it_refuses_nothing() -> None:
    assert KIND.parse_answer({"r1": 2, "r9": 0}, PAPER) == {"points": {"r1": 2}}


@pytest.mark.parametrize(("raw", "expected"), [
    ({}, {"budget": 5, "per_item": 3}),
    ({"budget": "10", "per_item": "10"}, {"budget": 10, "per_item": 10}),
    ({"budget": "2"}, {"per_item"}),
    ({"budget": "0"}, {"budget"}),
    ({"budget": "ten", "per_item": "101"}, {"budget", "per_item"}),
    ({"budget": "9" * 5000}, {"budget"}),
])
def test_settings_are_checked(raw: dict[str, str], expected: object) -> None:
    if isinstance(expected, dict):
        assert KIND.parse_settings(raw) == expected
        return
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings(raw)
    assert set(refused.value.errors) == expected


def test_figures_give_points_voters_and_largest_single() -> None:
    ballots = [{"points": {"r1": 3, "r2": 2}}, {"points": {"r1": 1, "r2": 2}}, {"points": {}}]
    result = KIND.tally(ballots, PAPER, headcount=Headcount(invited=6, entitled=5), rule=None)
    figures = {line.key: tuple(line.figures[name] for name in ("rank", "points", "voters", "largest_single"))
               for line in result.lines}
    assert figures == {"r1": (1, 4, 2, 3), "r2": (1, 4, 2, 2), "r3": (None, 0, 0, 0), "r4": (None, 0, 0, 0)}
    assert result.answered == 2
    assert result.text == (
        "8 points laid by 2 of 5 entitled people. The winner would change without one person: 2 of 2 would each tip it "
        "by not taking part (then Response 1 or Response 2).")
    assert (result.extra["is_fragile"], result.extra["tipping"]) == (True, 2)


def test_lead_that_nobody_alone_takes_away_is_said() -> None:
    room = Headcount(invited=6, entitled=5)
    result = KIND.tally([{"points": {"r1": 3, "r2": 1}}] * 3, PAPER, headcount=room, rule=None)
    assert result.text.endswith("entitled people. No single person's absence would change who leads.")
    nothing = KIND.tally([], PAPER, headcount=room, rule=None)
    assert nothing.text == "0 points laid by 0 of 5 entitled people."


def test_withdrawn_response_gives_its_points_back(cast: Cast) -> None:
    poll = priorities(cast)
    first, second = say(cast, "cyn", "First"), say(cast, "cyn", "Second")
    vote(cast, "ben", poll, {first: 3, second: 2})
    with pytest.raises(Invalid):
        vote(cast, "ben", poll, {first: 3, second: 3})
    withdraw_response(cast.viewer("cyn"), int(first[1:]))
    assert {line.key: line.figures["points"] for line in counted(poll).lines} == {second: 2}
    with pytest.raises(Invalid) as refused:
        vote(cast, "ben", poll, {first: 1, second: 2})
    assert refused.value.errors == {first: "This response is no longer in the list."}
    vote(cast, "ben", poll, {second: 3})
    assert {line.key: line.figures["points"] for line in counted(poll).lines} == {second: 3}


def test_response_put_back_counts_the_points_still_laid_on_it(cast: Cast) -> None:
    poll = priorities(cast)
    first = say(cast, "cyn", "First")
    vote(cast, "ben", poll, {first: 3})
    withdraw_response(cast.viewer("cyn"), int(first[1:]))
    assert (counted(poll).answered, counted(poll).lines) == (0, ())
    restore_response(cast.viewer("cyn"), int(first[1:]))
    assert (counted(poll).answered, counted(poll).lines[0].figures["points"]) == (1, 3)


def test_hidden_response_leaves_the_ballot(cast: Cast) -> None:
    first, second = say(cast, "ben", "First"), say(cast, "cyn", "Second")
    hide_response(cast.viewer("finn"), int(first[1:]), reason="Off topic")
    assert queries.paper(priorities(cast)).keys == (second,)


def test_reply_is_no_option(cast: Cast) -> None:
    first = say(cast, "ben", "First")
    post_response(cast.viewer("cyn"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=int(first[1:]), key="a-reply-here", text="A reply"))
    assert queries.paper(priorities(cast)).keys == (first,)


def test_every_forum_session_has_open_priorities_from_the_start(cast: Cast) -> None:
    found = [priorities(cast, code) for code in ("1A", "1B")]
    assert [(poll.state, poll.visibility, poll.settings) for poll in found] == [
        ("open", "live", {"budget": 5, "per_item": 3})] * 2


def test_priorities_are_closed_and_revealed_but_never_decided(cast: Cast) -> None:
    poll = priorities(cast)
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    with pytest.raises(Conflict):
        move(cast, poll, "decide")
    assert move(cast, poll, "open").state == "open"
