"""The `sigforum` command: a thin list of each feature's commands."""

import os
from dataclasses import replace
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate.cli import db as tables
from sqlalchemy.exc import OperationalError, ProgrammingError

from sigforum import migrating
from sigforum.agenda.cli import agenda
from sigforum.app import create_app
from sigforum.exports.cli import summary
from sigforum.exports.keys_cli import keys
from sigforum.kernel.errors import Invalid, Refusal
from sigforum.operations.backup_cli import backup, restore
from sigforum.operations.cli import check, demo, serve, upgrade, work
from sigforum.operations.consensus_cli import consensus
from sigforum.oversight.cli import audit, retention
from sigforum.people.cli import mail, organizer, people
from sigforum.settings import Settings
from sigforum.verification.cli import verify


def _app() -> Flask:
    # Only the web process runs an event loop; commands and the worker are plain threads.
    app = create_app(replace(Settings.from_environ(os.environ), async_mode="threading"))
    migrating.bind(app)
    return app


class SigforumGroup(click.Group):
    """Makes the application only for commands that ask for it, and shows a refusal as one plain line."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command line."""
        options.setdefault("obj", ScriptInfo(create_app=_app, set_debug_flag=False, load_dotenv_defaults=False))
        return super().main(*arguments, **options)

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(context)
        except Invalid as refusal:
            raise click.ClickException("\n".join(refusal.errors.values())) from None
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from None
        except (OperationalError, ProgrammingError) as problem:
            reason = " ".join(str(problem.orig).split())
            raise click.ClickException(
                f"The database cannot be used: {reason}. Is it running, and was `sigforum upgrade` run?") from None


@click.group(cls=SigforumGroup)
@click.version_option(package_name="sigforum")
def main() -> None:
    """sigforum: where invited experts reach consensus and can prove it."""


for command in (agenda, consensus, organizer, people, mail, verify, summary, keys, serve, work, upgrade, check, demo,
                audit, retention, backup, restore):
    main.add_command(command)
main.add_command(tables, "tables")
