"""What the numbers in the audit log stand for, in words that people know: codes, titles, the first words of a line.

Entries stay as they were stored; names are looked up when the log is shown.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from sigforum.agenda.models import ForumSession, Meeting, Question
from sigforum.audit.models import AuditEntry
from sigforum.ballots.models import Option, Poll
from sigforum.extensions import db
from sigforum.oversight.domain import NAME_REMOVED, OF_PEOPLE
from sigforum.people import queries as people
from sigforum.summaries.models import Line, MinorityPosition, SessionSummary
from sigforum.threads.models import Response

_MOST_WORDS = 8
# Numbers that say nothing to anybody who reads the log.
_SILENT = frozenset({"link", "sign_in"})
# What stood there before and after is lines of a summary.
_OF_LINES = frozenset({"summary_line_split", "summary_lines_merged"})


class Members:
    """The people of one meeting by what this meeting knows of them: a name, and the number of their place here.

    Whoever was erased has neither. Where the person is kept for the sake of another meeting, another row stands in for
    them here, and that must look the same as where nothing is kept.
    """

    def __init__(self, meeting_id: int) -> None:
        here = [found for found in people.members(meeting_id) if found.person.erased_at is None]
        self.names: Mapping[int, str] = {found.person_id: found.shown_name for found in here}
        self._places = {found.person_id: found.id for found in here}

    def place_of(self, person_id: int | None) -> int | str:
        """The number of somebody's place; empty where there is none."""
        return self._places.get(person_id, "") if person_id is not None else ""

    def person_at(self, place_id: int) -> int:
        """Who has a place; a number that nobody has where there is no such place."""
        return next((person_id for person_id, own in self._places.items() if own == place_id), 0)

    def names_by_place(self, person_ids: Collection[int]) -> Mapping[int, str]:
        """The names of some people under the numbers of their places, by name."""
        return {self._places[person_id]: name for person_id, name in self.names.items() if person_id in person_ids}

    def named(self, subject: str) -> str:
        """Whom an entry is about."""
        return self.names.get(_number(subject), NAME_REMOVED)

    def subject(self, subject: str) -> str:
        """What an entry is about, with the number of a place where that of a person stands."""
        if not subject.startswith("person "):
            return subject
        return f"person {self.place_of(_number(subject))}".rstrip()

    def placed(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        """A detail with the numbers of places where those of people stand."""
        return {name: self._placed(name, value) for name, value in detail.items()}

    def _placed(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return self.placed(value)
        if name not in OF_PEOPLE or value is None:
            return value
        return [self.place_of(one) for one in value] if isinstance(value, list) else self.place_of(value)


def _number(subject: str) -> int:
    number = subject.removeprefix("person ")
    return int(number) if number.isdecimal() else 0


class Places:
    """The sessions, polls, responses and lines of one meeting by the words that the log has for them."""

    def __init__(self, meeting_id: int) -> None:
        meeting = db.session.get_one(Meeting, meeting_id)
        rows = db.session.execute(select(ForumSession.id, ForumSession.code).where(
            ForumSession.meeting_id == meeting_id))
        self._codes: Mapping[int, str] = dict(rows.all())
        here = list(self._codes)
        self._words = {f"meeting {meeting_id}": f"meeting “{meeting.title}”"}
        for identifier, code in self._codes.items():
            self._words |= {f"forum session {identifier}": f"session {code}", f"stage {identifier}": f"session {code}"}
        self._words |= {f"poll {poll_id}": f"poll “{title}”" for poll_id, title in db.session.execute(
            select(Poll.id, Poll.title).where(Poll.forum_session_id.in_(here)))}
        self._words |= {f"option o{option_id}": f"“{_begin(text)}”" for option_id, text in db.session.execute(
            select(Option.id, Option.text).join(Poll).where(Poll.forum_session_id.in_(here)))}
        for one in db.session.scalars(select(Response).where(Response.forum_session_id.in_(here))):
            begins = f" “{_begin(one.text)}”" if one.is_standing else ""
            self._words[f"response {one.id}"] = f"response {self._codes[one.forum_session_id]}{begins}"
        for question in db.session.scalars(select(Question).where(Question.forum_session_id.in_(here))):
            self._words[f"question {question.id}"] = f"“{_begin(question.text)}”"
        self._add_summaries(here)
        # A database may give a deleted draft's number to the next poll.
        self._deleted: dict[str, list[AuditEntry]] = {}
        for entry in db.session.scalars(select(AuditEntry).where(
                AuditEntry.meeting_id == meeting_id, AuditEntry.verb == "poll_deleted").order_by(AuditEntry.id)):
            self._deleted.setdefault(entry.subject, []).append(entry)

    def _add_summaries(self, here: list[int]) -> None:
        summaries = db.session.execute(select(SessionSummary.id, SessionSummary.forum_session_id).where(
            SessionSummary.forum_session_id.in_(here)))
        codes = {summary_id: self._codes[forum_session_id] for summary_id, forum_session_id in summaries}
        self._words |= {f"summary {summary_id}": f"summary {code}" for summary_id, code in codes.items()}
        for line in db.session.scalars(select(Line).where(Line.summary_id.in_(codes))):
            self._words[f"summary line {line.id}"] = f"line {codes[line.summary_id]} “{_begin(line.wording.text)}”"
        for position in db.session.execute(select(MinorityPosition.id, MinorityPosition.summary_id).where(
                MinorityPosition.summary_id.in_(codes))):
            self._words[f"minority position {position.id}"] = f"minority position {codes[position.summary_id]}"

    def subject(self, entry: AuditEntry) -> str:
        """What an entry is about; the number of something that is gone is left out."""
        gone = next((one for one in self._deleted.get(entry.subject, ()) if one.id >= entry.id), None)
        if gone is not None and isinstance(gone.detail.get("before"), dict):
            return f"poll “{gone.detail['before'].get('title', '')}”"
        kind, _, number = entry.subject.rpartition(" ")
        if entry.subject in self._words or not number.isdecimal():
            return self._words.get(entry.subject, entry.subject)
        return {"export": "a file", "certificate": "a certificate of what was erased"}.get(kind, f"a {kind}")

    def detail(self, entry: AuditEntry, detail: Mapping[str, Any]) -> dict[str, Any]:
        """An entry's detail with words where numbers of rows stand."""
        return {name: self._told(name, value, verb=entry.verb) for name, value in detail.items()
                if name not in _SILENT}

    def _told(self, name: str, value: Any, *, verb: str) -> Any:
        if isinstance(value, dict):
            if name == "wordings":
                return {self._of("question", key): number for key, number in value.items()}
            return {inner: self._told(inner, one, verb=verb) for inner, one in value.items() if inner not in _SILENT}
        if isinstance(value, list):
            kind = "lines" if verb in _OF_LINES and name in ("before", "after") else name
            return [self._told(kind, one, verb=verb) for one in value]
        kind = {"session": "forum session", "forum_session": "forum session", "forum_sessions": "forum session",
                "lines": "summary line", "poll": "poll", "response": "response", "option": "option"}.get(name, "")
        is_row = (isinstance(value, int) and not isinstance(value, bool)) or (kind == "option" and value)
        return self._of(kind, value) if kind and is_row else value

    def _of(self, kind: str, number: Any) -> str:
        found = self._words.get(f"{kind} {number}", f"a {kind} that is gone")
        # The name of the detail says already that it is one.
        return found.removeprefix("session ") if kind == "forum session" else found.removeprefix(f"{kind} ")


def _begin(text: str) -> str:
    words = text.split()
    return " ".join(words[:_MOST_WORDS]) + ("…" if len(words) > _MOST_WORDS else "")
