"""The `sigforum` command: a table of each feature's commands, loaded when they are asked for."""

import gc
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sigforum.command_line import Later, LazyGroup, database_problem
from sigforum.kernel.errors import Invalid, Refusal

if TYPE_CHECKING:
    from flask import Flask

COMMANDS = {
    "agenda": Later("sigforum.agenda.cli:agenda", "Read, import and export agendas."),
    "audit": Later("sigforum.oversight.cli:audit", "Check the audit log."),
    "backup": Later("sigforum.operations.backup_cli:backup", "Save database, exports and settings into a file."),
    "check": Later("sigforum.operations.cli:check", "Say what is unsafe in the configuration."),
    "consensus": Later("sigforum.operations.consensus_cli:consensus", "Count files of votes, without a server."),
    "demo": Later("sigforum.operations.cli:demo", "Run everything with a sample meeting."),
    "keys": Later("sigforum.exports.keys_cli:keys", "The keys with which this installation signs bundles."),
    "mail": Later("sigforum.people.cli:mail", "Find out whether mail arrives."),
    "organizer": Later("sigforum.people.cli:organizer", "Make organizers."),
    "people": Later("sigforum.people.cli:people", "Invite people and hand out sign-in links."),
    "restore": Later("sigforum.operations.backup_cli:restore", "Bring back what `backup` saved."),
    "retention": Later("sigforum.oversight.cli:retention", "Purge personal data whose time is over."),
    "serve": Later("sigforum.operations.cli:serve", "Run the web process."),
    "summary": Later("sigforum.exports.cli:summary", "Write summaries of forum sessions."),
    "tables": Later("sigforum.tables_cli:tables", "Perform database migrations."),
    "upgrade": Later("sigforum.operations.cli:upgrade", "Bring the database to this version's tables."),
    "verify": Later("sigforum.verification.cli:verify", "Count published results again."),
    "work": Later("sigforum.operations.cli:work", "Run the worker: mail and exports."),
}


def _app() -> "Flask":
    # What is imported stays; to look through it for garbage again and again would be a tenth of the start.
    gc.disable()
    try:
        from sigforum import migrating  # noqa: PLC0415 - loaded for commands that ask for the application
        from sigforum.app import create_app  # noqa: PLC0415 - see above
        from sigforum.settings import Settings  # noqa: PLC0415 - see above

        # Only the web process runs an event loop; commands and the worker are plain threads.
        app = create_app(replace(Settings.from_environ(os.environ), async_mode="threading"))
        migrating.bind(app)
    finally:
        gc.enable()
    return app


class SigforumGroup(LazyGroup):
    """Makes the application only for commands that ask for it, and shows a refusal as one plain line."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command line."""
        options.setdefault("obj", lambda: _app())
        return super().main(*arguments, **options)

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(context)
        except Invalid as refusal:
            raise click.ClickException("\n".join(refusal.errors.values())) from None
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from None
        except Exception as problem:
            reason = database_problem(problem)
            if reason is None:
                raise
            raise click.ClickException(
                f"The database cannot be used: {reason}. Is it running, and was `sigforum upgrade` run?") from None


@click.group(cls=SigforumGroup, later=COMMANDS)
@click.version_option(package_name="sigforum")
def main() -> None:
    """sigforum: where invited experts reach consensus and can prove it."""
