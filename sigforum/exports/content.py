"""What is in a file: read session by session in short transactions, then written format by format."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import Meeting
from sigforum.exports.bundle import write_bundle
from sigforum.exports.domain import BUNDLE, file_name
from sigforum.exports.files import Parts
from sigforum.exports.models import ExportJob
from sigforum.exports.steps import Steps
from sigforum.extensions import db
from sigforum.kernel.errors import Refusal
from sigforum.summaries import assemble
from sigforum.summaries import queries as summaries
from sigforum.summaries.document.facts import MeetingFacts
from sigforum.summaries.document.plain import canonical_json
from sigforum.summaries.document.summary import SCHEMA_VERSION, MeetingSummary, SummaryDocument
from sigforum.summaries.registry import SummaryFormat, all_formats, format_named

# Beside reading a session, writing it takes about so long in the slower formats.
_WRITING = 4


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A whole meeting as it was read."""

    summary: MeetingSummary
    sheets: list[Mapping[str, bytes]]


def made_content(job: ExportJob, steps: Steps) -> tuple[str, bytes]:
    """The name and the content of the file that was asked for. Raises Stopped between two steps where nobody wants
    it any more, Refusal where this machine cannot make it."""
    job_id, meeting_id, slug, chosen = job.id, job.meeting_id, job.meeting.slug, job.format
    if chosen == BUNDLE:
        return file_name(slug, BUNDLE), _bundle(job_id, meeting_id, steps)
    one = format_named(chosen)
    if job.forum_session is None:
        count = len(summaries.reported_sessions(meeting_id))
        steps.plan(count + _WRITING * count + 1)
        read = _read_meeting(meeting_id, steps)
        steps.begin(f"Writing {count} sessions as {one.extension.upper()}", worth=_WRITING * count)
        return file_name(slug, one.extension), one.write(read.summary)
    code, forum_session_id = job.forum_session.code, job.forum_session.id
    steps.plan(1 + _WRITING + 1)
    steps.begin(f"Reading session {code}")
    document = assemble.session_summary(agenda.forum_session_by_id(meeting_id, forum_session_id))
    db.session.rollback()
    steps.begin(f"Writing session {code} as {one.extension.upper()}", worth=_WRITING)
    return file_name(code, one.extension), one.write(document)


def prepare() -> None:
    """Write a meeting without sessions in every format, so that libraries, letters and templates are there when the
    first file is wanted."""
    nothing = MeetingFacts(title="", slug="", start_on=None, end_on=None, is_sample=False)
    for one in all_formats().values():
        # What this machine cannot make is said to whoever asks for it.
        with suppress(Refusal):
            one.write(MeetingSummary(schema_version=SCHEMA_VERSION, meeting=nothing, documents=()))


def _bundle(job_id: int, meeting_id: int, steps: Steps) -> bytes:
    formats, parts = all_formats(), Parts.of(job_id)
    count = len(summaries.reported_sessions(meeting_id))
    steps.plan(count + len(formats) * count + 2)
    read = _read_meeting(meeting_id, steps)
    inputs = {id(one): canonical_json(one.to_json()).encode() for one in read.summary.documents}

    def write(one: SummaryFormat, document: SummaryDocument) -> bytes:
        steps.begin(f"Writing session {document.forum_session.code} as {one.extension.upper()}")
        key = hashlib.sha256(b"\0".join((one.name.encode(), inputs[id(document)]))).hexdigest()
        content = parts.get(key)
        if content is None:
            content = one.write(document)
            parts.keep(key, content)
        return content
    return write_bundle(read.summary, software=assemble.software(), sheets=read.sheets, write=write)


def _read_meeting(meeting_id: int, steps: Steps) -> _Read:
    # By their ids: an agenda may be imported meanwhile that gives another session a code.
    there = [(one.id, one.code) for one in summaries.reported_sessions(meeting_id)]
    documents: list[SummaryDocument] = []
    sheets: list[Mapping[str, bytes]] = []
    for place, (forum_session_id, code) in enumerate(there, start=1):
        steps.begin(f"Reading session {code}, {place} of {len(there)}")
        forum_session = agenda.forum_session_by_id(meeting_id, forum_session_id)
        documents.append(assemble.session_summary(forum_session))
        # In the same transaction, so that a session's document and its tally sheets speak of the same moment.
        sheets.append(assemble.session_sheets(forum_session))
        db.session.rollback()
    summary = assemble.gathered(db.session.get_one(Meeting, meeting_id), documents)
    db.session.rollback()
    return _Read(summary=summary, sheets=sheets)
