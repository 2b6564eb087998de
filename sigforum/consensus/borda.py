"""Borda points: one for every option below, and options that are equal on a ballot share the mean."""

from collections.abc import Mapping

from sigforum.consensus.pairwise import Pairwise
from sigforum.consensus.percentiles import number_text
from sigforum.kernel.words import named


def borda_points(pairs: Pairwise) -> dict[str, float]:
    """The points of every option, exact to the half.

    A ballot gives an option one point for each option below it and half a point for each one equal to it, so
    that a tied group shares the mean of the places it fills, unranked options included. Source: Black, "The
    theory of committees and elections" (1958), for sharing the mean; Borda, "Mémoire sur les élections au
    scrutin" (1781).
    """
    return {
        one: sum(2 * pairs.above[one, other] + pairs.equal(one, other)
                 for other in pairs.options if other != one) / 2
        for one in pairs.options
    }


def describe_borda(points: Mapping[str, float], *, voters: int) -> str:
    """A plain readout of who leads: "most points: Clay = Stone, 194 of at most 300"."""
    if not points or not voters:
        return "no points: nobody ranked"
    most = max(points.values())
    leaders = " = ".join(named(option) for option, value in points.items() if value == most)
    return f"most points: {leaders}, {number_text(most)} of at most {voters * (len(points) - 1)}"
