"""Commands about the audit log and retention."""

from pathlib import Path

import click

from sigforum.command_line import with_application
from sigforum.kernel.clock import now


@click.group()
def audit() -> None:
    """Check the audit log."""


@audit.command("verify")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A log that was exported earlier: also finds entries cut off at the end since.")
@with_application
def verify(against: Path | None) -> None:
    """Read every chain of the log again, and name what was deleted, altered or put elsewhere."""
    from sqlalchemy import select

    from sigforum.agenda.models import Meeting
    from sigforum.audit import queries as log
    from sigforum.extensions import db

    names = {meeting.id: meeting.slug for meeting in db.session.scalars(select(Meeting))}
    found = 0
    for chain in log.chains():
        problems = log.problems(chain)
        found += len(problems)
        struck = sum(entry.is_struck for entry in log.stored(chain))
        words = "; ".join(problems) if problems else log.head(chain).words + (
            f" The details of {struck} entries were struck out." if struck else "")
        click.echo(f"{names.get(chain, 'no meeting' if not chain else f'meeting {chain}')}: {words}")
    if against is not None:
        found += _compare(against)
    if found:
        raise click.ClickException(f"The audit log does not hold: {found} problem{'' if found == 1 else 's'}.")
    click.echo("The audit log holds.")


def _compare(file: Path) -> int:
    """How many problems an exported log shows with what is stored now."""
    from flask import current_app

    from sigforum.audit import queries as log
    from sigforum.audit.domain import head_in, signature, signature_in

    text = file.read_text(encoding="utf-8-sig")
    head, chain = head_in(text), text.rpartition("Chain: ")[2].partition(".")[0]
    if head is None or not chain.isdecimal():
        raise click.ClickException(f"{file.name} does not end with the head of an audit log.")
    own = signature(current_app.config["SETTINGS"].secret_key, chain=int(chain), head=head)
    if signature_in(text) != own:
        click.echo(f"{file.name}: its head was not signed with this server's secret key.")
    if log.hash_at(int(chain), head.number) == head.hash:
        click.echo(f"{file.name}: entry {head.number} is still what it was, and everything before it.")
        return 0
    click.echo(f"{file.name}: entry {head.number} is gone or another one.")
    return 1


@click.group()
def retention() -> None:
    """Purge personal data whose time is over."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be purged.")
@with_application
def run(dry_run: bool) -> None:
    """Purge the meetings past their date, and print each certificate's hash."""
    from sigforum.oversight import retention as purging

    today = now().date()
    if dry_run:
        for due in purging.due_meetings(today):
            click.echo(f"{due.slug}: data of {due.people} people were to go on {due.due.on}.")
        return
    done = purging.purge_due(today)
    for certificate in done:
        click.echo(f"{certificate.meeting.slug}: purged; certificate {certificate.id}, SHA-256 {certificate.sha256}")
    if not done:
        click.echo("Nothing is past its date.")
