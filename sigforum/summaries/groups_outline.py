"""What is told of groups, as blocks: the cross-tabulation by stakeholder group, and groups found in the votes."""

from collections.abc import Iterator

from sigforum.groups.domain import product_text
from sigforum.summaries.blocks import Block, Chart, Heading, Paragraph, Table
from sigforum.summaries.columns import SESSION, DataTable, number, words
from sigforum.summaries.document.groups import FoundGroups, GroupsLine, PollGroups
from sigforum.summaries.document.polls import PollSummary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.printing import drawing
from sigforum.web.rendering import plural

HELD_BACK = ("Groups of fewer than three voters stand together. No number under three is told, but that nobody of "
             "any group did, nor one that others would give away; words or nothing stand in its place. “Over groups” "
             "is the product of each group’s (count + 1)/(voters + 2), taken from what is printed: low where one "
             "group stands apart.")
EXPLORATORY = ("Found in the votes alone, and exploratory: nobody is told who is in which group, and other methods "
               "would draw other lines.")


def groups(document: SummaryDocument) -> Iterator[Block]:
    """The whole section; nothing where no poll tells of groups."""
    found = [(poll, poll.groups) for poll in document.polls if poll.groups is not None]
    if not found:
        return
    yield Heading(level=2, text="Groups")
    for poll, told in found:
        yield Heading(level=3, text=poll.title, key=f"{poll.key}-groups")
        yield from _declared(poll, told)
        if told.found is not None:
            yield from _found(told.found, poll)


def _declared(poll: PollSummary, told: PollGroups) -> Iterator[Block]:
    if told.refused:
        yield Paragraph(text=told.refused, look="fine")
    if not told.lines:
        return
    columns = ("Statement", *(f"{one.label} ({plural(one.voters, 'voter')})" for one in told.groups), "All",
               "Over groups")
    yield Table(
        caption=f"How many of each stakeholder group {told.counted}: {poll.title}", columns=columns,
        rows=tuple((line.text, *_cells(line), str(line.count), product_text(line.shared)) for line in told.lines),
        words=frozenset({0}))
    yield Paragraph(text=HELD_BACK, look="fine")


def _found(found: FoundGroups, poll: PollSummary) -> Iterator[Block]:
    yield Heading(level=4, text="Groups found in the votes")
    yield Paragraph(text=EXPLORATORY, look="fine")
    if found.refused or not found.groups:
        yield Paragraph(text=found.refused or found.text, look="fine")
        return
    yield Paragraph(text=" ".join(filter(None, [found.text, f"{found.chance[:1].upper()}{found.chance[1:]}."
                                                if found.chance else ""])), look="fine")
    sizes = Table(caption=f"Opinion groups: {poll.title}", columns=("Group", "People"),
                  rows=tuple((one.name, str(one.people)) for one in found.groups), words=frozenset({0}))
    if found.drawn:
        yield Chart(svg=drawing("_charts.html", "opinion_drawing", found.drawn), numbers=sizes,
                    caption="People who voted alike stand near each other. The axes have no meaning of their own.")
    else:
        yield sizes
    yield Table(caption="What sets each group apart.", columns=("Group", "Statement", "Votes"),
                words=frozenset({0, 1, 2}), rows=tuple(
                    (one.name, said.text, said.words) for one in found.groups for said in one.statements))
    yield Table(caption="Agreement over these groups, most agreed first.", columns=("Statement", "Agreement"),
                words=frozenset({0, 1}), rows=tuple((said.text, said.words) for said in found.shared))


def _cells(line: GroupsLine) -> tuple[str, ...]:
    """The counts by group. Where nobody at all did, nobody of any group did, and there is nothing to keep back."""
    return line.cells if line.count else ("0",) * len(line.cells)


def _rows(document: SummaryDocument) -> Iterator[tuple[object, ...]]:
    for poll in document.polls:
        for line in poll.groups.lines if poll.groups else ():
            for size, cell in zip(poll.groups.groups if poll.groups else (), line.cells, strict=True):
                yield (document.forum_session.code, f"{line.key}/{size.label}", poll.key, line.text, size.label,
                       size.voters, cell, line.shared)


GROUP_TABLE: DataTable[SummaryDocument] = DataTable(
    name="By group", section="by_group", rows=_rows, part_of=2, columns=(
        SESSION, words("cell", "Key of the statement and the group"), words("poll", "Key of the poll"),
        words("statement", "The statement", 40), words("group", "The stakeholder group"),
        number("voters", "How many of the group voted", "0"),
        words("count", "How many of them, as far as it is told"),
        number("shared", "Product over the groups; empty where a cell is held back", "0.0000")))
