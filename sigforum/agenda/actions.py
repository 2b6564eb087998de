"""What can be done with an agenda: making a meeting, importing, and moving forum sessions on."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import select

from sigforum.agenda import hooks, queries
from sigforum.agenda.carrying_hours import store_hours
from sigforum.agenda.domain import AgendaPlan, ForumSessionPlan, ForumSessionState, next_forum_session_state
from sigforum.agenda.events import AgendaImported, ForumSessionMoved
from sigforum.agenda.forms import OVERTAKEN, fingerprint
from sigforum.agenda.importing.changes import AgendaChange, QuestionChange
from sigforum.agenda.importing.matching import normalised
from sigforum.agenda.models import Day, Faq, ForumSession, Meeting, Question, QuestionWording, Slot
from sigforum.agenda.plans import compare_agenda
from sigforum.agenda.policy import check_imports, check_moves
from sigforum.agenda.rule_moves import check_rule_moves
from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, NotFound
from sigforum.kernel.ids import slug
from sigforum.people.actions import add_member
from sigforum.people.domain import Role, Viewer
from sigforum.people.models import Person
from sigforum.transaction import transaction


def create_meeting(plan: AgendaPlan, *, person: Person | None, is_sample: bool = False) -> Meeting:
    """Make a meeting from an agenda; the person, who must be a host, becomes its organizer.

    None stands for the operator's command, which may make a meeting before there is anybody.
    """
    if person is not None and not person.is_host:
        raise NotFound()
    with transaction() as tx:
        meeting = Meeting(slug=_free_slug(plan.title), title=plan.title, is_sample=is_sample)
        db.session.add(meeting)
        db.session.flush()
        _apply(meeting, compare_agenda(meeting, plan))
        if person is not None:
            add_member(meeting.id, person=person, role=Role.ORGANIZER, accepted=True)
        hooks.meeting_created(meeting)
        record("meeting_created", meeting_id=meeting.id, actor_id=person.id if person else None,
               subject=f"meeting {meeting.id}")
        tx.publish(AgendaImported(meeting_id=meeting.id))
    return meeting


def import_agenda(viewer: Viewer | None, meeting: Meeting, plan: AgendaPlan, *,
                  are_rules_confirmed: bool = False, seen: str = "") -> AgendaChange:
    """Bring a meeting to a newer agenda. Threads stay; what is dropped is retired, never deleted.

    `viewer` is None for the operator's command. The change is computed again inside the transaction, so what
    was posted since the preview is safe too. Raises Conflict where it is another change by then than the one whose
    fingerprint was `seen`, and Invalid where a question would go to a session with another rule of attribution and that
    was not confirmed.
    """
    if viewer is not None:
        check_imports(viewer)
    with transaction() as tx:
        meeting = db.session.get_one(Meeting, meeting.id)
        change, before = compare_agenda(meeting, plan), _noted(meeting)
        if seen and seen != fingerprint(change):
            raise Conflict(OVERTAKEN)
        check_rule_moves(change, are_confirmed=are_rules_confirmed)
        _apply(meeting, change)
        record("agenda_imported", meeting_id=meeting.id, actor_id=viewer.person_id if viewer else None,
               subject=f"meeting {meeting.id}", reworded=len(change.questions_reworded),
               added=len(change.questions_added), removed=len(change.questions_removed), before=before,
               after=_noted(meeting))
        tx.publish(AgendaImported(meeting_id=meeting.id))
    return change


def move_forum_session(viewer: Viewer, forum_session_id: int, *, verb: str) -> ForumSession:
    """Open a forum session, take it live, close it, or reopen it. Repeating a move that is done changes nothing."""
    check_moves(viewer, forum_session_id)
    with transaction() as tx:
        forum_session = queries.forum_session_by_id(viewer.meeting_id, forum_session_id)
        wanted = {"open": ForumSessionState.OPEN, "go_live": ForumSessionState.LIVE,
                  "close": ForumSessionState.CLOSED, "reopen": ForumSessionState.LIVE}[verb]
        if forum_session.state != wanted:
            before = forum_session.state
            forum_session.state = next_forum_session_state(ForumSessionState(before), verb)
            forum_session.closed_at = now() if verb == "close" else None
            record(f"forum_session_{verb}", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"forum session {forum_session.id}", before=before, after=forum_session.state)
            tx.publish(ForumSessionMoved(meeting_id=viewer.meeting_id, forum_session_id=forum_session.id))
            hooks.forum_session_moved(tx, forum_session)
    return forum_session


def mark_summarised(viewer: Viewer, forum_session_id: int) -> ForumSession:
    """Note that a forum session's summary is published. One that is not closed yet goes on as it is."""
    check_moves(viewer, forum_session_id)
    with transaction() as tx:
        forum_session = queries.forum_session_by_id(viewer.meeting_id, forum_session_id)
        if forum_session.state == ForumSessionState.CLOSED:
            forum_session.state = next_forum_session_state(ForumSessionState.CLOSED, "summarise")
            record("forum_session_summarise", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"forum session {forum_session.id}", before=ForumSessionState.CLOSED,
                   after=forum_session.state)
            tx.publish(ForumSessionMoved(meeting_id=viewer.meeting_id, forum_session_id=forum_session.id))
    return forum_session


def _noted(meeting: Meeting) -> dict[str, object]:
    """An agenda as the log tells of it: the words of its questions by the numbers of their wordings, which are kept."""
    asked = [question for found in meeting.forum_sessions for question in found.asked]
    return {"title": meeting.title, "starts": str(meeting.start_on or ""), "ends": str(meeting.end_on or ""),
            "forum_sessions": sorted(found.code for found in meeting.forum_sessions),
            "wordings": {str(question.id): question.wording.number for question in asked}}


def _free_slug(title: str) -> str:
    wanted = slug(title)
    taken = set(db.session.scalars(select(Meeting.slug).where(Meeting.slug.startswith(wanted))))
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _apply(meeting: Meeting, change: AgendaChange) -> None:
    plan = change.plan
    assert plan is not None, "a comparison with a stored meeting has the whole agenda"
    meeting.title, meeting.intro = plan.title, plan.intro
    meeting.start_on, meeting.end_on = plan.start, plan.end
    meeting.faqs = [Faq(position=position, question=faq.question, answer=faq.answer)
                    for position, faq in enumerate(plan.faqs)]
    stored = {found.id: found for found in db.session.scalars(
        select(ForumSession).where(ForumSession.meeting_id == meeting.id))}
    _free_codes(stored, plan, change)
    by_code = _place_forum_sessions(meeting, plan, change, stored)
    for question_change in _asked(change):
        _apply_question(question_change, by_code)
    for question_change in change.questions_removed:
        db.session.get_one(Question, question_change.id).retired_at = now()
    store_hours(meeting.id, change.hours)
    db.session.flush()
    db.session.expire_all()
    hooks.agenda_imported(meeting)


def _free_codes(stored: dict[int, ForumSession], plan: AgendaPlan, change: AgendaChange) -> None:
    """Let all sessions go of their codes, which must be unique at every step while two swap theirs.

    One that is on the agenda no longer gets its code back, or one beside it where another session has it now.
    """
    codes = {identifier: found.code for identifier, found in stored.items()}
    for identifier, found in stored.items():
        # No agenda has a code that begins with a blank.
        found.code, found.slot = f" {identifier}", None
    db.session.flush()
    taken = {placed.forum_session.code for placed in plan.forum_sessions}
    for identifier in stored.keys() - set(change.matches.values()):
        found = stored[identifier]
        found.code = next(code for code in _codes_like(codes[identifier]) if code not in taken)
        found.removed_at = found.removed_at or now()
        taken.add(found.code)
    db.session.flush()


def _codes_like(code: str) -> Iterator[str]:
    yield code
    yield from (f"{code}-old{number}" for number in count(1))


def _place_forum_sessions(meeting: Meeting, plan: AgendaPlan, change: AgendaChange,
                          stored: dict[int, ForumSession]) -> dict[str, ForumSession]:
    """Lay days and slots out anew and put every forum session in its place."""
    meeting.days.clear()
    db.session.flush()
    by_code: dict[str, ForumSession] = {}
    for day_position, day_plan in enumerate(plan.days):
        day = Day(position=day_position, label=day_plan.label, held_on=day_plan.date)
        meeting.days.append(day)
        for slot_position, slot_plan in enumerate(day_plan.slots):
            slot = Slot(position=slot_position, number=slot_plan.number, title=slot_plan.title)
            day.slots.append(slot)
            db.session.flush()
            for session_plan in slot_plan.forum_sessions:
                found = stored.get(change.matches.get(session_plan.code, 0)) or ForumSession(
                    meeting_id=meeting.id, state=ForumSessionState.OPEN)
                _fill(found, session_plan, slot=slot, position=len(by_code))
                db.session.add(found)
                by_code[session_plan.code] = found
    db.session.flush()
    return by_code


def _fill(found: ForumSession, plan: ForumSessionPlan, *, slot: Slot, position: int) -> None:
    found.code, found.title, found.theme, found.modality = plan.code, plan.title, plan.theme, plan.modality
    found.modalities, found.slot, found.position = list(plan.modalities), slot, position
    found.removed_at = None


def _asked(change: AgendaChange) -> Iterator[QuestionChange]:
    """Every question that the newer agenda asks."""
    for changes in (change.questions_added, change.questions_reworded, change.questions_moved,
                    change.questions_restored, change.questions_unchanged):
        yield from changes


def _apply_question(change: QuestionChange, by_code: dict[str, ForumSession]) -> None:
    place, words = change.place_after, change.after
    assert place is not None
    assert words is not None
    target = by_code[place.code]
    if change.id is None:
        question = Question(forum_session_id=target.id, wordings=[QuestionWording(number=1, text=words)])
        db.session.add(question)
    else:
        question = db.session.get_one(Question, change.id)
        if normalised(question.text) != normalised(words):
            question.wordings.append(QuestionWording(number=question.wording.number + 1, text=words))
        if question.forum_session_id != target.id:
            question.forum_session_id = target.id
            hooks.question_moved(question.id, target.id)
    question.position, question.is_central, question.retired_at = place.position, place.is_central, None
