"""Copeland's score: the duels an option wins, with half a point for each that ends level."""

from collections.abc import Mapping

from sigforum.consensus.pairwise import Pairwise
from sigforum.consensus.percentiles import number_text
from sigforum.consensus.tiers import describe_tiers, tiers_by_score


def copeland_scores(pairs: Pairwise) -> dict[str, float]:
    """One for each option that it beats and a half for each that it is level with, exact to the half.

    Source: Copeland, "A reasonable social welfare function" (1951), with the half for ties as in Saari and
    Merlin, "The Copeland method", Economic Theory 8 (1996) 51-76.
    """
    return {one: pairs.wins(one) + pairs.ties(one) / 2 for one in pairs.options}


def describe_copeland(scores: Mapping[str, float]) -> str:
    """A plain readout with ties shown: "Clay > Brick = Stone; highest score 3 of 3"."""
    if not scores:
        return "no options"
    highest = number_text(max(scores.values()))
    return f"{describe_tiers(tiers_by_score(scores))}; highest score {highest} of {len(scores) - 1}"
