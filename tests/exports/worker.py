"""The worker's part in tests, and formats that are only dropped into the folder."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sigforum.exports.actions import request_export
from sigforum.exports.forms import WantedExport
from sigforum.exports.models import ExportJob
from sigforum.extensions import db, jobs
from sigforum.kernel.registry import load_plugins
from sigforum.summaries import formats
from sigforum.summaries.registry import FORMATS_FOLDER
from tests.casting import Cast

# What happens while a file is being written.
MEANWHILE: list[Callable[[], object]] = []
BROKEN = """
from sigforum.summaries.registry import SummaryFormat


def write(summary):
    raise RuntimeError("SECRET DETAIL of the disk")


FORMAT = SummaryFormat(name="broken", label="Broken", extension="bad", mimetype="text/plain",
                       description="Always fails.", write=write)
"""
SLOW = """
from sigforum.summaries.registry import SummaryFormat
from tests.exports.worker import MEANWHILE


def write(summary):
    for happens in MEANWHILE:
        happens()
    return b"slowly made"


FORMAT = SummaryFormat(name="slow", label="Slow", extension="slow", mimetype="text/plain",
                       description="Something happens while it is written.", write=write)
"""


@contextmanager
def dropped_in(source: str, *, folder: Path, name: str) -> Iterator[None]:
    """A format in the folder of formats."""
    (folder / f"{name}.py").write_text(source)
    formats.__path__.append(str(folder))
    load_plugins.cache_clear()
    yield
    formats.__path__.remove(str(folder))
    load_plugins.cache_clear()
    sys.modules.pop(f"{FORMATS_FOLDER}.{name}", None)
    MEANWHILE.clear()


def ask(cast: Cast, name: str, *, code: str | None = "1A", format_name: str = "markdown") -> ExportJob:
    """Ask for a file as somebody."""
    return request_export(cast.viewer(name), WantedExport(code=code, format=format_name))


def work() -> int:
    """Do what lies in the queue, as the worker does; how much it was."""
    done = 0
    while (task := jobs.dequeue()) is not None:
        jobs.execute(task)
        done += 1
    db.session.rollback()
    return done


def read(job: ExportJob) -> tuple[str, str, int, int]:
    """State, error, and steps of an export as they are stored now."""
    found = db.session.get_one(ExportJob, job.id, populate_existing=True)
    return found.state, found.error, found.done_steps, found.total_steps
