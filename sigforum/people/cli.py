"""Commands about people."""

from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import click

from sigforum.command_line import with_application
from sigforum.kernel.errors import Invalid
from sigforum.people.domain import is_email
from sigforum.settings import Settings


@click.group()
def organizer() -> None:
    """Make organizers."""


@organizer.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's full name.")
@with_application
def add(email: str, name: str) -> None:
    """Let EMAIL make meetings, and print a sign-in link for them."""
    from sigforum.people import actions
    from sigforum.people.links import make_link

    if not is_email(email):
        raise click.ClickException(f"'{email}' is not an e-mail address.")
    person = actions.make_host(email, name=name)
    click.echo(f"{person.name} may make meetings. This link signs in once, within a day:")
    click.echo(make_link(person, lifetime=timedelta(days=1)))


@click.group()
def people() -> None:
    """Invite people and hand out sign-in links."""


@people.command("invite")
@click.argument("meeting")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="The organizer who invites.")
@with_application
def invite(meeting: str, file: Path, email: str) -> None:
    """Invite everyone in the CSV FILE to MEETING (its name in the address bar)."""
    from sigforum.people import actions, queries
    from sigforum.people.forms import decode_upload, parse_invitations

    person = queries.person_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    membership = queries.membership(person.id, slug=meeting)
    codes = {found.code: found.id for found in membership.meeting.forum_sessions}
    invitations = parse_invitations(decode_upload(file.read_bytes()), codes=codes)
    if invitations.wrong_rows:
        raise Invalid({f"{row.line} {column}": f"line {row.line}, {column}: {error}"
                       for row in invitations.wrong_rows for column, error in row.errors.items()})
    invited = actions.invite_people(membership.viewer(), invitations.people)
    click.echo(f"{len(invited)} invited.")


@people.command("link")
@click.argument("email")
@with_application
def link(email: str) -> None:
    """Print a sign-in link for EMAIL, for someone whose mail does not arrive."""
    from sigforum.people import queries
    from sigforum.people.links import make_link

    person = queries.person_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    click.echo(make_link(person, lifetime=timedelta(days=1)))


@people.command("forget-keys")
@click.argument("email")
@with_application
def forget_keys_of(email: str) -> None:
    """Take passkeys and authenticator app off EMAIL's account, for someone who has lost them."""
    from sigforum.people import queries
    from sigforum.people.authenticators import forget_keys

    person = queries.person_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    forget_keys(person)
    click.echo(f"{person.own_name} signs in by mail alone now.")


@click.group()
def mail() -> None:
    """Find out whether mail arrives."""


@mail.command("bounced")
@click.argument("report", type=click.File("rb"), default="-")
@with_application
def bounced(report: BinaryIO) -> None:
    """Read a delivery REPORT that came back by mail, from standard input, and mark the mail it speaks of.

    It says the same and ends with 0 whatever it was given: a mail server that pipes mail here would answer a failure
    with one more report, and nobody is told whose mails are known.
    """
    from sigforum.people.bounces import LARGEST_REPORT, note_bounce, read_bounce

    found = read_bounce(report.read(LARGEST_REPORT))
    if found is not None:
        note_bounce(found)
    click.echo("The mail was read.")


@mail.command("test")
@click.argument("address")
@with_application
def test_mail(address: str) -> None:
    """Send one mail to ADDRESS now, not through the worker, and say what the mail server answered."""
    from flask import current_app

    from sigforum.people.composing import trial_message
    from sigforum.people.smtp import PostOffice, Refused, ServerProblem, Unsure

    if not is_email(address):
        raise click.ClickException(f"'{address}' is not an e-mail address.")
    settings: Settings = current_app.config["SETTINGS"]
    try:
        with PostOffice(settings) as office:
            office.hand_over(trial_message(address))
    except Refused as refusal:
        raise click.ClickException(f"The mail server refused the mail: {refusal}") from None
    except (ServerProblem, Unsure) as problem:
        raise click.ClickException(f"The mail server cannot be used: {problem}") from None
    server = urlsplit(settings.smtp_url).hostname
    click.echo(f"{server} took the mail. Look into the mailbox of {address}, its spam folder too." if server else
               "SIGFORUM_SMTP_URL is not set, so the mail was printed and not sent.")
