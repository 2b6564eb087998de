"""Commands that run sigforum: the web process, the worker, migrations, and the demo."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from sigforum.command_line import with_application
from sigforum.operations.checking import concerns
from sigforum.operations.ports import check_free
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
    settings = Settings.from_environ(environ)
    refused = [one for one in concerns(settings) if one.is_refused]
    if refused:
        raise click.ClickException("Not safe to serve.\n" + "\n".join(f"{one.setting}: {one.words}" for one in refused))
    _make_missing_key(settings.signing_keys_file)
    # A fresh interpreter: eventlet must patch the standard library before anything else is imported.
    os.execve(sys.executable, [sys.executable, str(resource("wsgi.py"))], environ)


@click.command()
def check() -> None:
    """Say what is unsafe in the configuration (the web process refuses to start with the worst of it), and which
    letters PDF files would lack."""
    found = concerns(Settings.from_environ(os.environ))
    for one in found:
        click.echo(f"{'refused' if one.is_refused else 'look at'}  {one.setting}: {one.words}")
    if not found:
        click.echo("Nothing unsafe was found in the configuration.")
    for words in _about_letters():
        click.echo(f"look at  PDF files: {words}")
    if any(one.is_refused for one in found):
        sys.exit(1)


def _about_letters() -> Iterator[str]:
    """What PDF files would lack on this machine, with what brings it."""
    from ctypes.util import find_library

    from sigforum.summaries.letters import missing_scripts

    if not all(find_library(name) for name in ("pango-1.0", "pangoft2-1.0")):
        yield ("none can be made without the Pango library "
               "(Debian: libpango-1.0-0 and libpangoft2-1.0-0; macOS: brew install pango).")
    missing = missing_scripts()
    if missing is None:
        yield ("which letters there are cannot be told without fc-list "
               "(Debian: fontconfig; macOS: brew install fontconfig).")
    for package in dict.fromkeys(one.package for one in missing or ()):
        names = ", ".join(one.name for one in missing or () if one.package == package)
        yield (f"no font draws {names}, and boxes stand for it. Install {package} (Debian and Ubuntu), then start web "
               "process and worker anew.")


@click.command()
@with_application
def work() -> None:
    """Run the worker: mail and exports."""
    from flask import current_app

    from sigforum.extensions import jobs
    from sigforum.operations.running import run_worker

    _make_missing_key(current_app.config["SETTINGS"].signing_keys_file)
    run_worker(jobs)


@click.command()
@with_application
def upgrade() -> None:
    """Bring the database to this version's tables; safe to repeat."""
    from sigforum import migrating

    migrating.upgrade()
    click.echo("The database is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
def demo(host: str, port: int) -> None:
    """Run everything with a sample meeting, and print a sign-in link for each role."""
    from sigforum.operations.running import run_demo

    os.environ["SIGFORUM_DEMO"] = "1"
    os.environ.setdefault("SIGFORUM_BASE_URL", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")
    settings = Settings.from_environ(os.environ)
    _make_missing_key(settings.signing_keys_file)
    run_demo(settings, host=host, port=port)


def _make_missing_key(path: Path) -> None:
    """Whoever starts first makes the key that signs bundles, and says so."""
    from sigforum.exports.installation_keys import made_words, make_missing_key

    made = make_missing_key(path)
    if made is not None:
        click.echo(f"There was no key to sign bundles with. {made_words(made, path)}")
