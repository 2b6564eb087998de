"""Commands about agendas."""

import json
from pathlib import Path

import click

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.forms import fingerprint
from sigforum.agenda.importing.changes import AgendaChange, ForumSessionChange, QuestionChange
from sigforum.command_line import with_application
from sigforum.kernel.errors import Conflict, Invalid

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def agenda() -> None:
    """Read, import and export agendas."""


@agenda.command("parse")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the whole agenda as JSON.")
def parse(file: Path, as_json: bool) -> None:
    """Read FILE and say what is in it; nothing is stored."""
    plan = _read(file)
    if as_json:
        click.echo(json.dumps(plan.to_json(), ensure_ascii=False, indent=2))
    else:
        _describe(plan)


@agenda.command("import")
@click.argument("file", type=_FILE)
@click.option("--meeting", help="The meeting to change, by its name in the address bar; a new one without.")
@click.option("--organizer", help="The address of the new meeting's organizer (see `sigforum organizer add`).")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--confirm-rules", is_flag=True,
              help="Let questions go to sessions with another rule of attribution.")
@click.option("--accept-losses", is_flag=True, help="Import also what takes sessions, days or all FAQs away.")
@with_application
def import_file(file: Path, meeting: str | None, organizer: str | None, dry_run: bool, confirm_rules: bool,
                accept_losses: bool) -> None:
    """Make a meeting from FILE, or bring --meeting to it. What FILE does not mention stays as it is."""
    from sigforum.agenda import actions, queries
    from sigforum.agenda.plans import compare_agenda
    from sigforum.agenda.rule_moves import rule_moves
    from sigforum.people.queries import person_by_email

    plan = _read(file)
    _describe(plan)
    if meeting is None:
        person = person_by_email(organizer) if organizer else None
        if organizer and person is None:
            raise click.ClickException(f"Nobody here has the address {organizer}.")
        if not dry_run:
            made = actions.create_meeting(plan, person=person)
            click.echo(f"The meeting is ready: {made.slug}")
        return
    found = queries.meeting_by_slug(meeting)
    change = compare_agenda(found, plan)
    is_stored = not dry_run and (accept_losses or not change.losses)
    try:
        if is_stored:
            change = actions.import_agenda(None, found, plan, are_rules_confirmed=confirm_rules,
                                           seen=fingerprint(change))
    except Invalid as refusal:
        raise click.ClickException(f"{refusal.message} Use --confirm-rules.") from None
    except Conflict as refusal:
        raise click.ClickException(refusal.message) from None
    _describe_change(change)
    for move in () if is_stored else rule_moves(change):
        click.echo(f"other rule: {move.text} ({move.code_before}, {move.rule_before} -> {move.code_after}, "
                   f"{move.rule_after})")
    if change.losses and not accept_losses:
        _refuse_losses(change, is_dry_run=dry_run)


@agenda.command("export")
@click.argument("meeting")
@with_application
def export(meeting: str) -> None:
    """Print MEETING's agenda as YAML, which `import` reads back unchanged."""
    from sigforum.agenda import queries
    from sigforum.agenda.importing.reading import formats
    from sigforum.agenda.plans import stored_plan

    write = formats()["yaml"].write
    assert write is not None
    click.echo(write(stored_plan(queries.meeting_by_slug(meeting))), nl=False)


def _read(file: Path) -> AgendaPlan:
    from sigforum.agenda.forms import parse_agenda
    from sigforum.agenda.importing.reading import MAX_BYTES

    try:
        # One byte more than is taken is enough to know that a file is too large.
        with file.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise click.ClickException(
                f"{file.name} has {file.stat().st_size / 1024 / 1024:.0f} MB; "
                f"an agenda may have at most {MAX_BYTES // 1024 // 1024} MB.")
        return parse_agenda(data, filename=file.name)
    except Invalid as refusal:
        raise click.ClickException(f"{file.name}: {refusal.message}") from None


def _describe(plan: AgendaPlan) -> None:
    sessions = list(plan.forum_sessions)
    central = sum(found.forum_session.central_question is not None for found in sessions)
    asked = sum(len(found.forum_session.questions) for found in sessions)
    slots = sum(len(day.slots) for day in plan.days)
    click.echo(f"{plan.title}: {len(plan.days)} days, {slots} slots, {len(sessions)} sessions, "
               f"{central} central and {asked} sub-questions, {len(plan.faqs)} FAQs")
    for warning in plan.warnings:
        click.echo(f"line {warning.line}: {warning.message}", err=True)


def _describe_change(change: AgendaChange) -> None:
    for detail in change.details:
        click.echo(f"{detail.verb}: {detail.what}: {' -> '.join(filter(None, (detail.before, detail.after)))}")
    for name in ("forum_sessions", "questions"):
        for verb in ("added", "changed", "reworded", "moved", "removed", "restored"):
            for found in getattr(change, f"{name}_{verb}", ()):
                words = getattr(found, "title", None) or found.after or found.before
                click.echo(f"{verb}: {words}{_fields(found)}")
    if change.is_empty:
        click.echo("Nothing changes.")


def _fields(found: ForumSessionChange | QuestionChange) -> str:
    """What of a session changes, and from which words a question was reworded."""
    if isinstance(found, ForumSessionChange):
        told = [f"{field.name.replace('_', ' ')}: {field.before or 'none'} -> {field.after or 'none'}"
                for field in found.fields]
        return f" ({'; '.join(told)})" if told else ""
    return f" (was: {found.before})" if found.before and found.after and found.before != found.after else ""


def _refuse_losses(change: AgendaChange, *, is_dry_run: bool) -> None:
    click.echo("This would take away:", err=True)
    for loss in change.losses:
        click.echo(f"  {loss}", err=True)
    if not is_dry_run:
        raise click.ClickException("Nothing was stored. If all this is to go, give --accept-losses.")
