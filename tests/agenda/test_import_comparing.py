"""What importing a newer agenda over a stored one would change."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.agenda.domain import AgendaPlan, DayPlan, ForumSessionPlan, SlotPlan
from sigforum.agenda.importing.changes import AgendaChange, QuestionChange
from sigforum.agenda.importing.comparing import CurrentForumSession, CurrentQuestion, compare

ACCESS = ForumSessionPlan(
    "1A",
    "Patient access",
    "Access",
    "in vivo",
    ("in vivo",),
    "What will it take to reach every patient?",
    ("Which regions are left behind today?", "Who should pay for point-of-care sites?"),
)
QUALITY = ForumSessionPlan(
    "1B",
    "Quality standards",
    "Quality",
    None,
    (),
    "Which standards reduce product loss?",
    ("Where is potency hardest to define?", "Which assays can be harmonised first?"),
)


def plan_of(*forum_sessions: ForumSessionPlan, slot_title: str = "Morning") -> AgendaPlan:
    return AgendaPlan("A meeting", days=(DayPlan("Day 1", None, (SlotPlan(1, slot_title, forum_sessions),)),))


def stored(plan: AgendaPlan, *, responses: int = 0) -> tuple[CurrentForumSession, ...]:
    """The plan as it would be stored by a first import."""
    found = []
    for number, (day, slot, each) in enumerate(plan.forum_sessions, 1):
        wordings = ([(each.central_question, True)] if each.central_question else []) + [
            (one, False) for one in each.questions
        ]
        questions = tuple(
            CurrentQuestion(number * 1000 + position, wording, is_central, position, responses)
            for position, (wording, is_central) in enumerate(wordings)
        )
        found.append(
            CurrentForumSession(
                number,
                each.code,
                each.title,
                each.theme,
                each.modality,
                slot.number,
                slot.title,
                day.label,
                questions,
            )
        )
    return tuple(found)


def question_lists(change: AgendaChange) -> dict[str, tuple[QuestionChange, ...]]:
    return {
        name: getattr(change, f"questions_{name}")
        for name in ("added", "reworded", "moved", "removed", "restored", "unchanged", "still_retired")
    }


BEFORE = stored(plan_of(ACCESS, QUALITY), responses=4)


def test_same_agenda_changes_nothing() -> None:
    change = compare(BEFORE, plan_of(ACCESS, QUALITY))
    assert change.is_empty
    assert len(change.questions_unchanged) == 6
    assert change.matches == {"1A": 1, "1B": 2}


def test_reworded_question_keeps_its_identity() -> None:
    newer = replace(ACCESS, questions=("Which regions are still left behind today?", ACCESS.questions[1]))
    change = compare(BEFORE, plan_of(newer, QUALITY))
    (reworded,) = change.questions_reworded
    assert (reworded.id, reworded.before, reworded.after) == (1001, ACCESS.questions[0], newer.questions[0])
    assert (change.questions_added, change.questions_removed, change.questions_moved) == ((), (), ())


def test_central_question_is_reworded_however_different() -> None:
    change = compare(BEFORE, plan_of(replace(ACCESS, central_question="Is cost the real barrier?"), QUALITY))
    assert [(each.id, each.after) for each in change.questions_reworded] == [
        (1000, "Is cost the real barrier?")
    ]


def test_swapped_questions_are_moved_not_reworded() -> None:
    change = compare(BEFORE, plan_of(replace(ACCESS, questions=ACCESS.questions[::-1]), QUALITY))
    assert sorted(each.id or 0 for each in change.questions_moved) == [1001, 1002]
    assert change.questions_reworded == ()


def test_question_in_another_session_is_moved() -> None:
    change = compare(
        BEFORE,
        plan_of(
            replace(ACCESS, questions=ACCESS.questions[:1]),
            replace(QUALITY, questions=(*QUALITY.questions, ACCESS.questions[1])),
        ),
    )
    (moved,) = change.questions_moved
    assert moved.id == 1002
    assert moved.place_before is not None
    assert moved.place_after is not None
    assert (moved.place_before.code, moved.place_after.code) == ("1A", "1B")


def test_removed_question_tells_how_many_responses_it_has() -> None:
    change = compare(BEFORE, plan_of(replace(ACCESS, questions=ACCESS.questions[:1]), QUALITY))
    assert [(each.id, each.response_count) for each in change.questions_removed] == [(1002, 4)]


def test_unlike_question_is_added_and_the_old_one_removed() -> None:
    change = compare(BEFORE, plan_of(replace(ACCESS, questions=(ACCESS.questions[0], "Zebra?")), QUALITY))
    assert [each.after for each in change.questions_added] == ["Zebra?"]
    assert [each.id for each in change.questions_removed] == [1002]


def test_retired_question_that_returns_is_restored() -> None:
    retired = replace(BEFORE[0].questions[2], is_retired=True)
    current = (replace(BEFORE[0], questions=(*BEFORE[0].questions[:2], retired)), BEFORE[1])
    assert [each.id for each in compare(current, plan_of(ACCESS, QUALITY)).questions_restored] == [1002]
    without = compare(current, plan_of(replace(ACCESS, questions=ACCESS.questions[:1]), QUALITY))
    assert without.is_empty
    assert [each.id for each in without.questions_still_retired] == [1002]


def test_session_put_in_between_shifts_codes_without_losing_threads() -> None:
    new = ForumSessionPlan("1B", "Reimbursement", "Money", None, (), "Who pays?", ("Since when?",))
    change = compare(BEFORE, plan_of(ACCESS, new, replace(QUALITY, code="1C")))
    assert [each.code for each in change.forum_sessions_added] == ["1B"]
    assert [
        (each.id, [(field.name, field.before, field.after) for field in each.fields])
        for each in change.forum_sessions_moved
    ] == [(2, [("code", "1B", "1C")])]
    assert [each.after for each in change.questions_added] == ["Who pays?", "Since when?"]
    assert len(change.questions_unchanged) == 6


def test_changed_fields_are_named_before_and_after() -> None:
    change = compare(BEFORE, plan_of(replace(ACCESS, title="Reaching patients", theme="Equity"), QUALITY))
    (changed,) = change.forum_sessions_changed
    assert [(field.name, field.before, field.after) for field in changed.fields] == [
        ("title", "Patient access", "Reaching patients"),
        ("theme", "Access", "Equity"),
    ]


def test_removed_session_takes_its_questions_along() -> None:
    change = compare(BEFORE, plan_of(ACCESS))
    assert [(each.id, each.code) for each in change.forum_sessions_removed] == [(2, "1B")]
    assert len(change.questions_removed) == 3


def test_removed_session_that_is_stored_as_retired_is_not_removed_again() -> None:
    gone = replace(
        BEFORE[1],
        is_retired=True,
        questions=tuple(replace(each, is_retired=True) for each in BEFORE[1].questions),
    )
    assert compare((BEFORE[0], gone), plan_of(ACCESS)).is_empty
    back = compare((BEFORE[0], gone), plan_of(ACCESS, QUALITY))
    assert [each.id for each in back.forum_sessions_restored] == [2]
    assert len(back.questions_restored) == 3


def test_renamed_slot_moves_its_sessions() -> None:
    change = compare(BEFORE, plan_of(ACCESS, QUALITY, slot_title="Early morning"))
    assert [each.code for each in change.forum_sessions_moved] == ["1A", "1B"]
    assert change.questions_moved == ()


wordings = st.sampled_from(
    [
        "Why?",
        "Why not?",
        "Who pays for it?",
        "Who pays for this?",
        "Where?",
        "What about access in Europe?",
        "What about access in Asia?",
        "Zebra?",
    ]
)
sessions = st.builds(
    ForumSessionPlan,
    code=st.sampled_from("ABCDE"),
    title=st.sampled_from(["Access", "Access now", "Quality", "Money"]),
    theme=st.none() | st.just("Theme"),
    central_question=st.none() | wordings,
    questions=st.lists(wordings, max_size=4).map(tuple),
)
plans = st.lists(sessions, max_size=4, unique_by=lambda each: each.code).map(lambda found: plan_of(*found))


@settings(max_examples=150, deadline=None)
@given(plans, plans, st.sets(st.integers(1, 4)))
def test_every_question_ends_in_exactly_one_list(old: AgendaPlan, new: AgendaPlan, retired: set[int]) -> None:
    current = tuple(
        replace(
            each, questions=tuple(replace(one, is_retired=one.position in retired) for one in each.questions)
        )
        for each in stored(old)
    )
    change = compare(current, new)
    listed = [each for changes in question_lists(change).values() for each in changes]
    assert sorted(each.id for each in listed if each.id is not None) == sorted(
        one.id for each in current for one in each.questions
    )
    wanted = [
        (each.code, wording)
        for _, _, each in new.forum_sessions
        for wording in ((each.central_question,) if each.central_question else ()) + each.questions
    ]
    assert sorted((each.place_after.code, each.after or "") for each in listed if each.place_after) == sorted(
        wanted
    )
    assert compare(current, new) == change


@settings(max_examples=150, deadline=None)
@given(plans)
def test_importing_the_same_agenda_again_changes_nothing(plan: AgendaPlan) -> None:
    change = compare(stored(plan), plan)
    assert change.is_empty
    assert set(change.matches) == {each.code for _, _, each in plan.forum_sessions}
