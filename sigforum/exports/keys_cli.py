"""Commands about the keys that sign bundles."""

from pathlib import Path

import click

from sigforum.command_line import with_application


@click.group()
def keys() -> None:
    """The keys with which this installation signs bundles."""


@keys.command("show")
@with_application
def show_keys() -> None:
    """Print the public keys with their dates, the one in use first; make one where there is none."""
    from sigforum.exports.installation_keys import installation_keys, made_words, make_missing_key

    path = _keys_file()
    if (made := make_missing_key(path)) is not None:
        click.echo(made_words(made, path))
    for key in installation_keys(path):
        until = f"replaced {key.retired_at}" if key.retired_at else "in use"
        click.echo(f"{key.public_key}  made {key.made_at}, {until}")


@keys.command("rotate")
@with_application
def replace_key() -> None:
    """Sign with a new key from now on. What was signed before stays valid: the old public key stays listed."""
    from sigforum.exports.installation_keys import made_words, rotate_key

    path = _keys_file()
    click.echo(made_words(rotate_key(path), path))


def _keys_file() -> Path:
    from flask import current_app

    path: Path = current_app.config["SETTINGS"].signing_keys_file
    return path
