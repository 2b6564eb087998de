"""Published elections that several of the ranking tests count: as ballots, and from tally sheets."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

Ballots = list[dict[str, int]]


def ballots_of(orders: Iterable[tuple[int, str]]) -> Ballots:
    """Ballots from strict orders of one-letter options with how many people gave each."""
    return [{option: rank for rank, option in enumerate(order, start=1)}
            for count, order in orders for _ in range(count)]


def tally_sheet(path: Path) -> Ballots:
    """Ballots of a Debian tally sheet: a rank for each option, `-` for unranked; options are named by number."""
    lines = re.findall(r"^V: (\S+)\s", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [{str(number): int(mark) for number, mark in enumerate(line, start=1) if mark != "-"}
            for line in lines]


# Schulze's own first example, 45 voters.
SCHULZE_1: Sequence[tuple[int, str]] = (
    (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC"))
# The capital of Tennessee: Memphis, Nashville, Chattanooga, Knoxville.
TENNESSEE: Sequence[tuple[int, str]] = ((42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM"))
