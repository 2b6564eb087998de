"""What the group says, as blocks: answer, statements with what they rest on, dissent, open questions and actions."""

from collections.abc import Iterable, Iterator, Sequence

from sigforum.summaries.blocks import Block, Bullets, Heading, Paragraph, Quote, Slide, Table
from sigforum.summaries.digest import digest
from sigforum.summaries.document.lines import Edition, LineVote, MinorityPosition, SummaryLine
from sigforum.summaries.document.polls import PollSummary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.wording import moment_text
from sigforum.web.rendering import day_text, plural

STATES = {
    "drafted": "Draft from the data. Nobody has written in it yet.",
    "edited": "Draft. The facilitator is writing; the group has not reviewed it.",
    "in_review": "In review by the participants; not signed off.",
    "signed_off": "Reviewed and signed off; not published.",
    "published": "Published.",
}


def findings(document: SummaryDocument) -> Iterator[Block]:
    """The whole section."""
    yield Heading(level=2, text="What the group says")
    if document.edition is not None:
        yield Paragraph(text=edition_text(document.edition), look="fine")
    for line in document.lines_of("answer"):
        yield Paragraph(text=line.text, look="answer")
        yield from _reviewed(line)
    yield Paragraph(text=" ".join(digest(document)), label="In numbers.", look="fine")
    for line in document.lines_of("statement"):
        yield from _statement(line, document.polls)
    if document.minority:
        yield Heading(level=3, text="Minority positions on the whole")
        yield from map(_quote, document.minority)
    questions = document.lines_of("open_question")
    if questions:
        yield Heading(level=3, text="Open questions")
        yield Bullets(items=tuple(line.text for line in questions), is_numbered=True)
        for line in questions:
            yield from _reviewed(line, about=f"Question {line.number}")
    actions = document.lines_of("action")
    if actions:
        yield Heading(level=3, text="Actions")
        yield Table(caption="What is to be done, and by whom.", columns=("No.", "Action", "Owner", "Due"),
                    rows=tuple((str(line.number), line.text, line.owner, day_text(line.due_on) if line.due_on else "–")
                               for line in actions), words=frozenset({0, 1, 2, 3}))
        for line in actions:
            yield from _reviewed(line, about=f"Action {line.number}")
    yield from _sign_offs(document)


def edition_text(edition: Edition) -> str:
    """How far the text has come, in a sentence."""
    if edition.state != "published":
        return STATES[edition.state]
    erratum = f" Correction of version {edition.version - 1}: {edition.erratum}" if edition.erratum else ""
    return f"Version {edition.version}, published {moment_text(edition.published_at)}.{erratum}"


def review_text(line: SummaryLine) -> str:
    """How the panel reviewed a line; empty where nobody did."""
    if not line.approved + line.commented + line.dissented:
        return ""
    parts = [f"{line.approved} of {line.reviewers} {'approves' if line.approved == 1 else 'approve'}"]
    if line.commented:
        parts.append(f"{line.commented} commented")
    parts.append(f"{line.dissented} {'dissents' if line.dissented == 1 else 'dissent'}")
    silent = line.reviewers - line.approved - line.commented - line.dissented
    if silent > 0:
        parts.append(f"{silent} did not review it")
    return ", ".join(parts) + "."


def vote_text(line: SummaryLine, vote: LineVote, polls: Iterable[PollSummary]) -> str:
    """What a vote on a line came to, and in which round; with its poll where several asked the same words."""
    title = next((poll.title for poll in polls if poll.key == vote.poll), "") if len(line.current_votes) > 1 else ""
    return f"{vote.words} ({f'poll “{title}”, ' if title else ''}round {vote.round})"


def holders_text(position: MinorityPosition) -> str:
    """Who holds a minority position, as far as they may be named."""
    names = [name for name in position.bylines if name != "A participant"]
    held = f"held by {plural(position.holders, 'participant')}"
    return f"Minority position, {held}" + (f": {'; '.join(names)}" if names else "")


def _statement(line: SummaryLine, polls: Sequence[PollSummary]) -> Iterator[Block]:
    yield Heading(level=3, text=f"{line.number}. {line.text}", key=line.key)
    for vote in line.current_votes:
        text = vote_text(line, vote, polls)
        if vote.verdict:
            yield Paragraph(label=f"{vote.label.capitalize()}.", look="verdict", verdict=vote.verdict, text=text)
        else:
            yield Paragraph(label="Voted.", look="fine", text=text)
    if line.needs_vote:
        yield Paragraph(label="Not voted on in these words.", look="fine",
                        text="The vote below was on an earlier wording; the statement needs a new one.")
    elif not line.votes:
        yield Paragraph(text="Not put to a vote.", look="fine")
    for words, vote in line.earlier_votes:
        yield Paragraph(label=f"Vote on the earlier wording “{words}”.", look="fine",
                        text=f"{f'{vote.label.capitalize()}. ' if vote.label else ''}{vote.words}")
    yield from _reviewed(line)


def _reviewed(line: SummaryLine, *, about: str = "") -> Iterator[Block]:
    """How the panel stands to a line: reviews, dissent in its own words, remarks, origin."""
    lead = f"{about}: " if about else ""
    if review_text(line):
        yield Paragraph(text=f"{lead}{review_text(line)}", label="Review.", look="fine")
    yield from map(_quote, line.minority)
    for comment in line.comments:
        yield Paragraph(label=f"Comment, {comment.byline}.", text=f"{lead}{comment.text}", look="fine")
    if line.lineage:
        yield Paragraph(label="Origin.", text=lead + " ".join(line.lineage), look="fine")
    if line.other_wordings:
        quoted = " ".join(f"“{words}”" for words in line.other_wordings)
        yield Paragraph(label="Earlier wordings.", text=lead + quoted, look="fine")


def _quote(position: MinorityPosition) -> Quote:
    return Quote(text=position.text, byline=holders_text(position))


def _sign_offs(document: SummaryDocument) -> Iterator[Block]:
    found = document.sign_offs
    if found is None or not (found.listed or found.reservations):
        return
    yield Heading(level=3, text="Sign-off")
    yield Paragraph(text=f"{len(found.listed)} of {found.entitled} participants agreed to be listed under this summary"
                         f"{f', {len(found.reservations)} of them with reservations' if found.reservations else ''}.")
    yield Bullets(items=found.listed)
    for one in found.reservations:
        yield Quote(text=one.text, byline=f"Reservation, {one.byline}" if one.byline else "Reservation")


def slides(document: SummaryDocument) -> Iterator[Slide]:
    """The answer, a slide for each statement with its verdict, and what is open and to be done; dissent has slides of
    its own, as large as what it dissents from. The notes have all else that is said of a line."""
    for line in document.lines_of("answer"):
        yield Slide(title="Answer", blocks=(Paragraph(text=line.text, look="answer"),),
                    notes=f"{' '.join(digest(document))} {_notes(_reviewed(line))}".strip())
        yield from _dissent("the answer", line.minority, notes=line.text)
    for line in document.lines_of("statement"):
        yield Slide(title=f"{line.number}. {line.text}", blocks=tuple(_said_on_slide(line, document.polls)),
                    notes=_notes(_statement(line, document.polls)))
        yield from _dissent(str(line.number), line.minority, notes=line.text)
    yield from _dissent("the whole", document.minority)
    for title, kind, write in (("Open questions", "open_question", _question_text),
                               ("Actions", "action", _action_text)):
        if lines := document.lines_of(kind):
            yield Slide(title=title, blocks=(Bullets(items=tuple(map(write, lines))),), notes=" ".join(filter(None, (
                _notes(_reviewed(line, about=f"{line.number}")) for line in lines))))
            for line in lines:
                yield from _dissent(f"{title.lower().removesuffix('s')} {line.number}", line.minority, notes=line.text)


def _dissent(what: str, positions: Iterable[MinorityPosition], *, notes: str = "") -> Iterator[Slide]:
    for position in positions:
        yield Slide(title=f"Dissent from {what}", blocks=(_quote(position),), notes=notes)


def _notes(blocks: Iterable[Block]) -> str:
    return " ".join(f"{block.label} {block.text}".strip() for block in blocks if isinstance(block, Paragraph))


def _said_on_slide(line: SummaryLine, polls: Sequence[PollSummary]) -> Iterator[Block]:
    """The vote on a statement, and how the panel stands to it."""
    yield from (block for block in _statement(line, polls)
                if isinstance(block, Paragraph) and (block.look == "verdict" or block.label.endswith("ted.")))
    if line.vote is None:
        yield Paragraph(text="Not voted on in these words." if line.needs_vote else "Not put to a vote.")
    if review_text(line):
        yield Paragraph(text=review_text(line))


def _question_text(line: SummaryLine) -> str:
    return line.text


def _action_text(line: SummaryLine) -> str:
    due = f", by {day_text(line.due_on)}" if line.due_on else ""
    return f"{line.text} ({line.owner}{due})"
