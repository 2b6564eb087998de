"""Every way of counting rankings side by side, ties shown, and what hangs on one ballot."""

from collections.abc import Sequence
from typing import Any

from sigforum.consensus.borda import borda_points, describe_borda
from sigforum.consensus.concordance import concordance, describe_concordance, permutations_for
from sigforum.consensus.copeland import copeland_scores, describe_copeland
from sigforum.consensus.files.rankings import RankingSheet
from sigforum.consensus.friedman import describe_friedman, friedman_test
from sigforum.consensus.instant_runoff import InstantRunoff, describe_runoff, instant_runoff
from sigforum.consensus.one_person_less import describe_one_person_less, one_person_less
from sigforum.consensus.pairwise import Ranking, complete, count_pairs
from sigforum.consensus.ranked_pairs import describe_ranked_pairs, ranked_pairs
from sigforum.consensus.reports.readout import Readout, sentence
from sigforum.consensus.schulze import describe_schulze, schulze_order


def ranking_report(sheet: RankingSheet) -> Readout:
    """The report on one file of rankings."""
    pairs = count_pairs(sheet.ballots, options=sheet.options)
    schulze, pairing = schulze_order(pairs), ranked_pairs(pairs)
    borda, copeland = borda_points(pairs), copeland_scores(pairs)
    rows = [list(complete(ballot, options=sheet.options).values()) for ballot in sheet.ballots]
    agreement = concordance(rows, permutations=permutations_for(len(rows), len(sheet.options)))
    friedman = friedman_test(rows)
    less = one_person_less(sheet.ballots, leaders=lambda ballots: _schulze_winners(ballots, sheet.options))
    runoff, runoff_words = _runoff(sheet)
    figures: dict[str, Any] = {
        "form": sheet.form, "ballots": len(sheet.ballots), "options": list(sheet.options),
        "convention": "unranked options stand equal behind the last ranked one",
        "pairwise": [list(row) for row in pairs.rows()], "condorcet_winner": pairs.condorcet_winner,
        "schulze": {"tiers": [list(tier) for tier in schulze.tiers], "undecided": [list(one) for one in
                                                                                   schulze.undecided]},
        "ranked_pairs": {"tiers": [list(tier) for tier in pairing.tiers]}, "borda": borda, "copeland": copeland,
        "instant_runoff": None if runoff is None else _rounds(runoff),
        "kendall_w": {"w": agreement.w, "p": agreement.p, "permutations": agreement.permutations,
                      "chi_square": friedman.chi_square if friedman else None,
                      "p_chi_square": friedman.p if friedman else None},
        "one_person_less": {"by": "schulze", "is_fragile": less.is_fragile, "tipping": less.tipping,
                            "instead": [list(options) for options in less.instead]}}
    winner = f"{pairs.condorcet_winner} beats every other option" if pairs.condorcet_winner else (
        "no option beats every other one")
    lines = (f"{len(sheet.ballots)} ballots on {len(sheet.options)} options ({sheet.form}). Unranked options stand "
             "equal behind the last ranked one; ties stay ties.",
             f"Duels: {winner}.", f"Schulze: {describe_schulze(schulze)}.",
             f"Ranked pairs: {describe_ranked_pairs(pairing)}.",
             f"Borda: {describe_borda(borda, voters=len(sheet.ballots))}.", f"Copeland: {describe_copeland(copeland)}.",
             f"Instant run-off: {runoff_words}.", sentence(describe_concordance(agreement)),
             sentence(describe_friedman(friedman)), f"By Schulze: {describe_one_person_less(less)}")
    return Readout(figures, lines)


def _schulze_winners(ballots: Sequence[Ranking], options: Sequence[str]) -> tuple[str, ...]:
    return schulze_order(count_pairs(ballots, options=options)).winners


def _runoff(sheet: RankingSheet) -> tuple[InstantRunoff | None, str]:
    try:
        found = instant_runoff(sheet.ballots, options=sheet.options)
    except ValueError as problem:
        return None, f"cannot be given: {problem}"
    return found, describe_runoff(found)


def _rounds(found: InstantRunoff) -> dict[str, Any]:
    return {"winners": list(found.winners), "rounds": [
        {"tally": {option: float(votes) for option, votes in one.tally.items()}, "exhausted": one.exhausted,
         "removed": list(one.removed), "tied_last": list(one.tied_last)} for one in found.rounds]}
