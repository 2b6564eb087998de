"""Compares a stored agenda with a newer one, so that a person sees beforehand what an import would do."""

from collections.abc import Mapping

from sigforum.agenda.domain import AgendaPlan, PlacedForumSession
from sigforum.agenda.importing.changes import (
    AgendaChange,
    CurrentForumSession,
    CurrentQuestion,
    FieldChange,
    ForumSessionChange,
    Place,
    QuestionChange,
)
from sigforum.agenda.importing.matching import (
    NewQuestion,
    StoredQuestion,
    match_forum_sessions,
    match_questions,
)

__all__ = [
    "AgendaChange",
    "CurrentForumSession",
    "CurrentQuestion",
    "FieldChange",
    "ForumSessionChange",
    "Place",
    "QuestionChange",
    "compare",
]


def compare(current: tuple[CurrentForumSession, ...], plan: AgendaPlan, *,
            ids_by_code: Mapping[str, int] | None = None) -> AgendaChange:
    """What importing `plan` over `current` would change in forum sessions and questions; the same input always gives
    the same answer. `ids_by_code` says which stored sessions go on, where that was found out before."""
    placed = tuple(plan.forum_sessions)
    if ids_by_code is None:
        matched = match_forum_sessions(current, placed)
    else:
        by_id = {each.id: each for each in current}
        matched = {index: by_id[ids_by_code[each.forum_session.code]] for index, each in enumerate(placed)
                   if each.forum_session.code in ids_by_code}
    codes_after = {each.id: placed[index].forum_session.code for index, each in matched.items()}
    stored = [
        question
        for each in current
        for question in _stored_questions(each, code_after=codes_after.get(each.id))
    ]
    new = [question for each in placed for question in _new_questions(each)]
    pairs = match_questions(stored, new)
    forum_sessions = _forum_session_lists(current, placed, matched)
    questions = _question_lists(stored, new, pairs)
    return AgendaChange(
        forum_sessions_added=tuple(forum_sessions["added"]),
        forum_sessions_changed=tuple(forum_sessions["changed"]),
        forum_sessions_moved=tuple(forum_sessions["moved"]),
        forum_sessions_removed=tuple(forum_sessions["removed"]),
        forum_sessions_restored=tuple(forum_sessions["restored"]),
        questions_added=tuple(questions["added"]),
        questions_reworded=tuple(questions["reworded"]),
        questions_moved=tuple(questions["moved"]),
        questions_removed=tuple(questions["removed"]),
        questions_restored=tuple(questions["restored"]),
        questions_unchanged=tuple(questions["unchanged"]),
        questions_still_retired=tuple(questions["still_retired"]),
        matches={placed[index].forum_session.code: each.id for index, each in matched.items()},
    )


def _stored_questions(forum_session: CurrentForumSession, *, code_after: str | None) -> list[StoredQuestion]:
    """The stored questions; positions are counted anew, so that gaps and the first number do not matter."""
    ordered = sorted(forum_session.questions, key=lambda each: (each.position, each.id))
    found: list[StoredQuestion] = []
    position = 0
    for each in ordered:
        if not each.is_central and not each.is_retired:
            position += 1
        place = Place(forum_session.code, each.is_central, 0 if each.is_central else position)
        found.append(StoredQuestion(each, place, code_after))
    return found


def _new_questions(placed: PlacedForumSession) -> list[NewQuestion]:
    forum_session = placed.forum_session
    found = [
        NewQuestion(wording, Place(forum_session.code, False, position))
        for position, wording in enumerate(forum_session.questions, 1)
    ]
    if forum_session.central_question:
        found.insert(0, NewQuestion(forum_session.central_question, Place(forum_session.code, True, 0)))
    return found


def _forum_session_lists(
    current: tuple[CurrentForumSession, ...],
    placed: tuple[PlacedForumSession, ...],
    matched: dict[int, CurrentForumSession],
) -> dict[str, list[ForumSessionChange]]:
    lists: dict[str, list[ForumSessionChange]] = {
        name: [] for name in ("added", "changed", "moved", "removed", "restored")
    }
    for index, new in enumerate(placed):
        code, title = new.forum_session.code, new.forum_session.title
        old = matched.get(index)
        if old is None:
            lists["added"].append(ForumSessionChange(None, code, title, _told(_after(new), is_before=False)))
            continue
        content, position = _differences(old, new)
        if old.is_retired:
            lists["restored"].append(ForumSessionChange(old.id, code, title))
        if content:
            lists["changed"].append(ForumSessionChange(old.id, code, title, content))
        if position:
            lists["moved"].append(ForumSessionChange(old.id, code, title, position))
    kept = {each.id for each in matched.values()}
    lists["removed"] = [
        ForumSessionChange(each.id, each.code, each.title, _told(_before(each), is_before=True))
        for each in current
        if each.id not in kept and not each.is_retired
    ]
    return lists


def _differences(
    old: CurrentForumSession,
    new: PlacedForumSession,
) -> tuple[tuple[FieldChange, ...], tuple[FieldChange, ...]]:
    """What differs in the content of a forum session, and what in its place."""
    pairs = [FieldChange(name, before, after) for (name, before), after in zip(
        _before(old).items(), _after(new).values(), strict=True) if before != after]
    return (
        tuple(each for each in pairs if each.name in _CONTENT),
        tuple(each for each in pairs if each.name not in _CONTENT),
    )


_CONTENT = ("title", "theme", "modality")


def _before(old: CurrentForumSession) -> dict[str, str | int | None]:
    return {
        "title": old.title, "theme": old.theme or None, "modality": old.modality or None, "code": old.code,
        "slot_number": old.slot_number, "slot_title": old.slot_title, "day_label": old.day_label}


def _after(new: PlacedForumSession) -> dict[str, str | int | None]:
    found = new.forum_session
    return {
        "title": found.title, "theme": found.theme or None, "modality": found.modality or None, "code": found.code,
        "slot_number": new.slot.number, "slot_title": new.slot.title, "day_label": new.day.label}


def _told(values: dict[str, str | int | None], *, is_before: bool) -> tuple[FieldChange, ...]:
    """What comes or goes with a forum session beside its code and title, which are told of it anyway."""
    return tuple(FieldChange(name, value if is_before else None, None if is_before else value)
                 for name, value in values.items() if name not in ("title", "code") and value not in (None, ""))


def _question_lists(
    stored: list[StoredQuestion],
    new: list[NewQuestion],
    pairs: dict[int, int],
) -> dict[str, list[QuestionChange]]:
    """Sort every question, stored or new, into exactly one list; `pairs` maps new to stored indexes."""
    lists: dict[str, list[QuestionChange]] = {
        name: []
        for name in ("added", "reworded", "moved", "removed", "restored", "unchanged", "still_retired")
    }
    for index, question in enumerate(new):
        if index not in pairs:
            lists["added"].append(QuestionChange(None, None, question.wording, None, question.place))
            continue
        old = stored[pairs[index]]
        change = QuestionChange(
            old.question.id,
            old.question.wording,
            question.wording,
            old.place,
            question.place,
            old.question.response_count,
        )
        lists[_kind_of(old, question)].append(change)
    kept = set(pairs.values())
    for index, old in enumerate(stored):
        if index not in kept:
            change = QuestionChange(
                old.question.id, old.question.wording, None, old.place, None, old.question.response_count
            )
            lists["still_retired" if old.question.is_retired else "removed"].append(change)
    return lists


def _kind_of(old: StoredQuestion, new: NewQuestion) -> str:
    if old.question.is_retired:
        return "restored"
    if old.key != new.key:
        return "reworded"
    stays = (old.code_after, old.place.is_central, old.place.position) == (
        new.place.code,
        new.place.is_central,
        new.place.position,
    )
    return "unchanged" if stays else "moved"
