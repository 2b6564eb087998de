"""The panel that rules judge: contradicting counts are refused, and one person can be taken away."""

import pytest

from sigforum.consensus.rating_panel import RatingPanel, describe_participation

FULL = RatingPanel(
    (7, 8, 2),
    scale_min=1,
    scale_max=9,
    entitled=7,
    invited=9,
    outside_expertise=1,
    abstained=2,
    recused=1,
)


def test_panel_splits_its_people():
    assert (FULL.rated, FULL.answered, FULL.entitled, FULL.recused, FULL.invited) == (3, 6, 7, 1, 9)
    assert describe_participation(FULL) == (
        "6 of 7 entitled people answered: 3 rated, 2 abstained, 1 outside their expertise; 1 recused"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ratings": (10,)}, "rating 10 is not on the scale 1 to 9"),
        ({"abstained": -1}, "cannot be negative"),
        ({"abstained": 4}, "8 answers from 7 entitled people"),
        ({"recused": 3}, "7 entitled and 3 recused of 9 invited people"),
    ],
)
def test_panel_refuses_counts_that_contradict(changes, message):
    settings = {
        "ratings": (7, 8, 2),
        "scale_min": 1,
        "scale_max": 9,
        "entitled": 7,
        "invited": 9,
        "outside_expertise": 1,
        "abstained": 2,
        "recused": 1,
    }
    with pytest.raises(ValueError, match=message):
        RatingPanel(**{**settings, **changes})


def test_panel_with_fewer_ratings_has_fewer_people():
    smaller = FULL.with_ratings((8, 2))
    assert (smaller.ratings, smaller.entitled, smaller.invited) == ((8, 2), 6, 8)
    assert (smaller.abstained, smaller.outside_expertise, smaller.recused) == (2, 1, 1)


def test_panel_without_a_nonrater_loses_each_sort_once():
    found = [
        (panel.abstained, panel.outside_expertise, panel.answered, panel.entitled)
        for panel in FULL.each_without_a_nonrater()
    ]
    assert found == [(1, 1, 5, 6), (2, 0, 5, 6), (2, 1, 6, 6)]
    assert (
        list(RatingPanel((7,), scale_min=1, scale_max=9, entitled=1, invited=1).each_without_a_nonrater())
        == []
    )


def test_counted_panel_says_what_the_ratings_say():
    counted = FULL.counted
    assert list(counted.ratings) == sorted(FULL.ratings)
    assert (counted.rated, counted.answered) == (FULL.rated, FULL.answered)
    assert [counted.ratings.up_to(rating) for rating in range(10)] == [
        sum(given <= rating for given in FULL.ratings) for rating in range(10)]
    assert counted.ratings.between(2, 8) == sum(2 <= given <= 8 for given in FULL.ratings)
    with pytest.raises(IndexError):
        counted.ratings[len(counted.ratings)]


def test_counted_panel_leaves_out_one_of_each_sort():
    smaller = list(FULL.counted.each_without_one())
    assert len(smaller) == len(set(FULL.ratings)) + 3
    assert {panel.entitled for panel in smaller} == {FULL.entitled - 1}
    assert sorted(panel.answered for panel in smaller) == [FULL.answered - 1] * (len(smaller) - 1) + [FULL.answered]
