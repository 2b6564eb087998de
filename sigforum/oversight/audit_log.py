"""A meeting's audit log for its organizers: names, plain words, and a CSV that ends with the signed head."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, select

from sigforum.agenda.models import ForumSession
from sigforum.audit import queries as audit
from sigforum.audit.domain import ALSO_BY_CHAIR, ALWAYS_UNNAMED, AUTHORED, NAMING, PERSONAL, SALT, Head, signature
from sigforum.audit.models import AuditEntry
from sigforum.audit.queries import Unnamed, Wanted
from sigforum.extensions import db
from sigforum.kernel.text import cell
from sigforum.oversight.audit_names import Members, Places
from sigforum.oversight.domain import (
    AUTOMATIC,
    NAME_REMOVED,
    THROUGH_A_CARD,
    detail_words,
    people_in,
    told_detail,
    verb_words,
)
from sigforum.people.domain import BY_CARD
from sigforum.summaries.domain import SummaryState
from sigforum.summaries.models import Line, MinorityPosition, SessionSummary
from sigforum.threads.domain import Attribution
from sigforum.threads.models import Response

MOST_SHOWN = 50
COLUMNS = ("number", "time (UTC)", "person", "person number", "verb", "did", "what", "detail", "what in words",
           "detail in words", "detail sha256", "sha256")


@dataclass(frozen=True, kw_only=True)
class ShownEntry:
    """An entry in words."""

    number: int
    at: datetime
    who: str
    did: str
    what: str
    detail: str
    hash: str
    is_struck: bool


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """A page of the log: entries newest first, what can be filtered by, and where the next page begins."""

    entries: Sequence[ShownEntry]
    people: Mapping[int, str]
    verbs: Sequence[tuple[str, str]]
    head: Head
    next_before: int | None


def log_page(meeting_id: int, wanted: Wanted) -> LogPage:
    """The entries that are asked for, at most fifty."""
    teller = _Teller(meeting_id)
    if wanted.place_id is not None:
        wanted = replace(wanted, actor_id=teller.members.person_at(wanted.place_id))
        # Asking for one person's entries would otherwise tell whose an unnamed one is.
        wanted = replace(wanted, without=teller.kept_back(wanted.actor_id))
    found = audit.entries(meeting_id, wanted, most=MOST_SHOWN + 1)
    # Whoever did nothing that is told is not in the list: the name would come with the first unnamed entry.
    actors = audit.actor_ids(meeting_id, without=teller.kept_back(None))
    return LogPage(
        entries=[teller.shown(entry) for entry in found[:MOST_SHOWN]],
        people=teller.members.names_by_place(actors),
        verbs=sorted(((verb, verb_words(verb)) for verb in audit.verbs(meeting_id)), key=lambda one: one[1]),
        head=audit.head(meeting_id), next_before=found[MOST_SHOWN - 1].number if len(found) > MOST_SHOWN else None)


def log_csv(meeting_id: int) -> bytes:
    """The whole log, oldest first, as UTF-8 with a mark that spreadsheets need; the last line is the signed head."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    teller, head = _Teller(meeting_id), Head(number=0, hash="")
    for entry in audit.whole_chain(meeting_id):
        head = Head(number=entry.number, hash=entry.hash)
        writer.writerow(_cells(teller.row(entry)))
    writer.writerow([signed_head(meeting_id, head)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def signed_head(chain: int, head: Head) -> str:
    """The sentence that an exported log ends with: with it a log that was cut off later is found out."""
    own = signature(current_app.config["SETTINGS"].secret_key, chain=chain, head=head)
    return f"{head.words} Chain: {chain}. Signature: {own}"


def _cells(values: Iterable[object]) -> list[str]:
    return [cell(str(value)) for value in values]


class _Teller:
    """Puts entries into words; names are those of the meeting's members, and of nobody else."""

    def __init__(self, meeting_id: int) -> None:
        self.members = Members(meeting_id)
        self._names = self.members.names
        by_rule = _unnamed_subjects(meeting_id)
        # Whoever reads who approved a summary before it is published reads who has not.
        self.unnamed = by_rule | _on_their_way(meeting_id)
        # A name that stands at the same minute would be read as the one of who has just signed.
        self._hides_names = bool(by_rule) or _has_unnamed_session(meeting_id) or _is_reviewed_or_signed(meeting_id)
        self._places = Places(meeting_id)
        self._closings = _closings(meeting_id)

    def shown(self, entry: AuditEntry) -> ShownEntry:
        """An entry as the page prints it."""
        return ShownEntry(
            number=entry.number, at=entry.happened_at, who=self._who(entry), did=self._did(entry),
            what=self._what(entry), hash=entry.hash if _is_salted(entry) else "",
            detail=self._detail(entry), is_struck=entry.struck_at is not None)

    def row(self, entry: AuditEntry) -> tuple[object, ...]:
        """An entry as the CSV has it: what its hash covers, as far as the organizers may know it.

        People stand under the numbers of their places in this meeting. Those of their accounts would tell who was here
        before the meeting invited them, and an address alone must not tell that."""
        moment = entry.happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        actor = "" if self._is_unnamed(entry) else self.members.place_of(entry.actor_id)
        detail = json.dumps(self.members.placed(self._told(entry)), ensure_ascii=False, sort_keys=True)
        subject = "person" if self._is_personal(entry) and entry.subject.startswith("person ") else (
            self.members.subject(entry.subject))
        # The hash of the detail stands beside what it covers only where that is all there is to be known.
        is_open = not _is_salted(entry) and not _holds_people(entry)
        return (entry.number, moment, self._who(entry), actor, entry.verb, self._did(entry), subject,
                detail, self._what(entry), self._detail(entry, is_short=True),
                entry.detail_hash if is_open else "", entry.hash if _is_salted(entry) else "")

    def _did(self, entry: AuditEntry) -> str:
        """What was done, and that a card was how its owner came in.

        Not in a meeting in which some are not to be named: few have used a card, and when cards were used is told
        there without a name. Beside a named entry that says so, such an entry would have one.
        """
        is_told = entry.through == BY_CARD and not self._hides_names and not self._is_unnamed(entry)
        return verb_words(entry.verb) + (THROUGH_A_CARD if is_told else "")

    def _detail(self, entry: AuditEntry, *, is_short: bool = False) -> str:
        detail = self._places.detail(entry, self._told(entry))
        if is_short and isinstance(detail.get("people"), list):
            # Their numbers stand in the cell before; a list of hundreds has hundreds of names.
            detail["how many people"] = len(detail.pop("people"))
        return detail_words(detail, names=self._names)

    def _told(self, entry: AuditEntry) -> dict[str, Any]:
        """What of an entry's detail may be told beside what is said of who did it."""
        if entry.verb in NAMING and self._is_personal(entry):
            return {}
        return told_detail(entry.detail)

    def _is_unnamed(self, entry: AuditEntry) -> bool:
        """Whether the attribution rule of its session, a summary that is not published yet, or a promise, keeps back
        who did it."""
        return entry.verb in ALWAYS_UNNAMED or self._is_personal(entry) or (
            entry.verb in AUTHORED and entry.subject in self.unnamed)

    def _is_personal(self, entry: AuditEntry) -> bool:
        """Whether somebody did it for themselves, in a meeting in which some are not to be named, or not yet."""
        is_by_chair = entry.verb in ALSO_BY_CHAIR and entry.subject != f"person {entry.actor_id}"
        return self._hides_names and entry.verb in PERSONAL and not is_by_chair

    def kept_back(self, actor_id: int | None) -> Unnamed:
        """What is told without a name, and so is not found by one; of `actor_id`, or with None of anybody."""
        personal: Unnamed = ((PERSONAL - ALSO_BY_CHAIR, None), (
            ALSO_BY_CHAIR, None if actor_id is None else frozenset({f"person {actor_id}"})))
        return ((AUTHORED, self.unnamed), (ALWAYS_UNNAMED, None), *(personal if self._hides_names else ()))

    def _what(self, entry: AuditEntry) -> str:
        if entry.subject.startswith("person "):
            own = "themselves" if entry.actor_id is not None else "a participant"
            return own if self._is_personal(entry) else self.members.named(entry.subject)
        return self._places.subject(entry)

    def _who(self, entry: AuditEntry) -> str:
        if entry.actor_id is None:
            return self._by_itself(entry)
        if self._is_unnamed(entry):
            return "A participant"
        return self._names.get(entry.actor_id, NAME_REMOVED)

    def _by_itself(self, entry: AuditEntry) -> str:
        """Who did what no person did by hand: the operator, or the program when its time comes."""
        if entry.verb == "summary_drafted":
            closer = self._closings.before(entry)
            return f"Automatically, when {self._names.get(closer, NAME_REMOVED)} closed the session" if closer else (
                "Automatically, when the session closed")
        by = entry.detail.get("by", "")
        return {"timer": "The timer", "card": "Whoever held a card",
                "publication": "Automatically, because the summary is published",
                "session": "Automatically, because the session closed"}.get(
            by, AUTOMATIC.get(entry.verb, "The operator"))


def _is_salted(entry: AuditEntry) -> bool:
    """Whether the hash of an entry can be told. Those that version 0.1.0 wrote have nothing unguessable in most verbs:
    their hash would let the numbers of people's accounts be tried out. They stay in the chain, which the head tells of.
    What was struck out had something in it."""
    return SALT in entry.detail or entry.struck_at is not None


def _holds_people(entry: AuditEntry) -> bool:
    return entry.actor_id is not None or entry.subject.startswith("person ") or bool(people_in(entry.detail))


class _Closings:
    """Who closed which session, to say on whose closing something was done by itself."""

    def __init__(self, closed: Mapping[str, list[tuple[int, int | None]]], sessions: Mapping[str, int]) -> None:
        self._closed, self._sessions = closed, sessions

    def before(self, entry: AuditEntry) -> int | None:
        """The person who closed the session of a summary last before an entry."""
        forum_session_id = self._sessions.get(entry.subject)
        found = [actor for number, actor in self._closed.get(f"forum session {forum_session_id}", ())
                 if number < entry.number]
        return found[-1] if found else None


def _closings(meeting_id: int) -> _Closings:
    closed: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    rows = select(AuditEntry.subject, AuditEntry.number, AuditEntry.actor_id).where(
        AuditEntry.chain == meeting_id, AuditEntry.verb == "forum_session_close").order_by(AuditEntry.number)
    for subject, number, actor_id in db.session.execute(rows):
        closed[subject].append((number, actor_id))
    summaries = select(SessionSummary.id, SessionSummary.forum_session_id).join(SessionSummary.forum_session).where(
        ForumSession.meeting_id == meeting_id)
    return _Closings(closed, {f"summary {summary_id}": forum_session_id
                              for summary_id, forum_session_id in db.session.execute(summaries)})


def _has_unnamed_session(meeting_id: int) -> bool:
    return db.session.scalar(select(ForumSession.id).where(
        ForumSession.meeting_id == meeting_id, ForumSession.attribution != Attribution.NAMED).limit(1)) is not None


def _unnamed_subjects(meeting_id: int) -> frozenset[str]:
    """What was said, dissented and reviewed in the sessions whose rule names nobody."""
    sessions = select(ForumSession.id).where(ForumSession.meeting_id == meeting_id,
                                             ForumSession.attribution != Attribution.NAMED)
    summaries = select(SessionSummary.id).where(SessionSummary.forum_session_id.in_(sessions))
    places = select(ForumSession.id).where(ForumSession.meeting_id == meeting_id)
    responses = select(Response.id).where(Response.forum_session_id.in_(places), (
        Response.forum_session_id.in_(sessions)) | (Response.attribution != Attribution.NAMED))
    return _parts_of(summaries) | {f"response {identifier}" for identifier in db.session.scalars(responses)}


def _on_their_way(meeting_id: int) -> frozenset[str]:
    """What was reviewed and dissented of summaries that are not published, or are being corrected."""
    return _parts_of(select(SessionSummary.id).join(SessionSummary.forum_session).where(
        ForumSession.meeting_id == meeting_id, SessionSummary.state != SummaryState.PUBLISHED))


def _is_reviewed_or_signed(meeting_id: int) -> bool:
    return db.session.scalar(select(SessionSummary.id).join(SessionSummary.forum_session).where(
        ForumSession.meeting_id == meeting_id,
        SessionSummary.state.in_([SummaryState.IN_REVIEW, SummaryState.SIGNED_OFF])).limit(1)) is not None


def _parts_of(summaries: Select[int]) -> frozenset[str]:
    """Summaries with their lines and minority positions, as the log calls them."""
    found = {"minority position": select(MinorityPosition.id).where(MinorityPosition.summary_id.in_(summaries)),
             "summary": summaries, "summary line": select(Line.id).where(Line.summary_id.in_(summaries))}
    return frozenset(f"{word} {identifier}" for word, ids in found.items() for identifier in db.session.scalars(ids))
