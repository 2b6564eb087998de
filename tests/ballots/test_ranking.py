"""The ranking kind: ties and short lists on the ballot, ties shown in the result."""

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.ranking import KIND
from sigforum.kernel.errors import Invalid
from tests.ballots.polling import counted, make_poll, move, vote
from tests.casting import Cast

PAPER = Paper(options=tuple(PaperOption(key=f"o{n}", text=name) for n, name in enumerate("ABCDE", start=1)),
              settings=KIND.parse_settings({}))
TOP_TWO = Paper(options=PAPER.options, settings=KIND.parse_settings({"top": "2"}))
# Schulze's own first example, 45 voters; E wins, then A, C, B and D.
SCHULZE_1 = ((5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"),
             (8, "EBADC"))


def tally(*answers: object, paper: Paper = PAPER):
    return KIND.tally([KIND.parse_answer(answer, paper) for answer in answers], paper,
                      headcount=Headcount(invited=60, entitled=50), rule=None)


def ballots(orders: tuple[tuple[int, str], ...]) -> list[dict[str, dict[str, int]]]:
    return [{"ranks": {f"o{'ABCDE'.index(name) + 1}": rank for rank, name in enumerate(order, start=1)}}
            for count, order in orders for _ in range(count)]


def test_published_example_gives_its_order_points_and_duels() -> None:
    result = tally(*ballots(SCHULZE_1))
    assert [(line.text, *(line.figures[name] for name in ("rank", "borda", "wins", "ties", "first", "ranked")))
            for line in result.lines] == [
        ("E", 1, 102, 3, 0, 8, 45), ("A", 2, 98, 2, 0, 10, 45), ("C", 3, 89, 2, 0, 12, 45), ("B", 4, 92, 2, 0, 8, 45),
        ("D", 5, 69, 1, 0, 7, 45)]
    assert result.text.startswith("45 of 50 entitled people answered: 45 ranked. The winner would change without one "
                                  "person: 16 of 45 would each tip it by not taking part (then A = E). Kendall")
    assert (result.extra["is_fragile"], result.extra["tipping"]) == (True, 16)
    # From the points: 12 x (12² + 8² + 1² + 2² + 21²) / (45² x (5³ - 5)).
    assert result.extra["w"] == pytest.approx(12 * 654 / (45**2 * 120))
    assert result.extra["pairwise"][0] == (0, 20, 26, 30, 22)


def test_first_place_that_hangs_on_one_person_is_said() -> None:
    result = tally({"ranks": {"o1": 1, "o2": 2}}, {"ranks": {"o1": 1, "o2": 2}}, {"ranks": {"o2": 1, "o1": 2}})
    assert (result.extra["is_fragile"], result.extra["tipping"]) == (True, 2)
    one, other = (option.text for option in PAPER.options[:2])
    assert f"2 of 3 would each tip it by not taking part (then {one} = {other})." in result.text


def test_electorate_gets_the_chi_square_instead_of_shuffles() -> None:
    room = [{"ranks": {"o1": 1 + (place % 3 == 0), "o2": 1 + (place % 3 != 0)}} for place in range(801)]
    result = KIND.tally(room, PAPER, headcount=Headcount(invited=900, entitled=900), rule=None)
    assert (result.extra["permutations"], result.extra["p"] < 0.001) == (0, True)
    assert "Friedman chi-square" in result.text


def test_gaps_are_closed_and_ties_kept() -> None:
    assert KIND.parse_answer({"ranks": {"o3": 9, "o1": 2, "o2": 2, "o4": None}}, PAPER) == {
        "ranks": {"o1": 1, "o2": 1, "o3": 2}}


def test_unranked_options_stand_equal_behind() -> None:
    result = tally({"ranks": {"o2": 1, "o1": 2}})
    assert [(line.key, line.figures["rank"], line.figures["borda"], line.answered) for line in result.lines] == [
        ("o2", 1, 4, 1), ("o1", 2, 3, 1), ("o3", 3, 1, 0), ("o4", 3, 1, 0), ("o5", 3, 1, 0)]


def test_tie_for_first_is_said_and_no_pair_hidden() -> None:
    result = tally({"ranks": {"o1": 1, "o2": 2}}, {"ranks": {"o2": 1, "o1": 2}})
    assert [line.figures["rank"] for line in result.lines] == [1, 1, 3, 3, 3]
    assert "Tied for first: A = B." in result.text
    three = Paper(options=PAPER.options[:3], settings=PAPER.settings)
    result = tally({"ranks": {"o1": 1, "o2": 1, "o3": 2}}, {"ranks": {"o3": 1, "o1": 2, "o2": 3}}, paper=three)
    assert "The votes do not decide between C and B." in result.text
    assert result.extra["undecided"] == [["o3", "o2"]]


def test_answers_beside_the_question_are_counted_apart() -> None:
    result = tally({"ranks": {"o1": 1}}, {"abstain": True}, {"outside": True}, {"outside": True})
    assert (result.answered, result.abstained, result.outside) == (4, 1, 2)
    assert result.lines[0].figures["ranked"] == 1
    assert "1 ranked, 2 outside their expertise, 1 abstained." in result.text


def test_agreement_is_complete_when_all_rank_alike() -> None:
    result = tally(*[{"ranks": {"o1": 1, "o2": 2, "o3": 3, "o4": 4, "o5": 5}}] * 8)
    assert (result.extra["w"], result.extra["p"], result.extra["permutations"]) == (1, 0.001, 999)


def test_nobody_ranked_has_no_order() -> None:
    result = tally({"abstain": True})
    assert {line.figures["rank"] for line in result.lines} == {None}
    assert (result.extra["w"], result.extra["agreement"]) == (None, "")
    assert "Tied" not in result.text


@pytest.mark.parametrize(("raw", "errors"), [
    ({"ranks": {"o1": 0}}, {"o1"}),
    ({"ranks": {"o1": True, "o2": 1.0, "o3": "1"}}, {"o1", "o2", "o3"}),
    ({"ranks": {"o9": 1}}, {"o9"}),
    ({"ranks": {}}, {""}),
    ({"ranks": {"o1": None}}, {""}),
    ({"ranks": [1]}, {""}),
    ({"abstain": "yes"}, {""}),
    ("o1", {""}),
])
def test_wrong_ballot_is_refused_by_key(raw: object, errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(raw, PAPER)
    assert set(refused.value.errors) == errors


def test_longer_list_than_asked_for_is_refused() -> None:
    assert KIND.parse_answer({"ranks": {"o1": 1, "o2": 1}}, TOP_TWO) == {"ranks": {"o1": 1, "o2": 1}}
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"ranks": {"o1": 1, "o2": 2, "o3": 3}}, TOP_TWO)
    assert refused.value.errors == {"": "Rank at most 2; you ranked 3."}


@pytest.mark.parametrize("raw", [{"top": "-1"}, {"top": "101"}, {"top": "two"}, {"outside": "perhaps"}])
def test_wrong_settings_are_refused_by_field(raw: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings(raw)
    assert set(refused.value.errors) == set(raw)


@pytest.mark.earlier_terms
def test_ranking_walks_from_the_form_to_the_result(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, kind="ranking", statements="Closed\nOpen\nMixed", top="2", upto="open")
    first, second, third = (f"o{option.id}" for option in poll.options)
    ben, olu = sign_in(cast.person("ben")), sign_in(cast.person("olu"))
    base = f"/meetings/{cast.slug}"
    page = ben.get(f"{base}/polls/{poll.id}/ballot").text
    assert f'name="rank-{third}"' in page
    assert 'value="3"' not in page.partition(f'name="rank-{third}"')[2].partition("</select>")[0]
    ballot = {"round": "1", "key": "the-first-key", f"rank-{first}": "1", f"rank-{second}": "1"}
    refused = ben.post(f"{base}/polls/{poll.id}/votes", data=ballot | {f"rank-{third}": "2"})
    assert refused.status_code == 422
    assert "Rank at most 2; you ranked 3." in refused.text
    assert ben.post(f"{base}/polls/{poll.id}/votes", data=ballot).status_code == 302
    vote(cast, "cyn", poll, {"ranks": {first: 1, second: 1}})
    assert '<option value="1" selected>1</option>' in ben.get(f"{base}/polls/{poll.id}/ballot").text
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    assert [line.figures["rank"] for line in counted(poll).lines] == [1, 1, 3]
    shown = olu.get(f"{base}/sessions/1A").text
    assert "Tied for first: Closed = Open." in shown
    assert "shared by 2" in shown
    assert "Tied for first" in olu.get(f"{base}/sessions/1A/summary").text
