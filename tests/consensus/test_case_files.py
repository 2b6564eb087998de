"""What the case files say beyond one measure: winners by every method, with each published one checked."""

import pytest

from sigforum.consensus.borda import borda_points
from sigforum.consensus.copeland import copeland_scores
from sigforum.consensus.instant_runoff import instant_runoff
from sigforum.consensus.pairwise import count_pairs
from sigforum.consensus.percentiles import exact_median
from sigforum.consensus.ranked_pairs import ranked_pairs
from sigforum.consensus.schulze import schulze_order
from sigforum.consensus.tiers import tiers_by_score
from sigforum.consensus.weighted_matrix import weighted_order, with_factor
from tests.consensus.elections import ballots_of

# Every case file has a test; a new one fails here until it is named beside its tests.
COVERED = {
    "agreement_vandereijk_tastle.json": "test_ordinal_agreement", "comet_70_15.json": "test_seventy_fifteen",
    "delphi_stability.json": "test_stability, test_variation, test_binomial", "dot_voting.json": "test_points, "
    "test_square_roots", "kendall_w_anxiety.json": "test_concordance, test_friedman",
    "mcda_3x6.json": "test_weighted_matrix, test_weight_space, here",
    "polis_group_consensus_below-100-ptpts.json": "test_group_consensus",
    "proportion_ci.json": "test_proportions, test_binomial", "rand_ucla.json": "test_rand_ucla",
    "schulze_example1.json": "test_pairwise, test_schulze, test_ranked_pairs, test_borda, test_copeland, "
    "test_instant_runoff, here", "tennessee_capital.json": "test_pairwise, test_borda, test_copeland, "
    "test_instant_runoff, here"}


def test_every_case_file_has_its_tests(shared):
    assert {path.name for path in (shared / "cases").glob("*.json")} == set(COVERED)


def ballots_in(case):
    return ballots_of((each["count"], each["order"]) for each in case["ballots"])


def test_winners_of_the_schulze_example_are_those_of_other_packages(read_case):
    case = read_case("schulze_example1.json")
    ballots, computed = ballots_in(case), case["also_computed"]
    pairs = count_pairs(ballots, options="ABCDE")
    expected = computed["pref_voting"]
    schulze = schulze_order(pairs)
    assert list(schulze.winners) == expected["schulze"]
    assert [option for tier in schulze.tiers for option in tier] == computed["votelib_schulze"]
    assert list(ranked_pairs(pairs).tiers[0]) == expected["ranked_pairs"]
    assert list(tiers_by_score(copeland_scores(pairs))[0]) == expected["copeland"]
    assert list(tiers_by_score(borda_points(pairs))[0]) == expected["borda"]
    assert len({str(winner) for winner in expected.values()}) > 1


def test_run_off_that_takes_tied_options_together_elects_somebody_else(read_case):
    case = read_case("schulze_example1.json")
    # With B and E out together after D, as one package does it, A wins; we follow both and show the tie.
    without = instant_runoff(ballots_in(case), options="AC")
    assert list(without.winners) == case["also_computed"]["pref_voting"]["irv"]
    ours = instant_runoff(ballots_in(case), options="ABCDE")
    assert list(ours.winners) == [case["also_computed"]["irv_winner"]] != list(without.winners)


def test_capital_by_first_places_and_by_duels(read_case):
    case = read_case("tennessee_capital.json")
    expected = case["expected"]
    first = instant_runoff(ballots_in(case), options="MNCK").rounds[0].tally
    assert max(first, key=first.__getitem__) == expected["plurality"]
    pairs = count_pairs(ballots_in(case), options="MNCK")
    assert pairs.condorcet_winner == expected["condorcet"] != expected["plurality"]


def test_every_weighting_of_the_matrix_gives_its_printed_order(read_case):
    case = read_case("mcda_3x6.json")
    scores = dict(zip(case["alternatives"], case["scores"], strict=True))
    seen = set()
    for each in case["expected"]["one_at_a_time"]:
        weights = with_factor(case["weights"], criterion=case["criteria"].index(each["criterion"]),
                              factor=each["factor"])
        # Equal options stand in the order of the table there, and share a tier here.
        order = [option for tier in weighted_order(scores, weights=weights).tiers for option in tier]
        assert order == each["ranking"], each["criterion"]
        seen.add(tuple(order))
    assert len(seen) > 1


def test_published_panel_has_the_median_that_is_printed(read_case):
    case = read_case("rand_ucla.json")["published"]
    assert exact_median(case["ratings"]) == case["expected"]["median"]
    assert [case["ratings"].count(rating) for rating in range(4, 10)] == [
        int(count) for count in case["counts_text"].split(",")]


@pytest.mark.parametrize("name", ["schulze_example1.json", "tennessee_capital.json"])
def test_numbers_of_a_case_file_differ_among_themselves(read_case, name):
    rows = read_case(name)["expected"]["pairwise"]
    assert len({number for row in rows for number in row}) > 4
