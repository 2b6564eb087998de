"""From the tables of a summary to its lines as they are printed: each with its votes, its origin and its dissent."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE
from sigforum.people import queries as people
from sigforum.people.domain import ShownPerson
from sigforum.summaries.asking import asked
from sigforum.summaries.document.lines import (
    Comment,
    LineVote,
    MinorityPosition,
    Reservation,
    SignOffs,
    SummaryLine,
    other_words,
)
from sigforum.summaries.document.polls import PollLine, PollSummary
from sigforum.summaries.document.said import QuestionSummary
from sigforum.summaries.domain import LineKind, Listing, Stance, SummaryState, one_line
from sigforum.summaries.models import Line, LineSource, SessionSummary, SignOff
from sigforum.summaries.models import MinorityPosition as StoredPosition
from sigforum.summaries.wording import NOBODY, name_text
from sigforum.threads.domain import Attribution, Byline, Promise, byline, strictest

WHOLE = ""


class LineMaker:
    """Makes the lines of one summary, reading who may be named and who could review only once."""

    def __init__(self, summary: SessionSummary, *, polls: Sequence[PollSummary],
                 questions: Sequence[QuestionSummary], quotable: Collection[int] | None = None) -> None:
        forum_session = summary.forum_session
        self._summary = summary
        self._asked = asked(summary)
        self._attribution = forum_session.attribution
        self._quotable = quotable
        self._votes = _votes_by_words(polls)
        self._titles = {line.key: (poll.title, line.text) for poll in polls for line in poll.lines}
        self._questions = {said.key: question for question in questions for said in question.said}

    def lines(self) -> tuple[SummaryLine, ...]:
        """All lines in the order of their kinds."""
        found = sorted(self._summary.standing, key=lambda line: (list(LineKind).index(LineKind(line.kind)),
                                                                 line.position, line.id))
        counted: Counter[str] = Counter()
        made = []
        for line in found:
            counted[line.kind] += 1
            made.append(self._line(line, number=counted[line.kind]))
        return tuple(made)

    def positions(self, line: Line | None) -> tuple[MinorityPosition, ...]:
        """The minority positions on a line, oldest first, or those on the whole."""
        return tuple(self._position(one) for one in self._summary.minority_positions
                     if one.line_id == (line.id if line else None) and one.withdrawn_at is None)

    def sign_offs(self) -> SignOffs:
        """Who is listed under the text as it stands: a signature under an earlier revision is none under this one.
        Where words may not be tied to names, reservations stand in the order of their words."""
        current = [one for one in self._summary.sign_offs if one.revision == self._summary.revision]
        if self._summary.state not in (SummaryState.SIGNED_OFF, SummaryState.PUBLISHED):
            # While people sign, a name or a reservation that comes is of whoever has just signed.
            return SignOffs(entitled=self._asked, listed=(), reservations=())
        signed = [one for one in current if one.listing != Listing.NOT_LISTED]
        reservations = [self._reservation(one) for one in signed if one.listing == Listing.WITH_RESERVATIONS]
        return SignOffs(
            entitled=self._asked, listed=self._listed(signed),
            reservations=tuple(sorted(reservations, key=lambda one: (one.text.casefold(), one.byline))))

    def _listed(self, signed: Sequence[SignOff]) -> tuple[str, ...]:
        """The names. Where words may not be tied to them they come with the published version alone, and where
        somebody has reservations not of one or two people."""
        unnamed = [one for one in signed if not self._carries_names(one)]
        is_few = len(signed) < FEWEST_PEOPLE and any(one.listing == Listing.WITH_RESERVATIONS for one in unnamed)
        if unnamed and (self._quotable is None or is_few):
            return (NOBODY,) * len(signed)
        return tuple(sorted((self._people[one.person_id].name for one in signed),
                            key=lambda name: (name.casefold(), name)))

    def _carries_names(self, signed: SignOff) -> bool:
        return strictest(signed.attribution, self._attribution) is Attribution.NAMED

    def _reservation(self, signed: SignOff) -> Reservation:
        return Reservation(text=signed.reservations, byline=self._say(
            signed.person_id, signed.promised) if self._carries_names(signed) else "")

    @cached_property
    def _people(self) -> Mapping[int, ShownPerson]:
        """Everybody who reviewed, holds a position or signed, as the meeting shows them."""
        summary = self._summary
        wanted = {one.person_id for line in summary.lines for one in line.reviews}
        wanted |= {holder.person_id for one in summary.minority_positions for holder in one.holders}
        wanted |= {one.person_id for one in summary.sign_offs}
        return people.shown_people(summary.forum_session.meeting_id, wanted)

    def _say(self, person_id: int, promised: Promise) -> str:
        """Who it is, as far as the attribution rule, what was promised, and the person allow."""
        person = self._people[person_id]
        found = byline(name=person.name, affiliation=person.affiliation, promised=promised,
                       attribution=self._attribution)
        is_quotable = self._quotable is None or person_id in self._quotable
        return name_text(found if is_quotable else Byline(group=found.group))

    def _line(self, line: Line, *, number: int) -> SummaryLine:
        wording = line.wording
        # Reviews of earlier words do not count any more. Whoever reviewed and has another role or no place since stays
        # counted, as a vote would: a number that fell by one would tell what that person said.
        reviews = [one for one in line.reviews if one.wording == wording.number]
        stances = Counter(one.stance for one in reviews)
        comments = sorted((Comment(text=one.text, byline=self._say(one.person_id, one.promised))
                           for one in reviews if one.stance == Stance.COMMENT), key=lambda one: one.text.casefold())
        return SummaryLine(
            key=f"l{line.id}", kind=line.kind, number=number, text=wording.text, owner=wording.owner,
            due_on=wording.due_on, wording=wording.number,
            earlier_wordings=other_words((one.text for one in line.wordings[:-1]), wording.text),
            lineage=tuple(self._origin(one, words=wording.text) for one in line.sources), votes=self._votes_on(line),
            approved=stances[Stance.APPROVE], commented=stances[Stance.COMMENT], dissented=stances[Stance.DISSENT],
            reviewers=max(self._asked, len(reviews)), comments=tuple(comments),
            minority=self.positions(line))

    def _votes_on(self, line: Line) -> tuple[LineVote, ...]:
        if line.kind != LineKind.STATEMENT:
            return ()
        # The newest wording of the same words stands for all of them: a line that went back to words it had before
        # has one vote on these, and none on an earlier wording of the same words.
        newest = {one_line(wording.text): wording for wording in line.wordings}
        return tuple(LineVote(
            poll=poll.key, line=found.key, round=poll.rounds[-1].number, wording=wording.number,
            is_current=wording.number == line.wording.number, statement=wording.text,
            verdict=found.verdict.word if found.verdict else "",
            label=found.verdict.label if found.verdict else "",
            words=found.verdict.because if found.verdict else "; ".join(
                f"{figure.label}: {figure.text}" for figure in found.figures))
            for words, wording in sorted(newest.items(), key=lambda one: one[1].number)
            for poll, found in self._votes.get(words, ()))

    def _origin(self, source: LineSource, *, words: str) -> str:
        if source.response_id is not None:
            question = self._questions.get(f"r{source.response_id}")
            place = f" to “{question.text}”" if question else ""
            return f"Lifted from a response{place}."
        if source.option_id is not None:
            title, text = self._titles.get(f"o{source.option_id}", ("", ""))
            if not title:
                return "From a poll of this session."
            return f"From the poll “{title}”" + ("." if one_line(text) == one_line(words) else f": “{text}”")
        origin = next((one for one in self._summary.lines if one.id == source.from_line_id), None)
        earlier = next((one.text for one in origin.wordings if one.number == source.from_wording), "") if origin else ""
        return f"Made from the statement “{earlier}”"

    def _position(self, position: StoredPosition) -> MinorityPosition:
        holders = sorted({self._say(holder.person_id, holder.promised) for holder in position.holders})
        return MinorityPosition(
            key=f"m{position.id}", line=f"l{position.line_id}" if position.line_id else WHOLE, text=position.text,
            bylines=tuple(holders), holders=len(position.holders))


def _votes_by_words(polls: Iterable[PollSummary]) -> Mapping[str, Sequence[tuple[PollSummary, PollLine]]]:
    """The voted lines by their words: a vote belongs to the very words that were voted on, and to no others."""
    found: dict[str, list[tuple[PollSummary, PollLine]]] = defaultdict(list)
    for poll in polls:
        for line in poll.lines:
            found[one_line(line.text)].append((poll, line))
    return found
