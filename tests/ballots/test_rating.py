"""The rating kind: every rule, the answers that are no rating, and who is in the denominator."""

import pytest

from sigforum.ballots import queries
from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.rating import KIND
from sigforum.ballots.registry import rules_for
from sigforum.consensus.rule import parse_params
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import VerdictWord
from sigforum.kernel.errors import Invalid, NotAllowed
from sigforum.people.actions import revoke_membership
from sigforum.people.queries import membership
from tests.ballots.polling import add_voters, counted, make_poll, move, priorities, rating_answer, vote
from tests.casting import Cast

PAPER = Paper(options=(PaperOption(key="o1", text="First"), PaperOption(key="o2", text="Second")),
              settings=KIND.parse_settings({}))
RULES = sorted(rules_for(KIND))


def tally(first: list[int | str], *, rule: str = "percent_agreement", abstained: int = 0, entitled: int = 30):
    answers = [{"ratings": {"o1": value, "o2": "x"}} for value in first] + [{"abstain": True}] * abstained
    params = parse_params(rules_for(KIND)[rule], {}, scale=Scale(1, 9))
    return KIND.tally(answers, PAPER, headcount=Headcount(invited=40, entitled=entitled),
                      rule={"name": rule, "params": params})


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_tells_agreement_from_refusal_and_from_too_few(rule: str) -> None:
    words = [tally(ratings, rule=rule).lines[0].verdict.word
             for ratings in ([9] * 12, [1] * 12, [9])]
    assert words == [VerdictWord.CONSENSUS_FOR, VerdictWord.CONSENSUS_AGAINST, VerdictWord.TOO_FEW]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_described_with_the_result(rule: str) -> None:
    result = tally([8] * 9, rule=rule)
    assert result.rule == rules_for(KIND)[rule].describe({}, scale=Scale(1, 9))
    assert result.lines[0].verdict.rule == rule


def test_split_room_is_no_consensus_for_one_side() -> None:
    assert tally([9] * 6 + [1] * 6, rule="rand_ucla").lines[0].verdict.word is VerdictWord.DISAGREEMENT


def test_columns_keep_ratings_x_and_abstentions_apart() -> None:
    result = tally([9, 7, 4, "x"], abstained=2)
    first, second = result.lines
    assert (result.answered, result.abstained) == (6, 2)
    counted_figures = {name: first.figures[name] for name in (
        "rated", "median", "iqr", "high", "high_percent", "interval", "outside")}
    assert counted_figures == {
        "rated": 3, "median": 7, "iqr": pytest.approx(first.figures["iqr"]), "high": 2,
        "high_percent": pytest.approx(200 / 3), "interval": first.figures["interval"], "outside": 1}
    low, high = first.figures["interval"]
    # Wilson's interval of 2 of 3, to four places.
    assert (round(low, 4), round(high, 4)) == (0.2077, 0.9385)
    assert (second.figures["rated"], second.figures["median"], second.figures["outside"]) == (0, None, 4)
    assert first.distribution == tuple((step, {4: 1, 7: 1, 9: 1}.get(step, 0)) for step in range(1, 10))


@pytest.mark.parametrize(("ratings", "agreement", "consensus", "variation"), [
    ([1, 1, 9, 9], -1, 0, 0.8),
    ([7, 7, 7], 1, 1, 0),
    (list(range(1, 10)), 0, 0.492, 0.4),
    ([], None, None, None),
])
def test_spread_is_read_from_camps_to_one_point(ratings: list[int], agreement, consensus, variation) -> None:
    figures = tally(ratings).lines[0].figures
    # The even spread by hand: 1 + 2/9 (log2 1/2 + log2 5/8 + log2 3/4 + log2 7/8).
    assert figures["agreement_a"] == agreement
    assert figures["tastle_wierman"] == (None if consensus is None else pytest.approx(consensus, abs=0.0005))
    assert figures["cqv"] == (None if variation is None else pytest.approx(variation))


@pytest.mark.earlier_terms
def test_spread_stands_on_the_page_and_in_the_summary(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, rule="percent_agreement", upto="open")
    for name, rating in (("ben", 8), ("cyn", 8)):
        vote(cast, name, poll, rating_answer(poll, rating, "x"))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    olu = sign_in(cast.person("olu"))
    assert "Consensus by Tastle and Wierman" in olu.get(f"/meetings/{cast.slug}/sessions/1A").text
    assert "Agreement A" in olu.get(f"/meetings/{cast.slug}/sessions/1A/summary").text


def test_verdict_counts_everybody_in_the_right_column() -> None:
    figures = tally([9, 7, 4, "x"], abstained=2, entitled=10).lines[0].verdict.figures
    assert {name: figures[name] for name in (
        "invited", "entitled", "answered", "rated", "abstained", "outside_expertise")} == {
        "invited": 40, "entitled": 10, "answered": 6, "rated": 3, "abstained": 2, "outside_expertise": 1}


@pytest.mark.parametrize(("raw", "errors"), [
    ({"ratings": {"o1": 0, "o2": 10}}, {"o1", "o2"}),
    ({"ratings": {"o1": 5}}, {"o2"}),
    ({"ratings": {"o1": 5, "o2": "x", "o3": 5}}, {"o3"}),
    ({"ratings": {"o1": True, "o2": 5.0}}, {"o1", "o2"}),
    ({"ratings": []}, {""}),
    ({}, {""}),
    ("9", {""}),
    ({"abstain": "yes"}, {""}),
])
def test_wrong_ballot_is_refused_by_key(raw: object, errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(raw, PAPER)
    assert set(refused.value.errors) == errors


@pytest.mark.parametrize(("raw", "errors"), [
    ({"scale_min": "5", "scale_max": "5"}, {"scale_max"}),
    ({"scale_max": "12"}, {"scale_max"}),
    ({"scale_min": "one"}, {"scale_max"}),
    ({"low_label": "l" * 61, "high_label": "h" * 61}, {"low_label", "high_label"}),
])
def test_wrong_scale_is_refused_by_field(raw: dict[str, str], errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings(raw)
    assert set(refused.value.errors) == errors


def test_headcount_splits_invited_from_entitled(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    # ben and cyn have accepted, dov is invited only, rex was removed, olu and the chairs do not vote.
    assert counted(poll).headcount == Headcount(invited=4, entitled=2)


def test_assigned_participant_is_entitled_only_in_their_sessions(cast: Cast) -> None:
    add_voters(cast, 2, sessions="1B")
    poll = make_poll(cast, upto="open")
    assert counted(poll).headcount == Headcount(invited=4, entitled=2)
    with pytest.raises(NotAllowed):
        vote(cast, "v0", poll, rating_answer(poll, 9, 9))
    assert counted(priorities(cast, "1B")).headcount == Headcount(invited=6, entitled=4)


def test_voter_removed_after_voting_still_counts(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 1))
    vote(cast, "cyn", poll, rating_answer(poll, 8, 2))
    revoke_membership(cast.viewer("ada"), membership(cast.ids["ben"], meeting_id=cast.meeting_id).id)
    result = counted(poll)
    assert result.headcount == Headcount(invited=4, entitled=2)
    assert (result.answered, result.lines[0].figures["rated"]) == (2, 2)


def test_headcount_stays_as_it_was_when_the_round_closed(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 1))
    move(cast, poll, "close")
    before = counted(poll)
    add_voters(cast, 3)
    assert counted(poll) == before
    assert before.headcount == Headcount(invited=4, entitled=2)


def test_invited_person_who_votes_after_accepting_is_entitled(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    sign_in(cast.person("dov"))
    vote(cast, "dov", poll, rating_answer(poll, 7, 7))
    assert counted(poll).headcount == Headcount(invited=4, entitled=3)


def test_second_round_is_counted_alone(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 1))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    first = queries.result(poll, poll.rounds[0])
    move(cast, poll, "open")
    vote(cast, "cyn", poll, rating_answer(poll, 2, 2))
    result = counted(poll)
    assert (result.answered, result.lines[0].figures["median"]) == (1, 2)
    assert queries.result(poll, poll.rounds[0]) == first
    assert poll.rounds[1].version > poll.rounds[0].version
