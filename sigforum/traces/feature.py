"""Traces as a part of the application."""

from flask import Flask

from sigforum.hooks import worker_started
from sigforum.traces import jobs


def install(app: Flask) -> None:
    """Add the feature to an application."""
    worker_started.register(jobs.remove_what_waited)
