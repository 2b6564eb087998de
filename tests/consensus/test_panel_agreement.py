"""Agreement of a panel on many items: Gwet's AC1 and AC2, Krippendorff's alpha, answers missing."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.gwet import Weights, describe_agreement, gwet_agreement, weight_grid
from sigforum.consensus.krippendorff import Level, krippendorff_alpha
from sigforum.consensus.panel_table import panel_table

NO = None
# Four observers on twelve units, the worked example of Krippendorff's "Computing Krippendorff's alpha-reliability".
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3),
    (NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO),
)
# Printed there with three decimals; the rest of them from two other packages.
ALPHAS = {"nominal": 0.743421052631579, "ordinal": 0.8153875037548814, "interval": 0.8491071428571428}
# From the package of the author of AC1.
GWET = {"identity": (0.775444068127, 0.190321180556), "ordinal": (0.898939769908, 0.68515625),
        "linear": (0.858739136433, 0.570963541667), "quadratic": (0.914000723552, 0.713704427083)}
PANELS = st.integers(1, 5).flatmap(lambda items: st.lists(
    st.lists(st.none() | st.integers(1, 4), min_size=items, max_size=items), min_size=1, max_size=5))


@pytest.mark.parametrize("level", Level)
def test_alpha_gives_the_published_numbers(level):
    found = krippendorff_alpha(OBSERVERS, level=level)
    assert found.value == pytest.approx(ALPHAS[level], abs=1e-12)
    assert (found.items, found.people) == (11, 4)


@pytest.mark.parametrize("weights", Weights)
def test_gwet_gives_the_numbers_of_its_author(weights):
    found = gwet_agreement(OBSERVERS, weights=weights)
    assert (found.value, found.chance) == pytest.approx(GWET[weights], abs=1e-11)
    assert found.found == pytest.approx(GWET[weights][0] * (1 - GWET[weights][1]) + GWET[weights][1], abs=1e-11)


def test_high_agreement_on_one_category_is_no_paradox():
    # Of 100 items two people agree on 98 with "1"; they differ on two. Alpha falls below 0; AC1 stays near 1.
    rows = ([1] * 98 + [1, 2], [1] * 98 + [2, 1])
    assert krippendorff_alpha(rows).value < 0
    # Shares .99 and .01: chance = 2 * .99 * .01 = .0198; (.98 - .0198) / .9802.
    assert gwet_agreement(rows).value == pytest.approx(0.9602 / 0.9802, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(PANELS)
def test_coefficients_agree_with_counting_pairs_of_people(rows):
    """A second way: every pair of answers on an item, weighed so that each item counts as its number of answers."""
    pairs = weight = apart = 0.0
    answers = []
    for column in zip(*rows, strict=True):
        given_here = [answer for answer in column if answer is not None]
        if len(given_here) >= 2:
            answers += given_here
            for one, other in combinations(given_here, 2):
                apart += 2 * (one - other) ** 2 / (len(given_here) - 1)
                pairs += 2 * (one != other) / (len(given_here) - 1)
            weight += len(given_here)
    for level, found in (("interval", apart), ("nominal", pairs)):
        chance = sum(((one - other) ** 2 if level == "interval" else one != other)
                     for one, other in combinations(answers, 2))
        alpha = krippendorff_alpha(rows, level=level).value
        if not chance:
            assert alpha is None
        else:
            expected = 1 - (found / weight) / (2 * chance / (weight * (weight - 1)))
            assert alpha == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(PANELS, st.randoms())
def test_coefficients_ignore_the_order_of_people_and_items(rows, dice):
    people = dice.sample(rows, len(rows))
    order = dice.sample(range(len(rows[0])), len(rows[0]))
    shuffled = [[row[place] for place in order] for row in people]
    for weights in Weights:
        found = gwet_agreement(rows, weights=weights)
        assert gwet_agreement(shuffled, weights=weights) == found
        assert found.value is None or found.value <= 1
    for level in Level:
        assert krippendorff_alpha(shuffled, level=level) == krippendorff_alpha(rows, level=level)


def test_full_agreement_is_one():
    rows = [[1, 2, 3]] * 3
    assert [gwet_agreement(rows, weights=weights).value for weights in Weights] == [1] * 4
    assert [krippendorff_alpha(rows, level=level).value for level in Level] == [1] * 3


@pytest.mark.parametrize("rows", [[], [[1, 2, 3]], [[NO, NO], [NO, 1]], [[], []], [[1, NO], [NO, 2]]])
def test_nothing_to_compare_has_no_coefficient(rows):
    for found in (gwet_agreement(rows), krippendorff_alpha(rows)):
        assert (found.value, found.found) == (None, None)
        assert "cannot be given" in describe_agreement(found)


def test_categories_of_the_scale_count_though_nobody_chose_them():
    rows = [[1, 2], [1, 1]]
    # Two of two categories: shares 3/4 and 1/4, chance 2 * 3/16; with nine, 72/(9 * 8) of it is 3/64.
    assert gwet_agreement(rows).chance == pytest.approx(3 / 8)
    assert gwet_agreement(rows, categories=range(1, 10)).chance == pytest.approx(3 / 64)
    with pytest.raises(ValueError, match="answer 9 is not among"):
        gwet_agreement([[9]], categories=(1, 2))
    with pytest.raises(ValueError, match="same items"):
        panel_table([[1], [1, 2]])


def test_weights_follow_their_definition():
    assert [each.as_integer_ratio() for each in weight_grid((1, 2, 4), Weights.LINEAR)[0]] == [(1, 1), (2, 3), (0, 1)]
    assert [float(each) for each in weight_grid((1, 2, 3), Weights.QUADRATIC)[0]] == [1, 0.75, 0]
    assert [each.as_integer_ratio() for each in weight_grid((1, 2, 3), Weights.ORDINAL)[0]] == [(1, 1), (2, 3), (0, 1)]


def test_describe_agreement_names_people_and_items():
    assert describe_agreement(gwet_agreement(OBSERVERS)) == (
        "AC1 0.78 among 4 people on 11 items (1 full agreement, 0 no more than by chance)")
    assert describe_agreement(krippendorff_alpha(OBSERVERS, level="ordinal")).startswith(
        "Krippendorff's alpha (ordinal) 0.82 among 4 people")
