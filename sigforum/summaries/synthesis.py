"""From the documents of all forum sessions to what they say together."""

from collections import defaultdict
from collections.abc import Sequence

from sigforum.agenda.models import Meeting
from sigforum.consensus.verdicts import VerdictWord
from sigforum.disclosure_control.across_tables import Invited
from sigforum.people import place_queries
from sigforum.people import queries as people
from sigforum.people.domain import EVER_ACCEPTED, Outcome, Role
from sigforum.summaries.contradicting import contradictions
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.document.synthesis import MeetingPriority, Presence, Synthesis, ThemeCell
from sigforum.summaries.participation import outcome_counts
from sigforum.summaries.presence import meeting_groups
from sigforum.summaries.wording import gist

NO_THEME, NO_MODALITY = "No theme", "No modality"
_CONSENSUS = (VerdictWord.CONSENSUS_FOR, VerdictWord.CONSENSUS_AGAINST)


def synthesis(meeting: Meeting, documents: Sequence[SummaryDocument]) -> Synthesis:
    """The synthesis of a meeting."""
    return Synthesis(
        cells=theme_cells(documents), priorities=meeting_priorities(documents),
        contradictions=contradictions(documents), presence=_presence(meeting, documents),
        unrevealed=sum(not poll.is_revealed for document in documents for poll in document.polls))


def theme_cells(documents: Sequence[SummaryDocument]) -> tuple[ThemeCell, ...]:
    """Every theme with every modality that meet in some session, in the order of the agenda. A session with several
    modalities counts for each of them."""
    found: dict[tuple[str, str], list[SummaryDocument]] = defaultdict(list)
    for document in documents:
        facts = document.forum_session
        for modality in facts.modalities or (facts.modality or NO_MODALITY,):
            found[facts.theme or NO_THEME, modality].append(document)
    return tuple(_cell(theme, modality, there) for (theme, modality), there in found.items())


def meeting_priorities(documents: Sequence[SummaryDocument]) -> tuple[MeetingPriority, ...]:
    """Every response that got points, session by session in the order of the agenda, ranked within its session."""
    found: list[MeetingPriority] = []
    for document in documents:
        laid = document.priorities
        if laid is None or not laid.is_revealed or not laid.budget * laid.turnout.answered:
            continue
        available = laid.budget * laid.turnout.answered
        found += sorted((MeetingPriority(
            rank=item.rank, code=document.forum_session.code, key=item.key, text=gist(item.text), points=item.points,
            available=available, percent=100 * item.points / available, voters=item.voters)
            for item in laid.items if item.points and item.rank is not None), key=lambda one: one.rank)
    return tuple(found)


def _cell(theme: str, modality: str, documents: Sequence[SummaryDocument]) -> ThemeCell:
    words = [line.verdict.word for document in documents for poll in document.polls for line in poll.lines
             if line.verdict and line.verdict.word != VerdictWord.TOO_FEW]
    return ThemeCell(theme=theme, modality=modality, judged=len(words),
                     sessions=tuple(document.forum_session.code for document in documents),
                     consensus=sum(word in _CONSENSUS for word in words),
                     consensus_for=words.count(VerdictWord.CONSENSUS_FOR),
                     consensus_against=words.count(VerdictWord.CONSENSUS_AGAINST))


def _presence(meeting: Meeting, documents: Sequence[SummaryDocument]) -> Presence:
    # Whoever declined, was removed or erased, or got another role, was invited all the same.
    codes = [one.code for one in meeting.forum_sessions]
    there = {one.code: {found.person_id: found for found in place_queries.invitees(meeting.id, one.id)}
             for one in meeting.forum_sessions}
    members: dict[int, Outcome] = {one.person_id: one.outcome for one in people.members(meeting.id)
                                   if one.role == Role.PARTICIPANT}
    groups = {one.person_id: one.stakeholder_group for one in people.members(meeting.id)}
    for found in (found for people_there in there.values() for found in people_there.values()):
        if members.get(found.person_id) not in EVER_ACCEPTED:
            members[found.person_id] = found.outcome
    invited = [Invited(group=groups[person_id], has_accepted=outcome in EVER_ACCEPTED,
                       sessions=frozenset(code for code in codes if person_id in there[code]))
               for person_id, outcome in members.items()]
    return Presence(
        invited=len(invited), accepted=sum(one.has_accepted for one in invited),
        responses=sum(document.participation.responses for document in documents),
        replies=sum(document.participation.replies for document in documents),
        groups=meeting_groups(invited, codes), **outcome_counts(members.values()))
