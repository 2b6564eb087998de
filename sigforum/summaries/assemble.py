"""From the database to a SummaryDocument, through the features' own queries and nothing else."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

from sigforum.agenda.domain import ForumSessionState
from sigforum.agenda.models import ForumSession, Meeting
from sigforum.ballots.recused import recusals
from sigforum.disclosures import queries as disclosures
from sigforum.people import place_queries
from sigforum.people import queries as people
from sigforum.summaries import queries
from sigforum.summaries.accord import checklist
from sigforum.summaries.document.facts import ForumSessionFacts, MeetingFacts, Provenance
from sigforum.summaries.document.interests import Interests
from sigforum.summaries.document.lines import Edition
from sigforum.summaries.document.people import Participation
from sigforum.summaries.document.reading import read_document
from sigforum.summaries.document.said import QuestionSummary, Said
from sigforum.summaries.document.summary import SCHEMA_VERSION, MeetingSummary, SummaryDocument
from sigforum.summaries.domain import SummaryState
from sigforum.summaries.lines import LineMaker
from sigforum.summaries.models import PublishedVersion, SessionSummary
from sigforum.summaries.participation import Attendee, count_participation, outcome_counts
from sigforum.summaries.policy import may_read_lines
from sigforum.summaries.poll_results import poll_summaries, tally_sheets
from sigforum.summaries.reporting_method import method_of
from sigforum.summaries.synthesis import synthesis
from sigforum.threads import queries as threads
from sigforum.threads.domain import Attribution, Byline, strictest
from sigforum.threads.models import Response
from sigforum.threads.queries import ShownResponse, Thread


def session_summary(forum_session: ForumSession) -> SummaryDocument:
    """What the meeting reads: the version in force where one was published, and else the summary as it stands."""
    published = queries.newest_version(forum_session.id)
    return read_version(published) if published is not None else working_summary(forum_session)


def read_version(published: PublishedVersion) -> SummaryDocument:
    """A published version, as it was published."""
    return read_document(SummaryDocument, json.loads(published.document))


def working_summary(forum_session: ForumSession, *, is_chair: bool = False) -> SummaryDocument:
    """The document as it would be now; its chair sees the facilitator's lines from the first word on. The number of
    queries grows with its polls only, never with what was said or with the number of people."""
    summary = queries.summary_of(forum_session.id)
    edition = None
    if summary is not None:
        edition = Edition(state=summary.state, version=len(summary.versions), erratum=summary.erratum)
    is_shown = summary is not None and may_read_lines(is_chair=is_chair, state=summary.state)
    return _document(forum_session, summary if is_shown else None, edition=edition)


def edition_to_publish(summary: SessionSummary, *, number: int, published_at: datetime) -> SummaryDocument:
    """The document of a new version. It leaves the meeting, so it names only those who agreed to be quoted."""
    edition = Edition(state=SummaryState.PUBLISHED, version=number, published_at=published_at,
                      erratum=summary.erratum)
    quotable = {one.person_id for one in summary.sign_offs if one.may_be_quoted}
    return _document(summary.forum_session, summary, edition=edition, quotable=quotable)


def _document(forum_session: ForumSession, summary: SessionSummary | None, *, edition: Edition | None,
              quotable: Collection[int] | None = None) -> SummaryDocument:
    """`quotable`: whose names may stand under what they said; None is everybody whom the attribution rule names."""
    number, happened_at = queries.newest_event(forum_session.meeting_id, forum_session.id)
    found = threads.threads(forum_session, person_id=0)
    polls, priorities = poll_summaries(forum_session.id)
    questions = tuple(_question(one, quotable) for one in found)
    document = SummaryDocument(
        schema_version=SCHEMA_VERSION, meeting=_meeting(forum_session.meeting),
        forum_session=_forum_session(forum_session), questions=questions, polls=tuple(polls), priorities=priorities,
        participation=_participation(forum_session, found), interests=_interests(forum_session), edition=edition,
        provenance=Provenance(software=software(), libraries=libraries(), event_number=number, event_at=happened_at,
                              inputs_sha256=""))
    if summary is not None:
        maker = LineMaker(summary, polls=polls, questions=questions, quotable=quotable)
        document = replace(document, lines=maker.lines(), minority=maker.positions(None),
                           sign_offs=maker.sign_offs())
    document = replace(document, method=method_of(forum_session, quotable=quotable))
    return replace(document, checklist=checklist(document)).sealed()


def meeting_summary(meeting: Meeting) -> MeetingSummary:
    """The documents of all forum sessions on the agenda, and the published ones of those that were taken off it."""
    return gathered(meeting, [session_summary(one) for one in queries.reported_sessions(meeting.id)])


def gathered(meeting: Meeting, documents: Sequence[SummaryDocument]) -> MeetingSummary:
    """The meeting's summary of documents that were read one by one, each in a short transaction of its own."""
    found = MeetingSummary(schema_version=SCHEMA_VERSION, meeting=_meeting(meeting), documents=tuple(documents),
                           synthesis=synthesis(meeting, documents))
    return replace(found, checklist=checklist(found))


def meeting_sheets(meeting: Meeting) -> list[dict[str, bytes]]:
    """The published tally sheets of the same forum sessions, in the order of the documents."""
    return [session_sheets(one) for one in queries.reported_sessions(meeting.id)]


def session_sheets(forum_session: ForumSession) -> dict[str, bytes]:
    """The published tally sheets of one forum session, by file name."""
    published = queries.newest_version(forum_session.id)
    if published is not None:
        return {name: sheet.encode() for name, sheet in published.sheets.items()}
    return tally_sheets(forum_session.id)


def software() -> str:
    """The program that makes the document, with its version."""
    try:
        return f"sigforum {version('sigforum')}"
    except PackageNotFoundError:
        # A checkout on the path without being installed has no metadata to read.
        return "sigforum"


@cache
def libraries() -> tuple[str, ...]:
    """What counts and computes beside the program itself."""
    return f"Python {python_version()}", f"numpy {version('numpy')}"


def _meeting(meeting: Meeting) -> MeetingFacts:
    return MeetingFacts(title=meeting.title, slug=meeting.slug, start_on=meeting.start_on,
                        end_on=meeting.end_on, is_sample=meeting.is_sample,
                        time_zone=people.time_zone(meeting.id))


def _forum_session(forum_session: ForumSession) -> ForumSessionFacts:
    slot = forum_session.slot
    return ForumSessionFacts(
        code=forum_session.code, title=forum_session.title, theme=forum_session.theme,
        modality=forum_session.modality, modalities=tuple(forum_session.modalities),
        day=slot.day.label if slot else "", held_on=slot.day.held_on if slot else None,
        slot_number=slot.number if slot else None, slot_title=slot.title if slot else "",
        state=forum_session.state, attribution=forum_session.attribution)


def _question(thread: Thread, quotable: Collection[int] | None) -> QuestionSummary:
    question, everything = thread.question, list(_everything(thread.responses))
    standing = [shown for shown in everything if shown.response.is_standing]
    replies = sum(shown.response.parent_id is not None for shown in standing)
    return QuestionSummary(
        key=f"q{question.id}", text=question.text, is_central=question.is_central,
        is_retired=question.retired_at is not None,
        earlier_wordings=tuple(wording.text for wording in question.wordings[:-1]),
        said=tuple(said for shown in thread.responses if (said := _said(shown, quotable)) is not None),
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


def _said(shown: ShownResponse, quotable: Collection[int] | None) -> Said | None:
    """A response with its standing replies; None for one that was taken back and holds no replies."""
    response, state = shown.response, _state(shown.response)
    replies = tuple(said for reply in shown.replies if (said := _said(reply, quotable)) is not None)
    if state != "standing" and not replies:
        return None
    is_named = state == "standing" and (quotable is None or response.author_id in quotable)
    byline = shown.byline if is_named else Byline(group=shown.byline.group if state == "standing" else "")
    is_reworded = state == "standing" and response.parent_id is None and shown.is_reworded
    return Said(
        key=f"r{response.id}", state=state, name=byline.name, affiliation=byline.affiliation,
        group=byline.group, posted_at=response.posted_at if byline.name else _day_of(response.posted_at),
        text=response.text if state == "standing" else "", revision=response.revision,
        is_edited=response.edited_at is not None,
        answered_wording=response.wording.text if is_reworded else None, replies=replies)


def _day_of(moment: datetime) -> datetime:
    """The beginning of its day: beside words without a name a minute would tell who was seen writing then."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _interests(forum_session: ForumSession) -> Interests:
    counts = disclosures.counts(forum_session)
    is_told = counts.is_told
    standing = {one.person_id for one in recusals(forum_session.id) if one.taken_back_at is None}

    def told(count: int) -> int | None:
        return count if is_told else None
    return Interests(people=counts.people, declared=told(counts.declared), nothing=told(counts.nothing),
                     unanswered=told(counts.unanswered), financial=told(counts.financial),
                     advocacy=told(counts.advocacy), recused=len(standing))


def _participation(forum_session: ForumSession, found: Sequence[Thread]) -> Participation:
    everything = [shown.response for thread in found for shown in _everything(thread.responses)]
    standing = [response for response in everything if response.is_standing]
    responses = Counter(response.author_id for response in standing if response.parent_id is None)
    replies = Counter(response.author_id for response in standing if response.parent_id is not None)
    invited = {one.person_id: one for one in place_queries.invitees(forum_session.meeting_id, forum_session.id)}
    attendees = [
        Attendee(group=member.stakeholder_group, is_invited=True, responses=responses[identifier],
                 replies=replies[identifier], has_accepted=member.has_accepted)
        for identifier, member in invited.items()]
    attendees += [
        Attendee(group="", is_invited=False, has_accepted=False, responses=responses[identifier],
                 replies=replies[identifier])
        for identifier in sorted((responses.keys() | replies.keys()) - invited.keys())]
    states = Counter(_state(response) for response in everything)
    labelled = {one.role_label: (0, 0) for one in standing}
    for one in standing:
        wrote = labelled[one.role_label]
        labelled[one.role_label] = (wrote[0] + (one.parent_id is None), wrote[1] + (one.parent_id is not None))
    rule = strictest(forum_session.attribution, *(response.attribution for response in everything))
    found_people = count_participation(attendees, attribution=rule, withdrawn=states["withdrawn"],
                                       hidden=states["hidden"], labelled=labelled,
                                       outcomes=outcome_counts(one.outcome for one in invited.values()))
    is_over = forum_session.state in (ForumSessionState.CLOSED, ForumSessionState.SUMMARISED)
    # While people write, the number of authors would tell whether a new response is of somebody who wrote before.
    return found_people if is_over or rule is Attribution.NAMED else replace(found_people, posted=None)
