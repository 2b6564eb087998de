"""What a report is made of: headings, paragraphs, tables, charts and quotations that every format sets its own way."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

from sigforum.summaries.document.said import Said


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading; level 1 is the forum session. `key` is what links lead to."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Sentences with an optional lead-in; `look` is body, lead, answer, verdict or fine. `verdict` is the rule's word
    that the label says, where it says one."""

    kind: ClassVar[str] = "paragraph"
    text: str
    label: str = ""
    look: str = "body"
    verdict: str = ""


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of texts under a header row; the columns named in `words` hold words, the others numbers."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset({0})
    has_total: bool = False

    @property
    def shares(self) -> tuple[int, ...]:
        """How wide each column is on paper, in percent: by its longest text, so that the page is measured once and
        not by setting every cell to see how far it would go."""
        wanted = [_width([name, *(row[place] for row in self.rows)]) for place, name in enumerate(self.columns)]
        return tuple(max(1, int(100 * one / sum(wanted))) for one in wanted)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing as SVG that says in words what it shows, and the same numbers for formats without drawings."""

    kind: ClassVar[str] = "chart"
    svg: str
    caption: str
    numbers: Table
    # A chart of one statement is half a page wide; one of a whole meeting takes all of it.
    is_wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Somebody's own words (Markdown) with a byline, set as prominently as what they answer."""

    kind: ClassVar[str] = "quote"
    text: str
    byline: str


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Something that was said, so many replies deep."""

    kind: ClassVar[str] = "speech"
    said: Said
    byline: str
    when: str
    note: str
    depth: int


Block = Heading | Paragraph | Bullets | Table | Chart | Quote | Speech


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One slide: texts and quotations one under the other, or one table or chart; `notes` are for the speaker."""

    title: str
    blocks: tuple[Block, ...]
    notes: str = ""


def _width(texts: Sequence[str]) -> float:
    """In letters, with the room between columns: the longest word at least, and of long texts the root."""
    longest_word = max(map(len, " ".join(texts).split()), default=1)
    longest = max(map(len, texts[1:]), default=1)
    return max(min(longest_word, 24), min(longest, 6 * sqrt(longest), 70)) + 4
