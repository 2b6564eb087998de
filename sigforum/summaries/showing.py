"""How a summary that is being written and reviewed looks: each piece rendered once, for the page and the live push."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template

from sigforum.agenda.models import ForumSession
from sigforum.live.gateway import Fragment, Onlooker
from sigforum.people.domain import Audience
from sigforum.summaries import asking, queries
from sigforum.summaries.document.lines import SummaryLine
from sigforum.summaries.document.polls import PollSummary
from sigforum.summaries.domain import LineKind, Stance, SummaryState, one_line
from sigforum.summaries.ending_votes import open_texts
from sigforum.summaries.lines import LineMaker
from sigforum.summaries.models import LineReview, SessionSummary
from sigforum.summaries.poll_results import poll_summaries
from sigforum.summaries.wording import VERDICT_LOOKS
from sigforum.threads import queries as threads
from sigforum.threads.models import Response

HEADINGS = {LineKind.ANSWER: "Answer in two sentences", LineKind.STATEMENT: "Statements",
            LineKind.OPEN_QUESTION: "Open questions", LineKind.ACTION: "Actions"}


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """How many people are asked to sign a summary's present text, and how many have."""

    asked: int
    signed: int

    @property
    def text(self) -> str:
        """The same in a sentence."""
        left = self.asked - self.signed
        return (f"{left} of {self.asked} {'has' if left == 1 else 'have'} not signed this text." if left
                else f"All {self.asked} have signed this text.")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A summary with all that its pages show; read once and rendered in pieces."""

    summary: SessionSummary
    maker: LineMaker
    polls: Sequence[PollSummary]
    lines: tuple[SummaryLine, ...]

    @property
    def forum_session(self) -> ForumSession:
        """The forum session it is about."""
        return self.summary.forum_session

    @property
    def slug(self) -> str:
        """The meeting's name in addresses."""
        return self.forum_session.meeting.slug

    def of(self, kind: str) -> tuple[SummaryLine, ...]:
        """The lines of a kind."""
        return tuple(line for line in self.lines if line.kind == kind)

    @property
    def missing(self) -> list[str]:
        """What an editor would look at before asking for review."""
        found = [] if self.of("answer") else ["The answer is not written."]
        found += open_texts(self.forum_session.id)
        found += [f"Statement {line.number} was reworded after its vote and needs a new one."
                  for line in self.lines if line.needs_vote]
        found += [f"Statement {line.number} shows {vote.label}, and no minority position is written yet."
                  for line in self.lines if not line.minority for vote in line.current_votes
                  if vote.verdict in ("disagreement", "no_consensus")]
        return found

    @property
    def to_vote(self) -> str:
        """The statements without a vote on their present words, one a line; empty where all were voted on."""
        return "\n".join(one_line(line.text) for line in self.of("statement") if line.vote is None)

    @property
    def unlifted(self) -> list[tuple[PollSummary, str, str]]:
        """(poll, key, words) of the revealed statements that do not stand in the summary."""
        there = {one_line(line.text) for line in self.of("statement")}
        return [(poll, line.key, line.text) for poll in self.polls for line in poll.lines
                if line.key.startswith("o") and one_line(line.text) not in there]

    @property
    def responses(self) -> list[Response]:
        """The standing responses that no line was lifted from."""
        lifted = {source.response_id for line in self.summary.standing for source in line.sources}
        return [one for one in threads.responses(self.forum_session.id)
                if one.is_standing and one.parent_id is None and one.id not in lifted]

    @property
    def removed(self) -> list[tuple[int, str]]:
        """(id, words) of lines that were taken out and can be put back."""
        origins = {source.from_line_id for line in self.summary.standing for source in line.sources}
        return [(line.id, line.wording.text) for line in self.summary.lines
                if line.retired_at is not None and line.id not in origins]


def desk(forum_session: ForumSession) -> Desk | None:
    """A forum session's summary; None before it was drafted."""
    summary = queries.summary_of(forum_session.id)
    if summary is None:
        return None
    polls = poll_summaries(forum_session.id)[0]
    maker = LineMaker(summary, polls=polls, questions=())
    return Desk(summary=summary, maker=maker, polls=polls, lines=maker.lines())


def state_html(forum_session: ForumSession, summary: SessionSummary | None, *, audience: Audience) -> str:
    """How far the summary is, and the next step for whoever looks."""
    is_chair = audience is Audience.CHAIR
    is_signed_now = is_chair and summary is not None and summary.state in (
        SummaryState.IN_REVIEW, SummaryState.SIGNED_OFF)
    return render_template(
        "summaries/_state.html", forum_session=forum_session, summary=summary, slug=forum_session.meeting.slug,
        is_chair=is_chair, is_panel=audience is Audience.SPEAKER,
        signatures=signatures(summary) if is_signed_now and summary is not None else None,
        open_texts=open_texts(forum_session.id) if is_signed_now else [])


def signatures(summary: SessionSummary) -> Signatures:
    """How many signed the text as it stands; numbers only, while signing goes on nobody is named."""
    return Signatures(asked=asking.asked(summary), signed=asking.signed(summary))


def editor_html(found: Desk) -> str:
    """The facilitator's list of lines."""
    return render_template("summaries/_editor.html", desk=found, headings=HEADINGS, VERDICT_LOOKS=VERDICT_LOOKS)


def card_html(found: Desk, line: SummaryLine, *, person_id: int) -> str:
    """A line as one participant reviews it."""
    return render_template("summaries/_review_line.html", desk=found, line=line,
                           review=own_review(found, line, person_id), slug=found.slug,
                           VERDICT_LOOKS=VERDICT_LOOKS)


def positions_html(found: Desk, line: SummaryLine | None) -> str:
    """The minority positions on a line, or on the whole."""
    positions = line.minority if line is not None else found.maker.positions(None)
    return render_template("summaries/_minority.html", positions=positions, slug=found.slug,
                           place=f"minority-{line.key if line is not None else f'whole-{found.forum_session.id}'}")


def own_review(found: Desk, line: SummaryLine, person_id: int) -> LineReview | None:
    """What somebody said of a line in the words it has now."""
    stored = next(one for one in found.summary.lines if f"l{one.id}" == line.key)
    return next((one for one in stored.reviews if one.person_id == person_id and one.wording == line.wording), None)


def own_stances(found: Desk, person_id: int) -> dict[str, Stance]:
    """How somebody reviewed each line in the words it has now, by the line's key."""
    return {line.key: Stance(review.stance) for line in found.lines
            if (review := own_review(found, line, person_id)) is not None}


def fragments(forum_session: ForumSession, onlooker: Onlooker, *, line_id: int = 0) -> Iterator[Fragment]:
    """What a change of a summary changes on open pages; `line_id` is the line that was reviewed, 0 for none."""
    found = desk(forum_session)
    yield Fragment(id=f"summary-state-{forum_session.id}",
                   html=state_html(forum_session, found.summary if found else None, audience=onlooker.audience))
    if found is None:
        return
    if onlooker.audience is Audience.CHAIR:
        yield Fragment(id=f"summary-editor-{forum_session.id}", html=editor_html(found))
        return
    line = next((one for one in found.lines if one.key == f"l{line_id}"), None)
    if line is not None and onlooker.person_id is not None:
        yield Fragment(id=f"review-{line.key}", html=card_html(found, line, person_id=onlooker.person_id))
    yield Fragment(id=f"minority-{line.key if line is not None else f'whole-{forum_session.id}'}",
                   html=positions_html(found, line))
