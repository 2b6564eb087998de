"""The words of summaries that somebody may read: of the version in force, or of a summary as it stands."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from sigforum.agenda.models import ForumSession
from sigforum.extensions import db
from sigforum.summaries.models import Line, LineWording, MinorityPosition, PublishedVersion, SessionSummary
from sigforum.summaries.policy import may_read_lines

POSITION = "position"
# The version in force of each summary.
_IN_FORCE = select(func.max(PublishedVersion.id)).where(
    PublishedVersion.summary_id == SessionSummary.id).correlate(SessionSummary).scalar_subquery()
_NEWEST_WORDING = select(func.max(LineWording.number)).where(
    LineWording.line_id == Line.id).correlate(Line).scalar_subquery()


@dataclass(frozen=True, kw_only=True)
class ShownWords:
    """A line or a minority position as it reads; `kind` is the line's, or POSITION."""

    kind: str
    id: int
    forum_session_id: int
    text: str
    # Whether it stands on the summary's page; else on the page where its chair writes it.
    is_on_page: bool = True


def shown_words(forum_sessions: Collection[ForumSession], *, chaired: Collection[int]) -> list[ShownWords]:
    """What somebody who chairs some of these forum sessions may read of their summaries, in a fixed number of
    statements. Where a version was published that is what everybody reads, whatever is being written meanwhile."""
    found = db.session.execute(
        select(SessionSummary.id, SessionSummary.forum_session_id, SessionSummary.state, PublishedVersion.document)
        .outerjoin(PublishedVersion, PublishedVersion.id == _IN_FORCE)
        .where(SessionSummary.forum_session_id.in_([one.id for one in forum_sessions]))
        .order_by(SessionSummary.forum_session_id)).all()
    words: list[ShownWords] = []
    standing: dict[int, tuple[int, bool]] = {}
    for summary_id, place, state, document in found:
        if document is not None:
            words += _published(document, place)
        elif may_read_lines(is_chair=place in chaired, state=state):
            standing[summary_id] = (place, may_read_lines(is_chair=False, state=state))
    return words + list(_standing(standing))


def _published(document: str, place: int) -> Iterator[ShownWords]:
    stored = json.loads(document)
    lines = stored.get("lines", ())
    for line in lines:
        yield _said(line["kind"], line, place)
    for position in (*stored.get("minority", ()), *(one for line in lines for one in line["minority"])):
        yield _said(POSITION, position, place)


def _said(kind: str, stored: Mapping[str, str], place: int) -> ShownWords:
    # Keys are a letter and the row's number.
    return ShownWords(kind=kind, id=int(stored["key"][1:]), forum_session_id=place, text=stored["text"])


def _standing(summaries: Mapping[int, tuple[int, bool]]) -> Iterator[ShownWords]:
    lines = db.session.execute(
        select(Line.id, Line.summary_id, Line.kind, LineWording.text)
        .join(LineWording, (LineWording.line_id == Line.id) & (LineWording.number == _NEWEST_WORDING))
        .where(Line.summary_id.in_(summaries.keys()), Line.retired_at.is_(None)).order_by(Line.position, Line.id)).all()
    positions = db.session.execute(
        select(MinorityPosition.id, MinorityPosition.summary_id, MinorityPosition.line_id, MinorityPosition.text)
        .where(MinorityPosition.summary_id.in_(summaries.keys()), MinorityPosition.withdrawn_at.is_(None))
        .order_by(MinorityPosition.id)).all()
    there = {line.id for line in lines} | {None}
    for identifier, summary_id, kind, text in [
            *lines, *((one.id, one.summary_id, POSITION, one.text) for one in positions if one.line_id in there)]:
        place, is_on_page = summaries[summary_id]
        yield ShownWords(kind=kind, id=identifier, forum_session_id=place, text=text, is_on_page=is_on_page)
