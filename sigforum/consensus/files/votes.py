"""Agree, pass and disagree from a CSV: Polis's participants-votes.csv, or a row a vote with person, statement, vote."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from sigforum.consensus.files.table import PERSON_HEADERS, FileProblem, Row, Table, named_columns, read_table

UNSEEN = -128
MEANS = {"1": 1, "0": 0, "-1": -1, "": UNSEEN, "1.0": 1, "0.0": 0, "-1.0": -1, "agree": 1, "pass": 0, "disagree": -1}
STATEMENT_HEADERS = ("statement", "statement-id", "comment-id", "tid")
TIME_HEADERS = ("timestamp", "modified")
# What Polis puts between the participant and the statements.
POLIS_HEADERS = frozenset({"xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"})


@dataclass(frozen=True)
class VoteSheet:
    """`votes` has a byte for each statement of each person in turn: 1, 0, -1, or -128 for unseen."""

    people: tuple[str, ...]
    statements: tuple[str, ...]
    votes: "array[int]"


def read_votes(data: bytes) -> VoteSheet:
    """The votes in a file; raises FileProblem by row and column."""
    table = read_table(data)
    vote, statement = table.column("vote"), table.column(*STATEMENT_HEADERS)
    if vote is not None and statement is not None:
        return _long(table, statement=statement, vote=vote)
    return _wide(table)


def _wide(table: Table) -> VoteSheet:
    if table.header[0].casefold() not in PERSON_HEADERS:
        raise FileProblem("The first column must name the participant, or columns person, statement and vote are "
                          "needed.", row=1)
    places = [place for place, name in enumerate(table.header) if place and name not in POLIS_HEADERS]
    statements = named_columns(table, places, what="a statement")
    start, is_run = places[0], places == list(range(places[0], len(table.header)))
    people: dict[str, int] = {}
    votes = array("b")
    for row in table.rows:
        _add_person(people, row.cells[0], row.number)
        cells = row.cells[start:] if is_run else [row.cells[place] for place in places]
        try:
            votes.extend([MEANS[cell] for cell in cells])
        except KeyError:
            _refuse_cell(cells, statements, row)
    return VoteSheet(tuple(people), tuple(statements), votes)


def _refuse_cell(cells: Sequence[str], statements: Sequence[str], row: Row) -> None:
    cell, statement = next((cell, name) for cell, name in zip(cells, statements, strict=True) if cell not in MEANS)
    raise FileProblem(f"“{cell[:20]}” is no vote; 1, 0 and -1 are.", row=row.number, column=statement)


def _add_person(people: dict[str, int], person: str, row: int) -> None:
    if not person:
        raise FileProblem("Nobody is named here.", row=row)
    if person in people:
        raise FileProblem(f"“{person}” stands in row {people[person]} already.", row=row)
    people[person] = row


def _long(table: Table, *, statement: int, vote: int) -> VoteSheet:
    """With a column of times the newest vote of a person on a statement counts; without, a second one is refused."""
    who, when = table.column(*PERSON_HEADERS), table.column(*TIME_HEADERS)
    if who is None:
        raise FileProblem("A column that names the person is missing.", row=1)
    found: dict[tuple[str, str], tuple[float, int]] = {}
    for row in table.rows:
        key = (row.cells[who], row.cells[statement])
        if not all(key):
            raise FileProblem("A person and a statement are needed.", row=row.number)
        value = MEANS.get(row.cells[vote].casefold())
        if value is None or value == UNSEEN:
            raise FileProblem(f"“{row.cells[vote][:20]}” is no vote; 1, 0 and -1 are.", row=row.number, column="vote")
        at = 0.0 if when is None else _time(row.cells[when], row.number, table.header[when])
        if key in found and when is None:
            raise FileProblem(f"“{key[0]}” voted on “{key[1]}” before.", row=row.number)
        if key not in found or at >= found[key][0]:
            found[key] = (at, value)
    people = tuple(dict.fromkeys(person for person, _ in found))
    statements = tuple(dict.fromkeys(each for _, each in found))
    votes = array("b", [UNSEEN]) * (len(people) * len(statements))
    rows, columns = ({name: place for place, name in enumerate(names)} for names in (people, statements))
    for (person, each), (_, value) in found.items():
        votes[rows[person] * len(statements) + columns[each]] = value
    return VoteSheet(people, statements, votes)


def _time(cell: str, row: int, column: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise FileProblem(f"“{cell[:20]}” is no time.", row=row, column=column) from None
