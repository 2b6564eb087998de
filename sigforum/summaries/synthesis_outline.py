"""The synthesis of a meeting as sections: consensus by theme, priorities, contradictions, participation."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sigforum.kernel.excerpts import shortened
from sigforum.summaries.blocks import Block, Heading, Paragraph, Slide, Table
from sigforum.summaries.columns import OUTCOME_COLUMNS, OUTCOMES, SESSION, DataTable, count, number, words
from sigforum.summaries.document.summary import MeetingSummary
from sigforum.summaries.document.synthesis import Contradiction, MeetingPriority, Presence, Synthesis
from sigforum.summaries.heat import heat_chart
from sigforum.summaries.wording import everybody_text
from sigforum.web.rendering import plural

# The first ranks of each session; the rest stands in the workbook and the tables.
SHOWN = 3
_SLIDE_ROWS = 8


def themes(summary: MeetingSummary) -> Iterator[Block]:
    """Where consensus was reached."""
    found = summary.synthesis
    if found is None:
        return
    yield Heading(level=2, text="Consensus by theme and modality")
    if not found.cells:
        yield Paragraph(text="There is no session on the agenda.")
        return
    yield heat_chart(found)
    if found.unrevealed:
        yield Paragraph(look="fine", text=f"{plural(found.unrevealed, 'poll')} not revealed yet "
                                          f"{'is' if found.unrevealed == 1 else 'are'} not counted.")


def priorities(summary: MeetingSummary) -> Iterator[Block]:
    """What comes first in each session; sessions of different size are not ranked against each other."""
    if summary.synthesis is None:
        return
    yield Heading(level=2, text="First priorities of each session")
    found = first_priorities(summary.synthesis)
    if not found:
        yield Paragraph(text="No points were laid, or none are revealed.")
        return
    yield _priority_table(found)
    left = len(summary.synthesis.priorities) - len(found)
    if left:
        yield Paragraph(look="fine", text=f"{plural(left, 'further response')} with points "
                                          f"{'stands' if left == 1 else 'stand'} in the sessions and in the workbook.")


def first_priorities(found: Synthesis) -> list[MeetingPriority]:
    """The first of each session; whoever shares the last rank shown is shown too."""
    return [item for item in found.priorities if item.rank <= SHOWN]


def contradictions(summary: MeetingSummary) -> Iterator[Block]:
    """Where sessions contradict each other."""
    if summary.synthesis is None:
        return
    found = summary.synthesis.contradictions
    yield Heading(level=2, text="Where sessions contradict each other")
    if not found:
        yield Paragraph(text="No two statements with the same or similar wording were judged in opposite ways.")
        return
    yield Paragraph(look="fine", text=(
        "Only statements with consensus for or against are compared. Similar wording is found by shared words and "
        "counts words of negation; whether two statements mean the same, people must judge."))
    yield Table(caption="Statements that do not go together.", words=frozenset(range(4)),
                columns=("Session", "Statement", "Verdict", "Wording"), rows=tuple(_contradiction_rows(found)))


def participation(summary: MeetingSummary) -> Iterator[Block]:
    """Who was invited to the meeting."""
    if summary.synthesis is None:
        return
    found = summary.synthesis.presence
    yield Heading(level=2, text="Participation over the meeting")
    yield presence_table(found)
    if found.outcomes_text:
        yield Paragraph(look="fine", text=everybody_text(found))
    yield Paragraph(look="fine", text=(
        f"{plural(found.responses, 'response')} and {plural(found.replies, 'reply', 'replies')} stand in all sessions. "
        + ("Groups are joined wherever this table, less that of a session, would speak of one or two people."
           if found.groups else "The stakeholder groups are too small to be counted apart, or would be found by "
                                "subtracting the table of a session.")))


def presence_table(found: Presence) -> Table:
    """Invited and accepted by stakeholder group; the last row is everybody."""
    rows = [(group.label, str(group.invited), str(group.accepted)) for group in found.groups]
    return Table(caption="Participants of the meeting.", columns=("Group", "Invited", "Accepted"), has_total=True,
                 rows=(*rows, ("All", str(found.invited), str(found.accepted))))


def _priority_table(found: list[MeetingPriority]) -> Table:
    return Table(
        caption="The first of each session’s own ranking; the share is of what its voters could lay. Sessions "
                "differ in people and responses, so that none is "
                "ranked against another.",
        columns=("Session", "Rank", "Response", "Points", "Share", "Voters"), words=frozenset({0, 2}),
        rows=tuple((item.code, str(item.rank), item.text, f"{item.points} of {item.available}",
                    f"{item.percent:.1f} %", str(item.voters)) for item in found))


def _contradiction_rows(found: tuple[Contradiction, ...]) -> Iterator[tuple[str, ...]]:
    for pair in found:
        wording = "The same" if pair.is_same_wording else (
            f"Similar ({pair.likeness_percent:.0f} % of the words), please check")
        for side in (pair.first, pair.second):
            yield side.code, side.text, side.label.capitalize(), wording


def theme_slides(summary: MeetingSummary) -> Iterator[Slide]:
    """The map."""
    found = summary.synthesis
    if found is not None and found.cells:
        chart = heat_chart(found)
        yield Slide(title="Where the sessions agree", blocks=(chart,), notes="\n".join(
            ": ".join(row) for row in chart.numbers.rows))


def priority_slides(summary: MeetingSummary) -> Iterator[Slide]:
    """The first of each session, on as many slides as it takes."""
    found = first_priorities(summary.synthesis) if summary.synthesis else []
    for start in range(0, len(found), _SLIDE_ROWS):
        shown = found[start:start + _SLIDE_ROWS]
        yield Slide(title="What comes first in each session", blocks=(_priority_table([
            replace(item, text=shortened(item.text, 16)) for item in shown]),),
                    notes="\n".join(f"{item.code}, {item.rank}: {item.text} ({item.points} of {item.available} "
                                    f"points)" for item in shown))


def contradiction_slides(summary: MeetingSummary) -> Iterator[Slide]:
    """The pairs, as far as a slide holds them."""
    blocks = list(contradictions(summary))
    table = next((block for block in blocks if isinstance(block, Table)), None)
    if table is not None:
        yield Slide(title="Where sessions contradict each other", blocks=(table,),
                    notes="\n".join(" · ".join(row) for row in table.rows))


def participation_slides(summary: MeetingSummary) -> Iterator[Slide]:
    """The participants."""
    if summary.synthesis is not None:
        yield Slide(title="Who took part in the meeting", blocks=(presence_table(summary.synthesis.presence),))


def _theme_rows(summary: MeetingSummary) -> Iterator[tuple[Any, ...]]:
    for cell in summary.synthesis.cells if summary.synthesis else ():
        yield ("", f"{cell.theme} / {cell.modality}", cell.theme, cell.modality, "; ".join(cell.sessions),
               len(cell.sessions), cell.judged, cell.consensus, cell.consensus_for, cell.consensus_against)


def _priority_rows(summary: MeetingSummary) -> Iterator[tuple[Any, ...]]:
    for item in summary.synthesis.priorities if summary.synthesis else ():
        yield (item.code, item.key, item.rank, item.text, item.points, item.available, item.percent, item.voters)


def _pair_rows(summary: MeetingSummary) -> Iterator[tuple[Any, ...]]:
    for place, pair in enumerate(summary.synthesis.contradictions if summary.synthesis else (), start=1):
        for side in (pair.first, pair.second):
            yield (side.code, f"{place} {side.line}", place, side.line, side.text, side.verdict,
                   pair.is_same_wording, pair.likeness_percent)


def _presence_rows(summary: MeetingSummary) -> Iterator[tuple[Any, ...]]:
    if summary.synthesis is not None:
        found = summary.synthesis.presence
        for group in found.groups:
            yield "", group.label, group.invited, group.accepted, *[None] * len(OUTCOMES)
        yield "", "All", found.invited, found.accepted, *(getattr(found, name) for name, _ in OUTCOMES)


THEMES: DataTable[MeetingSummary] = DataTable(name="Themes", section="theme", rows=_theme_rows, columns=(
    SESSION, words("item", "Theme and modality", 40), words("theme", "Theme on the agenda", 24),
    words("modality", "Modality on the agenda", 24), words("sessions", "Codes of the sessions", 18),
    count("sessions_count", "How many sessions"), count("judged", "Statements that a rule judged"),
    count("consensus", "Of these, with consensus for or against"), count("consensus_for", "With consensus for"),
    count("consensus_against", "With consensus against")))
PRIORITIES: DataTable[MeetingSummary] = DataTable(
    name="Meeting priorities", section="meeting_priority", rows=_priority_rows, columns=(
        SESSION, words("response", "Key of the response", 10), count("rank", "Place in its session, shared by ties"),
        words("begins", "How the response begins", 60), count("points", "Points laid on it"),
        count("available", "Points that the voters of its session could lay"),
        number("percent", "Points as a share of those, in percent", "0.0"), count("voters", "People who laid points")))
PAIRS: DataTable[MeetingSummary] = DataTable(
    name="Contradictions", section="contradiction", rows=_pair_rows, columns=(
        SESSION, words("item", "Number of the pair and key of the statement", 14), count("pair", "Number of the pair"),
        words("statement", "Key of the statement", 10), words("text", "The statement as voted on", 60),
        words("verdict", "What its rule says", 20), words("is_same_wording", "no: similar words, to be checked", 10),
        number("likeness_percent", "Share of words in common", "0.0")))
PRESENCE: DataTable[MeetingSummary] = DataTable(
    name="Meeting participation", section="meeting_participation", rows=_presence_rows, columns=(
        SESSION, words("group", "Stakeholder group that may be counted apart, or all", 24),
        count("invited", "People invited to the meeting"), count("accepted", "People who ever accepted"),
        *OUTCOME_COLUMNS))
