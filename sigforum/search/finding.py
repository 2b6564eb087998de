"""From candidates to hits: each is loaded and judged by the feature it belongs to, and only then counted."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession, Question
from sigforum.ballots import queries as ballots
from sigforum.ballots.models import Poll
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Viewer
from sigforum.search.domain import Kind, Wanted, places
from sigforum.search.queries import MOST_CANDIDATES, Candidate, Reach, candidates
from sigforum.summaries.domain import FINDINGS
from sigforum.summaries.shown_words import POSITION, shown_words
from sigforum.threads import queries as threads
from sigforum.threads.showing import Card, cards

LINE_WORDS = {"answer": "Answer", "statement": "Statement", "open_question": "Open question", "action": "Action",
              POSITION: "Minority position"}


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something that holds the wanted words and that the viewer may read; `text` is what they read there."""

    kind: Kind
    label: str
    forum_session: ForumSession
    text: str
    endpoint: str = "threads.show_forum_session"
    anchor: str | None = None
    is_markdown: bool = False
    # Who wrote it, where the page says so.
    card: Card | None = None
    posted_at: datetime | None = None
    # What the page says of it that not everybody reads there.
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """All hits, by kind and newest first; of some there may be older ones that were not looked at."""

    hits: Sequence[Hit] = ()
    more: frozenset[Kind] = frozenset()
    counts: Mapping[Kind, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Room:
    """Where is searched for whom."""

    viewer: Viewer
    slug: str
    forum_sessions: Mapping[int, ForumSession]
    reach: Reach


def find(viewer: Viewer, wanted: Wanted, *, slug: str, forum_sessions: Sequence[ForumSession],
         unentered: Collection[int]) -> Found:
    """What these forum sessions of the viewer's meeting hold of the wanted words, as far as the viewer may read it.

    The number of statements does not grow with the hits. What was said and asked in an `unentered` session is
    left out; its questions stand on the agenda, and its summary on a page of its own.
    """
    if not wanted.phrases or not forum_sessions:
        return Found()
    by_id = {one.id: one for one in forum_sessions}
    room = Room(viewer=viewer, slug=slug, forum_sessions=by_id, reach=Reach(
        person_id=viewer.person_id, readable=by_id.keys(), entered=by_id.keys() - set(unentered),
        chaired=frozenset(one for one in by_id if viewer.facilitates(one))))
    there: dict[str, dict[int, Candidate]] = defaultdict(dict)
    for candidate in candidates(wanted, room.reach):
        there[candidate.source][candidate.id] = candidate
    hits = [*_sessions(room, there["session"], wanted), *_questions(room, there["question"], wanted),
            *_summaries(room, there["line"], there["position"], wanted),
            *_polls(room, there["poll"], there["option"], wanted), *_responses(room, there["response"], wanted)]
    kinds = {"session": Kind.SESSION, "question": Kind.QUESTION, "line": Kind.SUMMARY, "position": Kind.SUMMARY,
             "poll": Kind.POLL, "option": Kind.POLL, "response": Kind.RESPONSE}
    return Found(
        hits=hits, counts={kind: sum(hit.kind is kind for hit in hits) for kind in Kind},
        more=frozenset(kinds[name] for name, found in there.items() if len(found) >= MOST_CANDIDATES))


def _sessions(room: Room, found: Collection[int], wanted: Wanted) -> Iterator[Hit]:
    for forum_session in room.forum_sessions.values():
        text = ". ".join(filter(None, (forum_session.title, forum_session.theme)))
        if forum_session.id in found and places(text, wanted):
            yield Hit(kind=Kind.SESSION, label="Session", forum_session=forum_session, text=text)


def _questions(room: Room, found: Collection[int], wanted: Wanted) -> Iterator[Hit]:
    by_place: dict[int, list[Question]] = defaultdict(list)
    for question in agenda.questions_by_id(room.forum_sessions.keys(), found) if found else ():
        by_place[question.forum_session_id].append(question)
    for forum_session in room.forum_sessions.values():
        for question in by_place[forum_session.id]:
            if places(question.text, wanted):
                yield Hit(kind=Kind.QUESTION, label=_question_label(question), forum_session=forum_session,
                          text=question.text, anchor=f"question-{question.id}")


def _question_label(question: Question) -> str:
    if question.retired_at is not None:
        return "Question no longer on the agenda"
    return "Central question" if question.is_central else "Question"


def _summaries(room: Room, lines: Mapping[int, Candidate], positions: Mapping[int, Candidate],
               wanted: Wanted) -> Iterator[Hit]:
    with_some = {one.forum_session_id for one in (*lines.values(), *positions.values())}
    if not with_some:
        return
    for words in shown_words([room.forum_sessions[one] for one in sorted(with_some)], chaired=room.reach.chaired):
        # The words of an earlier wording are not the words that are read.
        if words.id not in (positions if words.kind == POSITION else lines) or not places(words.text, wanted):
            continue
        forum_session = room.forum_sessions[words.forum_session_id]
        anchor = f"l{words.id}" if words.kind == "statement" else FINDINGS
        if not words.is_on_page:
            anchor = f"line-{words.id}" if words.kind != POSITION else ""
        yield Hit(kind=Kind.SUMMARY, label=LINE_WORDS[words.kind], forum_session=forum_session, text=words.text,
                  endpoint="summaries.show_summary" if words.is_on_page else "summaries.edit_summary",
                  anchor=anchor or None, is_markdown=words.kind == POSITION,
                  note="" if words.is_on_page else "Draft, seen by those who chair")


def _polls(room: Room, titles: Mapping[int, Candidate], options: Mapping[int, Candidate],
           wanted: Wanted) -> Iterator[Hit]:
    if not titles and not options:
        return
    for poll in ballots.polls_with(room.reach.entered, poll_ids=titles.keys(), option_ids=options.keys()):
        audience = room.viewer.audience(poll.forum_session_id)
        if not ballots.seen(poll, audience=audience).poll:
            continue
        # What the newest round asks; words for the next one are told when it opens.
        terms = poll.round.frozen if poll.round is not None else poll.terms
        shown: dict[str, Any] = {
            "kind": Kind.POLL, "forum_session": room.forum_sessions[poll.forum_session_id],
            "anchor": f"poll-{poll.id}", "note": _poll_note(poll)}
        if poll.id in titles and places(terms.title, wanted):
            yield Hit(label="Poll", text=terms.title, **shown)
        for option in terms.options:
            if int(option.key[1:]) in options and places(option.text, wanted):
                yield Hit(label=f"In the poll “{terms.title}”", text=option.text, **shown)


def _poll_note(poll: Poll) -> str:
    return "Draft, seen by those who chair" if poll.state == "draft" else ""


def _responses(room: Room, found: Collection[int], wanted: Wanted) -> Iterator[Hit]:
    is_coarse = any(phrase.is_coarse for phrase in wanted.phrases)
    by_id = {one: room.forum_sessions[one] for one in room.reach.entered}
    for shown in threads.shown_responses(by_id, found) if found else ():
        forum_session = by_id[shown.response.forum_session_id]
        onlooker = Onlooker(audience=room.viewer.audience(forum_session.id), person_id=room.viewer.person_id)
        card = cards([shown], onlooker, slug=room.slug)[0]
        # The card is empty where the page would show no words.
        if card.text and not (is_coarse and not places(card.text, wanted)):
            yield Hit(kind=Kind.RESPONSE, label="Reply" if card.is_reply else "Response", forum_session=forum_session,
                      text=card.text, is_markdown=True, anchor=f"response-{card.id}", card=card,
                      posted_at=card.posted_at, note="Hidden from the room" if card.is_hidden else "")
