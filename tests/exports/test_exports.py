"""Exports from the request to the file: lifecycle, failure, interruption, progress, and who may have what."""

import hashlib
import re

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.exports import events, making, queries
from sigforum.exports.actions import retry_export
from sigforum.exports.files import folder_of
from sigforum.exports.forms import WantedExport, parse_export
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.kernel.errors import NotAllowed, NotFound
from sigforum.live.gateway import Onlooker, fragments_of
from sigforum.people.actions import revoke_membership
from sigforum.people.domain import Audience
from sigforum.people.queries import members
from sigforum.summaries import assemble
from sigforum.summaries.formats.markdown import FORMAT as MARKDOWN
from sigforum.summaries.registry import all_formats
from sigforum.transaction import MeetingEvent
from tests.casting import Cast
from tests.exports.worker import ask, read, work
from tests.summaries.panel import Panel


def address(cast: Cast, job: ExportJob, slug: str = "") -> str:
    return f"/meetings/{slug or cast.slug}/exports/{job.id}/{job.file_name}"


def test_export_is_made_by_the_worker_and_downloaded(app: Flask, panel: Panel, sign_in) -> None:
    browser = sign_in(panel.cast.person("ben"))
    answer = browser.post(f"/meetings/{panel.cast.slug}/exports", data={"session": "1A", "format": "markdown"})
    assert answer.status_code == 302
    job = queries.jobs_of(panel.cast.ids["ben"], panel.cast.meeting_id)[0]
    assert job.state == "queued"
    assert browser.get(f"/meetings/{panel.cast.slug}/exports/{job.id}/x").status_code == 409
    assert work() == 1
    page = browser.get(answer.location).get_data(as_text=True)
    link = re.search(r'href="(/meetings/[^"]+/exports/\d+/[^"]+)"', page)
    assert link is not None
    got = browser.get(link[1])
    assert got.data == MARKDOWN.write(assemble.session_summary(panel.forum_session))
    assert got.headers["Content-Disposition"] == "attachment; filename=sigforum-1A-summary.md"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"
    job = db.session.get_one(ExportJob, job.id, populate_existing=True)
    assert (job.state, job.sha256, job.size) == ("done", hashlib.sha256(got.data).hexdigest(), len(got.data))


def test_bundle_of_the_meeting_tells_each_session(panel: Panel) -> None:
    job = ask(panel.cast, "ada", code=None, format_name="zip")
    work()
    state, error, done, total = read(job)
    assert (state, error) == ("done", "")
    # Each session read, each file written, packed, stored.
    assert done == total == 2 + 2 * len(all_formats()) + 2
    told = db.session.scalars(select(MeetingEvent).where(MeetingEvent.kind == "export_progressed")).all()
    # Queued, taken, the first step, some more, done: fewer than steps, for each is a commit that votes wait for.
    assert 5 <= len(told) < total
    assert {event.room for event in told} == {events.ExportProgressed(
        meeting_id=job.meeting_id, job_id=job.id, person_id=panel.cast.ids["ada"]).room}


def test_export_changes_nothing_in_the_next_one(panel: Panel) -> None:
    first, _ = ask(panel.cast, "ben"), work()
    second, _ = ask(panel.cast, "ben"), work()
    assert first.id != second.id
    assert first.sha256 == second.sha256 != ""


def test_request_repeated_while_it_waits_gives_the_same_job(panel: Panel) -> None:
    first, again = ask(panel.cast, "ben"), ask(panel.cast, "ben")
    assert first.id == again.id
    assert {ask(panel.cast, "cyn").id, ask(panel.cast, "ben", code="1B").id,
            ask(panel.cast, "ben", format_name="csv").id} & {first.id} == set()


def test_failure_is_kept_and_can_be_tried_again(panel: Panel, broken_format: None, sign_in) -> None:
    job = ask(panel.cast, "ben", format_name="broken")
    work()
    assert read(job)[:2] == ("failed", "The file could not be made. The reason is in the server's log.")
    browser = sign_in(panel.cast.person("ben"))
    page = browser.get(f"/meetings/{panel.cast.slug}/exports").get_data(as_text=True)
    assert "Try again" in page
    assert "SECRET DETAIL" not in page
    retry = f"/meetings/{panel.cast.slug}/exports/{job.id}/retry"
    with pytest.raises(NotFound):
        retry_export(panel.cast.viewer("cyn"), job.id)
    assert read(job)[0] == "failed"
    assert browser.post(retry).status_code == 302
    assert read(job)[0] == "queued"
    retry_export(panel.cast.viewer("ben"), job.id)
    assert work() == 1
    assert read(job)[0] == "failed"


def test_second_wake_up_finds_nothing_to_do(panel: Panel) -> None:
    job = ask(panel.cast, "ben")
    work()
    path = folder_of(job.id) / job.file_name
    path.write_bytes(b"untouched")
    making.run_export(job.id)
    making.run_export(10**9)
    assert path.read_bytes() == b"untouched"


def test_file_of_a_vanished_disk_is_said_to_be_gone(panel: Panel, sign_in) -> None:
    job = ask(panel.cast, "ben")
    work()
    (folder_of(job.id) / job.file_name).unlink()
    answer = sign_in(panel.cast.person("ben")).get(address(panel.cast, job))
    assert answer.status_code == 404


@pytest.mark.parametrize(("name", "status"), [
    ("ben", 200), ("ada", 200), ("cyn", 404), ("finn", 404), ("olu", 404), ("rex", 404), ("eve", 404),
    ("mal", 404), (None, 401)])
def test_file_is_for_its_requester_and_organizers(panel: Panel, sign_in, name: str | None, status: int) -> None:
    job = ask(panel.cast, "ben")
    work()
    browser = sign_in(panel.cast.person(name) if name else None)
    assert browser.get(address(panel.cast, job)).status_code == status
    if name == "mal":
        # An organizer, but of another meeting: their own address does not lead to this one's files.
        assert browser.get(address(panel.cast, job, slug=panel.cast.other_slug)).status_code == 404


def test_revoked_requester_gets_the_file_no_more(panel: Panel, sign_in) -> None:
    job = ask(panel.cast, "ben")
    work()
    browser = sign_in(panel.cast.person("ben"))
    assert browser.get(address(panel.cast, job)).status_code == 200
    membership = next(one for one in members(panel.cast.meeting_id) if one.person_id == panel.cast.ids["ben"])
    revoke_membership(panel.cast.viewer("ada"), membership.id)
    for path in (address(panel.cast, job), f"/meetings/{panel.cast.slug}/exports",
                 f"/meetings/{panel.cast.slug}/sessions/1A/summary"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(("name", "may"), [("ada", True), ("finn", True), ("ben", False), ("olu", False)])
def test_whole_meeting_is_made_for_those_who_run_it(panel: Panel, sign_in, name: str, may: bool) -> None:
    browser = sign_in(panel.cast.person(name))
    page = browser.get(f"/meetings/{panel.cast.slug}/exports").get_data(as_text=True).partition("<main")[2]
    assert ("Make ZIP" in page, "The whole meeting" in page) == (may, may)
    for data in ({"format": "zip", "session": "1A"}, {"format": "csv", "session": ""}):
        answer = browser.post(f"/meetings/{panel.cast.slug}/exports", data=data)
        assert answer.status_code == (302 if may else 403)
    assert len(queries.jobs_of(panel.cast.ids[name], panel.cast.meeting_id)) == (2 if may else 0)
    if not may:
        with pytest.raises(NotAllowed):
            ask(panel.cast, name, code=None)


@pytest.mark.parametrize("name", ["eve", "rex", "mal", None])
def test_strangers_get_no_summary_and_no_export(panel: Panel, sign_in, name: str | None) -> None:
    browser = sign_in(panel.cast.person(name) if name else None)
    base, status = f"/meetings/{panel.cast.slug}", 404 if name else 401
    assert browser.get(f"{base}/sessions/1A/summary").status_code == status
    assert browser.get(f"{base}/exports").status_code == status
    assert browser.post(f"{base}/exports", data={"format": "csv", "session": "1A"}).status_code == status
    assert db.session.scalars(select(ExportJob)).all() == []


@pytest.mark.parametrize(("data", "status"), [
    ({"format": "scroll", "session": "1A"}, 422), ({}, 422), ({"format": "csv", "session": "9Z"}, 404)])
def test_wrong_requests_queue_nothing(panel: Panel, sign_in, data: dict[str, str], status: int) -> None:
    browser = sign_in(panel.cast.person("ben"))
    assert browser.post(f"/meetings/{panel.cast.slug}/exports", data=data).status_code == status
    assert browser.get(f"/meetings/{panel.cast.slug}/exports/{10**30}/x").status_code == 404
    assert db.session.scalars(select(ExportJob)).all() == []


def test_progress_is_shown_to_its_requester_alone(app: Flask, panel: Panel) -> None:
    job = ask(panel.cast, "ben")
    event = db.session.scalars(select(MeetingEvent).where(MeetingEvent.kind == "export_progressed")).one()
    with app.test_request_context():
        own = fragments_of(event.kind, event.payload, Onlooker(
            audience=Audience.SPEAKER, person_id=panel.cast.ids["ben"]))
        others = [fragments_of(event.kind, event.payload, onlooker) for onlooker in (
            Onlooker(audience=Audience.CHAIR), Onlooker(audience=Audience.CHAIR, person_id=panel.cast.ids["ada"]))]
    assert [(one.id, one.into) for one in own] == [(f"job-{job.id}", "jobs"), (f"export-news-{job.id}", "")]
    assert "Next in line" in own[0].html
    assert others == [[], []]


def test_pushed_line_equals_the_fresh_page(app: Flask, panel: Panel, sign_in) -> None:
    job = ask(panel.cast, "ben")
    browser = sign_in(panel.cast.person("ben"))
    for _ in range(2):
        event = db.session.scalars(select(MeetingEvent).where(
            MeetingEvent.kind == "export_progressed").order_by(MeetingEvent.number.desc())).first()
        assert event is not None
        with app.test_request_context():
            fragment = fragments_of(event.kind, event.payload, Onlooker(
                audience=Audience.SPEAKER, person_id=panel.cast.ids["ben"]))[0]
        page = browser.get(f"/meetings/{panel.cast.slug}/exports").get_data(as_text=True)
        assert fragment.html in page
        work()
    assert read(job)[0] == "done"


def test_exports_page_costs_the_same_with_many_jobs(panel: Panel, sign_in, counted_queries) -> None:
    browser = sign_in(panel.cast.person("ben"))
    page = f"/meetings/{panel.cast.slug}/exports"
    for count in (3, 15):
        for _ in range(count):
            db.session.add(ExportJob(meeting_id=panel.cast.meeting_id, format="csv", state="failed", error="x",
                                     forum_session_id=panel.forum_session.id,
                                     requested_by_id=panel.cast.ids["ben"]))
        db.session.commit()
        with counted_queries() as seen:
            assert browser.get(page).get_data(as_text=True).count("Try again") == (count if count == 3 else 18)
        if count == 3:
            few = len(seen)
    assert len(seen) <= few


def test_bundle_ignores_the_chosen_session() -> None:
    assert parse_export({"session": "1A", "format": "zip"}) == WantedExport(code=None, format="zip")
