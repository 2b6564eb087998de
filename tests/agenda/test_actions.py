"""Making and changing meetings in the database: threads survive every newer agenda."""

import pytest
from sqlalchemy import select

from sigforum.agenda import actions, plans, queries
from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.changes import AgendaChange
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import ForumSession, Question, QuestionWording
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from tests.casting import AGENDA, Cast

WHERE = "Where should cells be made?"
WHO = "Who should pay for making cells?"
LONG = "For how long can cells be kept?"
# Every way in which an agenda can change, each as (what stands there now, what stands there then).
REWORDED = (WHERE, "In which places should cells be made?")
ADDED = (f"  • {WHO}\n", f"  • {WHO}\n  • Who keeps the records of each batch?\n")
REMOVED = (f"  • {WHO}\n", "")
RENAMED = ("1A. Making cells", "1A. Making cells at the bedside")
DROPPED = AGENDA[AGENDA.index("1B. Keeping cells"):]


def plan(*edits: tuple[str, str]) -> AgendaPlan:
    """The cast's agenda with some edits."""
    text = AGENDA
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return read_agenda(text.encode())


def swapped() -> AgendaPlan:
    """The agenda with the codes of its two forum sessions swapped."""
    return plan(("1A. ", "9Z. "), ("1B. ", "1A. "), ("9Z. ", "1B. "))


def question(words: str) -> Question:
    """The stored question that was worded so at some time."""
    found = db.session.scalar(select(Question).join(QuestionWording).where(QuestionWording.text == words))
    assert found is not None
    return found


def import_(cast: Cast, newer: AgendaPlan) -> AgendaChange:
    """Import as ada, and read everything anew afterwards."""
    change = actions.import_agenda(cast.viewer("ada"), queries.meeting_by_slug(cast.slug), newer)
    db.session.expire_all()
    return change


def rows(model: type) -> dict[int, dict[str, object]]:
    """Every row of a table as plain values by id."""
    table = model.__table__
    with db.engine.connect() as connection:
        return {row.id: dict(row._mapping) for row in connection.execute(table.select())}


@pytest.fixture
def answered(cast: Cast) -> Cast:
    """The cast, with a response to every question and a reply to the first."""
    for number, words in enumerate((WHERE, WHO, LONG, "How should cells be made?")):
        said = post_response(cast.viewer("ben"), NewResponse(
            question_id=question(words).id, parent_id=None, key=f"response-{number}", text=f"To: {words}"))
        if number == 0:
            post_response(cast.viewer("cyn"), NewResponse(
                question_id=said.question_id, parent_id=said.id, key="first-reply", text="Reply"))
    return cast


@pytest.mark.both_databases
def test_stored_agenda_equals_what_was_imported(cast: Cast) -> None:
    assert plans.stored_plan(queries.meeting_by_slug(cast.slug)) == read_agenda(AGENDA.encode())


@pytest.mark.both_databases
def test_same_agenda_again_changes_nothing_but_the_log(answered: Cast) -> None:
    before = {model: rows(model) for model in (ForumSession, Question, QuestionWording, Response)}
    assert import_(answered, plan()).is_empty
    after = {model: rows(model) for model in before}
    for found in (before, after):
        for row in found[ForumSession].values():
            # Slots are laid out anew by every import; what stands in them is what counts.
            row.pop("slot_id")
    assert after == before
    assert plans.stored_plan(queries.meeting_by_slug(answered.slug)) == plan()


def test_preview_and_import_name_the_same_changes(answered: Cast) -> None:
    newer = plan(REWORDED, ADDED, RENAMED)
    foreseen = plans.compare_agenda(queries.meeting_by_slug(answered.slug), newer)
    done = import_(answered, newer)
    assert done == foreseen
    assert [(one.before, one.after, one.response_count) for one in done.questions_reworded] == [(*REWORDED, 2)]
    assert [one.after for one in done.questions_added] == ["Who keeps the records of each batch?"]
    assert [one.code for one in done.forum_sessions_changed] == ["1A"]
    assert not done.questions_removed
    assert not done.questions_moved


@pytest.mark.both_databases
def test_reworded_question_keeps_its_thread_and_each_response_its_wording(answered: Cast, sign_in) -> None:
    asked = question(WHERE)
    identifier, first_wording = asked.id, asked.wording.id
    import_(answered, plan(REWORDED))
    asked = db.session.get_one(Question, identifier)
    assert [wording.text for wording in asked.wordings] == list(REWORDED)
    late = post_response(answered.viewer("cyn"), NewResponse(
        question_id=identifier, parent_id=None, key="late-response", text="To the new words"))
    assert late.wording_id == asked.wording.id != first_wording
    tied = db.session.execute(select(Response.text, Response.wording_id).where(
        Response.question_id == identifier).order_by(Response.id)).all()
    assert [tuple(row) for row in tied] == [
        (f"To: {WHERE}", first_wording), ("Reply", first_wording), ("To the new words", asked.wording.id)]
    page = sign_in(answered.person("ben")).get(f"/meetings/{answered.slug}/sessions/1A").get_data(as_text=True)
    # The response and its reply each show the words they answered; the late one does not.
    assert page.count("Answers an earlier wording") == 2


def test_wording_changed_back_keeps_all_three_versions(answered: Cast) -> None:
    import_(answered, plan(REWORDED))
    import_(answered, plan())
    assert [wording.text for wording in question(WHERE).wordings] == [*REWORDED, WHERE]


def test_removed_question_keeps_its_thread_to_read_and_takes_nothing_more(answered: Cast, sign_in) -> None:
    identifier = question(WHO).id
    change = import_(answered, plan(REMOVED))
    assert [(one.id, one.response_count) for one in change.questions_removed] == [(identifier, 1)]
    page = sign_in(answered.person("ben")).get(f"/meetings/{answered.slug}/sessions/1A").get_data(as_text=True)
    assert "No longer on the agenda" in page
    assert f"To: {WHO}" in page
    with pytest.raises(Conflict, match="no longer on the agenda"):
        post_response(answered.viewer("ben"), NewResponse(
            question_id=identifier, parent_id=None, key="too-late-for-it", text="Too late"))


def test_question_back_on_the_agenda_goes_on_with_its_thread(answered: Cast) -> None:
    identifier = question(WHO).id
    import_(answered, plan(REMOVED))
    change = import_(answered, plan())
    assert [one.id for one in change.questions_restored] == [identifier]
    assert question(WHO).retired_at is None
    assert plans.stored_plan(queries.meeting_by_slug(answered.slug)) == plan()


@pytest.mark.both_databases
def test_removed_forum_session_can_still_be_read(answered: Cast, sign_in) -> None:
    change = import_(answered, plan((DROPPED, "")))
    assert [one.code for one in change.forum_sessions_removed] == ["1B"]
    browser = sign_in(answered.person("ben"))
    page = browser.get(f"/meetings/{answered.slug}/sessions/1B").get_data(as_text=True)
    assert "This session is no longer on the agenda" in page
    assert f"To: {LONG}" in page
    assert "Keeping cells" not in browser.get(f"/meetings/{answered.slug}").get_data(as_text=True)
    import_(answered, plan())
    assert "Keeping cells" in browser.get(f"/meetings/{answered.slug}").get_data(as_text=True)


@pytest.mark.both_databases
def test_swapped_codes_leave_threads_with_their_questions(answered: Cast) -> None:
    before = {words: question(words).id for words in (WHERE, WHO, LONG)}
    making, keeping = (answered.forum_session(code).id for code in ("1A", "1B"))
    import_(answered, swapped())
    assert {words: question(words).id for words in before} == before
    assert [answered.forum_session(code).id for code in ("1A", "1B")] == [keeping, making]
    assert question(WHERE).forum_session_id == making
    assert plans.stored_plan(queries.meeting_by_slug(answered.slug)) == swapped()


@pytest.mark.both_databases
def test_code_of_a_removed_session_can_be_given_to_another(answered: Cast, sign_in) -> None:
    making, keeping = (answered.forum_session(code).id for code in ("1A", "1B"))
    for newer in (plan((DROPPED, ""), ("1A. ", "1B. ")), plan((DROPPED, ""), ("1A. ", "1B. "), REWORDED)):
        import_(answered, newer)
        assert answered.forum_session("1B").id == making
        assert answered.forum_session("1B-old1").id == keeping
    page = sign_in(answered.person("ben")).get(f"/meetings/{answered.slug}/sessions/1B-old1")
    assert f"To: {LONG}" in page.get_data(as_text=True)
    import_(answered, plan())
    assert [answered.forum_session(code).id for code in ("1A", "1B")] == [making, keeping]


def test_moved_question_takes_its_thread_along(answered: Cast, sign_in) -> None:
    line = f"  • {WHO}\n"
    newer = plan((line, ""), (f"  • {LONG}\n", f"  • {LONG}\n{line}"))
    change = import_(answered, newer)
    assert [one.id for one in change.questions_moved] == [question(WHO).id]
    said = db.session.scalars(select(Response).where(Response.text == f"To: {WHO}")).one()
    assert said.forum_session_id == said.question.forum_session_id == answered.forum_session("1B").id
    browser = sign_in(answered.person("cyn"))
    assert f"To: {WHO}" in browser.get(f"/meetings/{answered.slug}/sessions/1B").get_data(as_text=True)
    assert f"To: {WHO}" not in browser.get(f"/meetings/{answered.slug}/sessions/1A").get_data(as_text=True)


def test_no_chain_of_imports_deletes_or_changes_what_was_said(answered: Cast) -> None:
    said = rows(Response)
    chain = [plan(REWORDED, ADDED), plan((DROPPED, "")), swapped(), plan(REMOVED, RENAMED),
             read_agenda(b"Quite different\n\n7X. Other matters\nCentral question: What else?\n"), plan()]
    for newer in chain:
        questions, wordings, sessions = rows(Question), rows(QuestionWording), rows(ForumSession)
        import_(answered, newer)
        after = plans.stored_plan(queries.meeting_by_slug(answered.slug))
        assert [one.forum_session for one in after.forum_sessions] == [
            one.forum_session for one in newer.forum_sessions]
        # An agenda that gives no dates leaves those that are stored.
        assert (after.title, after.start) == (newer.title, newer.start or plan().start)
        assert rows(QuestionWording).items() >= wordings.items()
        assert rows(Question).keys() >= questions.keys()
        assert rows(ForumSession).keys() >= sessions.keys()
        now = rows(Response)
        assert {key: row | {"forum_session_id": 0} for key, row in now.items()} == {
            key: row | {"forum_session_id": 0} for key, row in said.items()}
        for response in db.session.scalars(select(Response)):
            assert response.forum_session_id == response.question.forum_session_id


@pytest.mark.parametrize("name", ["finn", "ben", "olu"])
def test_import_is_refused_to_all_but_organizers(answered: Cast, whole_database, name: str) -> None:
    meeting = queries.meeting_by_slug(answered.slug)
    before = whole_database()
    with pytest.raises(NotAllowed):
        actions.import_agenda(answered.viewer(name), meeting, plan(REWORDED))
    assert whole_database() == before


def test_import_that_fails_half_way_stores_nothing(answered: Cast, whole_database, monkeypatch) -> None:
    before = whole_database()
    # The log is written last, so by then everything else has been changed.
    monkeypatch.setattr(actions, "record", lambda *_given, **_named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_(answered, plan(REWORDED, ADDED, REMOVED))
    assert whole_database() == before
