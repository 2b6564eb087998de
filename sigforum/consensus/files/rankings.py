"""Rankings from files: Debian tally sheets, .HIL, .BLT, PrefLib (.soc .soi .toc .toi), or CSV with ranks in cells."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from sigforum.consensus.files.table import (
    COUNT_HEADERS,
    FileProblem,
    named_columns,
    people_in,
    read_table,
    read_text,
    whole_number,
)

MOST_BALLOTS = 1_000_000
DEBIAN_BALLOT = re.compile(r"^V:\s+(\S+)", re.MULTILINE)
DEBIAN_OPTION = re.compile(r"Option\s+(\d+)\s*-*>\s*:\s*(.+?)\s*$", re.MULTILINE)
PREFLIB_NAME = re.compile(r"^#\s*ALTERNATIVE NAME\s+(\d+)\s*:\s*(.*?)\s*$")
PREFLIB_TIERS = re.compile(r"\{[^{}]*\}|[^,{}]+")


@dataclass(frozen=True)
class RankingSheet:
    """The options in the order of the file, and a rank by option for each ballot; what is left out is unranked."""

    options: tuple[str, ...]
    ballots: tuple[dict[str, int], ...]
    form: str


def read_rankings(data: bytes, *, name: str = "") -> RankingSheet:
    """The rankings in a file, told apart by what is in it; raises FileProblem by row."""
    text = read_text(data)
    suffix = name.rpartition(".")[2].casefold()
    if DEBIAN_BALLOT.search(text):
        return _debian(text)
    if suffix == "hil":
        return _hil(text)
    if suffix == "blt":
        return _blt(text)
    if suffix in ("soc", "soi", "toc", "toi") or text.startswith("# FILE NAME"):
        return _preflib(text)
    return _table(data)


def _debian(text: str) -> RankingSheet:
    """`V: 2-1` gives the second option rank 1 and the first rank 2; `-` is unranked."""
    named = {int(number): words for number, words in DEBIAN_OPTION.findall(text)}
    ballots: list[dict[str, int]] = []
    options: list[str] = []
    for row, line in _numbered(text):
        found = DEBIAN_BALLOT.match(line)
        if not found:
            continue
        marks = found[1]
        if not options:
            options = [named.get(place, str(place)) for place in range(1, len(marks) + 1)]
            _check_names(options)
        if len(marks) != len(options):
            raise FileProblem(f"There are {len(marks)} marks for {len(options)} options.", row=row)
        ballots.append({option: _mark(mark, row) for option, mark in zip(options, marks, strict=True) if mark != "-"})
    return _sheet(options, ballots, "Debian tally sheet")


def _mark(mark: str, row: int) -> int:
    # After 9 the sheets go on with letters.
    rank = int(mark, 36) if mark.isalnum() and mark.isascii() else 0
    if rank < 1:
        raise FileProblem(f"“{mark}” is no rank.", row=row)
    return rank


def _hil(text: str) -> RankingSheet:
    """`2 3 1 0` are two ballots with option 3 before option 1; a line `0` ends them, and names follow in quotes."""
    lines = [(row, line.strip()) for row, line in _numbered(text) if line.strip()]
    size = whole_number(lines[0][1].split()[0], row=lines[0][0])
    if not 1 <= size <= 1000:
        raise FileProblem(f"{size} is no number of options.", row=lines[0][0])
    ballots: list[tuple[int, list[int]]] = []
    names: list[str] = []
    for place, (row, line) in enumerate(lines[1:], start=1):
        numbers = [whole_number(word, row=row) for word in line.split()]
        if numbers == [0]:
            names = re.findall(r'"([^"]*)"', " ".join(rest for _, rest in lines[place + 1:]))
            break
        if numbers[0] < 0:
            continue
        if numbers[-1] != 0:
            raise FileProblem("A ballot ends with 0.", row=row)
        count, *order = numbers[:-1]
        strays = [number for number in order if not 1 <= number <= size]
        if strays:
            raise FileProblem(f"There is no option {strays[0]} of {size}.", row=row)
        if len(set(order)) < len(order):
            raise FileProblem("An option is ranked twice.", row=row)
        ballots.append((count, order))
    else:
        raise FileProblem("The line with 0 that ends the ballots is missing.")
    options = names[:size] if len(names) >= size else [str(number) for number in range(1, size + 1)]
    _check_names(options)
    return _sheet(options, _counted((count, [[options[number - 1]] for number in order])
                                    for count, order in ballots), "HIL")


def _blt(text: str) -> RankingSheet:
    """`3 4 1=2 0` are three ballots with option 4 before 1 and 2, which are equal; a line `0` ends them, names and a
    title follow in quotes. `-2` in a line of its own takes option 2 back. Source: OpaVote's description of BLT."""
    lines = [(row, bare) for row, line in _numbered(text)
             if (bare := re.sub(r"\([^)]*\)", "", line.partition("#")[0]).strip())]
    if not lines:
        raise FileProblem("There is nothing but comments.")
    size = whole_number(lines[0][1].split()[0], row=lines[0][0])
    if not 1 <= size <= 1000:
        raise FileProblem(f"{size} is no number of options.", row=lines[0][0])
    ballots: list[tuple[int, list[list[int]]]] = []
    gone: set[int] = set()
    names: list[str] = []
    for place, (row, line) in enumerate(lines[1:], start=1):
        words = line.split()
        if words == ["0"]:
            names = re.findall(r'"([^"]*)"', "\n".join(rest for _, rest in lines[place + 1:]))
            break
        if words[0].startswith("-") and not ballots and words[-1] != "0":
            gone |= {-whole_number(word, row=row) for word in words}
            continue
        if words[-1] != "0":
            raise FileProblem("A ballot ends with 0.", row=row)
        # A dash is a place that was left empty.
        tiers = [[whole_number(word, row=row) for word in tier.split("=")] for tier in words[1:-1] if tier != "-"]
        _check_places([number for tier in tiers for number in tier], range(1, size + 1), row)
        ballots.append((whole_number(words[0], row=row), tiers))
    else:
        raise FileProblem("The line with 0 that ends the ballots is missing.")
    options = names[:size] if len(names) >= size else [str(number) for number in range(1, size + 1)]
    _check_names(options)
    kept = [[[options[number - 1] for number in tier if number not in gone] for tier in tiers] for _, tiers in ballots]
    return _sheet([option for number, option in enumerate(options, start=1) if number not in gone],
                  _counted((count, [tier for tier in tiers if tier])
                           for (count, _), tiers in zip(ballots, kept, strict=True)), "BLT")


def _check_places(numbers: Sequence[int], known: Container[int], row: int) -> None:
    strays = [number for number in numbers if number not in known]
    if strays:
        raise FileProblem(f"There is no option {strays[0]}.", row=row)
    if len(set(numbers)) < len(numbers):
        raise FileProblem("An option is ranked twice.", row=row)


def _preflib(text: str) -> RankingSheet:
    """`3: 2,{1,4}` or, in older files, `3,2,{1,4}`: three ballots with option 2 before 1 and 4, which are equal."""
    names: dict[int, str] = {}
    lines = []
    for row, line in _numbered(text):
        found = PREFLIB_NAME.match(line)
        if found:
            names[int(found[1])] = found[2] or found[1]
        elif line.strip() and not line.startswith("#"):
            lines.append((row, line.strip()))
    if not names:
        names, lines = _old_preflib(lines)
    _check_names(list(names.values()))
    ballots = []
    for row, line in lines:
        head, colon, rest = line.partition(":")
        if not colon:
            head, _, rest = line.partition(",")
        tiers = [[whole_number(word.strip(), row=row) for word in tier.strip("{}").split(",") if word.strip()]
                 for tier in PREFLIB_TIERS.findall(rest) if tier.strip()]
        _check_places([number for tier in tiers for number in tier], names, row)
        ballots.append((whole_number(head.strip(), row=row), [[names[number] for number in tier] for tier in tiers]))
    return _sheet(list(names.values()), _counted(ballots), "PrefLib")


def _old_preflib(lines: Sequence[tuple[int, str]]) -> tuple[dict[int, str], list[tuple[int, str]]]:
    """The names, and the lines of ballots behind the line with the totals."""
    if not lines:
        raise FileProblem("There is nothing but comments.")
    size = whole_number(lines[0][1], row=lines[0][0])
    if len(lines) < size + 2:
        raise FileProblem(f"The names of {size} options and a line with totals are expected.", row=lines[0][0])
    names = {}
    for row, line in lines[1:size + 1]:
        number, _, words = line.partition(",")
        names[whole_number(number.strip(), row=row)] = words.strip() or number.strip()
    return names, list(lines[size + 2:])


def _table(data: bytes) -> RankingSheet:
    """One column an option, one row a ballot, a rank in each cell; a column `count` says how many gave it."""
    table = read_table(data)
    counting = table.column(*COUNT_HEADERS)
    _, places = people_in(table)
    places = [place for place in places if place != counting]
    options = named_columns(table, places, what="an option")
    ballots: list[dict[str, int]] = []
    for row in table.rows:
        ballot = {}
        for place, option in zip(places, options, strict=True):
            if row.cells[place]:
                ballot[option] = whole_number(row.cells[place], row=row.number, column=option)
                if ballot[option] < 1:
                    raise FileProblem("Ranks begin with 1.", row=row.number, column=option)
        count = 1 if counting is None else whole_number(row.cells[counting], row=row.number,
                                                        column=table.header[counting])
        if not 0 <= count <= MOST_BALLOTS - len(ballots):
            raise FileProblem(f"{count} is no number of ballots that can be counted.", row=row.number)
        ballots += [ballot] * count
    return _sheet(options, ballots, "CSV")


def _counted(ballots: Iterable[tuple[int, list[list[str]]]]) -> list[dict[str, int]]:
    found: list[dict[str, int]] = []
    for count, tiers in ballots:
        if not 0 <= count <= MOST_BALLOTS - len(found):
            raise FileProblem(f"{count} is no number of ballots that can be counted.")
        found += [{option: rank for rank, tier in enumerate(tiers, start=1) for option in tier}] * count
    return found


def _sheet(options: Sequence[str], ballots: Sequence[dict[str, int]], form: str) -> RankingSheet:
    if not ballots:
        raise FileProblem("There is no ballot in the file.")
    return RankingSheet(tuple(options), tuple(ballots), form)


def _check_names(options: Sequence[str]) -> None:
    for place, option in enumerate(options):
        if option in options[:place]:
            raise FileProblem(f"Two options are named “{option}”.")


def _numbered(text: str) -> Iterable[tuple[int, str]]:
    return enumerate(text.splitlines(), start=1)
