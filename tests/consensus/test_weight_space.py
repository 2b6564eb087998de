"""All weightings at once: the shares of the case file, the analytic one, and the words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.weight_space import describe_weight_space, dominated_options, equal_weights, weight_space
from sigforum.consensus.weighted_matrix import weighted_order

SCORES = {"autologous": (7, 8, 4, 3, 4, 9), "allogeneic": (6, 6, 7, 7, 8, 6), "in_vivo": (4, 5, 8, 8, 9, 3)}
TABLES = st.integers(1, 4).flatmap(lambda size: st.dictionaries(
    st.sampled_from("abcd"), st.tuples(*[st.integers(1, 5)] * size), min_size=1))


def test_weight_space_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("mcda_3x6.json")
    names, expected = case["alternatives"], case["expected"]["smaa_uniform"]
    found = weight_space(dict(zip(names, case["scores"], strict=True)), draws=60_000)
    for one, name in enumerate(names):
        assert found.acceptability[name] == pytest.approx(expected["rank_acceptability"][one],
                                                          abs=expected["tolerance"])
        assert found.central[name] == pytest.approx(expected["central_weights"][one], abs=expected["tolerance"])
        for other, rival in enumerate(names):
            if one != other:
                assert found.wins[name, rival] == pytest.approx(expected["pairwise_winning"][one][other],
                                                                abs=expected["tolerance"])
    assert found.acceptability["allogeneic"][2] == 0


def test_weight_space_gives_the_analytic_shares(read_case):
    case = read_case("mcda_3x6.json")["analytic"]
    found = weight_space(dict(zip("ABC", case["scores"], strict=True)))
    assert [found.leads(name) for name in "ABC"] == pytest.approx(case["first_rank_acceptability"], abs=0.01)
    # C leads between 0.4 and 0.6, so half and half on the mean.
    assert found.central["C"] == pytest.approx((0.5, 0.5), abs=0.01)


@settings(deadline=None, max_examples=25)
@given(TABLES)
def test_shares_add_up_and_names_do_not_matter(scores):
    found = weight_space(scores, draws=30)
    assert sum(found.leads(name) for name in scores) == pytest.approx(1)
    for name in scores:
        assert sum(found.acceptability[name]) == pytest.approx(1)
        assert (found.central[name] is None) is (found.leads(name) == 0)
    for one, other in found.wins:
        assert found.wins[one, other] + found.wins[other, one] == pytest.approx(1)
    reverse = weight_space(dict(reversed(scores.items())), draws=30)
    assert {name: pytest.approx(reverse.acceptability[name]) for name in scores} == dict(found.acceptability)


def test_same_seed_gives_the_same_shares_and_equal_options_share():
    assert weight_space(SCORES, draws=200) == weight_space(SCORES, draws=200)
    assert weight_space(SCORES, draws=200, seed=5) != weight_space(SCORES, draws=200)
    twins = weight_space({"a": (3, 4), "b": (3, 4)}, draws=50)
    assert twins.acceptability == {"a": (0.5, 0.5), "b": (0.5, 0.5)}


def test_dominated_option_never_leads():
    scores = {"a": (3, 4), "b": (3, 5), "c": (5, 1), "d": (3, 5)}
    assert dominated_options(scores) == {"a": ("b", "d")}
    assert weight_space(scores, draws=500).leads("a") == 0


def test_weights_off_is_every_criterion_alike():
    # 35, 40 and 37 points over six criteria.
    found = weighted_order(SCORES, weights=equal_weights(6))
    assert found.tiers == (("allogeneic",), ("in_vivo",), ("autologous",))


@pytest.mark.parametrize("scores", [{}, {"a": ()}, {"a": (1, 2), "b": (1,)}])
def test_tables_that_do_not_fit_are_refused(scores):
    with pytest.raises(ValueError, match="one score a criterion"):
        weight_space(scores)


def test_describe_weight_space_states_draws_and_seed():
    assert describe_weight_space(weight_space({"a": (2, 2), "b": (1, 1)}, draws=1000)) == (
        "over all weightings a leads in 100.0 %, b in 0.0 % (give or take 1.58: 1,000 draws, seed 1998)")
