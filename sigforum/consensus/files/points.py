"""Points from a CSV: one row a person, one column an item, a number of points or nothing in each cell."""

from dataclasses import dataclass

from sigforum.consensus.files.table import FileProblem, named_columns, people_in, read_table, whole_number


@dataclass(frozen=True)
class PointsSheet:
    """The items in the order of the file, and each person's points by item, items without any left out."""

    items: tuple[str, ...]
    ballots: tuple[dict[str, int], ...]


def read_points(data: bytes, *, budget: int, per_item: int | None = None) -> PointsSheet:
    """The points in a file; raises FileProblem by row, also where somebody lays more than the budget."""
    table = read_table(data)
    _, places = people_in(table)
    items = named_columns(table, places, what="an item")
    ballots = []
    for row in table.rows:
        ballot = {}
        for place, item in zip(places, items, strict=True):
            points = whole_number(row.cells[place] or "0", row=row.number, column=item)
            if points < 0 or (per_item is not None and points > per_item):
                most = "0 or more" if per_item is None else f"0 to {per_item}"
                raise FileProblem(f"{points} points; {most} are allowed.", row=row.number, column=item)
            if points:
                ballot[item] = points
        if sum(ballot.values()) > budget:
            raise FileProblem(f"{sum(ballot.values())} points laid of a budget of {budget}.", row=row.number)
        ballots.append(ballot)
    return PointsSheet(tuple(items), tuple(ballots))
