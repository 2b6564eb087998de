"""The line in which exports wait, cancelling, and asking again."""

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.exports import making, queries
from sigforum.exports.actions import cancel_export, retry_export
from sigforum.exports.domain import place_in_line
from sigforum.exports.files import folder_of
from sigforum.exports.models import ExportJob
from sigforum.extensions import db, jobs
from sigforum.kernel.errors import NotAllowed, NotFound
from sigforum.live.gateway import Fragment, Onlooker, fragments_of
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people.domain import Audience, Role
from sigforum.people.queries import members
from sigforum.transaction import MeetingEvent, transaction
from tests.casting import Cast
from tests.exports.worker import MEANWHILE, ask, read, work
from tests.summaries.panel import Panel


def line_of(browser: object, cast: Cast, job: ExportJob) -> str:
    """An export's line on its owner's page."""
    page = browser.get(f"/meetings/{cast.slug}/exports").get_data(as_text=True)  # type: ignore[attr-defined]
    return str(page.split(f'id="job-{job.id}"')[1].split("</li>")[0])


def told() -> list[int]:
    """The exports that were told of, in order."""
    return [event.payload["job_id"] for event in db.session.scalars(select(MeetingEvent).where(
        MeetingEvent.kind == "export_progressed").order_by(MeetingEvent.number))]


@pytest.mark.parametrize(("ahead", "words"), [
    (0, "Next in line"), (1, "Second in line"), (9, "Tenth in line"), (10, "Waiting behind 10 others")])
def test_place_in_line_is_said_in_words(ahead: int, words: str) -> None:
    assert place_in_line(ahead) == words


def test_line_is_told_and_moves_up(panel: Panel, sign_in, slow_format: None) -> None:
    first = ask(panel.cast, "ada", format_name="slow")
    second, third = ask(panel.cast, "ben"), ask(panel.cast, "cyn", format_name="csv")
    browser = sign_in(panel.cast.person("cyn"))
    assert "Third in line" in line_of(browser, panel.cast, third)
    seen = []
    MEANWHILE.append(lambda: seen.append((read(second)[0], line_of(browser, panel.cast, third), told()[3:])))
    making.run_export(first.id)
    [(state, line, since)] = seen
    assert state == "queued"
    assert "Second in line" in line
    # The one that was taken, those who moved up, and the first steps of the one that is made.
    assert since[:3] == [first.id, second.id, third.id]
    assert set(since[3:]) == {first.id}
    assert "Second in line" in line_of(browser, panel.cast, third)
    work()
    assert (read(second)[0], read(third)[0]) == ("done", "done")


def test_line_is_served_one_at_a_time(panel: Panel, slow_format: None) -> None:
    first, second = ask(panel.cast, "ada", format_name="slow"), ask(panel.cast, "ben")
    seen = []

    def another_wake_up() -> None:
        making.run_queued_exports()
        seen.append(read(second)[0])
    MEANWHILE.append(another_wake_up)
    making.run_queued_exports()
    assert seen == ["queued"]
    assert (read(first)[0], read(second)[0]) == ("done", "done")


def test_export_asked_for_again_goes_to_the_end_of_the_line(panel: Panel) -> None:
    first, second = ask(panel.cast, "ben"), ask(panel.cast, "cyn")
    cancel_export(panel.cast.viewer("ben"), first.id)
    retry_export(panel.cast.viewer("ben"), first.id)
    assert [one.id for one in queries.waiting(most=5)] == [second.id, first.id]


def test_cancelled_export_leaves_the_line(panel: Panel, sign_in) -> None:
    first, second = ask(panel.cast, "ben"), ask(panel.cast, "cyn")
    browser = sign_in(panel.cast.person("ben"))
    cancel = f"/meetings/{panel.cast.slug}/exports/{first.id}/cancel"
    assert "/cancel" in line_of(browser, panel.cast, first)
    assert browser.post(cancel).status_code == 302
    assert told()[2:] == [first.id, second.id]
    assert browser.post(cancel).status_code == 302
    assert len(told()) == 4
    line = line_of(browser, panel.cast, first)
    assert "Cancelled." in line
    assert "Make again" in line
    work()
    assert (read(first)[0], read(second)[0]) == ("cancelled", "done")
    assert not folder_of(first.id).exists()
    retry_export(panel.cast.viewer("ben"), first.id)
    work()
    assert read(first)[0] == "done"


def test_cancelled_export_stops_between_two_files(panel: Panel, slow_format: None) -> None:
    job = ask(panel.cast, "ada", code=None, format_name="zip")
    calls = []

    def cancel() -> None:
        calls.append(read(job)[0])
        cancel_export(panel.cast.viewer("ada"), job.id)
    MEANWHILE.append(cancel)
    work()
    # Written for the first session only; there are two.
    assert calls == ["running"]
    assert read(job)[0] == "cancelled"
    assert not folder_of(job.id).exists()
    MEANWHILE.clear()
    retry_export(panel.cast.viewer("ada"), job.id)
    work()
    assert read(job)[0] == "done"


def test_export_cancelled_and_asked_for_again_while_it_runs_is_made_once(panel: Panel, slow_format: None) -> None:
    job = ask(panel.cast, "ada", code=None, format_name="zip")
    attempts = []

    def change_of_mind() -> None:
        attempts.append(db.session.get_one(ExportJob, job.id, populate_existing=True).attempt)
        if len(attempts) == 1:
            cancel_export(panel.cast.viewer("ada"), job.id)
            retry_export(panel.cast.viewer("ada"), job.id)
    MEANWHILE.append(change_of_mind)
    work()
    # The first attempt ended at its next step; the part it had finished was kept for the second.
    assert attempts == [1, 2]
    assert read(job)[0] == "done"
    assert [path.suffix for path in folder_of(job.id).iterdir()] == [".zip"]


def test_cancelling_a_finished_export_changes_nothing(panel: Panel) -> None:
    job = ask(panel.cast, "ben")
    work()
    before = len(told())
    cancel_export(panel.cast.viewer("ben"), job.id)
    assert read(job)[0] == "done"
    assert (folder_of(job.id) / job.file_name).exists()
    assert len(told()) == before


@pytest.mark.parametrize("name", ["cyn", "finn", "olu"])
def test_export_of_another_person_is_not_there(panel: Panel, sign_in, name: str) -> None:
    job = ask(panel.cast, "ben")
    for act in (cancel_export, retry_export):
        with pytest.raises(NotFound):
            act(panel.cast.viewer(name), job.id)
    browser = sign_in(panel.cast.person(name))
    for verb in ("cancel", "retry"):
        assert browser.post(f"/meetings/{panel.cast.slug}/exports/{job.id}/{verb}").status_code == 404
    assert f"job-{job.id}" not in browser.get(f"/meetings/{panel.cast.slug}/exports").get_data(as_text=True)
    assert read(job)[0] == "queued"
    cancel_export(panel.cast.viewer("ada"), job.id)
    assert read(job)[0] == "cancelled"


def test_whole_meeting_is_not_made_again_for_who_runs_it_no_more(panel: Panel) -> None:
    job = ask(panel.cast, "finn", code=None, format_name="zip")
    cancel_export(panel.cast.viewer("finn"), job.id)
    with transaction():
        next(one for one in members(panel.cast.meeting_id)
             if one.person_id == panel.cast.ids["finn"]).role = Role.PARTICIPANT
    with pytest.raises(NotAllowed):
        retry_export(panel.cast.viewer("finn"), job.id)
    assert read(job)[0] == "cancelled"


def test_word_of_a_finished_export_comes_on_any_page(app: Flask, panel: Panel) -> None:
    job = ask(panel.cast, "ben")
    texts = []
    for _ in range(2):
        texts.append({one.id: one for one in news(app, panel, job)}[f"export-news-{job.id}"])
        work()
    assert (texts[0].into, texts[0].html) == ("", "")
    assert texts[1].into == "toasts"
    assert "Session 1A, MARKDOWN is ready." in texts[1].html
    assert f"/exports/{job.id}/{job.file_name}" in texts[1].html
    jobs.flush()


def news(app: Flask, panel: Panel, job: ExportJob) -> list[Fragment]:
    """What the newest event shows on a page of whoever asked."""
    event = db.session.scalars(select(MeetingEvent).where(
        MeetingEvent.kind == "export_progressed").order_by(MeetingEvent.number.desc())).first()
    assert event is not None
    with app.test_request_context():
        return fragments_of(event.kind, event.payload, Onlooker(
            audience=Audience.SPEAKER, person_id=panel.cast.ids["ben"]))


def test_file_that_is_made_during_an_erasure_is_begun_anew(panel: Panel, slow_format: None) -> None:
    job, attempts = ask(panel.cast, "ben", format_name="slow"), []

    def erase() -> None:
        attempts.append(db.session.get_one(ExportJob, job.id, populate_existing=True).attempt)
        if len(attempts) == 1:
            erase_member(panel.cast.viewer("ada"), panel.cast.viewer("cyn").membership_id, texts=Texts.KEEP)
    MEANWHILE.append(erase)
    work()
    assert (attempts, read(job)[0]) == ([1, 2], "done")
