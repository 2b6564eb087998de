"""Everything stored about one person, for that person: JSON for programs and a page for reading, in one archive."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template
from sqlalchemy import select

from sigforum.agenda.models import ForumSession, Meeting, Question
from sigforum.audit.models import AuditEntry
from sigforum.ballots.models import Poll, Round
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.words import json_words
from sigforum.oversight import rows
from sigforum.oversight.domain import THROUGH_A_CARD, verb_words
from sigforum.people.domain import BY_CARD
from sigforum.people.models import Person
from sigforum.summaries.models import Line, MinorityPosition, SessionSummary
from sigforum.threads.models import ResponseRevision


@dataclass(frozen=True, kw_only=True)
class Section:
    """What is stored in one place; each row holds plain JSON values."""

    key: str
    title: str
    rows: Sequence[Mapping[str, Any]]

    @property
    def in_words(self) -> list[list[tuple[str, str]]]:
        """The rows as names and words, without what is empty."""
        return [[(name.replace("_", " "), json_words(value, name)) for name, value in row.items()
                 if value not in (None, "", [], {})] for row in self.rows]


def own_data(person: Person) -> list[Section]:
    """Everything that points at a person, in the order of the inventory; nothing of anybody else."""
    about = {name: getattr(person, name) for name in ("id", "name", "email", "affiliation", "is_host", "created_at")}
    found = [Section(key="person", title="You", rows=[_plain(about)])]
    for kept in rows.here():
        # A table that points at people twice has a section for each way.
        key = kept.table if kept.table not in {section.key for section in found} else kept.column
        found.append(Section(key=key, title=kept.title,
                             rows=[_plain(_named(row)) for row in rows.rows_of(kept, person.id)]))
        if kept.table == "responses":
            found.append(_revisions([row["id"] for row in found[-1].rows]))
        if kept.table == "memberships":
            found += _places([row["id"] for row in found[-1].rows])
    return [*found, _about(person.id)]


def archive(person: Person) -> bytes:
    """The same as a ZIP of two files."""
    sections, made_at = own_data(person), now()
    content = {"made_at": made_at.isoformat(timespec="seconds"),
               **{section.key: section.rows for section in sections}}
    page = render_template("oversight/own_data.html", sections=sections, person=person, made_at=made_at)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("my-data.json", json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        file.writestr("my-data.html", page)
    return out.getvalue()


def _revisions(response_ids: list[int]) -> Section:
    found = db.session.scalars(select(ResponseRevision).where(ResponseRevision.response_id.in_(response_ids))
                               .order_by(ResponseRevision.response_id, ResponseRevision.number))
    return Section(key="response_revisions", title="Every version of what you posted", rows=[
        _plain({"response_id": one.response_id, "number": one.number, "text": one.text,
                "written_at": one.written_at}) for one in found])


def _places(membership_ids: list[int]) -> list[Section]:
    """What hangs on the person's places in meetings: sessions, calendar entries."""
    found: dict[str, list[dict[str, Any]]] = {}
    for membership_id in membership_ids:
        for table, there in rows.of_membership(membership_id).items():
            found.setdefault(table, []).extend(_plain(_named(row)) for row in there)
    return [Section(key=table, title=f"Your {table.replace('_', ' ')}", rows=there)
            for table, there in found.items()]


def _about(person_id: int) -> Section:
    """What the log says was done to the person. Who did it is theirs to tell, and is left out."""
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"person {person_id}")
                               .order_by(AuditEntry.id))
    return Section(key="audit_entries_about_you", title="What the audit log says was done to you", rows=[
        _plain({"did": verb_words(one.verb) + (THROUGH_A_CARD if one.through and one.actor_id == person_id else ""),
                "happened_at": one.happened_at, "meeting_id": one.meeting_id})
        for one in found])


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime | date) else value for name, value in row.items()}


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the name of what its numbers point at, and of how one was signed in, so that it can be read."""
    named = dict(row)
    if BY_CARD in (row.get("through"), row.get("means")):
        named["through"] = "a card"
    for column, tell in _TELLERS.items():
        if row.get(column) is not None:
            named[column.removesuffix("_id")] = tell(row[column])
    return named


def _meeting(identifier: int) -> str:
    return db.session.get_one(Meeting, identifier).title


def _forum_session(identifier: int) -> str:
    found = db.session.get_one(ForumSession, identifier)
    return f"{found.code}. {found.title}"


def _question(identifier: int) -> str:
    return db.session.get_one(Question, identifier).text


def _round(identifier: int) -> str:
    found = db.session.get_one(Round, identifier)
    return f"{found.poll.title}, round {found.number}"


def _poll(identifier: int) -> str:
    return db.session.get_one(Poll, identifier).title


def _summary(identifier: int) -> str:
    return _forum_session(db.session.get_one(SessionSummary, identifier).forum_session_id)


def _line(identifier: int) -> str:
    return db.session.get_one(Line, identifier).wording.text


def _position(identifier: int) -> str:
    return _summary(db.session.get_one(MinorityPosition, identifier).summary_id)


_TELLERS: Mapping[str, Callable[[int], str]] = {
    "meeting_id": _meeting, "forum_session_id": _forum_session, "question_id": _question, "round_id": _round,
    "poll_id": _poll, "summary_id": _summary, "line_id": _line, "position_id": _position}
