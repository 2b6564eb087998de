"""Flask-Migrate's commands under `sigforum tables`, loaded when one of them is run."""

import click

from sigforum.command_line import Later, LazyGroup, with_application

# Name -> what it does, and what it may be given; meanings stand in Flask-Migrate's own documentation.
_ABOUT = {
    "branches": ("Show current branch points.", "[-v]"),
    "check": ("Check whether there are any new operations to migrate.", ""),
    "current": ("Display the current revision.", "[-v]"),
    "downgrade": ("Revert to a previous version.", "[--sql] [--tag TEXT] [-x ARG] [REVISION]"),
    "edit": ("Edit a revision file.", "[REVISION]"),
    "heads": ("Show current available heads in the script folder.", "[-v] [--resolve-dependencies]"),
    "history": ("List changes in the order of time.", "[-r RANGE] [-v] [-i]"),
    "init": ("Create a new migration repository.", "[--multidb] [-t TEMPLATE] [--package]"),
    "list-templates": ("List available templates.", ""),
    "merge": ("Merge two revisions, creating a new revision file.", "[-m TEXT] [--branch-label TEXT] [--rev-id TEXT] "
              "[REVISIONS]..."),
    "migrate": ("Write a new revision file from what the models changed.", "[-m TEXT] [--sql] [--head TEXT] [--splice] "
                "[--branch-label TEXT] [--version-path PATH] [--rev-id TEXT] [-x ARG]"),
    "revision": ("Create a new revision file.", "[-m TEXT] [--autogenerate] [--sql] [--head TEXT] [--splice] "
                 "[--branch-label TEXT] [--version-path PATH] [--rev-id TEXT]"),
    "show": ("Show one revision.", "[REVISION]"),
    "stamp": ("Write a revision into the database without running any migration.", "[--sql] [--tag TEXT] [--purge] "
              "[REVISION]"),
    "upgrade": ("Upgrade to a later version.", "[--sql] [--tag TEXT] [-x ARG] [REVISION]"),
}


class _Waiting(Later):
    """A command of Flask-Migrate that takes all it is given to the real one."""

    def load(self) -> click.Command:
        """The stand-in, which knows its help and nothing else."""
        name = self.where
        words, given = _ABOUT[name]

        @click.command(name, help=words, short_help=words, options_metavar=f"[-d DIRECTORY] {given}".strip(),
                       context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
        @click.argument("given", nargs=-1, type=click.UNPROCESSED, metavar="")
        @with_application
        def run(given: tuple[str, ...]) -> None:
            from flask_migrate.cli import db  # noqa: PLC0415 - it loads Alembic, and no --help is to wait for it

            # Through its group, which lays down what the commands look for.
            db.main([name, *given], prog_name="sigforum tables", standalone_mode=False)

        return run


@click.group(cls=LazyGroup, later={name: _Waiting(name, words) for name, (words, _) in _ABOUT.items()})
def tables() -> None:
    """Perform database migrations."""
