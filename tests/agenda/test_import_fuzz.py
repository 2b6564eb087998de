"""Random agendas over random meetings: what is not mentioned stays, and the difference names all that changes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sigforum.agenda import plans, queries
from sigforum.agenda.actions import create_meeting, import_agenda
from sigforum.agenda.domain import AgendaPlan, DayPlan, Faq, ForumSessionPlan, SlotPlan
from sigforum.extensions import db

dates = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
# Some differ by case, by a sign or by a blank alone.
words = st.sampled_from(["Access", "access", "Access now", "Access, now: all", "Money", "Quality of cells", "Élan",
                         "Zebra", "5*10^6 & <LLOQ", "- dash", "细胞", "“Access”", "Access\u00a0now", "x" * 290])
questions = st.sampled_from([f"{word} {what}{end}" for word in ("Who", "who", "Why") for what in (
    "pays", "waits, now", "pays for 5*10^6") for end in ("?", " ?", "")])
faqs = st.builds(Faq, question=questions, answer=st.none() | words)
sessions = st.builds(
    ForumSessionPlan, code=st.sampled_from("ABCDEF"), title=words, theme=st.none() | words, modality=st.none() | words,
    central_question=st.none() | questions, questions=st.lists(questions, max_size=3, unique=True).map(tuple))
slots = st.builds(SlotPlan, number=st.none() | st.integers(1, 4), title=st.just("") | words,
                  forum_sessions=st.lists(sessions, max_size=3).map(tuple))
days = st.builds(DayPlan, label=st.just("") | words, date=dates, slots=st.lists(slots, max_size=3).map(tuple))


def with_own_codes(plan: AgendaPlan) -> AgendaPlan:
    """The plan without sessions whose code stands in it before; at least one session is in it."""
    seen: set[str] = set()

    def first(one: ForumSessionPlan) -> bool:
        return not (one.code in seen or seen.add(one.code))
    found = tuple(replace(day, slots=tuple(replace(slot, forum_sessions=tuple(filter(first, slot.forum_sessions)))
                                           for slot in day.slots)) for day in plan.days)
    return replace(plan, days=found) if seen else replace(plan, days=(DayPlan("", None, (SlotPlan(
        None, "", (ForumSessionPlan("A", "Access"),)),)),))


def ordered(plan: AgendaPlan) -> AgendaPlan:
    """The plan with its dates in order, both or none."""
    known = sorted(filter(None, (plan.start, plan.end)))
    return replace(plan, start=known[0] if known else None, end=known[-1] if known else None)


agendas = st.builds(
    AgendaPlan, title=words, start=dates, end=dates, intro=st.none() | words,
    days=st.lists(days, max_size=3).map(tuple),
    faqs=st.lists(faqs, max_size=3, unique_by=lambda one: one.question).map(tuple)).map(with_own_codes).map(ordered)


def leaves(value: object) -> list[str]:
    """Every text of an agenda's JSON."""
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in leaves(one)]
    return [] if value is None else [str(value)]


def told_by(change: object) -> str:
    """All that a change names."""
    return repr([getattr(change, name) for name in dir(change) if name.startswith((
        "details", "forum_sessions_", "questions_")) and not name.endswith(("unchanged", "still_retired"))])


# Each example is a database of its own; to make a failing one smaller would take minutes.
bounded = settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate], database=None,
                   suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.mark.usefixtures("app")
@bounded
@given(old=agendas, new=agendas)
def test_difference_names_all_that_an_import_changes(old: AgendaPlan, new: AgendaPlan) -> None:
    meeting = create_meeting(old, person=None)
    before = plans.stored_plan(meeting)
    change = import_agenda(None, meeting, new)
    db.session.expire_all()
    after = plans.stored_plan(queries.meeting_by_slug(meeting.slug))
    assert change.is_empty == (after == before)
    told = told_by(change)
    old_leaves, new_leaves = leaves(before.to_json()), leaves(after.to_json())
    for leaf in {*old_leaves, *new_leaves}:
        if old_leaves.count(leaf) != new_leaves.count(leaf):
            assert repr(leaf)[1:-1] in told, (leaf, before, after)


@pytest.mark.usefixtures("app")
@bounded
@given(old=agendas, new=agendas)
def test_what_an_agenda_does_not_mention_stays(old: AgendaPlan, new: AgendaPlan) -> None:
    meeting = create_meeting(old, person=None)
    before = plans.stored_plan(meeting)
    import_agenda(None, meeting, replace(new, title=""))
    db.session.expire_all()
    after = plans.stored_plan(queries.meeting_by_slug(meeting.slug))
    assert after.title == before.title
    if not new.intro:
        assert after.intro == before.intro
    if not new.faqs:
        assert after.faqs == before.faqs
    if not new.start:
        assert (after.start, after.end) == (before.start, before.end)
    # Forum sessions that go on under the same code and title, whatever else is said of them.
    was = {one.forum_session.code: one.forum_session for one in before.forum_sessions}
    now = {one.forum_session.code: one.forum_session for one in after.forum_sessions}
    for placed in new.forum_sessions:
        said, stood = placed.forum_session, was.get(placed.forum_session.code)
        if stood is not None and stood.title == said.title:
            assert now[said.code].theme == (said.theme or stood.theme)
            assert now[said.code].modality == (said.modality or stood.modality)


@pytest.mark.usefixtures("app")
@bounded
@given(old=agendas, drops=st.sets(st.sampled_from(["title", "dates", "intro", "faqs", "answers", "themes", "days"])))
def test_agenda_with_parts_left_out_changes_nothing(old: AgendaPlan, drops: set[str]) -> None:
    meeting = create_meeting(old, person=None)
    before = plans.stored_plan(meeting)
    fragment = before
    if "title" in drops:
        fragment = replace(fragment, title="")
    if "dates" in drops:
        fragment = replace(fragment, start=None, end=None)
    if "intro" in drops:
        fragment = replace(fragment, intro=None)
    if "faqs" in drops:
        fragment = replace(fragment, faqs=())
    if "answers" in drops:
        fragment = replace(fragment, faqs=tuple(Faq(one.question) for one in fragment.faqs))
    if "themes" in drops:
        fragment = replace(fragment, days=tuple(replace(day, slots=tuple(replace(slot, forum_sessions=tuple(
            replace(one, theme=None, modality=None) for one in slot.forum_sessions)) for slot in day.slots))
            for day in fragment.days))
    if "days" in drops:
        fragment = replace(fragment, days=tuple(replace(day, date=None) for day in fragment.days))
    assert plans.compare_agenda(meeting, fragment).is_empty
    import_agenda(None, meeting, fragment)
    db.session.expire_all()
    assert plans.stored_plan(queries.meeting_by_slug(meeting.slug)) == before
