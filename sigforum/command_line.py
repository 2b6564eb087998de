"""What commands are made of: groups that load a command when it is asked for, and commands that need the application.

`--help` of anything loads neither Flask nor the database, which take longer than an answer may.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any, ParamSpec

import click

Given = ParamSpec("Given")


@dataclass(frozen=True)
class Later:
    """A command that is not loaded yet: where it is, as `module:name`, and its line in the list of commands."""

    where: str
    help: str

    def load(self) -> click.Command:
        """The command itself."""
        module, _, name = self.where.partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found


class LazyGroup(click.Group):
    """A group whose commands stand in a table, and are loaded one by one when they are asked for."""

    def __init__(self, *arguments: Any, later: Mapping[str, Later], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.later = later

    def list_commands(self, context: click.Context) -> list[str]:
        """The names, from a to z."""
        return sorted({*self.later, *super().list_commands(context)})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of this name, loaded now if it was not yet."""
        if name in self.later and name not in self.commands:
            self.commands[name] = self.later[name].load()
        return super().get_command(context, name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, which loads none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.later[name].help) for name in sorted(self.later)])


def with_application(command: Callable[Given, None]) -> Callable[..., None]:
    """Run a command inside the application, which is made for it now."""

    @click.pass_context
    @wraps(command)
    def run(context: click.Context, /, *arguments: Any, **options: Any) -> None:
        from flask.cli import ScriptInfo, with_appcontext  # noqa: PLC0415 - no --help is to wait for Flask

        if not isinstance(context.obj, ScriptInfo):
            context.obj = ScriptInfo(create_app=context.obj, set_debug_flag=False, load_dotenv_defaults=False)
        context.invoke(with_appcontext(command), *arguments, **options)

    return run


def database_problem(problem: Exception) -> str | None:
    """What a database says that cannot be used; None for any other error."""
    errors = sys.modules.get("sqlalchemy.exc")
    if errors is None or not isinstance(problem, errors.OperationalError | errors.ProgrammingError):
        return None
    return " ".join(str(problem.orig).split())
