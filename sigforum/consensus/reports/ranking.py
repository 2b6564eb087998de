"""Every way of counting rankings side by side, ties shown, and what hangs on one ballot."""

from collections.abc import Sequence
from typing import Any

from sigforum.consensus.borda import borda_points, describe_borda
from sigforum.consensus.concordance import concordance, describe_concordance, permutations_for
from sigforum.consensus.copeland import copeland_scores, describe_copeland
from sigforum.consensus.fast_one_less import one_less_of
from sigforum.consensus.files.rankings import RankingSheet
from sigforum.consensus.friedman import describe_friedman, friedman_test
from sigforum.consensus.instant_runoff import InstantRunoff, describe_runoff, runoff_of
from sigforum.consensus.one_person_less import describe_one_person_less
from sigforum.consensus.pairwise import Pairwise, Ranking, alike, complete, pairs_of
from sigforum.consensus.ranked_pairs import RankedPairs, describe_ranked_pairs, ranked_pairs
from sigforum.consensus.reports.readout import Readout, sentence
from sigforum.consensus.schulze import describe_schulze, schulze_order
from sigforum.kernel.words import named, number_of


def ranking_report(sheet: RankingSheet) -> Readout:
    """The report on one file of rankings."""
    ways = alike(sheet.ballots)
    pairs = pairs_of(ways, sheet.options)
    schulze, (pairing, pairing_words) = schulze_order(pairs), _ranked_pairs(pairs)
    borda, copeland = borda_points(pairs), copeland_scores(pairs)
    rows = [row for ballot, count in ways
            for row in [tuple(complete(ballot, options=sheet.options).values())] * count]
    agreement = concordance(rows, permutations=permutations_for(len(rows), len(sheet.options)))
    friedman = friedman_test(rows)
    less = one_less_of(ways, pairs)
    assert less is not None, "without a bound on the work there is an answer"
    runoff, runoff_words = _runoff(ways, sheet.options)
    figures: dict[str, Any] = {
        "form": sheet.form, "ballots": len(sheet.ballots), "options": list(sheet.options),
        "convention": "unranked options stand equal behind the last ranked one",
        "pairwise": [list(row) for row in pairs.rows()], "condorcet_winner": pairs.condorcet_winner,
        "schulze": {"tiers": [list(tier) for tier in schulze.tiers], "undecided": [list(one) for one in
                                                                                   schulze.undecided]},
        "ranked_pairs": None if pairing is None else {
            "tiers": [list(tier) for tier in pairing.tiers], "undecided": [list(one) for one in pairing.undecided],
            "tied_out": [list(one) for one in pairing.tied_out]}, "borda": borda, "copeland": copeland,
        "instant_runoff": None if runoff is None else _rounds(runoff),
        "kendall_w": {"w": agreement.w, "p": agreement.p, "permutations": agreement.permutations,
                      "is_exact": agreement.is_exact,
                      "chi_square": friedman.chi_square if friedman else None,
                      "p_chi_square": friedman.p if friedman else None},
        "one_person_less": {"by": "schulze", "is_fragile": less.is_fragile, "tipping": less.tipping,
                            "instead": [list(options) for options in less.instead]}}
    winner = f"{named(pairs.condorcet_winner)} beats every other option" if pairs.condorcet_winner else (
        "no option beats every other one")
    lines = (f"{number_of(len(sheet.ballots), 'ballot')} on {number_of(len(sheet.options), 'option')} ({sheet.form}). "
             "Unranked options stand equal behind the last ranked one; ties stay ties.",
             f"Duels: {winner}.", f"Schulze: {describe_schulze(schulze)}.",
             f"Ranked pairs: {pairing_words}.",
             f"Borda: {describe_borda(borda, voters=len(sheet.ballots))}.", f"Copeland: {describe_copeland(copeland)}.",
             f"Instant run-off: {runoff_words}.", sentence(describe_concordance(agreement)),
             sentence(describe_friedman(friedman)), f"By Schulze: {describe_one_person_less(less)}")
    return Readout(figures, lines)


def _ranked_pairs(pairs: Pairwise) -> tuple[RankedPairs | None, str]:
    try:
        found = ranked_pairs(pairs)
    except ValueError as problem:
        return None, f"cannot be given: {problem}"
    return found, describe_ranked_pairs(found)


def _runoff(ways: Sequence[tuple[Ranking, int]], options: Sequence[str]) -> tuple[InstantRunoff | None, str]:
    try:
        found = runoff_of(ways, options)
    except ValueError as problem:
        return None, f"cannot be given: {problem}"
    return found, describe_runoff(found)


def _rounds(found: InstantRunoff) -> dict[str, Any]:
    return {"winners": list(found.winners), "rounds": [
        {"tally": {option: float(votes) for option, votes in one.tally.items()}, "exhausted": one.exhausted,
         "removed": list(one.removed), "tied_last": list(one.tied_last)} for one in found.rounds]}
