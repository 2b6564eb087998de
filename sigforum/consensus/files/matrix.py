"""The matrix from a CSV: a score for each option and criterion, or everybody's ratings as person, option, criterion."""

from dataclasses import dataclass
from fractions import Fraction

from sigforum.consensus.files.table import PERSON_HEADERS, FileProblem, Table, named_columns, read_table, whole_number
from sigforum.consensus.scale import Scale

WEIGHTS = frozenset({"weight", "weights"})
LONG = ("option", "criterion", "rating")


@dataclass(frozen=True)
class MatrixSheet:
    """Options by criteria.

    `ratings` is by person, then (option, criterion), empty where the file holds scores; `scores` has a row an option,
    empty where it holds ratings; `weights` is None where the file has none.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    scores: dict[str, tuple[Fraction, ...]]
    ratings: dict[str, dict[tuple[str, str], int]]
    weights: tuple[Fraction, ...] | None


def read_matrix(data: bytes, *, scale: Scale) -> MatrixSheet:
    """The matrix in a file; raises FileProblem by row and column.

    With columns option, criterion and rating, and one for the person, it is ratings on the scale. Otherwise the first
    column names the options, the others are criteria with a score in each cell, and a row named `weights` weighs them.
    """
    table = read_table(data)
    places = {name: table.column(name) for name in LONG}
    if None not in places.values():
        return _ratings(table, {name: place for name, place in places.items() if place is not None}, scale)
    return _scores(table)


def _ratings(table: Table, places: dict[str, int], scale: Scale) -> MatrixSheet:
    who = table.column(*PERSON_HEADERS)
    if who is None:
        raise FileProblem("A column that names the person is missing.", row=1)
    options: dict[str, None] = {}
    criteria: dict[str, None] = {}
    ratings: dict[str, dict[tuple[str, str], int]] = {}
    for row in table.rows:
        person, option, criterion = row.cells[who], row.cells[places["option"]], row.cells[places["criterion"]]
        if not (person and option and criterion):
            raise FileProblem("A person, an option and a criterion are needed.", row=row.number)
        options[option] = criteria[criterion] = None
        given = ratings.setdefault(person, {})
        if (option, criterion) in given:
            raise FileProblem(f"“{person}” rated “{option}” on “{criterion}” before.", row=row.number)
        cell = row.cells[places["rating"]]
        if cell and cell.casefold() != "x":
            rating = whole_number(cell, row=row.number, column="rating")
            if not scale.contains(rating):
                raise FileProblem(f"{rating} is not on the scale from {scale}.", row=row.number, column="rating")
            given[option, criterion] = rating
    return MatrixSheet(tuple(options), tuple(criteria), {}, ratings, None)


def _scores(table: Table) -> MatrixSheet:
    places = range(1, len(table.header))
    criteria = named_columns(table, places, what="a criterion")
    scores: dict[str, tuple[Fraction, ...]] = {}
    weights = None
    for row in table.rows:
        option = row.cells[0]
        numbers = tuple(_number(row.cells[place], row.number, name)
                        for place, name in zip(places, criteria, strict=True))
        if option.casefold() in WEIGHTS:
            if min(numbers) < 0 or not any(numbers):
                raise FileProblem("Weights are 0 or more, and not all 0.", row=row.number)
            weights = numbers
        elif not option or option in scores:
            raise FileProblem("Every row names another option.", row=row.number, column=table.header[0])
        else:
            scores[option] = numbers
    if not scores:
        raise FileProblem("There is no option in the file.")
    return MatrixSheet(tuple(scores), tuple(criteria), scores, {}, weights)


def _number(cell: str, row: int, column: str) -> Fraction:
    try:
        if "_" in cell:
            raise ValueError(cell)
        return Fraction(cell)
    except (ValueError, ZeroDivisionError):
        raise FileProblem(f"“{cell[:20]}” is no number." if cell else "A number is missing.", row=row,
                          column=column) from None
