"""From the database to a SummaryDocument, through the features' own queries and nothing else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession, Meeting
from sigforum.people import queries as people
from sigforum.summaries import queries
from sigforum.summaries.document import (
    SCHEMA_VERSION,
    ForumSessionFacts,
    MeetingFacts,
    MeetingSummary,
    Participation,
    Provenance,
    QuestionSummary,
    Said,
    SummaryDocument,
)
from sigforum.summaries.participation import Attendee, count_participation
from sigforum.summaries.poll_results import poll_summaries, tally_sheets
from sigforum.threads import queries as threads
from sigforum.threads.domain import Byline
from sigforum.threads.models import Response
from sigforum.threads.queries import ShownResponse, Thread


def session_summary(forum_session: ForumSession) -> SummaryDocument:
    """The document of one forum session. The number of queries grows with its polls only, never with what
    was said or with the number of people."""
    number, happened_at = queries.newest_event(forum_session.meeting_id, forum_session.id)
    found = threads.threads(forum_session, person_id=0)
    polls, priorities = poll_summaries(forum_session.id)
    return SummaryDocument(
        schema_version=SCHEMA_VERSION, meeting=_meeting(forum_session.meeting),
        forum_session=_forum_session(forum_session), questions=tuple(_question(one) for one in found),
        polls=tuple(polls), priorities=priorities, participation=_participation(forum_session, found),
        provenance=Provenance(software=software(), event_number=number, event_at=happened_at,
                              inputs_sha256="")).sealed()


def meeting_summary(meeting: Meeting) -> MeetingSummary:
    """The documents of all forum sessions on the agenda."""
    return MeetingSummary(
        schema_version=SCHEMA_VERSION, meeting=_meeting(meeting),
        documents=tuple(session_summary(one) for one in agenda.forum_sessions(meeting.id)))


def meeting_sheets(meeting: Meeting) -> list[dict[str, bytes]]:
    """The published tally sheets of all forum sessions on the agenda, in the order of the documents."""
    return [tally_sheets(one.id) for one in agenda.forum_sessions(meeting.id)]


def software() -> str:
    """The program that makes the document, with its version."""
    try:
        return f"sigforum {version('sigforum')}"
    except PackageNotFoundError:
        # A checkout on the path without being installed has no metadata to read.
        return "sigforum"


def _meeting(meeting: Meeting) -> MeetingFacts:
    return MeetingFacts(title=meeting.title, slug=meeting.slug, start_on=meeting.start_on,
                        end_on=meeting.end_on, is_sample=meeting.is_sample)


def _forum_session(forum_session: ForumSession) -> ForumSessionFacts:
    slot = forum_session.slot
    return ForumSessionFacts(
        code=forum_session.code, title=forum_session.title, theme=forum_session.theme,
        modality=forum_session.modality, modalities=tuple(forum_session.modalities),
        day=slot.day.label if slot else "", held_on=slot.day.held_on if slot else None,
        slot_number=slot.number if slot else None, slot_title=slot.title if slot else "",
        state=forum_session.state, attribution=forum_session.attribution)


def _question(thread: Thread) -> QuestionSummary:
    question, everything = thread.question, list(_everything(thread.responses))
    standing = [shown for shown in everything if shown.response.is_standing]
    replies = sum(shown.response.parent_id is not None for shown in standing)
    return QuestionSummary(
        key=f"q{question.id}", text=question.text, is_central=question.is_central,
        is_retired=question.retired_at is not None,
        earlier_wordings=tuple(wording.text for wording in question.wordings[:-1]),
        said=tuple(said for shown in thread.responses if (said := _said(shown)) is not None),
        responses=len(standing) - replies, replies=replies,
        withdrawn=sum(_state(shown.response) == "withdrawn" for shown in everything),
        hidden_reasons=tuple(shown.response.hidden_reason for shown in everything
                             if _state(shown.response) == "hidden"))


def _everything(responses: Sequence[ShownResponse]) -> Iterator[ShownResponse]:
    for shown in responses:
        yield shown
        yield from shown.replies


def _state(response: Response) -> str:
    if response.withdrawn_at is not None:
        return "withdrawn"
    return "standing" if response.is_standing else "hidden"


def _said(shown: ShownResponse) -> Said | None:
    """A response with its standing replies; None for one that was taken back and holds no replies."""
    response, state = shown.response, _state(shown.response)
    replies = tuple(said for reply in shown.replies if (said := _said(reply)) is not None)
    if state != "standing" and not replies:
        return None
    byline = shown.byline if state == "standing" else Byline()
    is_reworded = state == "standing" and response.parent_id is None and shown.is_reworded
    return Said(
        key=f"r{response.id}", state=state, name=byline.name, affiliation=byline.affiliation,
        group=byline.group, posted_at=response.posted_at,
        text=response.text if state == "standing" else "", revision=response.revision,
        is_edited=response.edited_at is not None,
        answered_wording=response.wording.text if is_reworded else None, replies=replies)


def _participation(forum_session: ForumSession, found: Sequence[Thread]) -> Participation:
    everything = [shown.response for thread in found for shown in _everything(thread.responses)]
    standing = [response for response in everything if response.is_standing]
    responses = Counter(response.author_id for response in standing if response.parent_id is None)
    replies = Counter(response.author_id for response in standing if response.parent_id is not None)
    invited = {member.person_id: member
               for member in people.voters(forum_session.meeting_id, forum_session.id)}
    attendees = [
        Attendee(group=member.stakeholder_group, is_invited=True, responses=responses[identifier],
                 replies=replies[identifier], has_accepted=member.has_accepted)
        for identifier, member in invited.items()]
    attendees += [
        Attendee(group="", is_invited=False, has_accepted=False, responses=responses[identifier],
                 replies=replies[identifier])
        for identifier in sorted((responses.keys() | replies.keys()) - invited.keys())]
    states = Counter(_state(response) for response in everything)
    return count_participation(attendees, attribution=forum_session.attribution,
                               withdrawn=states["withdrawn"], hidden=states["hidden"])
