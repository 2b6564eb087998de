"""Traces as a part of the application."""

from flask import Flask

from sigforum.extensions import jobs as worker
from sigforum.hooks import worker_started
from sigforum.traces import jobs


def install(app: Flask) -> None:
    """Add the feature to an application."""
    worker.add(jobs.wake_removal)
    worker.add_by_clock(jobs.sweep_removals)
    worker_started.register(jobs.remove_what_waited)
