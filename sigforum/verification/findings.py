"""What a check says: that something holds, that it differs and in what, or that there is nothing to count."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# A changed file can be wrong in thousands of places; the first few lead to the cause.
MOST_DIFFERENCES = 40


class Status(StrEnum):
    """What came of a check. Only `DIFFERS` is a failure."""

    HOLDS = "holds"
    DIFFERS = "differs"
    # The result is shown to nobody, so there is nothing to count and nothing may be seen.
    WITHHELD = "withheld"
    # Something is published that this program does not count again; said, so that nobody takes it for checked.
    NOT_COUNTED = "not counted"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One number, word or name: where it stands, what is said there, and what the ballots or files give."""

    where: str
    said: Any
    counted: Any


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check of one thing. `poll` and `statement` are empty where a whole file is meant."""

    file: str
    what: str
    status: Status = Status.HOLDS
    poll: str = ""
    statement: str = ""
    differences: tuple[Difference, ...] = ()


def check(file: str, what: str, differences: Iterable[Difference], *, poll: str = "", statement: str = "") -> Finding:
    """The finding that follows from what differs: nothing, and it holds."""
    found = tuple(differences)
    status = Status.DIFFERS if found else Status.HOLDS
    return Finding(file=file, what=what, status=status, poll=poll, statement=statement,
                   differences=found[:MOST_DIFFERENCES])


def same(where: str, said: Any, counted: Any) -> list[Difference]:
    """Nothing where both are equal and of one type, else the difference. True is not 1 here."""
    if said == counted and isinstance(said, bool) == isinstance(counted, bool):
        return []
    return [Difference(where=where, said=said, counted=counted)]


def holds(findings: Iterable[Finding]) -> bool:
    """Whether nothing differs."""
    return all(finding.status is not Status.DIFFERS for finding in findings)
