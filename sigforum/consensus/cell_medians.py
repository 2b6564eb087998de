"""The matrix cell by cell: the median of each option on each criterion, and where the panel is split over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sigforum.consensus.panel_size import SMALLEST_PUBLISHED_PANEL, has_disagreement
from sigforum.consensus.percentiles import exact_interquartile_range, exact_median, number_text
from sigforum.consensus.scale import Scale

# (option, criterion) -> the ratings given there.
CellRatings = Mapping[tuple[str, str], Sequence[int]]


@dataclass(frozen=True)
class Cell:
    """One cell; the numbers are None without ratings, `is_split` also where they are too few to say."""

    median: Fraction | None
    iqr: Fraction | None
    rated: int
    is_split: bool | None


def cell_medians(ratings: CellRatings, *, scale: Scale) -> dict[tuple[str, str], Cell]:
    """Every cell's median, interquartile range (type 7), number of ratings and whether the panel is split.

    A cell is split where the lowest and the highest third of the scale each hold the number of ratings that RAND/UCLA
    calls disagreement in a panel of that size; under eight ratings nothing is said. Raises ValueError for a rating off
    the scale. Source: Fitch et al., "The RAND/UCLA Appropriateness Method User's Manual" (2001); thirds of other
    scales than 1 to 9 are our continuation.
    """
    return {place: _cell(given, scale) for place, given in ratings.items()}


def medians_by_option(cells: Mapping[tuple[str, str], Cell], *, options: Sequence[str], criteria: Sequence[str]
                      ) -> dict[str, tuple[Fraction, ...]]:
    """The rows of medians that a weighted sum takes; options with an empty cell are left out."""
    rows = {option: [cells[option, criterion].median if (option, criterion) in cells else None
                     for criterion in criteria] for option in options}
    return {option: tuple(each for each in row if each is not None) for option, row in rows.items() if None not in row}


def describe_cell(cell: Cell) -> str:
    """A plain readout: "median 7 of 12 ratings, split"."""
    if cell.median is None:
        return "nobody rated"
    split = {None: "", False: "", True: ", split"}[cell.is_split]
    few = f" (too few to say whether split, under {SMALLEST_PUBLISHED_PANEL})" if cell.is_split is None else ""
    ratings = "1 rating" if cell.rated == 1 else f"{cell.rated} ratings"
    return f"median {number_text(cell.median)} of {ratings}{split}{few}"


def _cell(given: Sequence[int], scale: Scale) -> Cell:
    strays = [rating for rating in given if not scale.contains(rating)]
    if strays:
        raise ValueError(f"rating {strays[0]} is not on the scale {scale}")
    if not given:
        return Cell(None, None, 0, None)
    split = None
    if len(given) >= SMALLEST_PUBLISHED_PANEL:
        split = has_disagreement(given, low_to=scale.lower_third_to, high_from=scale.upper_third_from)
    return Cell(exact_median(given), exact_interquartile_range(given), len(given), split)
