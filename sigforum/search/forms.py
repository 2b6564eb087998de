"""What the address of a search says: the words, a forum session, a kind, a page."""

from collections.abc import Mapping
from dataclasses import dataclass

from sigforum.search.domain import Kind, Wanted, parse_wanted

LAST_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of the search. Unknown sessions and kinds find nothing, and the page offers to clear them."""

    wanted: Wanted
    code: str = ""
    kind: str = ""
    page: int = 1

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that are asked for."""
        return frozenset(kind for kind in Kind if self.kind in ("", kind))


def parse_question(query: Mapping[str, str]) -> Question:
    """Read an address; nothing in it is an error."""
    page = query.get("page", "")
    return Question(
        wanted=parse_wanted(query.get("q", "")), code=query.get("session", ""), kind=query.get("kind", ""),
        page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 9 else 1)
