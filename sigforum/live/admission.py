"""Who may open a connection, and how many: asked before anything is kept of it.

A connection costs an open file and some memory for as long as it lasts, so a stranger gets none, and nobody gets them
all. The limits are far above what people do: a venue of 500 behind one address, with two pages each, that lost its
network and came back before the old connections were found dead, has 2,000.
"""

import logging
import resource
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sigforum.kernel.words import wait_text

# Two pages on two devices are four; a phone that changes networks leaves one dead connection each time for 40 s.
MOST_OF_A_PERSON = 40
# How often a connection is asked whether it lives, and how long it may take to answer.
PING_SECONDS, PING_ANSWERED = 20, 20
MOST_OF_AN_ADDRESS = 4_000
# Open files that are no connections of pages: the database, the log, plain requests.
RESERVED_FILES = 150

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visitor:
    """Who knocks: the token of their browser, the person, and the network address."""

    token: str
    person_id: int
    address: str


@dataclass(frozen=True)
class Refused:
    """Why nobody is let in, as an HTTP status and a sentence, and after how many seconds it may be otherwise."""

    status: str
    message: str
    seconds: int | None = None


SIGN_IN = Refused("401 Unauthorized", "Sign in first.")
# A connection that broke without a word is found dead by then; until then it counts.
FOUND_DEAD = PING_SECONDS + PING_ANSWERED
TOO_MANY_PAGES = Refused(
    "429 Too Many Requests", f"You have {MOST_OF_A_PERSON} pages open here. Close some of them; where a network "
    f"failed, try again in {wait_text(FOUND_DEAD)}.", FOUND_DEAD)
TOO_MANY_HERE = Refused(
    "429 Too Many Requests", "Too many pages are open behind your network's address. Where the network failed, try "
    f"again in {wait_text(FOUND_DEAD)}.", FOUND_DEAD)
FULL = Refused(
    "503 Service Unavailable", "The server holds as many connections as it can. Where a network failed, try again in "
    f"{wait_text(FOUND_DEAD)}.", FOUND_DEAD)


@dataclass
class Admission:
    """The connections of this process, by whose they are. `identify` reads a request's cookie and the database."""

    identify: Callable[[Mapping[str, Any]], tuple[str, int] | None]
    inside: dict[str, Visitor] = field(default_factory=dict)
    by_person: Counter[int] = field(default_factory=Counter)
    by_address: Counter[str] = field(default_factory=Counter)

    def knock(self, environ: Mapping[str, Any]) -> Visitor | Refused:
        """Who may come in now."""
        if len(self.inside) >= most_connections():
            logger.warning("%s connections are open, and the limit of open files allows no more", len(self.inside))
            return FULL
        address = str(environ.get("REMOTE_ADDR", ""))
        if self.by_address[address] >= MOST_OF_AN_ADDRESS:
            return TOO_MANY_HERE
        found = self.identify(environ)
        if found is None:
            return SIGN_IN
        token, person_id = found
        if self.by_person[person_id] >= MOST_OF_A_PERSON:
            return TOO_MANY_PAGES
        return Visitor(token, person_id, address)

    def came(self, sid: str, visitor: Visitor) -> None:
        """A connection was opened."""
        self.inside[sid] = visitor
        self.by_person[visitor.person_id] += 1
        self.by_address[visitor.address] += 1

    def went(self, sid: str) -> None:
        """A connection ended; of one that never came nothing is known."""
        visitor = self.inside.pop(sid, None)
        if visitor is None:
            return
        _less(self.by_person, visitor.person_id)
        _less(self.by_address, visitor.address)


def most_connections() -> int:
    """How many pages this process can hold: as many as the system lets it open files, less what else it opens."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(soft - RESERVED_FILES, 20) if soft != resource.RLIM_INFINITY else 1_000_000


def _less(counter: Counter[Any], key: Any) -> None:
    counter[key] -= 1
    # Only those who are here are remembered.
    if not counter[key]:
        del counter[key]
