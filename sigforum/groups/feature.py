"""Groups as a part of the application."""

from flask import Flask

from sigforum.ballots.hooks import poll_moved, round_record
from sigforum.extensions import jobs as worker
from sigforum.groups import jobs, showing
from sigforum.hooks import worker_started


def install(app: Flask) -> None:
    """Add the feature to an application."""
    worker.add(jobs.wake_groups)
    worker.add_by_clock(jobs.sweep_groups)
    poll_moved.register(jobs.count_at_the_reveal)
    round_record.register(showing.show_groups)
    worker_started.register(jobs.count_what_was_revealed_earlier)
