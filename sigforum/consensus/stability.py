"""Two rounds of ratings side by side: who moved, how far the histogram shifted, and what spread is left."""

from collections.abc import Mapping
from dataclasses import dataclass

from sigforum.consensus.histogram_stability import describe_shift, histogram_shift, is_below_scheibe
from sigforum.consensus.percentiles import QuantileConvention, interquartile_range, median, number_text
from sigforum.consensus.proportions import Proportion, percent_text
from sigforum.consensus.rank_correlation import spearman
from sigforum.consensus.signed_rank import SignedRank, describe_signed_rank, signed_rank
from sigforum.consensus.variation import coefficient_of_variation, quartile_variation
from sigforum.consensus.weighted_kappa import Disparity, kappa

# A histogram of fewer people moves by more than a mark of 15 % as soon as one of them does.
FEWEST_PEOPLE = 8


@dataclass(frozen=True)
class Spread:
    """Where one round lies and how wide; relative measures are None where they mean nothing."""

    median: float
    iqr: float
    cqv: float | None
    cv: float | None


@dataclass(frozen=True, kw_only=True)
class Stability:
    """One option over two rounds, for the people who rated it in both; `settled` is None under eight of them."""

    people: int
    moved: Proportion
    shift: Proportion
    settled: bool | None
    test: SignedRank
    earlier: Spread
    later: Spread
    spearman: float | None
    kappa: float | None
    kappa_quadratic: float | None
    convention: QuantileConvention
    # By the histogram alone, which keeps its shape where some go up as others come down.
    histogram_settled: bool | None = None


def rating_stability(earlier: Mapping[int, int], later: Mapping[int, int], *,
                     convention: QuantileConvention | str = QuantileConvention.LINEAR) -> Stability | None:
    """The two rounds compared, by number of person; None where nobody rated in both.

    Whether a panel has settled follows from the size of the change alone: fewer than 15 % of the people gave another
    rating, and so the histogram shifted by less than 15 % as well (Scheibe, Skutsch and Schofer 1975; asked of the
    people too, because eight who swap 1 and 9 leave the same histogram: Chaffin and Talley, Technological Forecasting
    and Social Change 16 (1980) 67-73, on individual stability). It never follows from a test that finds nothing:
    failing to see a change in a small panel is no evidence of stability (von der Gracht, Technological Forecasting and
    Social Change 79 (2012) 1525-1536).
    """
    people = sorted(earlier.keys() & later.keys())
    if not people:
        return None
    before, after = [earlier[person] for person in people], [later[person] for person in people]
    shift = histogram_shift(before, after)
    moved = sum(one != other for one, other in zip(before, after, strict=True))
    return Stability(
        people=len(people), moved=Proportion(moved, len(people)), shift=shift,
        settled=is_below_scheibe(Proportion(moved, len(people))) if len(people) >= FEWEST_PEOPLE else None,
        test=signed_rank(before, after), earlier=_spread(before, convention), later=_spread(after, convention),
        spearman=spearman(before, after), kappa=kappa(before, after),
        kappa_quadratic=kappa(before, after, disparity=Disparity.QUADRATIC),
        convention=QuantileConvention(convention),
        histogram_settled=is_below_scheibe(shift) if len(people) >= FEWEST_PEOPLE else None)


def describe_stability(found: Stability | None) -> str:
    """A plain readout of counts first; the word is "settled", "still moving" or "too few to say"."""
    if found is None:
        return "Nobody rated in both rounds."
    word = {None: f"too few to say under {FEWEST_PEOPLE} people", True: "settled by this mark",
            False: "still moving by this mark"}[found.settled]
    if found.histogram_settled and not found.settled:
        word = "the histogram has settled by this mark, and the people have not"
    return (f"{_share(found.moved)} changed their rating; {describe_shift(found.shift)}: {word}. "
            f"Median {number_text(found.earlier.median)}, then {number_text(found.later.median)}; interquartile range "
            f"{number_text(found.earlier.iqr)}, then {number_text(found.later.iqr)}. "
            f"{_sentence(describe_signed_rank(found.test))}")


def _share(found: Proportion) -> str:
    return f"{found.count} of {found.total} ({percent_text(found.count, found.total)})"


def _spread(ratings: list[int], convention: QuantileConvention | str) -> Spread:
    return Spread(median=median(ratings), iqr=interquartile_range(ratings, convention=convention),
                  cqv=quartile_variation(ratings, convention=convention), cv=coefficient_of_variation(ratings))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
