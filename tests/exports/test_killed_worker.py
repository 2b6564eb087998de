"""A real worker process, killed in the middle of a bundle: the next one goes on and makes the same bytes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from sigforum.exports.bundle import write_bundle
from sigforum.exports.files import folder_of
from sigforum.exports.making import run_queued_exports
from sigforum.exports.models import ExportJob
from sigforum.extensions import db, jobs
from sigforum.hooks import worker_started
from sigforum.operations.running import GIVES_WAY
from sigforum.settings import Settings
from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from tests.exports.worker import ask, read, work
from tests.summaries.panel import Panel

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 240


def start_worker(settings: Settings) -> "subprocess.Popen[bytes]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIGFORUM_")}
    return subprocess.Popen([sys.executable, "-m", "sigforum", "work"], cwd=ROOT, env=inherited | {
        "SIGFORUM_SECRET_KEY": settings.secret_key, "SIGFORUM_INSTANCE": str(settings.instance),
        "SIGFORUM_DATABASE_URL": settings.database_url, "SIGFORUM_BASE_URL": settings.base_url})


def wait_until(holds: Callable[[], bool], worker: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not holds():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline
        db.session.rollback()
        time.sleep(0.02)


def parts_of(job: ExportJob) -> dict[str, int]:
    """The finished parts on the disk, and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder_of(job.id) / "parts").glob("*")}


def test_killed_worker_is_followed_by_one_that_goes_on(app: Flask, settings: Settings, panel: Panel) -> None:
    panel.rate()
    meeting = panel.forum_session.meeting
    job = ask(panel.cast, "ada", code=None, format_name="zip")
    worker = start_worker(settings)
    try:
        wait_until(lambda: len(parts_of(job)) >= 3, worker)
        priority = os.getpriority(os.PRIO_PROCESS, worker.pid)
        assert priority == min(19, os.getpriority(os.PRIO_PROCESS, 0) + GIVES_WAY), "votes come first"
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert read(job)[0] == "running"
        made = parts_of(job)
        assert 3 <= len(made) < 2 * len(all_formats())
        worker = start_worker(settings)
        wait_until(lambda: len(parts_of(job)) > len(made), worker)
        # The last one may have been killed half written.
        assert sum(parts_of(job).get(name) == moment for name, moment in made.items()) >= len(made) - 1
        wait_until(lambda: read(job)[0] == "done", worker)
        wait_until(lambda: not parts_of(job), worker)
    finally:
        worker.kill()
        worker.wait()
    job = db.session.get_one(ExportJob, job.id, populate_existing=True)
    assert job.attempt == 2
    expected = write_bundle(assemble.meeting_summary(meeting), software=assemble.software(),
                            sheets=assemble.meeting_sheets(meeting))
    assert (folder_of(job.id) / job.file_name).read_bytes() == expected


def test_changed_session_is_made_anew_after_an_interruption(panel: Panel) -> None:
    job = ask(panel.cast, "ada", code=None, format_name="zip")
    work()
    content = (folder_of(job.id) / job.file_name).read_bytes()
    panel.say("p3", "Something new was said.")
    db.session.get_one(ExportJob, job.id, populate_existing=True).state = "running"
    db.session.commit()
    worker_started()
    work()
    meeting = panel.forum_session.meeting
    assert (folder_of(job.id) / job.file_name).read_bytes() == write_bundle(
        assemble.meeting_summary(meeting), software=assemble.software(), sheets=assemble.meeting_sheets(meeting))
    assert (folder_of(job.id) / job.file_name).read_bytes() != content


def test_killed_worker_leaves_no_export_behind(app: Flask, panel: Panel) -> None:
    job, waiting = ask(panel.cast, "ben"), ask(panel.cast, "ben", format_name="csv")
    jobs.flush()
    half = db.session.get_one(ExportJob, job.id)
    half.state = "running"
    part = folder_of(half.id) / "sigforum-1A-summary.md.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half of it")
    db.session.commit()
    run_queued_exports()
    assert (read(job)[0], read(waiting)[0]) == ("running", "done")
    worker_started()
    work()
    assert read(job)[0] == "done"
    assert [path.name for path in part.parent.iterdir()] == ["sigforum-1A-summary.md"]
