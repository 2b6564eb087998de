"""How long files are kept, and what is deleted when."""

from datetime import timedelta

from flask import Flask

from sigforum.exports.actions import retry_export
from sigforum.exports.files import Parts, folder_of
from sigforum.exports.making import expire_exports
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.transaction import transaction
from sigforum.web.rendering import day_text
from tests.exports.worker import ask, read, work
from tests.summaries.panel import Panel


def test_file_is_kept_for_its_days_and_says_until_when(panel: Panel, sign_in) -> None:
    job = ask(panel.cast, "ben")
    work()
    job = db.session.get_one(ExportJob, job.id, populate_existing=True)
    assert job.expires_at is not None
    assert job.finished_at is not None
    assert job.expires_at - job.finished_at == timedelta(days=30)
    page = sign_in(panel.cast.person("ben")).get(f"/meetings/{panel.cast.slug}/exports").get_data(as_text=True)
    assert f"kept until {day_text(job.expires_at)}" in page
    expire_exports()
    assert read(job)[0] == "done"
    assert (folder_of(job.id) / job.file_name).is_file()


def test_expired_file_is_deleted_and_can_be_made_again(panel: Panel, sign_in) -> None:
    job, other = ask(panel.cast, "ben"), ask(panel.cast, "ben", format_name="csv")
    work()
    content = (folder_of(job.id) / job.file_name).read_bytes()
    with transaction():
        db.session.get_one(ExportJob, job.id).expires_at = now() - timedelta(seconds=1)
    expire_exports()
    assert (read(job)[0], read(other)[0]) == ("expired", "done")
    assert (folder_of(job.id).exists(), folder_of(other.id).exists()) == (False, True)
    browser = sign_in(panel.cast.person("ben"))
    address = f"/meetings/{panel.cast.slug}/exports/{job.id}/{job.file_name}"
    assert browser.get(address).status_code == 404
    page = browser.get(f"/meetings/{panel.cast.slug}/exports").get_data(as_text=True)
    assert "the file was deleted" in page
    assert "Make again" in page
    retry_export(panel.cast.viewer("ben"), job.id)
    work()
    assert browser.get(address).data == content != b""


def test_what_nobody_can_download_is_deleted(app: Flask, panel: Panel) -> None:
    waiting, lately, long_ago = (ask(panel.cast, "ben", format_name=name) for name in ("csv", "json", "html"))
    gone = 10**6
    for job_id in (waiting.id, lately.id, long_ago.id, gone):
        Parts.of(job_id).keep("a" * 64, b"half of a bundle")
    with transaction():
        for job, days in ((lately, 1), (long_ago, 31)):
            job = db.session.get_one(ExportJob, job.id)
            job.state, job.finished_at = "failed", now() - timedelta(days=days)
    expire_exports()
    assert [folder_of(one).exists() for one in (waiting.id, lately.id, long_ago.id, gone)] == [
        True, True, False, False]


def test_half_a_part_is_no_part(app: Flask, panel: Panel) -> None:
    parts = Parts.of(7)
    parts.keep("a" * 64, b"whole and sound")
    assert parts.get("a" * 64) == b"whole and sound"
    assert parts.get("b" * 64) is None
    path = folder_of(7) / "parts" / ("a" * 64)
    path.write_bytes(path.read_bytes()[:-3])
    assert parts.get("a" * 64) is None
    path.write_bytes(b"")
    assert parts.get("a" * 64) is None
