"""Taking names out of published versions: a new version says so, and the old ones keep their hash for proof."""

import json
from dataclasses import replace

from sqlalchemy import select, update

from sigforum.agenda.models import ForumSession
from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.summaries import assemble, queries
from sigforum.summaries.document.lines import Edition
from sigforum.summaries.document.plain import canonical_json
from sigforum.summaries.document.redaction import without_names
from sigforum.summaries.domain import SummaryState
from sigforum.summaries.events import SummaryChanged
from sigforum.summaries.models import Line, LineWording, PublishedVersion, SessionSummary
from sigforum.transaction import running_transaction

Names = frozenset[str]


def redact_names(meeting_id: int, names: Names, *, mark: str, erratum: str, actor_id: int | None) -> int:
    """Put `mark` in the place of these names in all published versions of a meeting; how many held one. Part of an
    erasure.

    No number is counted again: the new version is the old one without the names, so that every count in it stays.
    """
    redacted = 0
    for forum_session_id in db.session.scalars(
            select(ForumSession.id).where(ForumSession.meeting_id == meeting_id).order_by(ForumSession.id)).all():
        summary = queries.summary_of(forum_session_id)
        if summary is not None:
            queries.locked_summary(forum_session_id)
            redacted += _redact(summary, names, mark=mark, erratum=erratum, actor_id=actor_id)
    return redacted


def clear_owners(meeting_id: int, names: Names, *, mark: str) -> None:
    """Put `mark` in the place of these names where they own an action. Part of an erasure."""
    owned = select(Line.id).join(Line.summary).join(SessionSummary.forum_session).where(
        ForumSession.meeting_id == meeting_id)
    db.session.execute(update(LineWording).where(
        LineWording.owner.in_(names), LineWording.line_id.in_(owned)).values(owner=mark))


def _redact(summary: SessionSummary, names: Names, *, mark: str, erratum: str, actor_id: int | None) -> int:
    changed = [version for version in summary.versions if _without_names(version, names, mark)]
    if changed:
        if summary.versions[-1] in changed:
            _correct(summary, summary.versions[-1], erratum)
        forum_session: ForumSession = summary.forum_session
        record("version_redacted", meeting_id=forum_session.meeting_id, actor_id=actor_id,
               subject=f"summary {summary.id}", versions=[version.number for version in changed])
        running_transaction().publish(SummaryChanged(
            meeting_id=forum_session.meeting_id, forum_session_id=forum_session.id, person_id=actor_id))
    return len(changed)


def _without_names(version: PublishedVersion, names: Names, mark: str) -> bool:
    """Take the names out of one version, its tally sheets included; whether there was one."""
    document = json.loads(version.document)
    new = without_names(document, names, mark=mark)
    sheets = {name: _sheet(text, names, mark) for name, text in version.sheets.items()}
    if new == document and sheets == version.sheets:
        return False
    version.document, version.sheets, version.redacted_at = canonical_json(new), sheets, now()
    return True


def _sheet(text: str, names: Names, mark: str) -> str:
    """A sheet without names: beside its ballots, in what people wrote on them, and in the responses it lists. The terms
    stay: their hash proves that nothing else was changed."""
    sheet = json.loads(text)
    new = {key: value if key == "terms" else without_names(value, names, mark=mark) for key, value in sheet.items()}
    return text if new == sheet else json.dumps(new, ensure_ascii=False, indent=2) + "\n"


def _correct(summary: SessionSummary, newest: PublishedVersion, erratum: str) -> None:
    """The version in force from now on: the newest one without the names, sealed anew."""
    number, moment = newest.number + 1, now()
    document = replace(assemble.read_version(newest), edition=Edition(
        state=SummaryState.PUBLISHED, version=number, published_at=moment, erratum=erratum)).sealed()
    summary.versions.append(PublishedVersion(
        number=number, document=canonical_json(document.to_json()), sha256=document.provenance.inputs_sha256,
        sheets=newest.sheets, erratum=erratum, published_by_id=None, published_at=moment))
