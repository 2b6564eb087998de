"""What `--help` loads: an answer about options waits for neither Flask nor the database nor numpy."""

import json
import os
import subprocess
import sys

import click
import pytest

from sigforum.cli import main
from sigforum.summaries.registry import all_formats

SLOW_TO_LOAD = ("alembic", "flask", "numpy", "sqlalchemy", "weasyprint")
# Asks every command for its help, one after the other, and prints which of the slow modules that loaded.
PROGRAM = """
import contextlib, io, json, sys
import click
from sigforum.cli import main

def ask(group, path):
    with contextlib.redirect_stdout(io.StringIO()):
        main([*path, "--help"], standalone_mode=False, prog_name="sigforum")
    told[" ".join(path)] = [name for name in json.loads(sys.argv[1]) if name in sys.modules]
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            ask(group.get_command(context, name), [*path, name])

told = {}
ask(main, [])
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """By command the slow modules that were loaded once its help had been printed."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, json.dumps(SLOW_TO_LOAD)], capture_output=True, text=True,
                          timeout=100, check=True, env=os.environ | {"SIGFORUM_SECRET_KEY": "a secret of the tests"})
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_help_of_no_command_loads_what_takes_long(loaded: dict[str, list[str]]):
    assert {"", "consensus ranking", "verify", "serve", "tables upgrade", "people invite"} <= loaded.keys()
    assert {command: modules for command, modules in loaded.items() if modules} == {}


def test_summary_export_names_every_format():
    context = click.Context(main)
    export = main.get_command(context, "summary").get_command(context, "export")
    told = next(option.help for option in export.params if option.name == "format_name")
    assert [word.strip(",") for word in told.replace(" or ", " ").split() if word.strip(",") in all_formats()] == list(
        all_formats()), "name the formats in the help of `sigforum summary export`, which may not load them"


def test_flask_migrate_has_no_command_that_is_not_named():
    from flask_migrate.cli import db  # noqa: PLC0415 - it takes a second

    context = click.Context(main)
    assert main.get_command(context, "tables").list_commands(context) == sorted(db.commands)
