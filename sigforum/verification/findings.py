"""What a check says: that something holds, that it differs and in what, or that there is nothing to count."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Control characters, marks that turn or hide text, halves of characters, ends of lines.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# What a check says where it does not hold: what was found, never what was hoped for.
NOT_SO: Mapping[str, str] = {
    "every name in the archive is safe, and there once": "a name in the archive is not safe, or there more than once",
    "every file can be unpacked": "a file cannot be unpacked",
    "nothing but files is in the archive": "something that is no file is in the archive",
    "every listed file is there, and no other": "the files are not those that the manifest lists",
    "every session has its summary as JSON": "a session has no summary as JSON",
    "one summary belongs to the sheets": "several summaries stand beside the same sheets",
    "the file can be read": "the file cannot be read",
    "the content has its hash": "the content is not the one that was hashed",
    "the sheet is of this session": "the sheet is of another session or meeting",
    "the summary names every poll that has a sheet": "a sheet is of a poll that the summary does not name",
    "the vote that the statement rests on": "the statement rests on another vote than the one that was counted",
    "the terms have their hash": "the terms are not the ones that were hashed",
    "the options are the frozen ones": "the options are not the ones that were frozen",
    "the points could have been laid": "the points could not have been laid",
    "who took part and how many points there are": "who took part, or how many points there are, was changed",
    "the points": "the points are not the ones that were counted",
    "every response has its place": "the responses do not stand in the order of their points",
    "what was asked and who took part": "what was asked, or who took part, is not what the sheet has",
    "the result": "the result is not the one that was counted",
    "the result as a whole": "the result as a whole is not the one that was counted",
    "every option has one result, in its place": "the options and their results do not match",
    "nothing of a result that is kept back is shown": "something of a result that is kept back is shown",
    "so few ballots are kept back": "ballots are shown of which so few count that they are to be kept back",
    "nothing of a withheld result is shown": "something of a withheld result is shown",
    "the round has its tally sheet": "the round has no tally sheet",
    "the poll froze when its first round opened": "the poll is not as it froze when its first round opened",
    "the round is as its sheet has it": "the round is not as its sheet has it",
    "what changed is on record": "something changed between the rounds that is not on record",
    "every ballot has a receipt of its own": "receipts are missing, doubled, of no form, or in another order",
    "every ballot could have been cast": "a ballot could not have been cast",
    "every ballot says what is counted": "a ballot says something else than what is counted",
    "the people add up": "the people do not add up",
    "the columns": "the columns are not those of this table",
}
# What stands in a difference beside a field that is too much.
UNKNOWN = "no such field"
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
    # Signed, by a key of which only the bundle itself says whose it is.
    UNCONFIRMED = "unconfirmed"
    NOT_SIGNED = "not signed"


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


def check(file: str, what: str, differences: Iterable[Difference], *, otherwise: str = "", poll: str = "",
          statement: str = "") -> Finding:
    """The finding that follows from what differs: nothing, and it holds. `what` says so in words, and `otherwise`
    says what was found instead."""
    found = tuple(differences)
    status = Status.DIFFERS if found else Status.HOLDS
    said = (otherwise or NOT_SO.get(what) or f"this does not hold: {what}") if found else what
    return Finding(file=file, what=said, status=status, poll=poll, statement=statement,
                   differences=found[:MOST_DIFFERENCES])


def same(where: str, said: Any, counted: Any) -> list[Difference]:
    """Nothing where both are equal and of one type, else the difference. True is not 1 here."""
    if said == counted and isinstance(said, bool) == isinstance(counted, bool):
        return []
    return [Difference(where=where, said=said, counted=counted)]


def inside(where: str, name: str) -> str:
    """The place of a field in an object that stands at `where`; a name that is no plain word stands in quotes, its
    letters spelled out where they may look like others."""
    if name.isidentifier() and name.isascii():
        return f"{where}.{name}" if where else name
    return f"{where}[{json.dumps(name)}]"


def holds(findings: Iterable[Finding]) -> bool:
    """Whether nothing differs."""
    return all(finding.status is not Status.DIFFERS for finding in findings)


def visible(text: str) -> str:
    """The same on one line of a terminal, where nothing of it can look like another line, move or hide one."""
    return "".join(f"<U+{ord(sign):04X}>" if unicodedata.category(sign) in _UNSEEN else sign for sign in text)
