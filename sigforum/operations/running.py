"""Running processes: the worker, and the demo's web and worker side by side."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta

import click
from huey.consumer import Consumer

from sigforum.app import create_app
from sigforum.extensions import Jobs, db, jobs
from sigforum.hooks import worker_started
from sigforum.migrating import upgrade
from sigforum.operations.ports import check_free
from sigforum.operations.sample import load_sample
from sigforum.people.domain import Role
from sigforum.people.links import make_link
from sigforum.people.models import Membership, Person
from sigforum.people.queries import members
from sigforum.resources import resource
from sigforum.settings import Settings

# The worker gives way to the web process: a vote is waited for, a file can wait.
GIVES_WAY = 10
# How long the web process may take to answer for the first time.
START_SECONDS = 30


def run_worker(jobs: Jobs) -> None:
    """Work until a signal says stop. What an earlier worker left unfinished is queued again first."""
    os.nice(GIVES_WAY)
    worker_started()
    # A transaction left open here would last as long as the worker: SQLite could never empty its write-ahead log, and
    # PostgreSQL would keep every old row.
    db.session.remove()
    # Two threads: a long export must not keep an invitation waiting.
    Consumer(jobs, workers=2, initial_delay=0.05, max_delay=0.5, check_worker_health=True).run()


def run_demo(settings: Settings, *, host: str, port: int) -> None:
    """Migrate, load the sample meeting once, print links, and serve until a signal says stop.

    The web process starts first: it is ready about when the database is. This process becomes the worker.
    """
    check_free(host, port)
    environ = os.environ | {"SIGFORUM_HOST": host, "SIGFORUM_PORT": str(port)}
    web = subprocess.Popen([sys.executable, str(resource("wsgi.py"))], env=environ)
    is_over = threading.Event()
    try:
        app = create_app(replace(settings, async_mode="threading"))
        with app.app_context():
            upgrade()
            meeting = load_sample()
            links = _links(members(meeting.id))
            _wait_for(web, host, port)
            click.echo(f"\nsigforum runs at {settings.base_url}, with sample data: invented people, "
                       "invented discussion.\nEach link signs one role in:\n")
            for role, link in links:
                click.echo(f"  {role:<12} {link}")
            click.echo("\nCtrl-C stops it.")
            threading.Thread(target=_stop_with, args=(web, is_over), daemon=True).start()
            run_worker(jobs)
    finally:
        is_over.set()
        web.terminate()
        web.wait(timeout=10)


def _links(people: list[Membership]) -> list[tuple[str, str]]:
    """A link for the first member of each role; the demo's links may be used again and again. They open the account,
    as organizers need it; the command that prints them is the operator's."""
    first: dict[str, Person] = {}
    for membership in sorted(people, key=lambda found: found.id):
        first.setdefault(membership.role, membership.person)
    return [(role.value, make_link(first[role], lifetime=timedelta(days=7), is_single_use=False))
            for role in Role if role in first]


def _wait_for(web: "subprocess.Popen[bytes]", host: str, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if web.poll() is not None:
            raise click.ClickException("The web process ended at once; its words stand above.")
        try:
            socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise click.ClickException("The web process does not answer.")


def _stop_with(web: "subprocess.Popen[bytes]", is_over: threading.Event) -> None:
    """Without its web process a demo is over."""
    web.wait()
    if not is_over.is_set():
        os.kill(os.getpid(), signal.SIGTERM)
