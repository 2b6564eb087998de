"""What was asked, voted and said in a forum session, as blocks in reading order."""

from collections.abc import Iterator

from sigforum.summaries.blocks import Block, Bullets, Chart, Heading, Paragraph, Speech, Table
from sigforum.summaries.document.people import Participation
from sigforum.summaries.document.polls import PollLine, PollSummary, Turnout
from sigforum.summaries.document.said import QuestionSummary, Said
from sigforum.summaries.document.summary import Summary, SummaryDocument
from sigforum.summaries.printing import histogram
from sigforum.summaries.rounds_outline import rounds_table, untold_texts, whole_texts
from sigforum.summaries.wording import (
    SECRECY_TEXTS,
    VISIBILITY_TEXTS,
    attribution_text,
    byline_text,
    everybody_text,
    gist,
    moment_text,
    moved_text,
    open_text,
    place_facts,
    points_text,
    posted_text,
    unrevealed_text,
)
from sigforum.web.rendering import date_range, plural, said_text

MOST_FIGURES = 6


def dates_text(summary: Summary) -> str:
    """When the meeting was; empty where nobody said."""
    meeting = summary.meeting
    return date_range(meeting.start_on, meeting.end_on) if meeting.start_on else ""


def head(document: SummaryDocument, *, key: str) -> Iterator[Block]:
    """What was discussed, where it stands in the meeting, and how many took part."""
    facts = document.forum_session
    yield Heading(level=1, text=document.title, key=key)
    if document.meeting.is_sample:
        yield Paragraph(label="Sample data.", look="fine",
                        text="Invented people, invented discussion; nobody holds the views below.")
    yield Paragraph(text=" · ".join(filter(None, [document.meeting.title, dates_text(document), *place_facts(facts)])),
                    look="fine")
    if document.central_question is not None:
        yield Paragraph(text=document.central_question.text, look="lead")
    counts = document.participation
    yield Paragraph(look="fine", text=" · ".join([
        f"{counts.invited} invited", f"{counts.accepted} accepted",
        *(f"{people} {words}" for words, people in counts.outcomes), plural(counts.responses, "response"),
        plural(counts.replies, "reply", "replies")]))


def provenance(document: SummaryDocument) -> Iterator[Block]:
    """What the numbers rest on."""
    yield Heading(level=2, text="Provenance")
    yield provenance_table(document)


def statement_numbers(document: SummaryDocument) -> dict[str, int]:
    """The number of each statement by its key; counted through all polls, as the page does."""
    keys = [f"{poll.key} {line.key}" for poll in document.polls for line in poll.lines]
    return {key: number for number, key in enumerate(keys, start=1)}


def turnout_text(turnout: Turnout) -> str:
    """Who could answer and who did."""
    parts = [f"{turnout.invited} invited", f"{turnout.recused} recused"]
    if turnout.outside_expertise is not None:
        parts.append(f"{turnout.outside_expertise} outside their expertise")
    if turnout.abstained is not None:
        parts.append(f"{turnout.abstained} abstained")
    return f"{turnout.answered} of {turnout.entitled} entitled people answered ({', '.join(parts)})."


def rounds_texts(poll: PollSummary, *, is_frozen: bool) -> list[str]:
    """Each round in one sentence; a version that was published says of an open one when it was so."""
    found = []
    for asked in poll.rounds:
        parts = [f"Round {asked.number}: opened {moment_text(asked.opened_at)}",
                 f"closed {moment_text(asked.closed_at)}" if asked.closed_at else open_text(is_frozen=is_frozen),
                 f"{asked.answered} of {asked.entitled} answered"]
        if asked.late:
            parts.append(f"{asked.late} too late and not counted")
        if asked.number > 1:
            parts.append("after seeing the group’s earlier result" if asked.had_feedback
                         else "without seeing the earlier result")
        found.append(", ".join(parts) + ".")
    return found


def kind_text(poll: PollSummary) -> str:
    """The kind of ballot, with the words at the ends of its scale and what else its settings mean."""
    scale = poll.scale
    ends = f"{scale.minimum} ({scale.low_label}) to {scale.maximum} ({scale.high_label})" if scale else ""
    return ", ".join(filter(None, [poll.kind_label, ends, poll.settings_text]))


def is_list_of_options(poll: PollSummary) -> bool:
    """Whether the lines are options to compare in one table, and no statements with results of their own."""
    return not any(line.verdict or line.distribution or line.texts for line in poll.lines)


def provenance_table(document: SummaryDocument) -> Table:
    """What the numbers rest on, and how to check it."""
    found = document.provenance
    newest = f"number {found.event_number}, {moment_text(found.event_at)}" if found.event_at else "none yet"
    rows = [("Newest event", newest), ("Inputs", f"sha256 {found.inputs_sha256}"),
            *((f"Frozen poll “{poll.title}”", f"sha256 {poll.frozen_sha256}") for poll in document.polls),
            ("Intervals", "95 %, Wilson score, as if of a random sample"), ("Software", found.software)]
    return Table(caption="How to check the numbers.", columns=("What", "Value"), rows=tuple(rows),
                 words=frozenset({0, 1}))


def polls(document: SummaryDocument) -> Iterator[Block]:
    """Each poll with its terms, its rounds and its result."""
    yield Heading(level=2, text="Polls and verdicts")
    if not document.polls:
        yield Paragraph(text="No poll was opened in this session.")
    numbers = statement_numbers(document)
    for poll in document.polls:
        yield Heading(level=3, text=poll.title, key=poll.key)
        yield from _terms(poll, is_frozen=document.is_frozen)
        if not poll.is_revealed:
            yield Paragraph(text=unrevealed_text(document))
            yield Bullets(items=poll.statements, is_numbered=True)
        elif not poll.lines:
            yield Paragraph(text="Nothing was answered.")
        elif is_list_of_options(poll):
            yield _options_table(poll, numbers)
        else:
            for line in poll.lines:
                yield from _statement(poll, line, number=numbers[f"{poll.key} {line.key}"])
            yield from (Paragraph(text=text, look="fine") for text in (*whole_texts(poll), *untold_texts(poll)))


def _terms(poll: PollSummary, *, is_frozen: bool) -> Iterator[Block]:
    yield Paragraph(label="Ballot.", look="fine",
                    text=f"{kind_text(poll)}. {VISIBILITY_TEXTS[poll.visibility]} {SECRECY_TEXTS[poll.secrecy]}")
    if poll.rule:
        yield Paragraph(label="Rule, declared before the first vote.", text=poll.rule, look="fine")
    if poll.earlier_rule:
        yield Paragraph(text=poll.earlier_rule, look="fine")
    for text in rounds_texts(poll, is_frozen=is_frozen):
        yield Paragraph(text=text, look="fine")
    yield Paragraph(label="Turnout.", text=turnout_text(poll.turnout), look="fine")
    rounds = rounds_table(poll)
    if rounds is not None:
        yield rounds
    for moved in poll.movements:
        yield Paragraph(label=f"Who moved to round {moved.to_round}, counts only.", look="fine",
                        text=f"“{moved.text}”: {moved_text(moved)}")
    for made in poll.deviations:
        yield Paragraph(label=f"Deviation from round {made.from_round} on.", look="fine",
                        text=f"{made.what} was “{made.before}” and became “{made.after}”. Reason: {made.reason}")
    # A rule says itself what came out; a kind without one says it in its own sentence.
    if poll.text and not poll.rule:
        yield Paragraph(text=poll.text)


def _options_table(poll: PollSummary, numbers: dict[str, int]) -> Table:
    columns = tuple(figure.label for figure in poll.lines[0].figures)
    return Table(
        caption=f"Result of round {poll.rounds[-1].number}: {poll.title}", columns=("No.", "Option", *columns),
        rows=tuple((f"S{numbers[f'{poll.key} {line.key}']}", line.text, *(figure.text for figure in line.figures))
                   for line in poll.lines), words=frozenset({0, 1}))


def _statement(poll: PollSummary, line: PollLine, *, number: int) -> Iterator[Block]:
    yield Heading(level=4, text=f"S{number}. {line.text}", key=line.key)
    if line.verdict is not None:
        yield Paragraph(label=f"{line.verdict.label.capitalize()}.", look="verdict", verdict=line.verdict.word,
                        text=" ".join(filter(None, [line.verdict.because, line.verdict.fragility])))
    if line.without_declared is not None:
        yield Paragraph(text=line.without_declared_text, look="fine")
    # A page of words is six numbers wide.
    for start in range(0, len(line.figures), MOST_FIGURES):
        shown = line.figures[start:start + MOST_FIGURES]
        yield Table(caption=f"S{number}, round {poll.rounds[-1].number}: {'more ' if start else ''}figures.",
                    words=frozenset(), columns=tuple(figure.label for figure in shown),
                    rows=(tuple(figure.text for figure in shown),))
    if line.distribution:
        numbers = Table(
            caption=f"S{number}: how many chose each answer.", words=frozenset({0}),
            columns=("Answer", *(step.step for step in line.distribution)),
            rows=(("People", *(str(step.count) for step in line.distribution)),))
        svg = histogram(poll, line)
        yield Chart(svg=svg, caption=_chart_caption(line, number=number), numbers=numbers) if svg else numbers
    if line.texts:
        yield Bullets(items=line.texts)


def _chart_caption(line: PollLine, *, number: int) -> str:
    rated = f"{line.share.total} rated" if line.share else f"{line.answered} answered"
    outside = f", {line.outside_expertise} outside their expertise" if line.outside_expertise else ""
    return f"Distribution of S{number}. {rated}{outside}."


def priorities(document: SummaryDocument) -> Iterator[Block]:
    """The ranking of responses by points."""
    found = document.priorities
    yield Heading(level=2, text="Priorities")
    ranked = [item for item in found.items if item.points] if found else []
    if found is not None and not found.is_revealed:
        yield Paragraph(text=f"{unrevealed_text(document)} {found.turnout.answered} of {found.turnout.entitled} "
                             "entitled people laid points.")
    elif found is None or not ranked:
        yield Paragraph(text="No points were laid.")
    else:
        yield Table(
            caption=points_text(document), columns=("Rank", "Response", "Points", "Voters", "Most from one"),
            rows=tuple((str(item.rank), gist(item.text), str(item.points), str(item.voters), str(item.largest_single))
                       for item in ranked), words=frozenset({1}))
        others = len(found.items) - len(ranked)
        if others:
            yield Paragraph(text=f"{plural(others, 'response')} got no points.", look="fine")


def questions(document: SummaryDocument) -> Iterator[Block]:
    """Every question with what stands in its thread."""
    yield Heading(level=2, text="Questions and responses")
    yield Paragraph(text=attribution_text(document), look="fine")
    for question in document.questions:
        yield from _question(question)


def _question(question: QuestionSummary) -> Iterator[Block]:
    lead = "Central question: " if question.is_central else ""
    yield Heading(level=3, text=f"{lead}{question.text}", key=question.key)
    if question.is_retired:
        yield Paragraph(text="No longer on the agenda.", look="fine")
    taken_back = [f"{count} {word}" for count, word in (
        (question.withdrawn, "withdrawn"), (len(question.hidden_reasons), "hidden")) if count]
    for wording in question.earlier_wordings:
        yield Paragraph(text=f"Earlier wording: “{wording}”", look="fine")
    yield Paragraph(look="fine", text=(
        f"{', '.join([said_text(question.responses, question.replies), *taken_back])}."))
    for reason in question.hidden_reasons:
        yield Paragraph(text=f"One response hidden by a facilitator: {reason}", look="fine")
    for said in question.said:
        yield from _speech(said, depth=0)


def _speech(said: Said, *, depth: int) -> Iterator[Block]:
    is_edited = said.is_edited and said.state == "standing"
    yield Speech(
        said=said, byline=byline_text(said), depth=depth,
        when=posted_text(said) + (f", edited (version {said.revision})" if is_edited else ""),
        note=f"Answers an earlier wording: “{said.answered_wording}”" if said.answered_wording else "")
    for reply in said.replies:
        yield from _speech(reply, depth=depth + 1)


def participation(document: SummaryDocument) -> Iterator[Block]:
    """Who took part, in numbers that speak of no single person."""
    yield Heading(level=2, text="Participation")
    yield participation_table(document.participation)
    found, facts = document.participation, document.forum_session
    notes = ["Stakeholder groups of fewer than three are joined." if found.groups
             else "The stakeholder groups are too small to be counted apart."]
    if facts.attribution != "named":
        notes.append("A dash stands for a count that would say too much about who wrote what.")
    if found.outcomes_text:
        notes.append(everybody_text(found))
    notes.append(f"Facilitators may post and are not counted as invited.{found.taken_back_text}")
    yield Paragraph(text=" ".join(notes), look="fine")
    if document.interests is not None:
        yield Paragraph(label="Interests.", text=document.interests.text, look="fine")


def participation_table(found: Participation) -> Table:
    """Invited, accepted and active people by stakeholder group; the last row is everybody."""
    rows = [(group.label, group.invited, group.accepted, group.posted, group.responses, group.replies)
            for group in found.groups]
    rows.append(("All", found.invited, found.accepted, found.posted, found.responses, found.replies))
    return Table(
        caption="Participants.", columns=("Group", "Invited", "Accepted", "Posted", "Responses", "Replies"),
        rows=tuple(tuple("–" if value is None else str(value) for value in row) for row in rows), has_total=True)
