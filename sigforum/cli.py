"""The `sigforum` command: a thin list of each feature's commands."""

import os

import click
from flask import Flask
from flask.cli import FlaskGroup

from sigforum.agenda.cli import agenda
from sigforum.app import create_app
from sigforum.kernel.errors import Invalid, Refusal
from sigforum.operations.cli import demo, serve, upgrade, work
from sigforum.people.cli import organizer, people
from sigforum.settings import Settings


def _app() -> Flask:
    try:
        return create_app(Settings.from_environ(os.environ))
    except Invalid as refusal:
        raise click.ClickException("\n".join(refusal.errors.values())) from None


class SigforumGroup(FlaskGroup):
    """Shows a refusal as one plain line instead of a stack trace."""

    def invoke(self, context: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(context)
        except Invalid as refusal:
            raise click.ClickException("\n".join(refusal.errors.values())) from None
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from None


main = SigforumGroup(
    name="sigforum", create_app=_app, add_default_commands=False, add_version_option=False,
    set_debug_flag=False, load_dotenv=False,
    help="sigforum: where invited experts reach consensus and can prove it.")
for command in (agenda, organizer, people, serve, work, upgrade, demo):
    main.add_command(command)
