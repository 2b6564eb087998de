"""What one published version says differently from another, line by line."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from sigforum.summaries.blocks import Block, Bullets, Chart, Heading, Paragraph, Quote, Speech, Table
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.sections import chapters


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A place where the versions differ: the heading it stands under, what went and what came."""

    place: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def differences(old: SummaryDocument, new: SummaryDocument) -> list[Difference]:
    """Every change in reading order. What only says which version it is (numbers of events, hashes) is left out."""
    before, after = list(_lines(old)), list(_lines(new))
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    found = []
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if kind == "equal":
            continue
        place = (after[from_new:] or before[from_old:])[0][0]
        found.append(Difference(place=place, removed=tuple(text for _, text in before[from_old:to_old]),
                                added=tuple(text for _, text in after[from_new:to_new])))
    return found


def _lines(document: SummaryDocument) -> Iterator[tuple[str, str]]:
    """(heading, line) of everything that is printed, without the provenance."""
    heading = ""
    for chapter in chapters(document):
        for part in chapter.parts:
            if part.section.name == "provenance":
                continue
            for block in part.blocks:
                if isinstance(block, Heading):
                    heading = block.text
                for text in _texts(block):
                    yield heading, text


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Paragraph):
        # The line that names the edition differs in every version and says nothing else.
        if not block.text.startswith("Version "):
            yield f"{block.label} {block.text}".strip()
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Table):
        yield from (" · ".join(row) for row in block.rows)
    elif isinstance(block, Chart):
        yield from _texts(block.numbers)
    elif isinstance(block, Quote):
        yield f"“{block.text}” {block.byline}"
    elif isinstance(block, Speech):
        yield f"{block.byline}: {block.said.text}"
