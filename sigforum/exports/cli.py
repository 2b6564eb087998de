"""Commands about summaries."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigforum.command_line import with_application

if TYPE_CHECKING:
    from sigforum.agenda.models import Meeting
    from sigforum.summaries.document.summary import SummaryDocument


@click.group()
def summary() -> None:
    """Write summaries of forum sessions."""


@summary.command("export")
@click.option("--format", "format_name", required=True, metavar="FORMAT",
              help="csv, docx, html, jats, json, markdown, pdf, pptx or xlsx, or zip for all sessions in all formats.")
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="The folder to write into; it is made if it is missing.")
@click.option("--session", "code", help="The code of one session, for example 1A; every session without.")
@click.option("--meeting", "slug", help="The meeting's name in the address bar; needed where there are several.")
@with_application
def export(format_name: str, folder: Path, code: str | None, slug: str | None) -> None:
    """Write summaries in FORMAT into a folder, and print the path of each file."""
    from sigforum.exports.bundle import write_bundle
    from sigforum.exports.domain import BUNDLE, file_name
    from sigforum.summaries import assemble
    from sigforum.summaries.registry import format_named

    if format_name == BUNDLE and code is not None:
        raise click.ClickException("zip holds the whole meeting; leave --session out.")
    chosen = None if format_name == BUNDLE else format_named(format_name)
    meeting = _meeting(slug)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if chosen is None:
            content = write_bundle(assemble.meeting_summary(meeting), software=assemble.software(),
                                   sheets=assemble.meeting_sheets(meeting))
            _write(folder / file_name(meeting.slug, BUNDLE), content)
            return
        for name, document in _documents(meeting, code):
            _write(folder / file_name(name, chosen.extension), chosen.write(document))
    except OSError as problem:
        raise click.ClickException(f"Cannot write into {folder}: {problem.strerror}.") from None


@summary.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of the JSON files."""
    from sigforum.summaries.document.schema import schema_text

    click.echo(schema_text(), nl=False)


def _meeting(slug: str | None) -> "Meeting":
    from sigforum.agenda import queries as agenda

    if slug is not None:
        return agenda.meeting_by_slug(slug)
    found = agenda.meetings()
    if not found:
        raise click.ClickException("There is no meeting yet. Import an agenda first.")
    if len(found) > 1:
        names = ", ".join(meeting.slug for meeting in found)
        raise click.ClickException(f"There are several meetings; choose one with --meeting: {names}.")
    return found[0]


def _documents(meeting: "Meeting", code: str | None) -> Iterator[tuple[str, "SummaryDocument"]]:
    """The documents to write, each with the name of its file."""
    from sigforum.exports.domain import distinct_names
    from sigforum.summaries import assemble, queries

    forum_sessions = queries.reported_sessions(meeting.id)
    if code is not None:
        forum_sessions = [found for found in forum_sessions if found.code.casefold() == code.casefold()]
    if not forum_sessions:
        there = ", ".join(found.code for found in queries.reported_sessions(meeting.id)) or "none"
        raise click.ClickException(f"There is no session '{code or ''}' in this meeting. Its sessions: {there}.")
    names = distinct_names([found.code for found in forum_sessions])
    for name, forum_session in zip(names, forum_sessions, strict=True):
        yield name, assemble.session_summary(forum_session)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    click.echo(str(path))
