"""Between stored agendas and plans: what is stored as a plan to export, and as the state to compare with."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from sigforum.agenda import hooks, queries
from sigforum.agenda.carrying_hours import carried_hours
from sigforum.agenda.domain import AgendaPlan, DayPlan, ForumSessionPlan, SlotPlan
from sigforum.agenda.domain import Faq as FaqPlan
from sigforum.agenda.importing.changes import AgendaChange, CurrentForumSession, CurrentQuestion, DetailChange
from sigforum.agenda.importing.comparing import compare
from sigforum.agenda.importing.completing import complete
from sigforum.agenda.importing.details import detail_changes
from sigforum.agenda.importing.matching import match_forum_sessions
from sigforum.agenda.models import ForumSession, Meeting, Question
from sigforum.extensions import db


def stored_plan(meeting: Meeting) -> AgendaPlan:
    """The agenda as it stands, ready to be written in any format that can write."""
    return AgendaPlan(
        title=meeting.title, start=meeting.start_on, end=meeting.end_on, intro=meeting.intro,
        days=tuple(DayPlan(day.label, day.held_on, tuple(
            SlotPlan(slot.number, slot.title, tuple(
                _forum_session_plan(forum_session) for forum_session in slot.forum_sessions))
            for slot in day.slots)) for day in queries.days(meeting.id)),
        faqs=tuple(FaqPlan(faq.question, faq.answer) for faq in meeting.faqs))


def compare_agenda(meeting: Meeting, plan: AgendaPlan) -> AgendaChange:
    """Everything that importing `plan` would write; what it does not mention stays as it is."""
    counts: dict[int, int] = {}
    for found in hooks.response_counts(meeting.id):
        counts |= found
    stored = list(db.session.scalars(
        select(ForumSession).where(ForumSession.meeting_id == meeting.id).order_by(ForumSession.position)
        .options(selectinload(ForumSession.questions).selectinload(Question.wordings))))
    current, before = tuple(_current(forum_session, counts) for forum_session in stored), stored_plan(meeting)
    placed = tuple(plan.forum_sessions)
    ids = {placed[index].forum_session.code: found.id
           for index, found in match_forum_sessions(current, placed).items()}
    by_id = {found.id: found for found in stored}
    codes_before = {code: by_id[identifier].code for code, identifier in ids.items()}
    whole = complete(
        plan, stored=before, matched={code: _forum_session_plan(by_id[one]) for code, one in ids.items()},
        wordings=[question.wording for found in current for question in found.questions])
    hours, lost = carried_hours(meeting.id, before, whole, codes_before=codes_before)
    details = (*detail_changes(before, whole, codes_before=codes_before), *lost)
    published = frozenset[int]().union(*hooks.published_summaries(meeting.id))
    change = replace(compare(current, whole, ids_by_code=ids), plan=whole, details=details, hours=hours,
                     published=published)
    if change.is_empty and whole != before:
        # Nothing is written that is not named, even where this file knows no better name for it.
        change = replace(change, details=(DetailChange("outline", "changed", _outline(before), _outline(whole)),))
    return change


def _outline(plan: AgendaPlan) -> str:
    return "; ".join(f"{day.label} {slot.number or ''} {slot.title}: {placed.code}".strip()
                     for day in plan.days for slot in day.slots for placed in slot.forum_sessions)


def _forum_session_plan(forum_session: ForumSession) -> ForumSessionPlan:
    central = forum_session.central_question
    return ForumSessionPlan(
        code=forum_session.code, title=forum_session.title, theme=forum_session.theme,
        modality=forum_session.modality, modalities=tuple(forum_session.modalities),
        central_question=central.text if central else None,
        questions=tuple(question.text for question in forum_session.asked if not question.is_central))


def _current(forum_session: ForumSession, counts: Mapping[int, int]) -> CurrentForumSession:
    slot = forum_session.slot
    return CurrentForumSession(
        id=forum_session.id, code=forum_session.code, title=forum_session.title, theme=forum_session.theme,
        modality=forum_session.modality, slot_number=slot.number if slot else None,
        slot_title=slot.title if slot else "", day_label=slot.day.label if slot else "",
        is_retired=forum_session.removed_at is not None,
        questions=tuple(CurrentQuestion(
            id=question.id, wording=question.text, is_central=question.is_central,
            position=question.position, response_count=counts.get(question.id, 0),
            is_retired=question.retired_at is not None) for question in forum_session.questions))
