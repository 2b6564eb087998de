"""Markdown: for a wiki, or for editing before it goes to a journal."""

from collections.abc import Iterator, Sequence

from sigforum.summaries.blocks import Block, Bullets, Chart, Heading, Paragraph, Quote, Speech, Table
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.summaries.markdown_words import markdown_line, markdown_quote
from sigforum.summaries.outline import dates_text
from sigforum.summaries.registry import SummaryFormat
from sigforum.summaries.sections import chapters


def write(summary: Summary) -> bytes:
    """One Markdown file; every forum session begins with a heading of the first level."""
    summary = drawable(summary)
    found = []
    if len(summary.documents) != 1:
        dates = dates_text(summary)
        found.append(f"*{markdown_line(summary.title)}*" + (f" · {dates}" if dates else ""))
    found += [text for chapter in chapters(summary) for block in chapter.blocks for text in _texts(block)]
    return ("\n\n".join(found) + "\n").encode()


def _texts(block: Block) -> Iterator[str]:
    """A block as the pieces between which blank lines stand."""
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {markdown_line(block.text)}"
    elif isinstance(block, Paragraph):
        yield _paragraph(block)
    elif isinstance(block, Bullets):
        yield "\n".join(f"{f'{number}.' if block.is_numbered else '-'} {markdown_line(item)}"
                        for number, item in enumerate(block.items, start=1))
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Chart):
        yield markdown_line(block.caption)
        yield from _table(block.numbers)
    elif isinstance(block, Quote):
        yield f"{markdown_quote(block.text)}\n>\n> {markdown_line(block.byline)}"
    else:
        yield _speech(block)


def _paragraph(block: Paragraph) -> str:
    text = markdown_line(block.text)
    if block.look == "lead":
        return f"*{text}*"
    return f"**{markdown_line(block.label)}** {text}".rstrip() if block.label else text


def _table(block: Table) -> Iterator[str]:
    yield markdown_line(block.caption)
    rules = ["---" if place in block.words else "---:" for place in range(len(block.columns))]
    yield "\n".join([_row(block.columns), "| " + " | ".join(rules) + " |", *map(_row, block.rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(markdown_line, cells)) + " |"


def _speech(block: Speech) -> str:
    """A response under its byline, in a quotation as deep as it answers."""
    mark = "> " * block.depth
    lines = [f"**{markdown_line(block.byline)}** ({markdown_line(block.when)})"]
    if block.note:
        lines += ["", markdown_line(block.note)]
    if block.said.state == "standing":
        lines += ["", *markdown_quote(block.said.text).split("\n")]
    return "\n".join((mark + line).rstrip() for line in lines)


FORMAT = SummaryFormat(
    name="markdown", label="Markdown", extension="md", mimetype="text/markdown",
    description="For a wiki, or for editing before it goes to a journal.", write=write)
