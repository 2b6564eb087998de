"""Commands that run sigforum: the web process, the worker, migrations, and the demo."""

import os
import sys

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade as migrate_upgrade

from sigforum.extensions import jobs
from sigforum.operations.ports import check_free
from sigforum.operations.running import run_demo, run_worker
from sigforum.resources import resource
from sigforum.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
def serve(host: str, port: int) -> None:
    """Run the web process."""
    check_free(host, port)
    environ = os.environ | {"SIGFORUM_HOST": host, "SIGFORUM_PORT": str(port)}
    # What is missing is said here in one line; in the new interpreter it would be a stack trace.
    Settings.from_environ(environ)
    # A fresh interpreter: eventlet must patch the standard library before anything else is imported.
    os.execve(sys.executable, [sys.executable, str(resource("wsgi.py"))], environ)


@click.command()
@with_appcontext
def work() -> None:
    """Run the worker: mail and exports."""
    run_worker(jobs)


@click.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database to this version's tables; safe to repeat."""
    migrate_upgrade()
    click.echo("The database is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
def demo(host: str, port: int) -> None:
    """Run everything with a sample meeting, and print a sign-in link for each role."""
    os.environ["SIGFORUM_DEMO"] = "1"
    os.environ.setdefault("SIGFORUM_BASE_URL", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")
    run_demo(Settings.from_environ(os.environ), host=host, port=port)
