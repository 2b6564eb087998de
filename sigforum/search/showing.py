"""One page of hits, as its template gets it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sigforum.search.domain import KIND_WORDS, Kind, Piece, Wanted, places, snippet
from sigforum.search.finding import Found, Hit
from sigforum.search.forms import Question
from sigforum.threads.text import plain_text

HITS_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class ShownHit:
    """A hit with the part of its text that is shown. `opens` is the heading above it, where its kind begins here."""

    hit: Hit
    pieces: Sequence[Piece]
    opens: str = ""


@dataclass(frozen=True, kw_only=True)
class ShownPage:
    """What the page of results shows. `total` counts the kinds that were asked for, `counts` all of them."""

    hits: Sequence[ShownHit]
    total: int
    counts: Mapping[Kind, int]
    number: int
    pages: int
    # Kinds of which there are older hits than those that were looked at.
    more: frozenset[Kind]


def shown_page(found: Found, question: Question) -> ShownPage:
    """The hits of one page. Whoever asks for a page behind the last gets the last."""
    hits = [hit for hit in found.hits if hit.kind in question.kinds]
    pages = max(1, -(-len(hits) // HITS_A_PAGE))
    number = min(question.page, pages)
    shown: list[ShownHit] = []
    for hit in hits[(number - 1) * HITS_A_PAGE:number * HITS_A_PAGE]:
        # Between two long texts others have their turn.
        time.sleep(0)
        is_first = not shown or shown[-1].hit.kind is not hit.kind
        shown.append(ShownHit(hit=hit, pieces=pieces(hit, question.wanted),
                              opens=KIND_WORDS[hit.kind] if is_first else ""))
    return ShownPage(hits=shown, total=len(hits), counts=found.counts, number=number, pages=pages,
                     more=found.more & question.kinds)


def pieces(hit: Hit, wanted: Wanted) -> Sequence[Piece]:
    """The part of a hit's text that holds what was looked for, with its marks; the beginning where the words stand in
    the address of a link alone."""
    text = plain_text(hit.text) if hit.is_markdown else " ".join(hit.text.split())
    return snippet(text, places(text, wanted))
