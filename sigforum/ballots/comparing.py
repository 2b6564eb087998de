"""Reads out of an agenda that a forum session compares several things on criteria it names itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sigforum.ballots.kinds.matrix import LONGEST_CRITERION, MOST_CRITERIA

FEWEST_OPTIONS = 3
TITLE = "Where does each lead, and where does it lag?"
_LIST = re.compile(r"\bcriteria, including\s+([^:;?.]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What is compared, and on what."""

    options: tuple[str, ...]
    criteria: tuple[str, ...]


def comparison_in(modalities: Sequence[str], questions: Sequence[str]) -> Comparison | None:
    """The comparison that the first of a session's questions asks for, if it has three or more modalities."""
    options = tuple(dict.fromkeys(modalities))
    criteria = criteria_in(questions[0]) if questions else ()
    if len(options) < FEWEST_OPTIONS or not criteria:
        return None
    return Comparison(options=options, criteria=criteria)


def criteria_in(question: str) -> tuple[str, ...]:
    """The items after "criteria, including", up to the end of that phrase; none where it lists fewer than two.

    Items are parted by commas alone, so that "access and reimbursement" stays one; a last "and" goes.
    """
    found = _LIST.search(question)
    items = [" ".join(item.split()) for item in found[1].split(",")] if found else []
    criteria = tuple(dict.fromkeys(name for item in items if (name := re.sub(r"^and\s+", "", item))))
    fits = 2 <= len(criteria) <= MOST_CRITERIA and max(map(len, criteria)) <= LONGEST_CRITERION
    return criteria if fits else ()
