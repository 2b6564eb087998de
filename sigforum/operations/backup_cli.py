"""Commands that save everything into one file, and bring it back."""

from pathlib import Path
from typing import Any

import click

from sigforum.command_line import with_application


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_application
def backup(file: Path) -> None:
    """Save database, exports and settings without secrets into FILE, while people go on."""
    from flask import current_app

    from sigforum.operations.backup import make_backup

    _say("Saved", make_backup(file, current_app.config["SETTINGS"]))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of what is there.")
@click.option("--accept-unsealed", is_flag=True,
              help="Restore a file without this installation's seal; only if you know where it was.")
@with_application
def restore(file: Path, replace: bool, accept_unsealed: bool) -> None:
    """Bring back what `backup` saved in FILE; stop the web process and the worker before."""
    from flask import current_app

    from sigforum.operations.restore import restore_backup

    settings = current_app.config["SETTINGS"]
    _say("Restored", restore_backup(file, settings, replace=replace, accepts_unsealed=accept_unsealed))
    _say_keys(settings.signing_keys_file)


def _say_keys(path: Path) -> None:
    from sigforum.exports.installation_keys import installation_keys

    found = installation_keys(path)
    if found:
        click.echo(f"Bundles are signed with the key of this installation, {found[0].public_key}.")
    else:
        click.echo(f"No backup has the keys that sign bundles. Put your copy of the file at {path}; else a new key is "
                   "made at the next start, and the public key of the old one has to be published by you.")


def _say(done: str, manifest: dict[str, Any]) -> None:
    rows, files = manifest["rows"], len(manifest["files"])
    click.echo(f"{done}: as of {manifest['made_at']}, {rows.get('people', 0)} people, {rows.get('responses', 0)} "
               f"responses, {rows.get('votes', 0)} votes; {files} file{'' if files == 1 else 's'} checked.")
    for head in manifest["audit_heads"]:
        click.echo(f"Audit log, chain {head['chain']}: as of entry {head['number']} the hash is {head['hash']}.")
