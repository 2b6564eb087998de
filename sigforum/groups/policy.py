"""Whether groups of a round may be told of, and whether they are looked for in the votes."""

from collections.abc import Mapping
from typing import Any

from sigforum.ballots.domain import Secrecy
from sigforum.consensus.group_consensus import uses_opinion_groups
from sigforum.groups.domain import ALWAYS, BY_SIZE

# The kind whose votes groups are found in.
FOUND_IN = "agree"


def has_declared(*, secrecy: str) -> bool:
    """Whether a round is counted by stakeholder group. Secret ballots belong to nobody, and so to no group."""
    return secrecy != Secrecy.SECRET


def looks_for_groups(*, kind: str, settings: Mapping[str, Any], voted: int) -> bool:
    """Whether groups are looked for in the votes: from 40 people up, or where the poll's setting asks for it."""
    chosen = settings.get("groups", BY_SIZE)
    return kind == FOUND_IN and (chosen == ALWAYS or (chosen == BY_SIZE and uses_opinion_groups(voted)))


def shows_dots(*, secrecy: str, attribution: str) -> bool:
    """Whether the map may have a dot for each person. Nameless as it is, whoever remembers the own ballot would find
    their neighbours; where nobody may be told apart there are outlines alone."""
    return secrecy != Secrecy.SECRET and attribution != "chatham"
